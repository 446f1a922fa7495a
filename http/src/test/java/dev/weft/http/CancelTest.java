package dev.weft.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.http.message.ClientResponse;
import dev.weft.http.message.SessionClosedException;
import dev.weft.loop.Asyncio;
import dev.weft.loop.CancelledError;
import dev.weft.loop.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A task that is cancelled, or a session that is closed, wherever a request waits: it ends at once, and nothing is held any more. */
@OverBoth
class CancelTest {
    /** Where the request waits. */
    enum Where {
        POOL,
        DNS,
        CONNECT,
        TLS,
        HEAD,
        PART_OF_HEAD,
        BODY
    }

    /** A request that waits at a place, in a task; {@code ended} counts down when the server sees its connection end. */
    private record Waiting(Task<String> task, CountDownLatch ended) {}

    private interface Scene {
        void play(ClientSession session, Waiting waiting) throws Exception;
    }

    private static void at(Where where, Scene scene) throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        RawServer.Script script = peer -> {
            if (where != Where.TLS) {
                peer.request();
                peer.send(
                        switch (where) {
                            case PART_OF_HEAD -> "HTTP/1.1 200 OK\r\nContent-";
                            case BODY -> "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello";
                            default -> "";
                        });
            }
            arrived.countDown();
            peer.awaitEnd();
            ended.countDown();
        };
        try (RawServer server = where == Where.TLS ? RawServer.plain(script) : RawServer.start(script);
                FullBacklog full = new FullBacklog()) {
            String url = switch (where) {
                case DNS -> "http://some-host.test/";
                case CONNECT -> full.url();
                case TLS -> server.url("/").replace("http:", "https:");
                default -> server.url("/");
            };
            Client.run(ClientSession.builder().limit(1).limitPerHost(1).insecure(), session -> {
                if (where == Where.POOL) {
                    holdTheOnlyPlace(session, url);
                    Client.until(arrived);
                }
                Task<String> task = Asyncio.createTask(session.get(url).text());
                if (where == Where.POOL) {
                    Client.until(() -> session.stats().waiting() == 1);
                } else if (where == Where.DNS) {
                    Asyncio.sleep(0).await();
                } else if (where == Where.CONNECT) {
                    for (int i = 0; i < 10; i++) {
                        Asyncio.sleep(0.001).await();
                    }
                } else {
                    Client.until(arrived);
                    Asyncio.sleep(0.001).await();
                }
                assertEquals(1, session.stats().acquired());
                scene.play(session, new Waiting(task, ended));
            });
        }
    }

    private static void holdTheOnlyPlace(ClientSession session, String url) {
        Asyncio.createTask(() -> {
            assertThrows(SessionClosedException.class, () -> session.get(url).await());
        });
    }

    @ParameterizedTest
    @EnumSource
    void cancelled(Where where) throws Exception {
        at(where, (session, waiting) -> {
            waiting.task.cancel("enough");
            assertThrows(CancelledError.class, waiting.task::await);
            if (where == Where.POOL) {
                assertEquals(new SessionStats(1, 0, 0), session.stats());
                session.close();
            } else {
                boolean connected = where == Where.HEAD || where == Where.PART_OF_HEAD || where == Where.BODY;
                assertEquals(connected ? Client.givenUp() : new SessionStats(0, 0, 0), session.stats());
                if (where != Where.DNS && where != Where.CONNECT) {
                    Client.until(waiting.ended);
                }
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void closed(Where where) throws Exception {
        at(where, (session, waiting) -> {
            session.close();
            session.close();
            assertTrue(session.isClosed());
            SessionClosedException e = assertThrows(SessionClosedException.class, waiting.task::await);
            assertTrue(e.getMessage().contains("the session was closed"), e.getMessage());
            assertEquals(new SessionStats(0, 0, 0), session.stats());
            if (where != Where.DNS && where != Where.CONNECT) {
                Client.until(waiting.ended);
            }
        });
    }

    @Test
    void nothingIsSentOnceClosed() throws Exception {
        try (RawServer server = RawServer.answering(RawServer.OK)) {
            Client.run(session -> {
                session.get(server.url("/")).text().await();
                assertEquals(1, session.stats().idle());
                session.close();
                assertEquals(0, session.stats().idle());
                SessionClosedException e = assertThrows(
                        SessionClosedException.class,
                        () -> session.get(server.url("/")).await());
                assertSame("GET", e.request().method());
            });
        }
    }

    @Test
    void whatIsWholeStaysReadable() throws Exception {
        try (RawServer server = RawServer.answering(RawServer.OK)) {
            Client.run(session -> {
                ClientResponse response = session.get(server.url("/")).await();
                Client.until(() -> session.stats().idle() == 1);
                session.close();
                assertEquals("ok", response.text().await());
            });
        }
    }

    /** The place of who was cancelled goes to the next in the queue. */
    @Test
    void aCancelledWaiterLeavesItsTurn() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        try (RawServer server = RawServer.start(peer -> {
            for (String request = peer.request(); request != null; request = peer.request()) {
                if (peer.number == 1) {
                    Client.hold(go);
                }
                peer.send(RawServer.OK);
            }
        })) {
            Client.run(ClientSession.builder().limit(1).limitPerHost(1), session -> {
                Task<String> first =
                        Asyncio.createTask(session.get(server.url("/1")).text());
                Task<String> second =
                        Asyncio.createTask(session.get(server.url("/2")).text());
                Task<String> third =
                        Asyncio.createTask(session.get(server.url("/3")).text());
                Client.until(() -> session.stats().waiting() == 2);
                second.cancel();
                go.countDown();
                assertEquals("ok", first.await());
                assertEquals("ok", third.await());
                assertTrue(second.isCancelled());
            });
        }
    }

    /** The connection is granted and the waiter cancelled in one and the same tick. */
    @Test
    void grantAndCancelAtOnce() throws Exception {
        try (RawServer server = RawServer.answering(RawServer.OK)) {
            Client.run(ClientSession.builder().limit(1), session -> {
                for (int round = 0; round < 20; round++) {
                    ClientResponse first = session.get(server.url("/1")).await();
                    Task<String> second =
                            Asyncio.createTask(session.get(server.url("/2")).text());
                    Task<String> third =
                            Asyncio.createTask(session.get(server.url("/3")).text());
                    if (round % 2 == 0) {
                        Asyncio.sleep(0).await();
                    }
                    first.close();
                    second.cancel();
                    assertEquals("ok", third.await());
                    Client.until(() -> session.stats().acquired() == 0);
                    assertEquals(0, session.stats().waiting());
                }
            });
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void aStormOfCancellations(long seed) throws Exception {
        Random random = new Random(seed);
        String body = "x".repeat(3000);
        try (RawServer server = RawServer.start(peer -> {
            for (String request = peer.request(); request != null; request = peer.request()) {
                peer.send("HTTP/1.1 200 OK\r\nContent-Length: 3000\r\n\r\n");
                peer.send(body);
            }
        })) {
            Client.run(ClientSession.builder().limit(5).limitPerHost(4), session -> {
                List<Task<String>> tasks = new ArrayList<>();
                for (int i = 0; i < 300; i++) {
                    tasks.add(
                            Asyncio.createTask(session.get(server.url("/" + i)).text()));
                }
                for (Task<String> task : tasks) {
                    if (random.nextInt(3) == 0) {
                        Asyncio.sleep(random.nextInt(3) * 0.0005).await();
                    }
                    if (random.nextBoolean()) {
                        task.cancel();
                    }
                }
                for (Task<String> task : tasks) {
                    try {
                        assertEquals(body, task.await());
                    } catch (CancelledError e) {
                        assertTrue(task.isCancelled());
                    }
                }
                assertEquals(0, session.stats().acquired());
                assertEquals(0, session.stats().waiting());
                assertEquals(body, session.get(server.url("/")).text().await());
            });
        }
    }
}
