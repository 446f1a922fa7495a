package dev.weft.http.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.http.ClientSession;
import dev.weft.http.FullBacklog;
import dev.weft.http.OverBoth;
import dev.weft.http.RawServer;
import dev.weft.http.SessionStats;
import dev.weft.http.Spoken;
import dev.weft.http.message.ClientException;
import dev.weft.http.message.ClientResponse;
import dev.weft.http.message.ClientTimeout;
import dev.weft.http.message.UploadException;
import dev.weft.loop.Asyncio;
import dev.weft.loop.Runner;
import dev.weft.loop.Task;
import dev.weft.loop.testing.CancelEverywhere;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A request that is cancelled at each of its awaits, or of those of the tasks that work for it: nothing is held afterwards, no connection, no place, no task, no timer, no buffer. */
@OverBoth
class CancelledEverywhereTest {
    private interface Use {
        void with(ClientSession session) throws Exception;
    }

    @BeforeEach
    void watchBuffers() {
        BufferLeaks.watch();
    }

    @AfterEach
    void noBufferIsLeft() {
        assertEquals(List.of(), BufferLeaks.found());
    }

    /** Gives how many awaits there were. */
    private static int everywhere(Supplier<ClientSession.Builder> settings, Use use) {
        return CancelEverywhere.of(() -> {
                    ClientSession session = Spoken.by(settings.get()).build();
                    try {
                        use.with(session);
                    } finally {
                        try {
                            assertNothingIsHeld(session);
                        } finally {
                            session.close();
                        }
                    }
                })
                .on(Runner::builder)
                .childrenToo()
                .run();
    }

    /** A connection of HTTP/1.1 takes in what has arrived before it is given back; one of HTTP/2 goes on, and holds nothing of the request, no stream and none of the window. */
    private static void assertNothingIsHeld(ClientSession session) {
        SessionStats atOnce = session.stats();
        // Ticks in a row may pass without a look at the network; a wait is one.
        for (int wait = 0; wait < 2; wait++) {
            Asyncio.sleep(0.001).await();
        }
        SessionStats left = Spoken.isHttp2() ? atOnce : session.stats();
        assertEquals(0, left.acquired(), "connections that are held");
        assertEquals(0, left.waiting(), "waiters that are left");
        if (Spoken.isHttp2()) {
            assertEquals(List.of(), ClientChannels.held());
        }
    }

    private static final String CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n";

    @Test
    void get() throws Exception {
        try (RawServer server = RawServer.answering(CHUNKED)) {
            int awaits = everywhere(ClientSession::builder, session -> {
                assertEquals("ok", session.get(server.url("/1")).text().await());
                assertEquals("ok", session.get(server.url("/2")).text().await());
            });
            assertTrue(awaits >= 2, awaits + " awaits");
        }
    }

    @Test
    void readingPieceByPiece() throws Exception {
        String gzip = new String(
                dev.weft.http.encoding.Coded.GZIP.of(new byte[300_000]), java.nio.charset.StandardCharsets.ISO_8859_1);
        String answer =
                "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: " + gzip.length() + "\r\n\r\n" + gzip;
        try (RawServer server = RawServer.start(peer -> {
            while (peer.request() != null) {
                for (int i = 0; i < answer.length(); i += 100) {
                    peer.send(answer.substring(i, Math.min(answer.length(), i + 100)));
                }
            }
        })) {
            everywhere(ClientSession::builder, session -> {
                try (ClientResponse response = session.get(server.url("/")).await()) {
                    int size = 0;
                    for (var piece : response.content()) {
                        size += piece.remaining();
                        Asyncio.sleep(0).await();
                    }
                    assertEquals(300_000, size);
                }
            });
        }
    }

    @Test
    void closedBeforeTheEnd() throws Exception {
        try (RawServer server = RawServer.start(peer -> {
            while (peer.request() != null) {
                peer.send("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok");
                peer.awaitEnd();
            }
        })) {
            everywhere(ClientSession::builder, session -> {
                try (ClientResponse response = session.get(server.url("/")).await()) {
                    assertEquals(2, response.content().read().await().remaining());
                    Asyncio.sleep(0).await();
                }
            });
        }
    }

    @Test
    void redirects() throws Exception {
        try (RawServer server = RawServer.start(peer -> {
            for (String request = peer.request(); request != null; request = peer.request()) {
                peer.send(
                        request.startsWith("GET /3")
                                ? RawServer.OK
                                : "HTTP/1.1 302 Go\r\nLocation: /" + (char) (request.charAt(5) + 1)
                                        + "\r\nContent-Length: 5\r\n\r\nmoved");
            }
        })) {
            everywhere(
                    ClientSession::builder,
                    session -> assertEquals(
                            "ok", session.get(server.url("/0")).text().await()));
        }
    }

    @Test
    void waitingForAConnection() throws Exception {
        try (RawServer server = RawServer.answering(CHUNKED)) {
            everywhere(() -> ClientSession.builder().limit(1), session -> {
                Task<String> other =
                        Asyncio.createTask(session.get(server.url("/1")).text());
                try {
                    Asyncio.sleep(0).await();
                    assertEquals("ok", session.get(server.url("/2")).text().await());
                } finally {
                    other.cancel();
                    Asyncio.wait(List.of(other)).await();
                }
            });
        }
    }

    @Test
    @OverBoth.Http1Only("nothing is spoken")
    void connecting() throws Exception {
        try (FullBacklog full = new FullBacklog()) {
            everywhere(
                    () -> ClientSession.builder()
                            .timeout(ClientTimeout.builder()
                                    .connect(Duration.ofMillis(30))
                                    .build()),
                    session -> failing(session, full.url()));
        }
    }

    @Test
    @OverBoth.Http1Only("nothing is spoken")
    void aNameThatThereIsNot() {
        everywhere(ClientSession::builder, session -> failing(session, "http://no-such-host.invalid/"));
    }

    private static void failing(ClientSession session, String url) {
        try {
            session.get(url).text().await();
            throw new AssertionError("it answers");
        } catch (ClientException e) {
            assertFalse(e.getMessage().isEmpty());
        }
    }

    @Test
    void uploading() throws Exception {
        byte[] large = new byte[400_000];
        try (RawServer server = RawServer.answering(RawServer.OK)) {
            everywhere(ClientSession::builder, session -> {
                try {
                    assertEquals(
                            "ok",
                            session.post(server.url("/1")).body(large).text().await());
                    assertEquals(
                            "ok",
                            session.post(server.url("/2"))
                                    .body(Pieces.once("a", "b", "c"))
                                    .expectContinue(Duration.ofMillis(5))
                                    .text()
                                    .await());
                } catch (UploadException e) {
                    assertTrue(e.getMessage().contains("was cancelled"), e.getMessage());
                }
            });
        }
    }

    @Test
    void overTls(@TempDir Path dir) throws Exception {
        try (RawServer server = RawServer.start(OwnCertificate.serverSockets(dir), peer -> {
            while (peer.request() != null) {
                peer.send(CHUNKED);
            }
        })) {
            String url = server.url("/").replace("http:", "https:");
            everywhere(
                    () -> ClientSession.builder().insecure(),
                    session -> assertEquals("ok", session.get(url).text().await()));
        }
    }

    @Test
    void staleConnections() throws Exception {
        try (RawServer server = RawServer.start(peer -> {
            while (peer.request() != null) {
                peer.send(RawServer.OK);
                if (peer.number % 2 == 1) {
                    peer.request();
                    return;
                }
            }
        })) {
            everywhere(ClientSession::builder, session -> {
                session.get(server.url("/1")).text().await();
                session.get(server.url("/2")).text().await();
            });
        }
    }

    @Test
    @OverBoth.Http1Only("the same is reported once")
    void theWatchSeesALostBuffer() {
        for (int i = 0; i < 50; i++) {
            BufferLeaks.lose();
            if (!BufferLeaks.found().isEmpty()) {
                BufferLeaks.watch();
                return;
            }
            BufferLeaks.watch();
        }
        throw new AssertionError("no lost buffer is reported");
    }
}
