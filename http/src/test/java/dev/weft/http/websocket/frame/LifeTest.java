package dev.weft.http.websocket.frame;

import static dev.weft.http.websocket.frame.Frames.FIN;
import static dev.weft.http.websocket.frame.Frames.PING;
import static dev.weft.http.websocket.frame.Frames.PONG;
import static dev.weft.http.websocket.frame.Frames.TEXT;
import static dev.weft.http.websocket.frame.Frames.close;
import static dev.weft.http.websocket.frame.Frames.frame;
import static dev.weft.http.websocket.frame.Frames.hex;
import static dev.weft.http.websocket.frame.Frames.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.http.websocket.WebSocketClosedException;
import dev.weft.http.websocket.WebSocketException;
import dev.weft.http.websocket.WsMessage;
import dev.weft.loop.Asyncio;
import dev.weft.loop.Runner;
import dev.weft.loop.Task;
import dev.weft.loop.testing.VirtualClock;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** Close, silence, broken rules and a lost connection, in the orders in which they may meet; on the virtual clock, without a network. */
class LifeTest {
    private static final Settings DEFAULT = Rig.settings(null, 1000);

    private static Settings settings(Duration heartbeat, boolean autoPing, boolean autoClose) {
        return new Settings(List.of(), null, heartbeat, null, Duration.ofSeconds(10), 1000, 1000, autoPing, autoClose);
    }

    private interface Use {
        void with(Rig rig) throws Exception;
    }

    /** Runs a test; at its end the connection must have been given up once. */
    private static void run(Settings settings, Use use) throws Exception {
        try (Runner runner = Runner.builder().clock(new VirtualClock()).build()) {
            runner.run(() -> {
                Rig rig = new Rig(settings);
                use.with(rig);
                rig.settle();
                assertEquals(1, rig.ends);
                assertEquals(0, Asyncio.getRunningLoop().metrics().timers());
                rig.channel.finishAndReleaseAll();
                return null;
            });
        }
    }

    private static void after(double seconds, Rig rig) {
        Asyncio.sleep(seconds).await();
        rig.settle();
    }

    private static String sent(Rig rig) {
        rig.settle();
        return String.join(", ", rig.sent().stream().map(Object::toString).toList());
    }

    private static Task<Void> closing(Rig rig, int code) {
        Task<Void> task = Asyncio.createTask(() -> {
            rig.socket.close(code, "");
            return null;
        });
        rig.settle();
        return task;
    }

    private static int lost(Rig rig) {
        return assertThrows(
                        WebSocketClosedException.class,
                        () -> rig.socket.receive().await())
                .code();
    }

    // ---- heartbeat

    @Test
    void silenceIsAskedAbout() throws Exception {
        run(settings(Duration.ofSeconds(10), true, true), rig -> {
            after(9.9, rig);
            assertEquals("", sent(rig));
            after(0.2, rig);
            assertEquals("ping ", sent(rig));
            after(4, rig);
            rig.arrive(frame(FIN | PONG, ""));
            after(9.9, rig);
            assertEquals("", sent(rig));
            after(0.2, rig);
            assertEquals("ping ", sent(rig));
            // Half a frame is a sign of life.
            rig.arrive(hex("81"));
            after(9.9, rig);
            assertEquals("", sent(rig));
            after(0.2, rig);
            assertEquals("ping ", sent(rig));
            assertFalse(rig.socket.isClosed());
            after(5, rig);
            assertEquals("", sent(rig));
            WebSocketException e = assertThrows(
                    WebSocketException.class, () -> rig.socket.receive().await());
            assertEquals(1006, e.code());
            assertTrue(e.getMessage().endsWith("has not answered a ping within 5000 ms (1006)"), e.getMessage());
            assertThrows(WebSocketException.class, () -> rig.socket.send("x").await());
            assertEquals(OptionalInt.of(1006), rig.socket.closeCode());
        });
    }

    @Test
    void aSlowReceiverIsNoSilence() throws Exception {
        run(settings(Duration.ofSeconds(10), true, true), rig -> {
            for (int i = 0; i < 5; i++) {
                rig.arrive(text("x".repeat(300)));
            }
            after(60, rig);
            assertEquals("", sent(rig));
            for (int i = 0; i < 5; i++) {
                rig.socket.receive().await();
            }
            after(9.9, rig);
            assertEquals("", sent(rig));
            after(0.2, rig);
            assertEquals("ping ", sent(rig));
            rig.channel.close();
        });
    }

    @Test
    void noHeartbeatOnceItCloses() throws Exception {
        run(settings(Duration.ofSeconds(10), true, false), rig -> {
            rig.arrive(close(1000, ""));
            after(60, rig);
            assertEquals("", sent(rig));
            rig.channel.close();
        });
    }

    // ---- pings

    @Test
    void pingsForTheReceiver() throws Exception {
        run(settings(null, false, true), rig -> {
            rig.arrive(frame(TEXT, "he"));
            rig.arrive(frame(FIN | PING, "a"));
            rig.arrive(frame(FIN | PONG, "b"));
            rig.arrive(frame(FIN, "llo"));
            assertEquals(
                    new WsMessage.Ping(new byte[] {'a'}), rig.socket.receive().await());
            assertEquals(
                    new WsMessage.Pong(new byte[] {'b'}), rig.socket.receive().await());
            assertEquals(new WsMessage.Text("hello"), rig.socket.receive().await());
            assertEquals("", sent(rig));
            Task<Void> pong = Asyncio.createTask(rig.socket.pong((byte) 'a'));
            rig.settle();
            pong.await();
            assertEquals("pong a", sent(rig));
            rig.channel.close();
        });
    }

    /** Who sends pings and does not take the pongs makes no heap of them; the last ping is answered in the end. */
    @Test
    void aFloodOfPings() throws Exception {
        run(DEFAULT, rig -> {
            Stall network = rig.stall();
            for (int i = 1; i <= 1000; i++) {
                rig.arrive(frame(FIN | PING, "p" + i));
            }
            rig.settle();
            assertEquals(64, network.held());
            network.let();
            rig.settle();
            List<Frames.Sent> sent = rig.sent();
            assertEquals(65, sent.size());
            assertEquals("pong p64", sent.get(63).toString());
            assertEquals("pong p1000", sent.get(64).toString());
            rig.channel.close();
        });
    }

    @Test
    void pingsAreAnsweredUntilBothHaveSaidClose() throws Exception {
        run(DEFAULT, rig -> {
            Task<Void> closing = closing(rig, 1000);
            rig.arrive(frame(FIN | PING, "still"));
            assertEquals("close 1000, pong still", sent(rig));
            rig.arrive(close(1000, ""));
            rig.settle();
            closing.await();
        });
    }

    // ---- close

    @Test
    void ownCloseIsLeftToTheProgram() throws Exception {
        run(settings(null, true, false), rig -> {
            rig.arrive(close(1001, "bye"));
            assertEquals(new WsMessage.Close(1001, "bye"), rig.socket.receive().await());
            assertEquals(1001, lost(rig));
            assertFalse(rig.socket.isClosed());
            Task<Void> send = Asyncio.createTask(rig.socket.send("last"));
            rig.settle();
            send.await();
            closing(rig, 4000).await();
            assertEquals("text last, close 4000", sent(rig));
            assertEquals(OptionalInt.of(1001), rig.socket.closeCode());
        });
    }

    /** What was sent before Close goes before it, though the Close is answered by itself. */
    @Test
    void nothingIsSentBehindClose() throws Exception {
        run(DEFAULT, rig -> {
            Task<Void> send = Asyncio.createTask(rig.socket.send("before"));
            Asyncio.sleep(0).await();
            rig.arrive(close(1000, ""));
            assertThrows(
                    WebSocketClosedException.class,
                    () -> rig.socket.send("after").await());
            assertEquals("text before, close 1000", sent(rig));
            send.await();
        });
    }

    /** Both close at a time: the connection stays until the own Close is out. */
    @Test
    void bothCloseAtOnce() throws Exception {
        run(DEFAULT, rig -> {
            Stall network = rig.stall();
            Task<Void> closing = closing(rig, 1000);
            rig.arrive(close(1001, ""));
            rig.settle();
            assertEquals(0, rig.ends);
            network.let();
            rig.settle();
            closing.await();
            assertEquals("close 1000", sent(rig));
            assertEquals(OptionalInt.of(1001), rig.socket.closeCode());
        });
    }

    @Test
    void aCloseThatTheNetworkDoesNotTake() throws Exception {
        run(DEFAULT, rig -> {
            Stall network = rig.stall();
            rig.arrive(close(1001, ""));
            rig.settle();
            after(9.9, rig);
            assertEquals(0, rig.ends);
            after(0.2, rig);
            assertEquals(1, rig.ends);
            assertEquals(OptionalInt.of(1001), rig.socket.closeCode());
            network.let();
        });
    }

    @Test
    void anAnswerThatDoesNotCome() throws Exception {
        run(DEFAULT, rig -> {
            Duration start = Asyncio.getRunningLoop().time();
            closing(rig, 1000).await();
            assertEquals(Duration.ofSeconds(10), Asyncio.getRunningLoop().time().minus(start));
            assertEquals(1006, lost(rig));
        });
    }

    /** In a callback there is no task to wait in. */
    @Test
    void closedInACallback() throws Exception {
        run(DEFAULT, rig -> {
            Asyncio.getRunningLoop().callSoon(rig.socket::close);
            rig.settle();
            assertEquals("close 1000", sent(rig));
            assertEquals(0, rig.ends);
            rig.arrive(close(1000, ""));
        });
    }

    @Test
    void twoTasksClose() throws Exception {
        run(DEFAULT, rig -> {
            Task<Void> first = closing(rig, 4001);
            Task<Void> second = closing(rig, 4002);
            rig.arrive(close(4001, ""));
            rig.settle();
            first.await();
            second.await();
            assertEquals("close 4001", sent(rig));
        });
    }

    // ---- broken rules

    @Test
    void theOtherSideMayCloseInItsTime() throws Exception {
        run(DEFAULT, rig -> {
            rig.arrive(text("x".repeat(1001)));
            assertEquals("close 1009", sent(rig));
            assertThrows(WebSocketException.class, () -> rig.socket.receive().await());
            after(9.9, rig);
            assertEquals(0, rig.ends);
            after(0.2, rig);
        });
    }

    @Test
    void itMayAnswerToo() throws Exception {
        run(DEFAULT, rig -> {
            rig.arrive(frame(FIN | TEXT, hex("ff")));
            assertThrows(WebSocketException.class, () -> rig.socket.receive().await());
            assertEquals("close 1007", sent(rig));
            rig.arrive(close(1007, ""));
            rig.settle();
            assertEquals(1, rig.ends);
            assertEquals(OptionalInt.of(1007), rig.socket.closeCode());
        });
    }

    /** The receiver is told of what is first for it, whatever is noticed first. */
    @Test
    void twoBrokenRules() throws Exception {
        run(DEFAULT, rig -> {
            rig.arrive(frame(FIN | TEXT, hex("ff")));
            rig.arrive(frame(FIN | 3, ""));
            WebSocketException e = assertThrows(
                    WebSocketException.class, () -> rig.socket.receive().await());
            assertEquals(1007, e.code());
            assertEquals(OptionalInt.of(1007), rig.socket.closeCode());
            rig.channel.close();
        });
    }

    @Test
    void aBrokenRuleInPlaceOfAnAnswer() throws Exception {
        run(DEFAULT, rig -> {
            Task<Void> closing = closing(rig, 1000);
            rig.arrive(hex("83 00"));
            rig.settle();
            closing.await();
            assertEquals(
                    1002,
                    assertThrows(
                                    WebSocketException.class,
                                    () -> rig.socket.receive().await())
                            .code());
        });
    }

    // ---- the network

    @Test
    void aWriteFails() throws Exception {
        run(DEFAULT, rig -> {
            Stall network = rig.stall();
            Task<Void> send = Asyncio.createTask(rig.socket.send("x"));
            rig.settle();
            network.fail(new IOException("no route"));
            rig.settle();
            WebSocketClosedException e = assertThrows(WebSocketClosedException.class, send::await);
            assertEquals(1006, e.code());
            assertTrue(e.getMessage().endsWith("the connection was lost (1006): no route"), e.getMessage());
        });
    }

    @Test
    void whatIsUnreadIsDroppedByClose() throws Exception {
        run(DEFAULT, rig -> {
            rig.arrive(text("unread"));
            rig.channel.close();
            rig.settle();
            rig.socket.close();
            assertEquals(1006, lost(rig));
        });
    }
}
