package dev.weft.http.h2;

import static dev.weft.http.h2.H2Frame.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.http.Client;
import dev.weft.http.ClientSession;
import dev.weft.http.RawServer;
import dev.weft.http.SessionStats;
import dev.weft.http.WsPeer;
import dev.weft.http.message.ClientException;
import dev.weft.http.message.ClientTimeout;
import dev.weft.http.message.ConnectTimeoutException;
import dev.weft.http.message.HttpVersion;
import dev.weft.http.message.ProtocolException;
import dev.weft.http.message.SessionClosedException;
import dev.weft.http.message.TotalTimeoutException;
import dev.weft.http.websocket.PerMessageDeflate;
import dev.weft.http.websocket.WebSocket;
import dev.weft.http.websocket.WebSocketClosedException;
import dev.weft.http.websocket.WebSocketHandshakeException;
import dev.weft.http.websocket.WsMessage;
import dev.weft.http.websocket.frame.Frames;
import dev.weft.loop.Asyncio;
import dev.weft.loop.Task;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * WebSockets as streams: RFC 8441, frame by frame. What holds for every WebSocket is tested over both versions, in {@code WebSocketTest} and its like.
 */
class H2WebSocketTest {
    private static final byte[] OFFERS =
            H2Frame.settings(ENABLE_CONNECT_PROTOCOL, 1).bytes();
    private static final H2Block OK = H2Block.status("200");

    private static String ws(H2Server server, String path) {
        return server.url(path).replaceFirst("^http", "ws");
    }

    private static H2Server start(H2Peer.Script script) throws IOException {
        return H2Server.start(OFFERS, script);
    }

    /** A client that takes what the server offers. */
    private static ClientSession.Builder any() {
        return H2Server.client().version(HttpVersion.AUTO);
    }

    /** What the client sends next on a stream, as one of its frames. */
    private static Frames.Sent sent(H2Peer peer, int stream) throws IOException {
        return Frames.read(new ByteArrayInputStream(peer.next(DATA, stream).content()));
    }

    /** How much DATA the client has sent. */
    private static int sentBytes(H2Server server) {
        H2Peer peer = server.peer(1);
        return peer == null
                ? 0
                : peer.frames().stream()
                        .filter(frame -> frame.type() == DATA)
                        .mapToInt(frame -> frame.content().length)
                        .sum();
    }

    @Test
    void whatIsAsked() throws Exception {
        List<H2Request> requests = new CopyOnWriteArrayList<>();
        try (H2Server server = start(peer -> {
            H2Request request = peer.request();
            requests.add(request);
            peer.send(headers(
                    request.streamId(),
                    0,
                    H2Block.status("200", "sec-websocket-protocol", "b", "x-of", "server", "content-length", "7")));
            peer.send(data(request.streamId(), 0, Frames.text("hi")));
            peer.awaitEnd();
        })) {
            Client.run(H2Server.client(), session -> {
                WebSocket ws = session.ws(ws(server, "/chat?a=1"))
                        .header("X-Own", "2")
                        .origin("https://page.example")
                        .protocols("a", "b")
                        .compress(PerMessageDeflate.DEFAULT)
                        .closeTimeout(Duration.ofMillis(1))
                        .await();
                assertEquals("b", ws.protocol());
                assertEquals(List.of(), ws.extensions());
                assertEquals(200, ws.response().status());
                assertEquals("HTTP/2", ws.response().version());
                assertEquals("server", ws.response().headers().first("X-Of"));
                assertEquals("", ws.response().text().await());
                assertEquals("hi", ws.receiveText().await());
                assertTrue(ws.remoteAddress().toString().endsWith("127.0.0.1:" + server.port()));
                ws.close();
            });
            List<String> fields = requests.getFirst().fields();
            assertEquals(
                    List.of(
                            ":method: CONNECT",
                            ":path: /chat?a=1",
                            ":scheme: http",
                            ":authority: 127.0.0.1:" + server.port(),
                            ":protocol: websocket"),
                    fields.subList(0, 5));
            assertFalse(requests.getFirst().endStream());
            assertEquals("13", requests.getFirst().value("sec-websocket-version"));
            assertEquals("a, b", requests.getFirst().value("sec-websocket-protocol"));
            assertEquals("permessage-deflate", requests.getFirst().value("sec-websocket-extensions"));
            assertEquals("https://page.example", requests.getFirst().value("origin"));
            assertEquals("2", requests.getFirst().value("x-own"));
            assertNull(requests.getFirst().value("sec-websocket-key"));
            assertNull(requests.getFirst().value("content-length"));
        }
    }

    // ---- which version

    /** The one that is open is used, with {@code https} alone and where nothing is said. */
    @Test
    void anOpenConnectionIsUsedIfItsServerOffersThat() throws Exception {
        try (H2Server server = H2Server.startTls(
                OFFERS,
                peer -> {
                    peer.answer(peer.request().streamId(), "ok");
                    int stream = peer.request().streamId();
                    peer.send(headers(stream, 0, OK), data(stream, 0, Frames.text("over h2")));
                    peer.awaitEnd();
                },
                raw -> WsPeer.accept(raw).send(Frames.text("over h1"), Frames.close(1000, "")))) {
            Client.run(any(), session -> {
                try (WebSocket ws = session.ws(ws(server, "/")).await()) {
                    assertEquals("over h1", ws.receiveText().await());
                }
                assertEquals("ok", session.get(server.url("/")).text().await());
                WebSocket ws = session.ws(ws(server, "/"))
                        .closeTimeout(Duration.ofMillis(1))
                        .await();
                assertEquals("over h2", ws.receiveText().await());
                assertEquals(new SessionStats(1, 0, 0), session.stats());
                try (WebSocket other = session.ws(ws(server, "/"))
                        .version(HttpVersion.HTTP_1_1)
                        .await()) {
                    assertEquals("over h1", other.receiveText().await());
                }
                ws.close();
            });
        }
    }

    @Test
    void anOpenConnectionIsLeftAloneIfItsServerDoesNot() throws Exception {
        try (H2Server server = H2Server.startTls(
                H2Frame.settings().bytes(),
                H2Peer::answerAll,
                raw -> WsPeer.accept(raw).send(Frames.text("over h1"), Frames.close(1000, "")))) {
            Client.run(any(), session -> {
                assertEquals("ok", session.get(server.url("/")).text().await());
                try (WebSocket ws = session.ws(ws(server, "/")).await()) {
                    assertEquals("over h1", ws.receiveText().await());
                }
                assertEquals("ok", session.get(server.url("/")).text().await());
                assertEquals(2, server.connections());
            });
        }
    }

    @Test
    void whoWantsHttp2IsToldThatItIsNotOffered() throws Exception {
        try (H2Server server = H2Server.start(H2Peer::answerAll)) {
            Client.run(H2Server.client(), session -> {
                for (int i = 0; i < 2; i++) {
                    ProtocolException e = assertThrows(
                            ProtocolException.class,
                            () -> session.ws(ws(server, "/")).await());
                    assertEquals(
                            "GET " + server.url("/") + ": 127.0.0.1:" + server.port()
                                    + " takes no WebSockets over HTTP/2: its SETTINGS do not say so (RFC 8441);"
                                    + " version(HTTP_1_1) may do",
                            e.getMessage());
                    assertEquals(new SessionStats(0, 1, 0), session.stats());
                }
                assertEquals("ok", session.get(server.url("/")).text().await());
                assertEquals(1, server.connections());
            });
        }
    }

    /** Nothing is asked before the server has said that it may be: RFC 8441 section 3. */
    @Test
    void theServersSettingsAreWaitedFor() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        try (RawServer server = RawServer.start(raw -> {
            Client.hold(go);
            H2Peer peer = new H2Peer(raw);
            peer.begin(OFFERS);
            H2Request request = peer.request();
            assertEquals("/3", request.path());
            peer.send(headers(request.streamId(), 0, OK), data(request.streamId(), 0, Frames.close(1000, "")));
            peer.awaitEnd();
        })) {
            Client.run(H2Server.client(), session -> {
                assertThrows(
                        ConnectTimeoutException.class,
                        () -> session.ws(server.url("/1"))
                                .timeout(ClientTimeout.builder()
                                        .connect(Duration.ofMillis(30))
                                        .build())
                                .await());
                assertThrows(
                        TotalTimeoutException.class,
                        () -> session.ws(server.url("/2"))
                                .timeout(Duration.ofMillis(30))
                                .await());
                assertEquals(new SessionStats(0, 1, 0), session.stats());
                go.countDown();
                session.ws(server.url("/3")).await().close();
            });
            assertEquals(1, server.connections());
        }
    }

    @Test
    void aServerThatClosesInsteadOfItsSettings() throws Exception {
        try (RawServer server = RawServer.start(raw -> raw.in().readNBytes(24))) {
            Client.run(H2Server.client(), session -> {
                Exception e = assertThrows(
                        ClientException.class, () -> session.ws(server.url("/")).await());
                assertFalse(e.getMessage().contains("takes no WebSockets"), e.getMessage());
            });
        }
    }

    // ---- what does not open one

    @Test
    void anotherStatusIsTold_andTheStreamIsOver() throws Exception {
        try (H2Server server = start(peer -> {
            int stream = peer.request().streamId();
            peer.send(headers(stream, 0, H2Block.status("403")), data(stream, END_STREAM, "sorry!"));
            peer.next(RST_STREAM, stream);
            peer.answerAll();
        })) {
            Client.run(H2Server.client(), session -> {
                WebSocketHandshakeException e = assertThrows(
                        WebSocketHandshakeException.class,
                        () -> session.ws(ws(server, "/")).await());
                assertTrue(e.getMessage().endsWith("did not open a WebSocket: status 403: sorry!"), e.getMessage());
                assertEquals("ok", session.get(server.url("/")).text().await());
                assertEquals(1, server.connections());
            });
            assertEquals(0, server.peer(1).openStreams());
        }
    }

    @Test
    void aWrongAnswerEndsTheStreamAlone() throws Exception {
        try (H2Server server = start(peer -> {
            int stream = peer.request().streamId();
            peer.send(
                    headers(stream, 0, H2Block.status("200", "sec-websocket-protocol", "zz")),
                    data(stream, 0, Frames.text("into the void")));
            peer.next(RST_STREAM, stream);
            peer.answerAll();
        })) {
            Client.run(H2Server.client(), session -> {
                WebSocketHandshakeException e = assertThrows(
                        WebSocketHandshakeException.class,
                        () -> session.ws(ws(server, "/")).protocols("a").await());
                assertTrue(e.getMessage().contains("the server's 200 opens no WebSocket"), e.getMessage());
                assertEquals("ok", session.get(server.url("/")).text().await());
            });
            assertEquals(1, server.connections());
        }
    }

    // ---- how it ends

    /** Both have said Close: END_STREAM, as a connection of HTTP/1.1 has its FIN; the other requests of the connection go on. */
    @Test
    void closed() throws Exception {
        List<Frames.Sent> seen = new CopyOnWriteArrayList<>();
        try (H2Server server = start(peer -> {
            int stream = peer.request().streamId();
            peer.send(headers(stream, 0, OK));
            seen.add(sent(peer, stream));
            peer.send(data(stream, 0, Frames.close(3001, "done")));
            assertTrue(peer.next(DATA, stream).endsStream());
            peer.answerAll();
        })) {
            Client.run(H2Server.client(), session -> {
                WebSocket ws = session.ws(ws(server, "/")).await();
                ws.close(4000, "enough");
                assertEquals(OptionalInt.of(3001), ws.closeCode());
                assertEquals(new SessionStats(0, 1, 0), session.stats());
                assertEquals("ok", session.get(server.url("/")).text().await());
                assertEquals(1, server.connections());
            });
            assertEquals(0, server.peer(1).openStreams());
        }
        assertEquals(4000, seen.getFirst().code());
    }

    /** A server that ends its side as well has nothing reset. */
    @Test
    void endedByBoth() throws Exception {
        try (H2Server server = start(peer -> {
            int stream = peer.request().streamId();
            peer.send(
                    headers(stream, 0, OK),
                    data(stream, 0, Frames.text("last")),
                    data(stream, END_STREAM, Frames.close(1000, "")));
            assertEquals(1000, sent(peer, stream).code());
            assertTrue(peer.next(DATA, stream).endsStream());
            peer.answerAll();
        })) {
            Client.run(H2Server.client(), session -> {
                WebSocket ws = session.ws(ws(server, "/")).await();
                assertEquals("last", ws.receiveText().await());
                assertEquals(new WsMessage.Close(1000, ""), ws.receive().await());
                assertThrows(WebSocketClosedException.class, () -> ws.receive().await());
                assertEquals(OptionalInt.of(1000), ws.closeCode());
                ws.close();
                assertEquals("ok", session.get(server.url("/")).text().await());
            });
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anEndWithoutClose(boolean reset) throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        try (H2Server server = start(peer -> {
            int stream = peer.request().streamId();
            peer.send(headers(stream, 0, OK), data(stream, 0, Frames.text("unread")));
            Client.hold(go);
            peer.send(reset ? H2Frame.reset(stream, H2Code.INTERNAL_ERROR) : data(stream, END_STREAM, ""));
            peer.answerAll();
        })) {
            Client.run(H2Server.client(), session -> {
                WebSocket ws = session.ws(ws(server, "/")).await();
                Asyncio.sleep(0).await();
                go.countDown();
                // Whoever reads, the place on the connection is free.
                Client.until(() -> session.stats().acquired() == 0);
                assertEquals("unread", ws.receiveText().await());
                WebSocketClosedException e = assertThrows(
                        WebSocketClosedException.class, () -> ws.receive().await());
                assertEquals(1006, e.code());
                assertEquals(reset, e.getMessage().contains("RST_STREAM with INTERNAL_ERROR"), e.getMessage());
                assertThrows(WebSocketClosedException.class, () -> ws.send("x").await());
                assertEquals("ok", session.get(server.url("/")).text().await());
                assertEquals(1, server.connections());
            });
        }
    }

    @Test
    void theConnectionIsLost() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        try (H2Server server = start(peer -> {
            int stream = peer.request().streamId();
            peer.send(headers(stream, 0, OK), data(stream, 0, Frames.text("unread")));
            Client.hold(go);
        })) {
            Client.run(H2Server.client(), session -> {
                WebSocket ws = session.ws(ws(server, "/")).await();
                Task<?> receiving = Asyncio.createTask(() -> {
                    assertEquals("unread", ws.receiveText().await());
                    go.countDown();
                    return ws.receive().await();
                });
                assertEquals(
                        1006,
                        assertThrows(WebSocketClosedException.class, receiving::await)
                                .code());
                ws.close();
            });
        }
    }

    /** RFC 9113 section 8.5: only DATA, and what manages streams. */
    @Test
    void fieldsInTheMidst() throws Exception {
        try (H2Server server = start(peer -> {
            int stream = peer.request().streamId();
            peer.send(
                    headers(stream, 0, OK),
                    headers(stream, END_STREAM, H2Block.empty().and("x-sum", "1")));
            peer.next(RST_STREAM, stream);
            peer.answerAll();
        })) {
            Client.run(H2Server.client(), session -> {
                WebSocket ws = session.ws(ws(server, "/")).await();
                WebSocketClosedException e = assertThrows(
                        WebSocketClosedException.class, () -> ws.receive().await());
                assertTrue(e.getMessage().contains("fields come where another protocol is spoken"), e.getMessage());
                assertEquals("ok", session.get(server.url("/")).text().await());
            });
        }
    }

    /** It is among those that the server finishes; other requests go elsewhere. */
    @Test
    void itOutlivesGoAway() throws Exception {
        CountDownLatch last = new CountDownLatch(1);
        try (H2Server server = start(peer -> {
            int stream = peer.request().streamId();
            if (peer.number == 2) {
                peer.answer(stream, "elsewhere");
                peer.answerAll();
                return;
            }
            peer.send(headers(stream, 0, OK), goAway(stream, H2Code.NO_ERROR));
            Client.hold(last);
            peer.send(data(stream, 0, Frames.text("still there")));
            assertEquals(1000, sent(peer, stream).code());
            peer.send(data(stream, END_STREAM, Frames.close(1000, "")));
            peer.awaitEnd();
        })) {
            Client.run(H2Server.client(), session -> {
                try (WebSocket ws = session.ws(ws(server, "/")).await()) {
                    assertEquals(
                            "elsewhere", session.get(server.url("/")).text().await());
                    last.countDown();
                    assertEquals("still there", ws.receiveText().await());
                }
                Client.until(() -> server.peer(1).hasEnded());
            });
        }
    }

    @Test
    void theSessionIsClosed() throws Exception {
        CountDownLatch open = new CountDownLatch(1);
        try (H2Server server = start(peer -> {
            int stream = peer.request().streamId();
            peer.send(headers(stream, 0, OK));
            open.countDown();
            peer.awaitEnd();
        })) {
            Client.run(H2Server.client(), session -> {
                WebSocket ws = session.ws(ws(server, "/")).await();
                Task<?> receiving = Asyncio.createTask(ws.receive());
                Asyncio.sleep(0).await();
                session.close();
                assertThrows(SessionClosedException.class, receiving::await);
                assertEquals(new SessionStats(0, 0, 0), session.stats());
                Client.until(() -> server.peer(1).hasEnded());
            });
        }
    }

    // ---- beside others

    /** It takes a place among the streams, until it has ended. */
    @Test
    void itCountsAsAStream() throws Exception {
        byte[] one = H2Frame.settings(ENABLE_CONNECT_PROTOCOL, 1, MAX_CONCURRENT_STREAMS, 1)
                .bytes();
        try (H2Server server = H2Server.start(one, peer -> {
            H2Request request = peer.request();
            peer.send(headers(request.streamId(), 0, OK));
            assertEquals(1000, sent(peer, request.streamId()).code());
            peer.send(data(request.streamId(), 0, Frames.close(1000, "")));
            peer.answerAll();
        })) {
            Client.run(H2Server.client().limit(1), session -> {
                WebSocket ws = session.ws(ws(server, "/")).await();
                Task<String> waiting =
                        Asyncio.createTask(session.get(server.url("/")).text());
                Client.until(() -> session.stats().waiting() == 1);
                ws.close();
                assertEquals("ok", waiting.await());
                assertEquals(1, server.connections());
            });
        }
    }

    /** What is not received holds that stream back, and no other. */
    @Test
    void whatIsNotReadIsNotGivenBack() throws Exception {
        int messages = 200;
        AtomicInteger id = new AtomicInteger();
        try (H2Server server = start(peer -> {
            int stream = peer.request().streamId();
            id.set(stream);
            peer.send(headers(stream, 0, OK));
            byte[] message = Frames.binary(new byte[16_000]);
            Thread.ofVirtual().start(() -> {
                try {
                    peer.answerAll();
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            for (int i = 0; i < messages; i++) {
                for (int from = 0; from < message.length; ) {
                    int size = (int) Math.min(message.length - from, peer.credit(stream));
                    byte[] piece = Arrays.copyOfRange(message, from, from + size);
                    peer.send(data(stream, 0, piece));
                    from += size;
                }
            }
            peer.awaitEnd();
        })) {
            Client.run(H2Server.client(), session -> {
                WebSocket ws = session.ws(ws(server, "/"))
                        .readBufferSize(32 * 1024)
                        .closeTimeout(Duration.ofMillis(1))
                        .await();
                Client.until(() -> server.peer(1).window(id.get()) == 0);
                long held = server.peer(1).frames().stream()
                        .filter(frame -> frame.type() == WINDOW_UPDATE && frame.streamId() == id.get())
                        .mapToLong(frame -> frame.number(0))
                        .sum();
                assertTrue(held < 1 << 20, "the window grew by " + held);
                for (int i = 0; i < 20; i++) {
                    assertEquals("ok", session.get(server.url("/")).text().await());
                }
                for (int i = 0; i < messages; i++) {
                    assertEquals(16_000, ws.receiveBytes().await().length);
                }
                ws.close();
            });
        }
    }

    /** A message that is larger than the server's window waits for it; a sender is told when it is out. */
    @Test
    void theServersWindowIsKept() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        byte[] small = H2Frame.settings(ENABLE_CONNECT_PROTOCOL, 1, INITIAL_WINDOW_SIZE, 1000)
                .bytes();
        try (H2Server server = H2Server.start(small, peer -> {
            int stream = peer.request().streamId();
            peer.send(headers(stream, 0, OK));
            int received = 0;
            while (received < 1000) {
                received += peer.next(DATA, stream).content().length;
            }
            Client.hold(go);
            while (received < 5008) {
                peer.send(windowUpdate(stream, 500));
                received += peer.next(DATA, stream).content().length;
            }
            peer.send(windowUpdate(stream, 500), data(stream, 0, Frames.text("got it")));
            peer.awaitEnd();
        })) {
            Client.run(H2Server.client(), session -> {
                WebSocket ws = session.ws(ws(server, "/"))
                        .closeTimeout(Duration.ofMillis(1))
                        .await();
                Task<Void> sending = Asyncio.createTask(ws.send(new byte[5000]));
                Client.until(() -> sentBytes(server) == 1000);
                assertFalse(sending.isDone());
                go.countDown();
                sending.await();
                assertEquals("got it", ws.receiveText().await());
                ws.close();
            });
        }
    }

    /** What was not sent when it ends is not sent behind its end: the referee sees to that. */
    @Test
    void abortedWhileItSends() throws Exception {
        byte[] small = H2Frame.settings(ENABLE_CONNECT_PROTOCOL, 1, INITIAL_WINDOW_SIZE, 1000)
                .bytes();
        try (H2Server server = H2Server.start(small, peer -> {
            int stream = peer.request().streamId();
            peer.send(headers(stream, 0, OK));
            peer.next(RST_STREAM, stream);
            peer.answerAll();
        })) {
            Client.run(H2Server.client(), session -> {
                WebSocket ws = session.ws(ws(server, "/"))
                        .closeTimeout(Duration.ofMillis(20))
                        .await();
                Task<Void> sending = Asyncio.createTask(ws.send(new byte[5000]));
                Client.until(() -> sentBytes(server) == 1000);
                ws.close();
                assertThrows(WebSocketClosedException.class, sending::await);
                assertEquals("ok", session.get(server.url("/")).text().await());
                assertEquals(1, server.connections());
            });
            assertEquals(0, server.peer(1).openStreams());
        }
    }
}
