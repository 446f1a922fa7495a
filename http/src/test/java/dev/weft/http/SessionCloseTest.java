package dev.weft.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.http.message.ClientResponse;
import dev.weft.http.message.SessionClosedException;
import dev.weft.loop.Asyncio;
import dev.weft.loop.CancelledError;
import dev.weft.loop.Task;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How a session comes to its end. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@OverBoth
class SessionCloseTest {
    private static final Duration LONG = Duration.ofSeconds(50);

    private final CountDownLatch go = new CountDownLatch(1);

    /** Half a body, and the rest when it may. */
    private RawServer halves() throws IOException {
        return RawServer.start(peer -> {
            peer.request();
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello");
            Client.hold(go);
            peer.send("world");
            peer.awaitEnd();
        });
    }

    @Test
    void gracefullyWaitsForBodies() throws Exception {
        try (RawServer server = halves()) {
            Client.run(session -> {
                ClientResponse response = session.get(server.url("/")).await();
                Task<String> reading = Asyncio.createTask(response.text());
                Task<Boolean> closing = Asyncio.createTask(session.closeGracefully(LONG));
                Asyncio.sleep(Duration.ofMillis(5)).await();
                assertFalse(closing.isDone());
                assertFalse(session.isClosed());
                SessionClosedException e = assertThrows(
                        SessionClosedException.class,
                        () -> session.get(server.url("/2")).await());
                assertEquals("the session is closing", e.reason());
                go.countDown();
                assertEquals("helloworld", reading.await());
                assertTrue(closing.await());
                assertTrue(session.isClosed());
                assertTrue(session.closeGracefully(LONG).await());
            });
            assertEquals(1, server.connections());
        }
    }

    @Test
    void gracefullyGoesOnWithRedirectsAndWaiters() throws Exception {
        try (RawServer server = RawServer.start(peer -> {
            for (String request = peer.request(); request != null; request = peer.request()) {
                if (request.startsWith("GET /a")) {
                    Client.hold(go);
                    peer.send("HTTP/1.1 302 Found\r\nLocation: /b\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
                    return;
                }
                peer.send(RawServer.OK);
            }
        })) {
            Client.run(ClientSession.builder().limit(1).limitPerHost(1), session -> {
                Task<String> redirected =
                        Asyncio.createTask(session.get(server.url("/a")).text());
                Client.until(() -> session.stats().acquired() == 1);
                Task<String> queued =
                        Asyncio.createTask(session.get(server.url("/c")).text());
                Client.until(() -> session.stats().waiting() == 1);
                Task<Boolean> closing = Asyncio.createTask(session.closeGracefully(LONG));
                Asyncio.sleep(Duration.ofMillis(1)).await();
                go.countDown();
                assertTrue(closing.await());
                assertEquals("ok", redirected.await());
                assertEquals("ok", queued.await());
            });
        }
    }

    /** A request whose middleware is at work is under way too. */
    @Test
    void gracefullyWaitsForMiddleware() throws Exception {
        try (RawServer server = RawServer.answering(RawServer.OK)) {
            Client.run(
                    ClientSession.builder().middleware((request, next) -> {
                        Asyncio.sleep(Duration.ofMillis(20)).await();
                        return next.send(request);
                    }),
                    session -> {
                        Task<String> task =
                                Asyncio.createTask(session.get(server.url("/")).text());
                        Asyncio.sleep(Duration.ofMillis(1)).await();
                        assertTrue(session.closeGracefully(LONG).await());
                        assertEquals("ok", task.await());
                    });
        }
    }

    @Test
    void whatIsNotOverWithinTheGraceIsCutOff() throws Exception {
        try (RawServer server = halves()) {
            Client.run(session -> {
                ClientResponse response = session.get(server.url("/")).await();
                Task<String> reading = Asyncio.createTask(response.text());
                assertFalse(session.closeGracefully(Duration.ofMillis(20)).await());
                assertTrue(session.isClosed());
                assertThrows(SessionClosedException.class, reading::await);
                go.countDown();
            });
        }
    }

    @Test
    void aGraceOfNothing() throws Exception {
        try (RawServer server = halves()) {
            Client.run(session -> {
                ClientResponse response = session.get(server.url("/")).await();
                assertFalse(session.closeGracefully(Duration.ZERO).await());
                assertThrows(SessionClosedException.class, () -> response.text().await());
                go.countDown();
            });
            Client.run(
                    session -> assertTrue(session.closeGracefully(Duration.ZERO).await()));
        }
    }

    @Test
    void whoIsCancelledWhileItWaitsClosesAtOnce() throws Exception {
        try (RawServer server = halves()) {
            Client.run(session -> {
                ClientResponse response = session.get(server.url("/")).await();
                Task<Boolean> closing = Asyncio.createTask(session.closeGracefully(LONG));
                Asyncio.sleep(Duration.ofMillis(1)).await();
                closing.cancel();
                assertThrows(CancelledError.class, closing::await);
                assertTrue(session.isClosed());
                assertThrows(SessionClosedException.class, () -> response.text().await());
                go.countDown();
            });
        }
    }

    @Test
    void severalMayWaitForTheEnd() throws Exception {
        try (RawServer server = halves()) {
            Client.run(session -> {
                Task<String> reading =
                        Asyncio.createTask(session.get(server.url("/")).text());
                Client.until(() -> session.stats().acquired() == 1);
                Task<Boolean> one = Asyncio.createTask(session.closeGracefully(LONG));
                Task<Boolean> other = Asyncio.createTask(session.closeGracefully(LONG));
                Asyncio.sleep(Duration.ofMillis(1)).await();
                go.countDown();
                assertTrue(one.await());
                assertTrue(other.await());
                assertEquals("helloworld", reading.await());
            });
        }
    }

    /** Closing does not wait for the sockets; awaiting it does. */
    @Test
    void awaitClosedWaitsForTheSockets() throws Exception {
        CountDownLatch ended = new CountDownLatch(2);
        try (RawServer server = RawServer.start(peer -> {
            peer.request();
            if (peer.number == 1) {
                peer.send(RawServer.OK);
            }
            peer.awaitEnd();
            ended.countDown();
        })) {
            Client.run(session -> {
                IllegalStateException e = assertThrows(
                        IllegalStateException.class, () -> session.awaitClosed().await());
                assertTrue(e.getMessage().contains("close() it before"), e.getMessage());
                session.get(server.url("/1")).text().await();
                // One that was idle, one that waits for its answer.
                Task<String> waiting =
                        Asyncio.createTask(session.post(server.url("/2")).text());
                Task<String> other =
                        Asyncio.createTask(session.post(server.url("/3")).text());
                Client.until(() -> server.connections() == 2);
                session.close();
                Task<Void> closed = Asyncio.createEagerTask(session.awaitClosed());
                assertFalse(closed.isDone());
                closed.await();
                Client.until(ended);
                assertThrows(SessionClosedException.class, waiting::await);
                assertThrows(SessionClosedException.class, other::await);
                session.awaitClosed().await();
            });
        }
    }

    @Test
    void aConnectorThatIsSharedStaysOpen() throws Exception {
        try (RawServer server = RawServer.answering(RawServer.OK)) {
            Client.run(session -> {
                try (Connector connector = Connector.builder().build()) {
                    ClientSession one = Spoken.session()
                            .connector(connector)
                            .connectorOwner(false)
                            .build();
                    one.get(server.url("/")).text().await();
                    assertTrue(one.closeGracefully(LONG).await());
                    assertEquals(1, connector.stats().idle());
                    connector.close();
                    connector.awaitClosed().await();
                    assertEquals(0, connector.stats().idle());
                }
            });
        }
    }
}
