package dev.weft.http.cookie;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.http.message.HttpUrl;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A jar and curl read each other's {@code cookies.txt}. */
class CurlTest {
    private static final List<String> SET_COOKIES = List.of(
            "plain=1; Path=/",
            "lasting=2; Max-Age=1000; HttpOnly; Path=/",
            "quoted=\"x y\"; Path=/",
            "json={\"j\":1}; Path=/",
            "letters=é; Path=/",
            "empty=; Path=/",
            "folder=3; Path=/p");

    @TempDir
    Path folder;

    @BeforeAll
    static void needsCurl() throws InterruptedException {
        try {
            Process curl = new ProcessBuilder("curl", "--version")
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            Assumptions.assumeTrue(curl.waitFor(20, TimeUnit.SECONDS) && curl.exitValue() == 0);
        } catch (IOException e) {
            System.out.println("skipped: there is no curl here");
            Assumptions.abort("there is no curl here");
        }
    }

    /** Sets cookies in each answer, and keeps the Cookie headers of the requests. */
    private static final class Server implements AutoCloseable {
        final ServerSocket listener = new ServerSocket(0, 10, InetAddress.getByName("127.0.0.1"));
        final List<String> received = Collections.synchronizedList(new ArrayList<>());
        private final List<String> setCookies;

        Server(List<String> setCookies) throws IOException {
            this.setCookies = setCookies;
            Thread.ofVirtual().start(this::serve);
        }

        String url(String path) {
            return "http://127.0.0.1:" + listener.getLocalPort() + path;
        }

        private void serve() {
            while (!listener.isClosed()) {
                try (Socket socket = listener.accept()) {
                    answer(socket);
                } catch (IOException e) {
                    // The test looks at what was received.
                }
            }
        }

        private void answer(Socket socket) throws IOException {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
                if (line.toLowerCase(java.util.Locale.ROOT).startsWith("cookie:")) {
                    received.add(line.substring(7).strip());
                }
            }
            StringBuilder head = new StringBuilder("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n");
            setCookies.forEach(
                    cookie -> head.append("Set-Cookie: ").append(cookie).append("\r\n"));
            socket.getOutputStream().write(head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public void close() throws IOException {
            listener.close();
        }
    }

    private void curl(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("curl", "-sS", "--noproxy", "*", "--max-time", "20"));
        command.addAll(List.of(arguments));
        Process curl = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output").toFile())
                .start();
        assertTrue(curl.waitFor(25, TimeUnit.SECONDS));
        assertEquals(0, curl.exitValue(), () -> "curl failed: " + output());
    }

    private String output() {
        try {
            return Files.readString(folder.resolve("output"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static Set<String> pairs(String header) {
        return new TreeSet<>(List.of(header.split("; ")));
    }

    @Test
    void curlSendsWhatAJarHasSaved() throws Exception {
        try (Server server = new Server(List.of())) {
            CookieJar jar = CookieJar.create();
            HttpUrl url = HttpUrl.parse(server.url("/p/q"));
            SET_COOKIES.forEach(cookie -> jar.update(cookie, url));
            jar.update("other=1; Path=/elsewhere", url);
            jar.update("other=1", HttpUrl.parse("http://localhost/"));
            Path file = folder.resolve("cookies.txt");
            jar.saveNetscape(file).await();
            curl("-b", file.toString(), server.url("/p/q"));
            assertEquals(1, server.received.size());
            assertEquals(pairs(jar.headerFor(url)), pairs(server.received.getFirst()));
            assertEquals(SET_COOKIES.size(), pairs(server.received.getFirst()).size());
        }
    }

    @Test
    void aJarSendsWhatCurlHasSaved() throws Exception {
        try (Server server = new Server(SET_COOKIES)) {
            Path file = folder.resolve("cookies.txt");
            curl("-c", file.toString(), server.url("/p/q"));
            curl("-b", file.toString(), server.url("/p/q"));
            CookieJar loaded = CookieJar.create();
            loaded.loadNetscape(file).await();
            assertEquals(SET_COOKIES.size(), loaded.size());
            assertEquals(pairs(server.received.getFirst()), pairs(loaded.headerFor(HttpUrl.parse(server.url("/p/q")))));
            Cookie lasting = loaded.cookies().stream()
                    .filter(c -> c.name().equals("lasting"))
                    .findAny()
                    .orElseThrow();
            assertTrue(lasting.httpOnly() && lasting.hostOnly() && lasting.expires() != null);
        }
    }

    @Test
    void aDomainGoesThereAndBack() throws Exception {
        try (Server server = new Server(List.of())) {
            CookieJar jar = CookieJar.create();
            HttpUrl url = HttpUrl.parse("https://a.example.com/");
            jar.update("domain=1; Domain=example.com", url);
            jar.update("host=1; Secure; HttpOnly", url);
            Path file = folder.resolve("cookies.txt");
            jar.saveNetscape(file).await();
            Path copy = folder.resolve("copy.txt");
            curl("-b", file.toString(), "-c", copy.toString(), server.url("/"));
            CookieJar loaded = CookieJar.create();
            loaded.loadNetscape(copy).await();
            assertEquals(pairs("domain=1; host=1"), pairs(loaded.headerFor(url)));
            assertEquals("domain=1", loaded.headerFor(HttpUrl.parse("http://b.example.com/")));
            assertEquals("domain=1", loaded.headerFor(HttpUrl.parse("http://a.example.com/")));
        }
    }
}
