package dev.weft.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.http.message.DecodeException;
import dev.weft.http.message.SessionClosedException;
import dev.weft.http.websocket.MessageTypeException;
import dev.weft.http.websocket.PerMessageDeflate;
import dev.weft.http.websocket.WebSocket;
import dev.weft.http.websocket.WebSocketClosedException;
import dev.weft.http.websocket.WebSocketException;
import dev.weft.http.websocket.WsMessage;
import dev.weft.http.websocket.frame.Frames;
import dev.weft.loop.Asyncio;
import dev.weft.loop.CancelledError;
import dev.weft.loop.Task;
import dev.weft.loop.TimeoutException;
import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.type.TypeReference;

/** An open WebSocket over real sockets: section P of the specification. */
@OverBoth
class WebSocketTest {
    private static String ws(RawServer server) {
        return server.url("/").replace("http:", "ws:");
    }

    /** What a test does with an open WebSocket. */
    private interface Use {
        void with(ClientSession session, WebSocket ws) throws Exception;
    }

    private static void open(RawServer server, Use use) throws Exception {
        Client.run(session -> {
            try (WebSocket ws = session.ws(ws(server)).await()) {
                use.with(session, ws);
            }
        });
    }

    record Point(int x, int y) {}

    @Test
    void whatIsSentComesBack() throws Exception {
        try (RawServer server = WsPeer.echo()) {
            open(server, (session, ws) -> {
                for (int size :
                        new int[] {0, 1, 2, 3, 4, 5, 7, 8, 9, 125, 126, 127, 1023, 1025, 65535, 65536, 200_000}) {
                    byte[] bytes = new byte[size];
                    new Random(size).nextBytes(bytes);
                    ws.send(bytes).await();
                    assertArrayEquals(bytes, ws.receiveBytes().await());
                    ws.send(ByteBuffer.wrap(bytes)).await();
                    assertEquals(new WsMessage.Binary(bytes), ws.receive().await());
                }
                String text = "Tromsø €uro 😀";
                ws.send(text).await();
                assertEquals(text, ws.receiveText().await());
                ws.sendJson(new Point(1, 2)).await();
                assertEquals(new Point(1, 2), ws.receiveJson(Point.class).await());
                ws.sendJson(Map.of("a", List.of(1, 2))).await();
                Type type = new TypeReference<Map<String, List<Integer>>>() {}.getType();
                assertEquals(Map.of("a", List.of(1, 2)), ws.receiveJson(type).await());
                ws.sendJson(null).await();
                assertNull(ws.receiveJson(Point.class).await());
                ByteBuffer part = ByteBuffer.wrap(new byte[] {1, 2, 3, 4}, 1, 2);
                ws.send(part).await();
                assertArrayEquals(new byte[] {2, 3}, ws.receiveBytes().await());
                assertEquals(1, part.position());
                ws.ping((byte) 1).await();
                ws.pong((byte) 1).await();
                assertFalse(ws.isClosed());
                assertEquals(OptionalInt.empty(), ws.closeCode());
                assertTrue(ws.toString().endsWith(" open>"), ws::toString);
            });
        }
    }

    @Test
    void closingIsAHandshake() throws Exception {
        List<Frames.Sent> seen = new ArrayList<>();
        CountDownLatch ended = new CountDownLatch(1);
        try (RawServer server = WsPeer.serve(peer -> {
            seen.add(peer.read());
            // On its way when the client closes.
            peer.send(Frames.text("late"), Frames.close(3001, "done"));
            peer.peer.awaitEnd();
            ended.countDown();
        })) {
            Client.run(session -> {
                WebSocket ws = session.ws(ws(server)).await();
                ws.close(4000, "enough");
                assertEquals(OptionalInt.of(3001), ws.closeCode());
                assertTrue(ws.isClosed());
                Client.assertNothingHeld(session);
                Client.until(ended);
                WebSocketClosedException e = assertThrows(
                        WebSocketClosedException.class, () -> ws.receive().await());
                assertEquals(3001, e.code());
                assertEquals("done", e.closeReason());
                assertThrows(WebSocketClosedException.class, () -> ws.send("x").await());
                ws.close();
            });
        }
        assertEquals(4000, seen.getFirst().code());
        assertEquals("enough", seen.getFirst().text().substring(2));
    }

    /** H212, H217: all in one packet with the 101, and the connection is closed before anybody looks. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatCameBeforeTheEndIsReceived(boolean closes) throws Exception {
        byte[] frames = Frames.concat(
                Frames.text("one"), Frames.binary((byte) 2), closes ? Frames.close(1001, "bye") : new byte[0]);
        try (RawServer server = RawServer.start(peer -> {
            String request = peer.request();
            peer.send(Frames.concat(WsPeer.answer(request).getBytes(), frames));
        })) {
            Client.run(session -> {
                for (int round = 0; round < 20; round++) {
                    WebSocket ws = session.ws(ws(server)).await();
                    if (round % 2 == 0) {
                        Asyncio.sleep(Duration.ofMillis(2)).await();
                    }
                    List<WsMessage> received = new ArrayList<>();
                    for (WsMessage message : ws) {
                        received.add(message);
                    }
                    assertEquals(List.of(new WsMessage.Text("one"), new WsMessage.Binary(new byte[] {2})), received);
                    assertEquals(OptionalInt.of(closes ? 1001 : 1006), ws.closeCode());
                    WebSocketClosedException e = assertThrows(
                            WebSocketClosedException.class, () -> ws.receive().await());
                    assertEquals(closes ? 1001 : 1006, e.code());
                    ws.close();
                }
            });
        }
    }

    @Test
    void aReset() throws Exception {
        try (RawServer server = WsPeer.serve(peer -> peer.peer.reset())) {
            open(server, (session, ws) -> {
                WebSocketClosedException e = assertThrows(
                        WebSocketClosedException.class, () -> ws.receive().await());
                assertEquals(1006, e.code());
                assertTrue(e.getMessage().contains("the connection was lost (1006)"), e.getMessage());
                assertThrows(WebSocketClosedException.class, () -> ws.send("x").await());
                assertFalse(ws.iterator().hasNext());
            });
        }
    }

    /** H214, over the network: the server is told, and may close in its own time. */
    @Test
    void aBrokenRuleIsToldToTheServer() throws Exception {
        List<Frames.Sent> seen = new ArrayList<>();
        try (RawServer server = WsPeer.serve(peer -> {
            peer.send(Frames.text("fine"), Frames.hex("ff 00"), Frames.text("never"));
            seen.add(peer.read());
            assertNull(peer.read());
        })) {
            Client.run(session -> {
                WebSocket ws = session.ws(ws(server)).await();
                assertEquals("fine", ws.receiveText().await());
                WebSocketException e = assertThrows(
                        WebSocketException.class, () -> ws.receive().await());
                assertEquals(1002, e.code());
                assertSame(e, ws);
                Client.until(() -> session.stats().acquired() == 1);
                Task<Void> closing = Asyncio.createTask(() -> {
                    ws.close();
                    return null;
                });
                Client.until(() -> !seen.isEmpty());
                server.close();
                closing.await();
                assertEquals(OptionalInt.of(1002), ws.closeCode());
            });
        }
        assertEquals(1002, seen.getFirst().code());
    }

    /** Once it has failed, everything fails the same way. */
    private static void assertSame(WebSocketException e, WebSocket ws) {
        assertTrue(ws.isClosed());
        assertEquals(
                e.getMessage(),
                assertThrows(WebSocketException.class, () -> ws.receive().await())
                        .getMessage());
        assertThrows(WebSocketException.class, () -> ws.send("x").await());
        assertThrows(WebSocketException.class, () -> ws.iterator().hasNext());
    }

    /** H219, H221, H222. */
    @Test
    void receivingMayBeGivenUp() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        try (RawServer server = WsPeer.serve(peer -> {
            // Half a message is no reason to lose the other half.
            peer.send(Frames.frame(Frames.TEXT, "he"));
            Client.hold(go);
            peer.send(Frames.frame(Frames.FIN, "llo"));
            peer.echoAll();
        })) {
            open(server, (session, ws) -> {
                assertThrows(
                        TimeoutException.class,
                        () -> ws.receive(Duration.ofMillis(5)).await());
                Task<WsMessage> task = Asyncio.createTask(ws.receive());
                Asyncio.sleep(0).await();
                IllegalStateException e = assertThrows(
                        IllegalStateException.class, () -> ws.receive().await());
                assertTrue(e.getMessage().endsWith("another task is receiving"), e.getMessage());
                task.cancel();
                assertThrows(CancelledError.class, task::await);
                assertFalse(ws.isClosed());
                assertEquals(OptionalInt.empty(), ws.closeCode());
                go.countDown();
                assertEquals("hello", ws.receiveText().await());
                assertThrows(IllegalArgumentException.class, () -> ws.receive(Duration.ZERO));
            });
        }
    }

    @Test
    void aLimitForEachMessage() throws Exception {
        try (RawServer server = WsPeer.echo()) {
            Client.run(session -> {
                try (WebSocket ws = session.ws(ws(server))
                        .receiveTimeout(Duration.ofMillis(5))
                        .await()) {
                    assertThrows(TimeoutException.class, () -> ws.receiveText().await());
                    assertThrows(TimeoutException.class, () -> ws.iterator().hasNext());
                    assertFalse(ws.isClosed());
                }
            });
        }
    }

    @Test
    void messagesOfAnotherKind() throws Exception {
        try (RawServer server = WsPeer.serve(peer -> {
            peer.send(Frames.text("{\"x\":"), Frames.binary((byte) 1), Frames.text("t"), Frames.close(1000, ""));
            peer.echoAll();
        })) {
            open(server, (session, ws) -> {
                DecodeException json = assertThrows(
                        DecodeException.class, () -> ws.receiveJson(Point.class).await());
                assertTrue(json.getMessage().contains("is not the JSON of a "), json.getMessage());
                MessageTypeException e = assertThrows(
                        MessageTypeException.class, () -> ws.receiveText().await());
                assertEquals(new WsMessage.Binary(new byte[] {1}), e.received());
                assertThrows(MessageTypeException.class, () -> ws.receiveBytes().await());
                WebSocketClosedException closed = assertThrows(
                        WebSocketClosedException.class, () -> ws.receiveBytes().await());
                assertEquals(1000, closed.code());
            });
        }
    }

    /** Many tasks send at a time: each message arrives whole, and each task's in their order. */
    @Test
    void manySend() throws Exception {
        int tasks = 20;
        int messages = 20;
        try (RawServer server = WsPeer.echo()) {
            open(server, (session, ws) -> {
                List<Task<Void>> senders = new ArrayList<>();
                for (int i = 0; i < tasks; i++) {
                    byte id = (byte) i;
                    senders.add(Asyncio.createTask(() -> {
                        for (int n = 0; n < messages; n++) {
                            byte[] bytes = new byte[1 + n * 997];
                            Arrays.fill(bytes, id);
                            ws.send(bytes).await();
                        }
                        return null;
                    }));
                }
                int[] next = new int[tasks];
                for (int i = 0; i < tasks * messages; i++) {
                    byte[] bytes = ws.receiveBytes().await();
                    int id = bytes[0];
                    assertEquals(1 + next[id]++ * 997, bytes.length);
                    for (byte b : bytes) {
                        assertEquals(id, b);
                    }
                }
                for (Task<Void> sender : senders) {
                    sender.await();
                }
            });
        }
    }

    /** A receiver that does not receive holds the server back; then all is there. */
    @Test
    void theServerIsHeldBack() throws Exception {
        int count = 2000;
        int size = 16 * 1024;
        AtomicLong sent = new AtomicLong();
        try (RawServer server = WsPeer.serve(peer -> {
            peer.peer.socket.setSendBufferSize(64 * 1024);
            for (int i = 0; i < count; i++) {
                byte[] bytes = new byte[size];
                Arrays.fill(bytes, (byte) i);
                peer.send(Frames.binary(bytes));
                sent.incrementAndGet();
            }
            peer.echoAll();
        })) {
            open(server, (session, ws) -> {
                assertEquals(0, ws.receiveBytes().await()[0]);
                long stalled = BackpressureTest.stall(sent);
                assertTrue(stalled * size < 16 << 20, "the server could send " + stalled + " messages");
                for (int i = 1; i < count; i++) {
                    byte[] bytes = ws.receiveBytes().await();
                    assertEquals(size, bytes.length);
                    assertEquals((byte) i, bytes[size - 1]);
                }
            });
        }
    }

    /** A server that does not read holds the sender back; a sender that gives up has sent its message all the same. */
    @Test
    void theSenderIsHeldBack() throws Exception {
        int size = 4 << 20;
        CountDownLatch go = new CountDownLatch(1);
        List<Integer> seen = new ArrayList<>();
        try (RawServer server = WsPeer.serve(peer -> {
            peer.peer.socket.setReceiveBufferSize(64 * 1024);
            Client.hold(go);
            for (Frames.Sent frame = peer.read(); frame != null; frame = peer.read()) {
                seen.add(frame.payload().length);
                if (frame.opcode() == Frames.CLOSE) {
                    peer.send(Frames.close(1000, ""));
                    return;
                }
            }
        })) {
            open(server, (session, ws) -> {
                int taken = 0;
                TimeoutException full = null;
                while (full == null) {
                    try {
                        Asyncio.timeout(
                                Duration.ofMillis(100),
                                () -> ws.send(new byte[size]).await());
                        taken++;
                    } catch (TimeoutException e) {
                        full = e;
                    }
                }
                assertTrue(taken < 10, taken + " messages were taken");
                Task<Void> last = Asyncio.createTask(ws.send("last"));
                Asyncio.sleep(0).await();
                assertFalse(last.isDone());
                go.countDown();
                last.await();
                ws.close();
                assertEquals(taken + 3, seen.size());
            });
        }
        assertEquals(4, seen.get(seen.size() - 2));
    }

    @Test
    void sendersAreTold() throws Exception {
        try (RawServer server = WsPeer.serve(peer -> {
            peer.peer.socket.setReceiveBufferSize(64 * 1024);
            peer.send(Frames.text("go"));
            peer.peer.in().readNBytes(100_000);
            peer.peer.reset();
        })) {
            open(server, (session, ws) -> {
                Task<Void> big = Asyncio.createTask(ws.send(new byte[64 << 20]));
                WebSocketClosedException e = assertThrows(WebSocketClosedException.class, big::await);
                assertEquals(1006, e.code());
                assertEquals("go", ws.receiveText().await());
            });
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theSessionIsClosed(boolean waiting) throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        try (RawServer server = WsPeer.serve(peer -> {
            peer.send(Frames.text("unread"), Frames.text("unread"));
            peer.peer.awaitEnd();
            ended.countDown();
        })) {
            Client.run(session -> {
                WebSocket ws =
                        session.ws(ws(server)).heartbeat(Duration.ofSeconds(1)).await();
                ws.receive().await();
                Task<WsMessage> task = null;
                if (waiting) {
                    ws.receive().await();
                    task = Asyncio.createTask(ws.receive());
                    Asyncio.sleep(0).await();
                }
                session.close();
                assertEquals(new SessionStats(0, 0, 0), session.stats());
                if (task != null) {
                    assertThrows(SessionClosedException.class, task::await);
                }
                assertThrows(SessionClosedException.class, () -> ws.receive().await());
                assertThrows(SessionClosedException.class, () -> ws.send("x").await());
                assertEquals(OptionalInt.of(1006), ws.closeCode());
                assertTrue(ws.isClosed());
                ws.close();
                Client.until(ended);
            });
        }
    }

    /** Another task closes while one receives: that one is told when it is over. */
    @Test
    void closedByAnotherTask() throws Exception {
        try (RawServer server = WsPeer.echo()) {
            open(server, (session, ws) -> {
                Task<Integer> receiving = Asyncio.createTask(() -> {
                    int count = 0;
                    for (WsMessage message : ws) {
                        count++;
                    }
                    return count;
                });
                Asyncio.sleep(0).await();
                ws.close(1001, "");
                assertEquals(0, receiving.await());
                assertEquals(OptionalInt.of(1001), ws.closeCode());
            });
        }
    }

    /** H220. */
    @Test
    void aSilentServerIsNotWaitedForForEver() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        try (RawServer server = WsPeer.serve(peer -> {
            peer.peer.awaitEnd();
            ended.countDown();
        })) {
            Client.run(session -> {
                WebSocket ws = session.ws(ws(server))
                        .closeTimeout(Duration.ofMillis(20))
                        .await();
                ws.close();
                assertEquals(OptionalInt.of(1006), ws.closeCode());
                assertEquals(0, session.stats().acquired());
                WebSocketClosedException e = assertThrows(
                        WebSocketClosedException.class, () -> ws.receive().await());
                assertTrue(e.getMessage().contains("has not answered Close within 20 ms"), e.getMessage());
                Client.until(ended);
            });
        }
    }

    /** Whoever is cancelled while it closes waits no longer. */
    @Test
    void cancelledWhileItCloses() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        try (RawServer server = WsPeer.serve(peer -> {
            peer.peer.awaitEnd();
            ended.countDown();
        })) {
            Client.run(session -> {
                WebSocket ws = session.ws(ws(server)).await();
                Task<Void> closing = Asyncio.createTask(() -> {
                    ws.close();
                    return null;
                });
                Asyncio.sleep(0).await();
                closing.cancel();
                assertThrows(CancelledError.class, closing::await);
                assertEquals(0, session.stats().acquired());
                Client.until(ended);
            });
        }
    }

    @Test
    void compressedBothWays() throws Exception {
        List<Frames.Sent> seen = new ArrayList<>();
        try (RawServer server = WsPeer.serve(
                peer -> {
                    // The client's own frames, sent back: with the same window on both sides they stay valid.
                    for (Frames.Sent frame = peer.read(); frame != null; frame = peer.read()) {
                        seen.add(frame);
                        peer.send(Frames.frame(frame.first(), frame.payload()));
                        if (frame.opcode() == Frames.CLOSE) {
                            return;
                        }
                    }
                },
                "Sec-WebSocket-Extensions: permessage-deflate")) {
            Client.run(session -> {
                try (WebSocket ws = session.ws(ws(server))
                        .compress(PerMessageDeflate.DEFAULT)
                        .await()) {
                    assertEquals(List.of("permessage-deflate"), ws.extensions());
                    String text = "all work and no play ".repeat(500);
                    Random random = new Random(1);
                    for (int i = 0; i < 30; i++) {
                        ws.send(text).await();
                        assertEquals(text, ws.receiveText().await());
                        byte[] noise = new byte[random.nextInt(100_000)];
                        random.nextBytes(noise);
                        ws.send(noise).await();
                        assertArrayEquals(noise, ws.receiveBytes().await());
                        ws.send("").await();
                        assertEquals("", ws.receiveText().await());
                    }
                }
            });
        }
        assertTrue(seen.getFirst().payload().length < 200);
        assertTrue(seen.get(3).payload().length < seen.getFirst().payload().length);
    }

    @Test
    void usedWhereItMayNot() throws Exception {
        try (RawServer server = WsPeer.echo()) {
            open(server, (session, ws) -> {
                assertThrows(IllegalArgumentException.class, () -> ws.ping(new byte[126]));
                assertThrows(IllegalArgumentException.class, () -> ws.pong(new byte[126]));
                IllegalArgumentException half = assertThrows(
                        IllegalArgumentException.class,
                        () -> ws.send("half \ud83d of a pair").await());
                assertTrue(half.getMessage().contains("at 5 stands half of a surrogate pair, U+D83D"));
                for (int code : new int[] {0, 999, 1004, 1005, 1006, 1015, 2999, 5000}) {
                    assertThrows(IllegalArgumentException.class, () -> ws.close(code, ""));
                }
                assertThrows(IllegalArgumentException.class, () -> ws.close(1000, "€".repeat(42)));
                assertFalse(ws.isClosed());
                Throwable elsewhere = Asyncio.toThread(() -> assertThrows(
                                IllegalStateException.class, () -> ws.send("x").await()))
                        .await();
                assertTrue(elsewhere.getMessage().contains("loop"), elsewhere.getMessage());
            });
        }
    }
}
