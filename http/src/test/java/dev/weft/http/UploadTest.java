package dev.weft.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.http.message.Body;
import dev.weft.http.message.BodySource;
import dev.weft.http.message.ClientException;
import dev.weft.http.message.ClientResponse;
import dev.weft.http.message.ClientTimeout;
import dev.weft.http.message.HttpVersion;
import dev.weft.http.message.ServerDisconnectedException;
import dev.weft.http.message.UploadException;
import dev.weft.http.message.WriteTimeoutException;
import dev.weft.loop.Asyncio;
import dev.weft.loop.Future;
import dev.weft.loop.Task;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies that go out behind their head: section E of the specification. */
@OverBoth
class UploadTest {
    private final List<String> requests = new CopyOnWriteArrayList<>();

    private RawServer recording() throws Exception {
        return RawServer.start(peer -> {
            for (String request = peer.request(); request != null; request = peer.request()) {
                requests.add(request);
                peer.send(RawServer.OK);
            }
        });
    }

    /** A body of pieces; a number as piece waits so many milliseconds, an exception is thrown. */
    private static final class Pieces implements Body {
        private final OptionalLong length;
        private final boolean replayable;
        private final Object[] pieces;
        private int opened;
        private int closed;

        Pieces(OptionalLong length, boolean replayable, Object... pieces) {
            this.length = length;
            this.replayable = replayable;
            this.pieces = pieces;
        }

        static Pieces of(Object... pieces) {
            return new Pieces(OptionalLong.empty(), true, pieces);
        }

        @Override
        public OptionalLong length() {
            return length;
        }

        @Override
        public boolean isReplayable() {
            return replayable;
        }

        @Override
        public String contentType() {
            return null;
        }

        @Override
        public BodySource open() {
            opened++;
            ArrayDeque<Object> rest = new ArrayDeque<>(List.of(pieces));
            return new BodySource() {
                @Override
                public ByteBuffer read() throws Exception {
                    Object piece = rest.poll();
                    if (piece instanceof Future<?> wait) {
                        wait.await();
                        piece = rest.poll();
                    }
                    if (piece instanceof Exception failure) {
                        throw failure;
                    }
                    if (piece instanceof byte[] bytes) {
                        return ByteBuffer.wrap(bytes);
                    }
                    return piece == null
                            ? null
                            : ByteBuffer.wrap(((String) piece).getBytes(StandardCharsets.ISO_8859_1));
                }

                @Override
                public void close() {
                    closed++;
                }
            };
        }
    }

    private static String bodyOf(String request) {
        return request.substring(request.indexOf("\r\n\r\n") + 4);
    }

    @Test
    void chunksOrLength() throws Exception {
        Pieces known = new Pieces(OptionalLong.of(5), true, "hel", "lo");
        Pieces unknown = Pieces.of("hel", "", "lo");
        try (RawServer server = recording()) {
            Client.run(session -> {
                session.post(server.url("/")).body(known).text().await();
                session.post(server.url("/")).body(unknown).text().await();
                session.post(server.url("/")).body(known).chunked(true).text().await();
                session.post(server.url("/")).body("hello").chunked(true).text().await();
                session.post(server.url("/"))
                        .body(new Pieces(OptionalLong.of(0), true))
                        .text()
                        .await();
            });
            assertEquals(1, server.connections());
        }
        for (int i = 0; i < 4; i++) {
            assertEquals("hello", bodyOf(requests.get(i)));
            assertEquals(i == 0, requests.get(i).contains("Content-Length: 5\r\n"), requests.get(i));
            assertEquals(i > 0, requests.get(i).contains("Transfer-Encoding: chunked\r\n"), requests.get(i));
        }
        assertTrue(requests.get(4).contains("Content-Length: 0\r\n"));
        assertEquals(2, known.opened);
        assertEquals(2, known.closed);
        assertEquals(1, unknown.closed);
    }

    @Test
    void tenMegabytes() throws Exception {
        byte[] large = new byte[10 << 20];
        new java.util.Random(1).nextBytes(large);
        try (RawServer server = recording()) {
            Client.run(session -> {
                session.put(server.url("/")).body(large).text().await();
                session.put(server.url("/")).body(Pieces.of(large)).text().await();
            });
        }
        String expected = new String(large, StandardCharsets.ISO_8859_1);
        assertEquals(expected, bodyOf(requests.get(0)));
        assertEquals(expected, bodyOf(requests.get(1)));
    }

    @Test
    @OverBoth.Http1Only("another version")
    void http10HasNoChunks() throws Exception {
        try (RawServer server = recording()) {
            Client.run(session -> {
                assertThrows(
                        IllegalArgumentException.class,
                        () -> session.post(server.url("/"))
                                .version(HttpVersion.HTTP_1_0)
                                .body(Pieces.of("a"))
                                .await());
                session.post(server.url("/"))
                        .version(HttpVersion.HTTP_1_0)
                        .body("a")
                        .text()
                        .await();
            });
        }
        assertTrue(requests.getFirst().startsWith("POST / HTTP/1.0\r\n"), requests.getFirst());
        assertTrue(requests.getFirst().contains("Connection: keep-alive\r\n"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Transfer-Encoding: chunked",
                "Content-Length: 4",
                "Content-Length: 6",
                "Content-Length: x",
                "Expect: 100-continue",
                "Upgrade: x",
                "Connection: upgrade"
            })
    void framingBelongsToTheClient(String header) throws Exception {
        String[] field = header.split(": ");
        try (RawServer server = recording()) {
            Client.run(session -> {
                assertThrows(
                        IllegalArgumentException.class,
                        () -> session.post(server.url("/"))
                                .header(field[0], field[1])
                                .body("hello")
                                .await());
                assertThrows(
                        IllegalArgumentException.class,
                        () -> session.post(server.url("/"))
                                .header(field[0], field[1])
                                .body(Pieces.of("hello"))
                                .await());
                assertEquals(0, server.connections());
            });
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"hell", "hello!"})
    void aBodyThatIsNotAsLongAsItSays(String content) throws Exception {
        Pieces body = new Pieces(OptionalLong.of(5), true, content);
        try (RawServer server = RawServer.start(RawServer.Peer::awaitEnd)) {
            Client.run(session -> {
                UploadException failure = assertThrows(
                        UploadException.class,
                        () -> session.post(server.url("/")).body(body).await());
                assertTrue(failure.getMessage().contains("was to have 5 bytes"), failure.getMessage());
                Client.until(() -> session.stats().equals(Client.givenUp()));
            });
        }
        assertEquals(1, body.closed);
    }

    @Test
    void aBodyThatCannotBeRead() throws Exception {
        IOException broken = new IOException("disk on fire");
        Pieces body = Pieces.of("a", broken);
        try (RawServer server = RawServer.start(RawServer.Peer::awaitEnd)) {
            Client.run(session -> {
                UploadException failure = assertThrows(
                        UploadException.class,
                        () -> session.post(server.url("/")).body(body).await());
                assertSame(broken, failure.getCause());
                assertTrue(failure.getMessage().contains("disk on fire"));
                Client.until(() -> session.stats().equals(Client.givenUp()));
            });
        }
        assertEquals(1, body.closed);
    }

    @Test
    void continueIsWaitedFor() throws Exception {
        List<String> log = new CopyOnWriteArrayList<>();
        try (RawServer server = RawServer.start(peer -> {
            String head = peer.head();
            log.add(head.contains("Expect: 100-continue\r\n") ? "asked" : head);
            log.add("available " + peer.in().available());
            peer.send("HTTP/1.1 100 Continue\r\n\r\n");
            log.add(peer.body(head));
            peer.send(RawServer.OK);
            peer.request();
        })) {
            Client.run(session -> assertEquals(
                    "ok",
                    session.post(server.url("/"))
                            .body("hello")
                            .expectContinue(Duration.ofSeconds(20))
                            .text()
                            .await()));
        }
        assertEquals(List.of("asked", "available 0", "hello"), log);
    }

    @Test
    void withoutContinueTheBodyIsSentAfterAWhile() throws Exception {
        try (RawServer server = recording()) {
            Client.run(session -> assertEquals(
                    "ok",
                    session.post(server.url("/"))
                            .body("hello")
                            .expectContinue(Duration.ofMillis(30))
                            .text()
                            .await()));
        }
        assertEquals("hello", bodyOf(requests.getFirst()));
    }

    /** The server's next read would be the old body: such a connection must not be used again. */
    @Test
    void anAnswerInsteadOfContinueClosesTheConnection() throws Exception {
        Pieces body = Pieces.of("never sent");
        try (RawServer server = RawServer.start(peer -> {
            for (String head = peer.head(); head != null; head = peer.head()) {
                requests.add(head);
                peer.send("HTTP/1.1 417 No\r\nContent-Length: 0\r\n\r\n");
            }
        })) {
            Client.run(session -> {
                for (int i = 0; i < 2; i++) {
                    try (ClientResponse response = session.post(server.url("/"))
                            .body(body)
                            .expectContinue(Duration.ofSeconds(20))
                            .await()) {
                        assertEquals(417, response.status());
                    }
                    Client.until(() -> session.stats().equals(Client.givenUp()));
                }
            });
            assertEquals(2, server.connections());
        }
        assertEquals(0, body.opened);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anEarlyAnswerStopsTheUpload(boolean close) throws Exception {
        Pieces[] body = new Pieces[1];
        try (RawServer server = RawServer.start(peer -> {
            peer.head();
            peer.send("HTTP/1.1 " + (close ? "413 Large\r\nConnection: close" : "200 OK")
                    + "\r\nContent-Length: 2\r\n\r\nok");
            if (!close) {
                peer.awaitEnd();
            }
        })) {
            Client.run(session -> {
                body[0] = Pieces.of("first", Asyncio.getRunningLoop().createFuture(), "never");
                try (ClientResponse response =
                        session.post(server.url("/")).body(body[0]).await()) {
                    assertEquals(close ? 413 : 200, response.status());
                    assertEquals("ok", response.text().await());
                }
                Client.until(() -> session.stats().equals(close ? new SessionStats(0, 0, 0) : Client.givenUp()));
                // The answer may be here before there was any need to open it.
                Client.until(() -> body[0].closed == body[0].opened);
            });
        }
    }

    @Test
    void aLargeUploadThatIsRefusedGetsItsAnswer() throws Exception {
        byte[] large = new byte[50 << 20];
        try (RawServer server = RawServer.start(peer -> {
            peer.head();
            peer.send("HTTP/1.1 413 Large\r\nConnection: close\r\nContent-Length: 3\r\n\r\nbig");
            peer.finish();
            // A close while bytes are unread would be a reset, which may overtake the answer.
            peer.awaitEnd();
        })) {
            Client.run(session -> {
                try (ClientResponse response =
                        session.post(server.url("/")).body(large).await()) {
                    assertEquals(413, response.status());
                    assertEquals("big", response.text().await());
                }
            });
        }
    }

    @Test
    void aResetEndsTheUploadAndIsNotTriedAgain() throws Exception {
        byte[] large = new byte[50 << 20];
        try (RawServer server = RawServer.start(peer -> {
            peer.head();
            peer.reset();
        })) {
            Client.run(session -> {
                assertThrows(
                        ServerDisconnectedException.class,
                        () -> session.post(server.url("/"))
                                .body(Pieces.of(large))
                                .await());
                Client.until(() -> session.stats().equals(new SessionStats(0, 0, 0)));
            });
            assertEquals(1, server.connections());
        }
    }

    @Test
    void aServerThatTakesNothing() throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        byte[] large = new byte[50 << 20];
        try (RawServer server = RawServer.start(peer -> {
            peer.head();
            Client.hold(done);
        })) {
            Client.run(session -> {
                try {
                    WriteTimeoutException failure = assertThrows(
                            WriteTimeoutException.class,
                            () -> session.post(server.url("/"))
                                    .timeout(ClientTimeout.builder()
                                            .write(Duration.ofMillis(100))
                                            .build())
                                    .body(large)
                                    .await());
                    assertTrue(failure.getMessage().contains("sending the request"), failure.getMessage());
                    Client.until(() -> session.stats().equals(Client.givenUp()));
                } finally {
                    done.countDown();
                }
            });
        }
    }

    /** Reading is limited by silence after the request only: a slow upload is not a slow answer. */
    @Test
    void aSlowBodyIsNoSlowAnswer() throws Exception {
        try (RawServer server = recording()) {
            Client.run(session -> {
                Future<Void> late = Asyncio.getRunningLoop().createFuture();
                Asyncio.getRunningLoop().callLater(Duration.ofMillis(300), () -> late.setResult(null));
                assertEquals(
                        "ok",
                        session.post(server.url("/"))
                                .timeout(ClientTimeout.builder()
                                        .read(Duration.ofMillis(100))
                                        .write(Duration.ofMillis(100))
                                        .build())
                                .body(Pieces.of("a", late, "b"))
                                .text()
                                .await());
            });
        }
        assertEquals("ab", bodyOf(requests.getFirst()));
    }

    @Test
    void theReaderOfTheAnswerMayFeedTheUpload() throws Exception {
        try (RawServer server = RawServer.start(peer -> {
            String head = peer.head();
            peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n");
            String body = peer.body(head);
            peer.send("6\r\n" + body + "\r\n0\r\n\r\n");
            peer.request();
        })) {
            Client.run(session -> {
                Future<Void> seen = Asyncio.getRunningLoop().createFuture();
                try (ClientResponse response = session.post(server.url("/"))
                        .body(Pieces.of("abc", seen, "def"))
                        .await()) {
                    StringBuilder text = new StringBuilder();
                    for (ByteBuffer piece : response.content()) {
                        text.append(StandardCharsets.UTF_8.decode(piece));
                        if (!seen.isDone()) {
                            seen.setResult(null);
                        }
                    }
                    assertEquals("firstabcdef", text.toString());
                }
                Client.until(() -> session.stats().equals(new SessionStats(0, 1, 0)));
            });
        }
    }

    @Test
    void aCancelledUploadLeavesNothing() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        Pieces[] body = new Pieces[1];
        try (RawServer server = RawServer.start(peer -> {
            peer.awaitEnd();
            ended.countDown();
        })) {
            Client.run(session -> {
                body[0] = Pieces.of("first", Asyncio.getRunningLoop().createFuture(), "never");
                Task<String> task = Asyncio.createTask(
                        () -> session.post(server.url("/")).body(body[0]).text().await());
                Client.until(() -> body[0].opened == 1);
                task.cancel();
                Client.until(task::isDone);
                assertTrue(task.isCancelled());
                Client.until(ended);
                Client.until(() -> body[0].closed == 1);
                assertEquals(Client.givenUp(), session.stats());
            });
        }
    }

    /** A stale connection: what can be sent again is, what cannot is not, and nothing is sent empty. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void staleConnections(boolean replayable) throws Exception {
        try (RawServer server = RawServer.start(peer -> {
            requests.add(peer.request());
            peer.send(RawServer.OK);
            if (peer.number == 1) {
                peer.request();
            } else {
                peer.awaitEnd();
            }
        })) {
            Client.run(session -> {
                session.get(server.url("/")).text().await();
                Pieces body = new Pieces(OptionalLong.empty(), replayable, "file", "data");
                if (replayable) {
                    try (ClientResponse response =
                            session.put(server.url("/")).body(body).await()) {
                        assertEquals(2, response.attempts());
                    }
                } else {
                    ClientException failure = assertThrows(
                            ServerDisconnectedException.class,
                            () -> session.put(server.url("/")).body(body).await());
                    assertNull(failure.getCause());
                }
            });
        }
        assertEquals(replayable ? 2 : 1, requests.size());
        assertEquals(replayable ? "filedata" : "", bodyOf(requests.getLast()));
        assertFalse(requests.isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "deflate", "br", "zstd"})
    void compressedBodies(String coding) throws Exception {
        String text = "a bit of text, ".repeat(10_000);
        try (RawServer server = RawServer.start(peer -> {
            for (String head = peer.head(); head != null; head = peer.head()) {
                requests.add(head);
                byte[] body = peer.body(head).getBytes(StandardCharsets.ISO_8859_1);
                peer.send(
                        body.length == 0
                                ? RawServer.OK
                                : "HTTP/1.1 200 OK\r\nContent-Encoding: " + coding
                                        + "\r\nContent-Length: " + body.length + "\r\n\r\n"
                                        + new String(body, StandardCharsets.ISO_8859_1));
            }
        })) {
            Client.run(ClientSession.builder().compress(coding).maxDecodeRatio(100_000), session -> {
                assertEquals(
                        text, session.post(server.url("/")).body(text).text().await());
                assertEquals(
                        text,
                        session.post(server.url("/"))
                                .body(Pieces.of(text))
                                .text()
                                .await());
                session.post(server.url("/")).body("").text().await();
                assertThrows(
                        IllegalArgumentException.class,
                        () -> session.post(server.url("/"))
                                .body(text)
                                .header("Content-Encoding", "x")
                                .await());
            });
        }
        for (String head : requests.subList(0, 2)) {
            assertTrue(head.contains("Content-Encoding: " + coding + "\r\n"), head);
            assertTrue(head.contains("Transfer-Encoding: chunked\r\n"), head);
        }
        assertFalse(requests.get(2).contains("Content-Encoding"));
        assertTrue(requests.get(2).contains("Content-Length: 0\r\n"));
    }

    @Test
    void aCodingThatThereIsNone() {
        IllegalArgumentException refused = assertThrows(
                IllegalArgumentException.class, () -> ClientSession.builder().compress("lzw"));
        assertTrue(refused.getMessage().contains("there are: gzip, deflate, br, zstd"), refused.getMessage());
    }
}
