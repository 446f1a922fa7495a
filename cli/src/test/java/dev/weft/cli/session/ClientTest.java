package dev.weft.cli.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.weft.cli.options.GivenSettings;
import dev.weft.cli.options.Settings;
import dev.weft.cli.options.UsageException;
import dev.weft.http.message.ClientException;
import dev.weft.http.message.ClientTimeout;
import dev.weft.loop.Asyncio;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What settings make a session send, against a real server on loopback. */
@Timeout(20)
class ClientTest {
    private static final String BASIC =
            "Basic " + Base64.getEncoder().encodeToString("me:s3cret".getBytes(StandardCharsets.UTF_8));

    @TempDir
    Path directory;

    private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Got> got = new CopyOnWriteArrayList<>();
    private HttpServer server;

    /** A request as it came. */
    private record Got(String line, Map<String, List<String>> headers, String body) {
        @Nullable
        String header(String name) {
            List<String> values = headers.get(name);
            return values == null ? null : String.join("|", values);
        }
    }

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(workers);
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
        workers.shutdownNow();
    }

    /** {@code /to/URL} redirects there, {@code /cookie} sets one. */
    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().toString();
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        got.add(new Got(exchange.getRequestMethod() + " " + path, Map.copyOf(exchange.getRequestHeaders()), body));
        int to = path.indexOf("/to/");
        if (to >= 0) {
            exchange.getResponseHeaders().set("Location", path.substring(to + 4));
        }
        if (path.endsWith("/cookie")) {
            exchange.getResponseHeaders().set("Set-Cookie", "server=1; Max-Age=3600");
        }
        exchange.sendResponseHeaders(to >= 0 ? 307 : 200, -1);
        exchange.close();
    }

    @Test
    void aFileIsAskedForAsItIs() {
        Got first = get(GivenSettings.of("u"), url("/a"));
        assertEquals("GET /a", first.line);
        assertEquals("identity", first.header("Accept-encoding"));
        assertNull(first.header("Authorization"));
        assertTrue(String.valueOf(
                        get(GivenSettings.of("--compressed", "u"), url("/a")).header("Accept-encoding"))
                .contains("gzip"));
    }

    @Test
    void headersAreSent_leftOut_andComeBeforeOptionsOfTheirOwn() {
        Got first = get(
                GivenSettings.of(
                        "-H",
                        "X-A: 1",
                        "-H",
                        "X-A: 2",
                        "-H",
                        "X-Empty;",
                        "-H",
                        "Accept:",
                        "-H",
                        "user-agent: mine",
                        "-A",
                        "other",
                        "-e",
                        "http://from/",
                        "u"),
                url("/"));
        assertEquals("1|2", first.header("X-a"));
        assertEquals("", first.header("X-empty"));
        assertNull(first.header("Accept"));
        assertEquals("mine", first.header("User-agent"));
        assertEquals("http://from/", first.header("Referer"));
        assertEquals(
                "other", get(GivenSettings.of("-A", "other", "u"), url("/")).header("User-agent"));
        assertNull(get(GivenSettings.of("-A", "", "u"), url("/")).header("User-agent"));
    }

    @Test
    void credentialsAreForTheHostsThatWereGiven_notForThoseTheyRedirectTo() {
        Settings settings =
                GivenSettings.of("-u", "me:s3cret", "-H", "Cookie: a=1", "--resolve", resolve("a.test"), "u");
        get(settings, url("/to/" + url("/x")));
        assertEquals(List.of(BASIC, BASIC), authorizations());
        got.clear();
        get(settings, url("/to/http://a.test:" + port() + "/x"));
        assertEquals(List.of(BASIC, "none"), authorizations());
        assertEquals("a=1", got.getFirst().header("Cookie"));
        assertNull(got.getLast().header("Cookie"));
        assertEquals(
                "Bearer t",
                get(GivenSettings.of("--bearer", "t", "u"), url("/")).header("Authorization"));
    }

    @Test
    void credentialsThatCannotBeSentAreTold_andNotShown() {
        for (String[] args :
                List.of(new String[] {"--bearer", "s3 cret", "u"}, new String[] {"-u", "me:s3\u0001cret", "u"})) {
            UsageException e = assertThrows(UsageException.class, () -> get(GivenSettings.of(args), url("/")));
            assertTrue(e.getMessage().startsWith(args[0].equals("-u") ? "--user: " : "--bearer: "), e.getMessage());
            assertTrue(!e.getMessage().contains("s3"), e.getMessage());
        }
    }

    @Test
    void passwordsOfANetrcFile() throws IOException {
        Path netrc = Files.writeString(directory.resolve("n"), "machine 127.0.0.1 login me password s3cret\n");
        assertEquals(
                BASIC,
                get(GivenSettings.of("--netrc-file", netrc.toString(), "u"), url("/"))
                        .header("Authorization"));
    }

    @Test
    void cookiesOfFiles_cookiesThemselves_andTheFileAtTheEnd() throws IOException {
        Path in = Files.writeString(
                directory.resolve("in"), "# Netscape HTTP Cookie File\n127.0.0.1\tFALSE\t/\tFALSE\t0\tfile\t1\n");
        Path out = directory.resolve("out");
        Settings settings = GivenSettings.of(
                "-b", in.toString(), "-b", "own=2; more=3", "-c", out.toString(), "--resolve", resolve("a.test"), "u");
        Got first = get(settings, url("/cookie"));
        assertEquals("own=2; more=3; file=1", first.header("Cookie"));
        String saved = Files.readString(out);
        assertTrue(saved.contains("\tfile\t1") && saved.contains("\tserver\t1"), saved);
        got.clear();
        get(settings, url("/to/http://a.test:" + port() + "/x"));
        assertNull(got.getLast().header("Cookie"));
    }

    @Test
    void filesThatAreNotThereAreTold() {
        Path none = directory.resolve("none");
        for (String option : List.of("--cookies", "--cacert", "--cert", "--upload-file")) {
            UsageException e = assertThrows(
                    UsageException.class, () -> get(GivenSettings.of(option, none.toString(), "u"), url("/")), option);
            assertTrue(e.getMessage().startsWith(option + ": "), e.getMessage());
            assertTrue(e.getMessage().contains(none.toString()), e.getMessage());
        }
    }

    @Test
    void anotherMethodAndABody() throws IOException {
        Got first = get(GivenSettings.of("--data", "a=b", "u"), url("/"));
        assertEquals(List.of("POST /", "a=b"), List.of(first.line, first.body));
        assertEquals("application/x-www-form-urlencoded", first.header("Content-type"));
        Path file = Files.writeString(directory.resolve("f.json"), "{}");
        first = get(GivenSettings.of("--data", "@" + file, "-H", "Content-Type: a/b", "-X", "PATCH", "u"), url("/"));
        assertEquals(List.of("PATCH /", "{}"), List.of(first.line, first.body));
        assertEquals("a/b", first.header("Content-type"));
        first = get(GivenSettings.of("-T", file.toString(), "u"), url("/"));
        assertEquals(List.of("PUT /", "{}"), List.of(first.line, first.body));
        Asyncio.run(() -> {
            try (Client client = Client.open(GivenSettings.of("--data", "a=b", "u"))) {
                client.get(url("/sums")).await().close();
            }
            return null;
        });
        assertEquals("GET /sums", got.getLast().line);
    }

    @Test
    void proxiesOfTheCommandLineAndOfTheEnvironment() {
        String proxy = "http://127.0.0.1:" + port();
        assertEquals("GET http://a.test/x", get(GivenSettings.of("--proxy", proxy, "u"), "http://a.test/x").line);
        Map<String, String> environment = Map.of("http_proxy", proxy);
        assertEquals("GET http://a.test/x", get(GivenSettings.of("", environment, "u"), "http://a.test/x").line);
        assertEquals("GET /x", get(GivenSettings.of("", environment, "--proxy", "", "u"), url("/x")).line);
        assertEquals("GET /x", get(GivenSettings.of("", environment, "--noproxy", "127.0.0.0/8", "u"), url("/x")).line);
        Map<String, String> direct = Map.of("no_proxy", "127.0.0.0/8");
        assertEquals("GET /x", get(GivenSettings.of("", direct, "--proxy", "http://127.0.0.1:1", "u"), url("/x")).line);
        UsageException e = assertThrows(
                UsageException.class,
                () -> get(GivenSettings.of("", Map.of("https_proxy", "foo://me:s3cret@x"), "u"), url("/x")));
        assertTrue(e.getMessage().startsWith("environment variable https_proxy: "), e.getMessage());
        assertTrue(!e.getMessage().contains("s3cret"), e.getMessage());
    }

    @Test
    void anAddressThatWasGiven() {
        Got first = get(GivenSettings.of("--resolve", resolve("A.test"), "u"), "http://a.test:" + port() + "/x");
        assertEquals("a.test:" + port(), first.header("Host"));
    }

    @Test
    void whatTheConfigFileSaysForAHostHoldsForRequestsToItAlone() {
        String config = """
                header = X-All: all
                [host a.test]
                header = X-Own: a
                header = X-All: a
                agent = a
                user = me:s3cret
                """;
        Settings settings = GivenSettings.of(config, Map.of(), "--resolve", resolve("a.test"), "u");
        String a = "http://a.test:" + port();
        Got first = get(settings, a + "/x");
        assertEquals(
                List.of("a", "a", "a", BASIC),
                List.of(
                        String.valueOf(first.header("X-all")),
                        String.valueOf(first.header("X-own")),
                        String.valueOf(first.header("User-agent")),
                        String.valueOf(first.header("Authorization"))));
        got.clear();
        Got last = get(settings, a + "/to/" + url("/x"));
        assertEquals("all", last.header("X-all"));
        assertNull(last.header("X-own"));
        assertNull(last.header("Authorization"));
        got.clear();
        last = get(settings, url("/to/" + a + "/x"));
        assertEquals("a", last.header("X-own"));
        assertNull(last.header("Authorization"), "in the clear, because another host said so");
    }

    @Test
    void aHeaderOfTheRequestItselfComesBeforeThatOfAHost() {
        String config = "header = X-All: all\n[host 127.0.0.1]\nheader = X-All: host\n";
        Settings settings = GivenSettings.of(config, Map.of(), "u");
        Asyncio.run(() -> {
            try (Client client = Client.open(settings)) {
                client.change(url("/"))
                        .apply(client.session().get(url("/")).header("X-All", "own"))
                        .await()
                        .close();
            }
            return null;
        });
        assertEquals("own", got.getLast().header("X-all"));
    }

    @Test
    void whatIsWrongWithAHostIsToldBeforeTheRunBegins() {
        Settings settings = GivenSettings.of("[host nowhere.test]\ncacert = /none/such\n", Map.of(), "u");
        UsageException e = assertThrows(UsageException.class, () -> get(settings, url("/")));
        assertTrue(e.getMessage().startsWith("--cacert: "), e.getMessage());
        assertEquals(List.of(), got);
    }

    @Test
    void limitsOfTimeAndOfAHost() {
        ClientTimeout usual = Limits.of(GivenSettings.of("u"));
        assertEquals(ClientTimeout.FOREVER, usual.total());
        assertEquals(Duration.ofSeconds(10), usual.connect());
        assertEquals(Duration.ofSeconds(30), usual.read());
        assertNull(usual.lowSpeed());
        ClientTimeout own = Limits.of(GivenSettings.of("-t0", "--speed-limit", "1k", "--speed-time", "3", "u"));
        assertEquals(ClientTimeout.FOREVER, own.read());
        assertEquals(new ClientTimeout.LowSpeed(1024, Duration.ofSeconds(3)), own.lowSpeed());
        assertEquals(16, Client.limits(GivenSettings.of("u")).concurrency());
        assertEquals(
                Duration.ofMillis(400),
                Client.limits(GivenSettings.of("--rps", "2.5", "u")).per());
    }

    @Test
    void theVersionIsThatOfTheSettings_orOfTheHost() throws IOException {
        assertEquals("PRI * HTTP/2.0", firstLine(GivenSettings.of("--http2", "u"), "127.0.0.1"));
        assertEquals("GET /x HTTP/1.0", firstLine(GivenSettings.of("--http1.0", "u"), "127.0.0.1"));
        assertEquals("GET /x HTTP/1.1", firstLine(GivenSettings.of("--http1.1", "u"), "127.0.0.1"));
        assertEquals("GET /x HTTP/1.1", firstLine(GivenSettings.of("u"), "127.0.0.1"));
        Settings settings = GivenSettings.of("[host 127.0.0.1]\nhttp2\n", Map.of(), "u");
        assertEquals("PRI * HTTP/2.0", firstLine(settings, "127.0.0.1"));
        assertEquals("GET /x HTTP/1.1", firstLine(settings, "localhost"));
    }

    /** What a server that hangs up then gets first. */
    private static String firstLine(Settings settings, String host) throws IOException {
        try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            CompletableFuture<String> line = new CompletableFuture<>();
            Thread.ofVirtual().start(() -> {
                while (!listening.isClosed()) {
                    try (Socket socket = listening.accept()) {
                        line.complete(new BufferedReader(
                                        new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
                                .readLine());
                    } catch (IOException e) {
                        line.completeExceptionally(e);
                    }
                }
            });
            String url = "http://" + host + ":" + listening.getLocalPort() + "/x";
            Asyncio.run(() -> {
                try (Client client = Client.open(settings)) {
                    assertThrows(
                            ClientException.class,
                            () -> client.change(url)
                                    .apply(client.session().get(url))
                                    .await());
                }
                return null;
            });
            return line.join();
        }
    }

    private List<String> authorizations() {
        return got.stream()
                .map(one -> one.headers
                        .getOrDefault("Authorization", List.of("none"))
                        .getFirst())
                .toList();
    }

    /** What came last, when a URL is fetched. */
    private Got get(Settings settings, String url) {
        Asyncio.run(() -> {
            try (Client client = Client.open(settings)) {
                client.change(url).apply(client.session().get(url)).await().close();
                client.saveCookies();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return null;
        });
        return got.getLast();
    }

    private String resolve(String host) {
        return host + ":" + port() + ":127.0.0.1";
    }

    private int port() {
        return server.getAddress().getPort();
    }

    private String url(String path) {
        return "http://127.0.0.1:" + port() + path;
    }
}
