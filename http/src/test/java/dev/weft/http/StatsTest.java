package dev.weft.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.http.message.ClientResponse;
import dev.weft.http.message.ClientTimeout;
import dev.weft.http.message.PoolTimeoutException;
import dev.weft.http.message.TotalTimeoutException;
import dev.weft.loop.Asyncio;
import dev.weft.loop.Runner;
import dev.weft.loop.Task;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a session tells of itself: figures, the dump, who keeps a request waiting. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@OverBoth
class StatsTest {
    private static final String HALF = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello";

    @Test
    void totals() throws Exception {
        try (RawServer server = RawServer.start(peer -> {
            peer.request();
            peer.send(RawServer.OK);
            peer.request();
            if (peer.number == 2) {
                peer.send(RawServer.OK);
                peer.awaitEnd();
            }
        })) {
            Client.run(session -> {
                assertEquals(new SessionTotals(0, 0, 0, 0, 0), session.totals());
                session.post(server.url("/1")).body("hello").text().await();
                assertEquals(new SessionTotals(1, 0, 0, 5, 2), session.totals());
                // On a connection that is dead by now; then on a new one.
                session.get(server.url("/2")).text().await();
                assertEquals(new SessionTotals(3, 1, 1, 5, 4), session.totals());
                session.put(server.url("/3")).body(new byte[100_000]).text().await();
                assertEquals(new SessionTotals(4, 2, 1, 100_005, 6), session.totals());
            });
        }
    }

    @Test
    void originsOneByOne() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        try (RawServer one = RawServer.answering(RawServer.OK);
                RawServer other = RawServer.start(peer -> {
                    peer.request();
                    Client.hold(go);
                    peer.send(RawServer.OK);
                    peer.awaitEnd();
                })) {
            Client.run(ClientSession.builder().limitPerHost(1), session -> {
                session.get(one.url("/")).text().await();
                Task<String> first =
                        Asyncio.createTask(session.get(other.url("/")).text());
                Client.until(() -> session.stats().acquired() == 1);
                Task<String> second =
                        Asyncio.createTask(session.get(other.url("/")).text());
                Client.until(() -> session.stats().waiting() == 1);
                assertEquals(
                        Map.of(
                                "http://127.0.0.1:" + one.port(), new SessionStats(0, 1, 0),
                                "http://127.0.0.1:" + other.port(), new SessionStats(1, 0, 1)),
                        session.statsByOrigin());
                second.cancel();
                go.countDown();
                first.await();
            });
        }
    }

    @Test
    void dump() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        try (RawServer server = RawServer.start(peer -> {
            peer.request();
            peer.send(HALF);
            Client.hold(go);
            peer.send("world");
            peer.awaitEnd();
        })) {
            Client.run(ClientSession.builder().limit(1).limitPerHost(1), session -> {
                ClientResponse response =
                        session.post(server.url("/held")).body("abc").await();
                Task<String> waiting =
                        Asyncio.createTask(session.get(server.url("/waiting")).text());
                Client.until(() -> session.stats().waiting() == 1);
                String dump = session.dump();
                String time = "\\d+\\.\\d\\d\\d s";
                String host = "127\\.0\\.0\\.1:" + server.port();
                assertTrue(
                        dump.matches("session: SessionStats\\[acquired=1, idle=0, waiting=1], SessionTotals\\[.*]\n"
                                + "connections:\n"
                                + "- " + host + " leased for " + time + ", 1 request so far"
                                + (Spoken.isHttp2() ? " over HTTP/2, 1 now\n" : ", for POST http://" + host + "/held\n")
                                + "requests:\n"
                                + "- POST http://" + host + "/held for " + time + "\n"
                                + "    POST http://" + host + "/held: reading the body for " + time
                                + ", 3 bytes of its body sent, 200 and 5 bytes received\n"
                                + "- GET http://" + host + "/waiting for " + time + "\n"
                                + "    GET http://" + host + "/waiting: waiting for a free connection for " + time
                                + "\n"),
                        dump);
                waiting.cancel();
                go.countDown();
                response.text().await();
                Client.until(() -> session.stats().idle() == 1);
                assertTrue(
                        session.dump().matches("(?s).*\n- " + host + " idle for " + time + ", 1 request so far.*\n.*"),
                        session::dump);
                session.close();
                assertTrue(session.dump().startsWith("closed session: "), session::dump);
            });
        }
    }

    /** In debug mode it says where each request was made. */
    @Test
    void dumpInDebugMode() throws Exception {
        try (RawServer server = RawServer.start(peer -> {
                    peer.request();
                    peer.send(HALF);
                    peer.awaitEnd();
                });
                Runner runner =
                        Runner.builder().debug(true).handleSignals(false).build()) {
            runner.run(() -> {
                try (ClientSession session = Spoken.session().build();
                        ClientResponse response = session.get(server.url("/")).await()) {
                    assertEquals(200, response.status());
                    String first = session.dump()
                            .lines()
                            .filter(line -> line.startsWith("    at "))
                            .findFirst()
                            .orElse("");
                    assertTrue(
                            first.startsWith("    at dev.weft.http.StatsTest.lambda$dumpInDebugMode$"), session::dump);
                }
            });
        }
    }

    @Test
    void aRequestOfMiddlewareWaitsThere() throws Exception {
        Client.run(
                ClientSession.builder().exchangeMiddleware((request, next) -> {
                    Asyncio.sleep(Duration.ofSeconds(100)).await();
                    return next.send(request);
                }),
                session -> {
                    Task<String> task =
                            Asyncio.createTask(session.get("http://127.0.0.1/").text());
                    Asyncio.sleep(Duration.ofMillis(1)).await();
                    assertTrue(session.dump().endsWith(" s, in its middleware\n"), session::dump);
                    task.cancel();
                });
    }

    private static ClientTimeout pool(int millis) {
        return ClientTimeout.builder().pool(Duration.ofMillis(millis)).build();
    }

    @Test
    void whoKeepsAnotherWaitingIsNamed() throws Exception {
        try (RawServer server = RawServer.start(peer -> {
            peer.request();
            peer.send(HALF);
            peer.awaitEnd();
        })) {
            Client.run(ClientSession.builder().limit(2).limitPerHost(2), session -> {
                ClientResponse oldest = session.get(server.url("/oldest")).await();
                ClientResponse other = session.get(server.url("/other")).await();
                PoolTimeoutException e = assertThrows(
                        PoolTimeoutException.class,
                        () -> session.get(server.url("/")).timeout(pool(20)).await());
                assertTrue(
                        e.getMessage()
                                .matches(".*; 2 responses still open, the oldest: GET " + server.url("/oldest")
                                        + " since \\d+\\.\\d\\d\\d s"),
                        e.getMessage());
                oldest.close();
                other.close();
            });
        }
    }

    @Test
    void requestsThatWaitForTheirAnswersAreNamed() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        try (RawServer server = RawServer.start(peer -> {
            peer.request();
            Client.hold(go);
            peer.send(RawServer.OK);
            peer.awaitEnd();
        })) {
            Client.run(ClientSession.builder().limit(1).limitPerHost(1), session -> {
                Task<String> slow =
                        Asyncio.createTask(session.get(server.url("/slow")).text());
                Client.until(() -> session.stats().acquired() == 1);
                TotalTimeoutException e = assertThrows(
                        TotalTimeoutException.class,
                        () -> session.get(server.url("/"))
                                .timeout(Duration.ofMillis(20))
                                .await());
                assertTrue(
                        e.getMessage()
                                .contains("; 1 request without an answer yet, the oldest: GET " + server.url("/slow")),
                        e.getMessage());
                go.countDown();
                assertEquals("ok", slow.await());
                assertFalse(session.dump().contains("/slow"));
            });
        }
    }
}
