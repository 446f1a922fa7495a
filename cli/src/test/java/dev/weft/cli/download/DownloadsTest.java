package dev.weft.cli.download;

import static dev.weft.loop.Asyncio.createTask;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.weft.cli.download.Failure.Kind;
import dev.weft.http.ClientSession;
import dev.weft.loop.Asyncio;
import dev.weft.loop.CancelledError;
import dev.weft.loop.Future;
import dev.weft.loop.Loop;
import dev.weft.loop.Task;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Against a real server on loopback. */
@Timeout(20)
class DownloadsTest {
    @TempDir
    Path directory;

    private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
    private final RecordingObserver log = new RecordingObserver();
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(workers);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
        workers.shutdownNow();
    }

    @Test
    void filesComeWholeUnderTheirNames() throws IOException {
        byte[] large = new byte[3_000_000];
        new Random(1).nextBytes(large);
        serve("/a/large%20one.bin", large);
        serve("/empty", new byte[0]);
        run(4, url("/a/large%20one.bin?x=1"), url("/empty"));
        assertEquals(List.of("empty", "large one.bin"), files());
        assertEquals(3_000_000, Files.size(directory.resolve("large one.bin")));
        assertEquals(-1, Files.mismatch(directory.resolve("large one.bin"), write("expected", large)));
        assertEquals(OptionalLong.of(2), log.expected);
        Outcome outcome = log.of(url("/a/large%20one.bin?x=1"));
        assertTrue(outcome.isDone());
        assertEquals(List.of(200, 3_000_000L), List.of(outcome.status(), outcome.bytes()));
        assertEquals(directory.resolve("large one.bin"), outcome.path());
    }

    @Test
    void redirectsAreFollowed() throws IOException {
        serve("/good", bytes("good"));
        server.createContext("/moved", exchange -> {
            exchange.getResponseHeaders().set("Location", "/good");
            answer(exchange, 302, new byte[0]);
        });
        server.createContext("/choose", exchange -> {
            exchange.getResponseHeaders().set("Location", "/good");
            answer(exchange, 300, new byte[0]);
        });
        run(1, url("/moved"), url("/choose"));
        assertEquals(List.of("moved"), files());
        assertEquals(200, log.of(url("/moved")).status());
        assertFailed(url("/choose"), Kind.STATUS, 300, "300 Multiple Choices");
        assertEquals(
                "300 Multiple Choices, to /good",
                log.of(url("/choose")).failure().detail());
    }

    @Test
    void whatFailsIsToldAndTheOthersGoOn() throws IOException {
        serve("/good", bytes("good"));
        server.createContext("/teapot", exchange -> answer(exchange, 418, bytes("no file")));
        server.createContext("/short", exchange -> {
            exchange.sendResponseHeaders(200, 100);
            exchange.getResponseBody().write(bytes("only this"));
            exchange.getResponseBody().flush();
            exchange.close();
        });
        server.createContext("/moved", exchange -> {
            exchange.getResponseHeaders().set("Location", "/there");
            answer(exchange, 302, new byte[0]);
        });
        String refused = "http://127.0.0.1:" + unusedPort() + "/x";
        String bad = "ftp://127.0.0.1/x";
        run(1, url("/missing"), bad, url("/moved"), url("/teapot"), refused, url("/short"), url("/good"));
        assertEquals(List.of("good"), files());
        assertFailed(url("/missing"), Kind.STATUS, 404, "404 Not Found");
        assertFailed(url("/teapot"), Kind.STATUS, 418, "418");
        assertFailed(url("/moved"), Kind.STATUS, 404, "404 Not Found");
        assertFailed(bad, Kind.URL, 0, "invalid URL");
        assertFailed(refused, Kind.CONNECT, 0, "no connection");
        assertFailed(url("/short"), Kind.TRANSFER, 0, "body cut short");
        assertEquals(9, log.of(url("/short")).bytes());
        assertTrue(log.of(url("/good")).isDone());
        assertEquals(List.of(), log.renamed);
    }

    @Test
    void twoUrlsOfOneNameBecomeTwoFilesAndAWarning() throws IOException {
        serve("/one/x.txt", bytes("one"));
        serve("/two/X.TXT", bytes("two"));
        run(1, url("/one/x.txt"), url("/two/X.TXT"));
        assertEquals(List.of("X.1.TXT", "x.txt"), files());
        assertEquals("two", Files.readString(directory.resolve("X.1.TXT")));
        assertEquals(List.of("X.TXT -> X.1.TXT for " + url("/two/X.TXT")), log.renamed);
    }

    @Test
    void anOldFileIsReplacedByAWholeOneOnly() throws IOException {
        write("a", bytes("old a"));
        write("b", bytes("old b"));
        serve("/a", bytes("new a"));
        run(1, url("/a"), url("/b"));
        assertEquals("new a", Files.readString(directory.resolve("a")));
        assertEquals("old b", Files.readString(directory.resolve("b")));
    }

    @Test
    void theDiskIsNamedWhenItIsAtFault() throws IOException {
        serve("/taken", bytes("x"));
        serve("/free", bytes("x"));
        Files.createDirectories(directory.resolve("taken/full"));
        run(1, url("/taken"), url("/free"));
        assertEquals(List.of("free", "taken"), files());
        assertFailed(url("/taken"), Kind.DISK, 0, "is a directory");
        assertEquals(
                "cannot write " + directory.resolve("taken") + ": is a directory",
                log.of(url("/taken")).failure().detail());
    }

    @Test
    void soManyAtOnceAndNoMore() {
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch full = new CountDownLatch(5);
        server.createContext("/p", exchange -> {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            full.countDown();
            try {
                full.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            now.decrementAndGet();
            answer(exchange, 200, bytes("x"));
        });
        run(5, IntStream.range(0, 60).mapToObj(i -> url("/p" + i)).toArray(String[]::new));
        assertEquals(60, log.outcomes.stream().filter(Outcome::isDone).count());
        assertEquals(5, most.get());
    }

    @Test
    void whatIsCancelledLeavesNothing() throws IOException {
        byte[] some = new byte[200_000];
        CountDownLatch over = new CountDownLatch(1);
        server.createContext("/slow", exchange -> {
            exchange.sendResponseHeaders(200, 1_000_000);
            exchange.getResponseBody().write(some);
            exchange.getResponseBody().flush();
            try {
                over.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        String[] urls = {url("/slow/a"), url("/slow/b"), url("/slow/c")};
        Asyncio.run(() -> {
            Loop loop = Asyncio.getRunningLoop();
            Future<Void> bothBegun = loop.createFuture();
            log.whenStarted = () -> {
                if (log.started.size() == 2) {
                    watch(loop, bothBegun);
                }
            };
            Task<Void> task = createTask(() -> fetch(2, new Urls(List.of(urls), null)));
            bothBegun.await();
            assertEquals(2, files().size());
            task.cancel();
            assertThrows(CancelledError.class, task::await);
        });
        over.countDown();
        assertEquals(List.of(), files());
        assertEquals(2, log.outcomes.size());
        assertFailed(urls[0], Kind.CANCELLED, 0, "stopped");
        assertFailed(urls[1], Kind.CANCELLED, 0, "stopped");
    }

    /** Completes the future once both downloads have written something. */
    private void watch(Loop loop, Future<Void> begun) {
        if (log.started.stream().allMatch(transfer -> transfer.progress().bytes() > 0)) {
            begun.setResult(null);
        } else {
            loop.callSoon(() -> watch(loop, begun));
        }
    }

    @Test
    void aListThatBreaksIsToldAndWhatItHadIsFetched() throws IOException {
        serve("/a", bytes("a"));
        Asyncio.run(() -> {
            try (Urls urls = new Urls(List.of(url("/a")), UrlFeed.start("list", () -> {
                throw new IOException("Input/output error");
            }))) {
                fetch(3, urls);
            }
        });
        assertEquals(List.of("a"), files());
        assertEquals(List.of("cannot read list: input/output error"), log.listFailures);
    }

    private void run(int jobs, String... urls) {
        Asyncio.run(() -> fetch(jobs, new Urls(List.of(urls), null)));
    }

    private Void fetch(int jobs, Urls urls) {
        Settings settings = Settings.of(directory, jobs);
        try (ClientSession session = settings.openSession()) {
            new Downloads(session, settings, urls, log).run();
        }
        return null;
    }

    private void assertFailed(String url, Kind kind, int status, String what) {
        Outcome outcome = log.of(url);
        assertNull(outcome.path());
        assertEquals(
                List.of(kind, status, what),
                List.of(
                        outcome.failure().kind(),
                        outcome.status(),
                        outcome.failure().what().replaceFirst("^(418) .*", "$1")));
    }

    private void serve(String path, byte[] body) {
        server.createContext(path.replace("%20", " "), exchange -> answer(exchange, 200, body));
    }

    private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private String url(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    private static int unusedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private Path write(String name, byte[] content) throws IOException {
        return Files.write(
                name.equals("expected") ? Files.createTempFile("expected", "") : directory.resolve(name), content);
    }

    private List<String> files() throws IOException {
        try (var files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
