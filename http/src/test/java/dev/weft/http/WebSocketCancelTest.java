package dev.weft.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.http.websocket.PerMessageDeflate;
import dev.weft.http.websocket.WebSocket;
import dev.weft.http.websocket.WsMessage;
import dev.weft.http.websocket.frame.Frames;
import dev.weft.loop.Action;
import dev.weft.loop.Asyncio;
import dev.weft.loop.Runner;
import dev.weft.loop.Task;
import dev.weft.loop.testing.CancelEverywhere;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tasks that are cancelled wherever they wait for a WebSocket: nothing stays behind. */
@OverBoth
class WebSocketCancelTest {
    private static String ws(RawServer server) {
        return server.url("/").replace("http:", "ws:");
    }

    private static void conversation(WebSocket ws) {
        for (int i = 0; i < 3; i++) {
            ws.send("message " + i).await();
            assertEquals("message " + i, ws.receiveText().await());
        }
        Task<Void> sender = Asyncio.createTask(() -> {
            ws.send(new byte[100_000]).await();
            ws.ping().await();
            return null;
        });
        try {
            assertEquals(100_000, ws.receiveBytes().await().length);
            sender.await();
        } finally {
            sender.cancel();
        }
        ws.close(4000, "");
    }

    @Test
    void cancelledAnywhere() throws Exception {
        try (RawServer server = WsPeer.echo()) {
            AtomicReference<ClientSession> last = new AtomicReference<>();
            Action<Exception> body = () -> {
                // Not closed here: that would take the connection with it. An idle one would be watched by a timer.
                ClientSession session =
                        Spoken.session().keepAlive(Duration.ZERO).build();
                last.set(session);
                try (WebSocket ws = session.ws(ws(server))
                        .compress(PerMessageDeflate.DEFAULT)
                        .heartbeat(Duration.ofSeconds(10))
                        .closeTimeout(Duration.ofSeconds(1))
                        .await()) {
                    conversation(ws);
                }
            };
            int awaits = CancelEverywhere.of(body)
                    .on(Runner::builder)
                    .check(() -> {
                        assertEquals(new SessionStats(0, 0, 0), last.get().stats());
                        last.get().close();
                    })
                    .run();
            assertTrue(awaits >= 4, awaits + " awaits");
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void aStormOfCancellations(long seed) throws Exception {
        Random random = new Random(seed);
        try (RawServer server = WsPeer.echo()) {
            Client.run(ClientSession.builder().limit(8), session -> {
                List<Task<Void>> tasks = new ArrayList<>();
                for (int i = 0; i < 60; i++) {
                    tasks.add(Asyncio.createTask(() -> {
                        try (WebSocket ws = session.ws(ws(server)).await()) {
                            conversation(ws);
                        }
                        return null;
                    }));
                }
                for (Task<Void> task : tasks) {
                    if (random.nextInt(3) == 0) {
                        Asyncio.sleep(random.nextInt(5) * 0.0005).await();
                    }
                    if (random.nextBoolean()) {
                        task.cancel();
                    }
                }
                Asyncio.wait(tasks).await();
                for (Task<Void> task : tasks) {
                    assertTrue(task.isCancelled() || task.exception() == null, () -> task.toString());
                }
                Client.assertNothingHeld(session);
            });
        }
    }

    /** The session is closed while they talk. */
    @Test
    void theSessionIsClosedUnderMany() throws Exception {
        try (RawServer server = WsPeer.serve(peer -> {
            for (int i = 0; ; i++) {
                peer.send(Frames.text("tick " + i));
                if (i % 100 == 99) {
                    peer.read();
                }
            }
        })) {
            Client.run(session -> {
                List<Task<Integer>> tasks = new ArrayList<>();
                for (int i = 0; i < 20; i++) {
                    tasks.add(Asyncio.createTask(() -> {
                        int count = 0;
                        try (WebSocket ws = session.ws(ws(server)).await()) {
                            for (WsMessage message : ws) {
                                if (++count % 100 == 0) {
                                    ws.send("more").await();
                                }
                            }
                        }
                        return count;
                    }));
                }
                Asyncio.sleep(Duration.ofMillis(20)).await();
                session.close();
                Asyncio.wait(tasks).await();
                for (Task<Integer> task : tasks) {
                    assertTrue(
                            task.exception() instanceof dev.weft.http.message.SessionClosedException,
                            () -> String.valueOf(task.exception()));
                }
            });
        }
    }
}
