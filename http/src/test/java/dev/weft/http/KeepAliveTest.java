package dev.weft.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.http.message.ClientResponse;
import dev.weft.http.message.ServerDisconnectedException;
import dev.weft.loop.Asyncio;
import dev.weft.loop.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which connection a request goes over: reuse, limits, fairness, eviction, the retry of a stale one. */
@OverBoth
class KeepAliveTest {
    private static void ok(ClientSession session, RawServer server) {
        assertEquals("ok", session.get(server.url("/")).text().await());
    }

    @Test
    void oneConnectionServesAll() throws Exception {
        try (RawServer server = RawServer.answering(RawServer.OK)) {
            Client.run(session -> {
                for (int i = 0; i < 50; i++) {
                    ok(session, server);
                }
                assertEquals(1, server.connections());
                assertEquals(new SessionStats(0, 1, 0), session.stats());
            });
        }
    }

    @OverBoth.Http1Only("Connection, older versions and bytes behind an answer are HTTP/1.1's")
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "HTTP/1.1 200 OK;Content-Length: 2;Connection: close;;ok",
                "HTTP/1.0 200 OK;Content-Length: 2;;ok",
                "HTTP/1.1 200 OK;Content-Length: 2;;okEXTRA",
                "HTTP/1.1 200 OK;Content-Length: 2;;okHTTP/1.1 200 OK;Content-Length: 2;;no",
            })
    void notReused(String answer) throws Exception {
        try (RawServer server = RawServer.answering(answer.replace(";", "\r\n"))) {
            Client.run(session -> {
                ok(session, server);
                ok(session, server);
                assertEquals(2, server.connections());
                assertEquals(0, session.stats().idle());
            });
        }
    }

    @Test
    void notReusedOnRequest() throws Exception {
        try (RawServer server = RawServer.answering(RawServer.OK)) {
            Client.run(session -> {
                session.get(server.url("/"))
                        .header("Connection", "close")
                        .text()
                        .await();
                assertEquals(0, session.stats().idle());
            });
        }
    }

    /** H021. */
    @OverBoth.Http1Only("bytes behind an answer are HTTP/1.1's: a frame belongs to a stream")
    @ParameterizedTest
    @ValueSource(strings = {"JUNK", "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil"})
    void bytesWhileIdleEvictAtOnce(String idleBytes) throws Exception {
        evictsAtOnce(idleBytes);
    }

    /** H086. */
    @Test
    void theEndWhileIdleEvictsAtOnce() throws Exception {
        evictsAtOnce("");
    }

    private static void evictsAtOnce(String idleBytes) throws Exception {
        CountDownLatch idle = new CountDownLatch(1);
        try (RawServer server = RawServer.start(peer -> {
            peer.request();
            peer.send(RawServer.OK);
            if (peer.number == 1) {
                Client.hold(idle);
                peer.send(idleBytes);
                if (idleBytes.isEmpty()) {
                    return;
                }
            }
            peer.awaitEnd();
        })) {
            Client.run(session -> {
                ok(session, server);
                assertEquals(1, session.stats().idle());
                idle.countDown();
                Client.until(() -> session.stats().idle() == 0);
                try (ClientResponse response =
                        session.post(server.url("/")).body("x").await()) {
                    assertEquals("ok", response.text().await());
                    assertEquals(1, response.attempts());
                }
                assertEquals(2, server.connections());
            });
        }
    }

    @Test
    void idleConnectionsAreClosedAfterAWhile() throws Exception {
        try (RawServer server = RawServer.answering(RawServer.OK)) {
            Client.run(ClientSession.builder().keepAlive(Duration.ofMillis(50)), session -> {
                ok(session, server);
                assertEquals(1, session.stats().idle());
                Client.until(() -> session.stats().idle() == 0);
                ok(session, server);
                assertEquals(2, server.connections());
            });
            Client.run(ClientSession.builder().keepAlive(Duration.ZERO), session -> {
                ok(session, server);
                assertEquals(0, session.stats().idle());
            });
        }
    }

    @OverBoth.Http1Only("Keep-Alive is a field of HTTP/1.1: RFC 9113 section 8.2.2")
    @Test
    void theServersKeepAliveHintIsKept() throws Exception {
        String now = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nKeep-Alive: max=5, timeout=1\r\n\r\nok";
        try (RawServer server = RawServer.answering(now)) {
            Client.run(session -> {
                ok(session, server);
                assertEquals(0, session.stats().idle());
            });
        }
        try (RawServer server = RawServer.answering(now.replace("timeout=1", "timeout=60"))) {
            Client.run(session -> {
                ok(session, server);
                assertEquals(1, session.stats().idle());
            });
        }
    }

    /** Answers each request when the test says so; counts how many are in flight. */
    private static final class Counted {
        final AtomicInteger running = new AtomicInteger();
        final AtomicInteger most = new AtomicInteger();
        final List<String> order = new CopyOnWriteArrayList<>();
        final CountDownLatch go = new CountDownLatch(1);

        void serve(RawServer.Peer peer) throws Exception {
            for (String request = peer.request(); request != null; request = peer.request()) {
                most.accumulateAndGet(running.incrementAndGet(), Math::max);
                order.add(request.split(" ")[1]);
                Client.hold(go);
                running.decrementAndGet();
                peer.send(RawServer.OK);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1,0,1", "3,0,3", "0,2,2", "5,2,2", "0,1,1"})
    void limitsAreHard(int limit, int perHost, int connections) throws Exception {
        Counted counted = new Counted();
        // Over HTTP/2 a limit per host counts streams, which one connection has.
        int most = !Spoken.isHttp2() ? connections : perHost == 0 ? 12 : perHost;
        int held = Spoken.isHttp2() ? 1 : connections;
        try (RawServer server = RawServer.start(counted::serve)) {
            Client.run(ClientSession.builder().limit(limit).limitPerHost(perHost), session -> {
                List<Task<String>> tasks = new ArrayList<>();
                for (int i = 0; i < 12; i++) {
                    tasks.add(
                            Asyncio.createTask(session.get(server.url("/" + i)).text()));
                }
                Client.until(() -> counted.running.get() == most);
                assertEquals(new SessionStats(held, 0, 12 - most), session.stats());
                counted.go.countDown();
                Asyncio.gather(tasks).await();
                assertEquals(most, counted.most.get());
                assertEquals(most, server.connections());
                if (most == 1) {
                    for (int i = 0; i < 12; i++) {
                        assertEquals("/" + i, counted.order.get(i), "first come, first served");
                    }
                }
            });
        }
    }

    /** H092: an idle connection is no way around the limit; one that is in the way is closed. */
    @Test
    void idleConnectionsCountAndGiveWay() throws Exception {
        try (RawServer a = RawServer.answering(RawServer.OK);
                RawServer b = RawServer.answering(RawServer.OK)) {
            Client.run(ClientSession.builder().limit(1), session -> {
                for (int i = 0; i < 3; i++) {
                    ok(session, a);
                    assertEquals(new SessionStats(0, 1, 0), session.stats());
                    ok(session, b);
                    assertEquals(new SessionStats(0, 1, 0), session.stats());
                }
                assertEquals(3, a.connections());
                assertEquals(3, b.connections());
            });
        }
    }

    /** H094. */
    @OverBoth.Http1Only("one connection of HTTP/2 serves them all")
    @Test
    void theOneUsedLastIsReusedFirst() throws Exception {
        List<Integer> served = new CopyOnWriteArrayList<>();
        List<CountDownLatch> go = List.of(new CountDownLatch(1), new CountDownLatch(1), new CountDownLatch(1));
        try (RawServer server = RawServer.start(peer -> {
            peer.request();
            Client.hold(go.get(peer.number - 1));
            peer.send(RawServer.OK);
            while (peer.request() != null) {
                served.add(peer.number);
                peer.send(RawServer.OK);
            }
        })) {
            Client.run(session -> {
                List<Task<String>> tasks = new ArrayList<>();
                for (int i = 0; i < 3; i++) {
                    tasks.add(Asyncio.createTask(session.get(server.url("/")).text()));
                    int connections = i + 1;
                    Client.until(() -> server.connections() == connections);
                }
                for (int i : new int[] {2, 0, 1}) {
                    int idle = session.stats().idle() + 1;
                    go.get(i).countDown();
                    Client.until(() -> session.stats().idle() == idle);
                }
                ok(session, server);
                ok(session, server);
                assertEquals(List.of(2, 2), served);
                Asyncio.gather(tasks).await();
            });
        }
    }

    @Test
    void aResponseThatIsClosedUnreadKeepsItsConnectionIfTheBodyIsThere() throws Exception {
        try (RawServer server = RawServer.answering(RawServer.OK)) {
            Client.run(session -> {
                for (int i = 0; i < 3; i++) {
                    session.get(server.url("/")).await().close();
                    Client.until(() -> session.stats().acquired() == 0);
                }
                assertEquals(1, server.connections());
            });
        }
        CountDownLatch closed = new CountDownLatch(1);
        try (RawServer server = RawServer.start(peer -> {
            peer.request();
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello");
            peer.awaitEnd();
            closed.countDown();
        })) {
            Client.run(session -> {
                session.get(server.url("/")).await().close();
                Client.until(closed);
                assertEquals(Client.givenUp(), session.stats());
            });
        }
    }

    // ---- retry

    /** Serves one request per connection, says so for keep-alive, then does this to the second one. */
    private static RawServer stale(String secondAnswer, AtomicInteger requests) throws Exception {
        return RawServer.start(peer -> {
            peer.request();
            requests.incrementAndGet();
            peer.send(RawServer.OK);
            if (peer.number == 1) {
                if (peer.request() != null) {
                    requests.incrementAndGet();
                }
                peer.send(secondAnswer);
            } else {
                peer.awaitEnd();
            }
        });
    }

    /** H082, H084. */
    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD", "PUT", "DELETE", "OPTIONS", "QUERY"})
    void aStaleConnectionIsTriedAgain(String method) throws Exception {
        AtomicInteger requests = new AtomicInteger();
        try (RawServer server = stale("", requests)) {
            Client.run(session -> {
                ok(session, server);
                try (ClientResponse response =
                        session.request(method, server.url("/")).await()) {
                    assertEquals(200, response.status());
                    assertEquals(2, response.attempts());
                }
                assertEquals(3, requests.get());
                assertEquals(2, server.connections());
            });
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PATCH"})
    void butNotForMethodsThatMayNotBeRepeated(String method) throws Exception {
        AtomicInteger requests = new AtomicInteger();
        try (RawServer server = stale("", requests)) {
            Client.run(session -> {
                ok(session, server);
                assertThrows(
                        ServerDisconnectedException.class,
                        () -> session.request(method, server.url("/")).await());
                assertEquals(2, requests.get());
                assertEquals(1, server.connections());
            });
        }
    }

    /** H087. */
    @Test
    void norOnceBytesOfAnAnswerCame() throws Exception {
        // Half a head is nothing that could be sent over HTTP/2.
        String beginning = Spoken.isHttp2() ? "HTTP/1.1 103 Early Hints\r\n\r\n" : "HTTP/1.1 2";
        AtomicInteger requests = new AtomicInteger();
        try (RawServer server = stale(beginning, requests)) {
            Client.run(session -> {
                ok(session, server);
                assertThrows(
                        ServerDisconnectedException.class,
                        () -> session.get(server.url("/")).await());
                assertEquals(2, requests.get());
            });
        }
    }

    /** H080, H089: aiohttp sends it twice. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void norOnAFreshConnection(boolean reset) throws Exception {
        AtomicInteger requests = new AtomicInteger();
        try (RawServer server = RawServer.start(peer -> {
            peer.request();
            requests.incrementAndGet();
            if (reset) {
                peer.reset();
            }
        })) {
            Client.run(session -> {
                assertThrows(
                        ServerDisconnectedException.class,
                        () -> session.get(server.url("/")).await());
                assertEquals(1, requests.get());
                assertEquals(1, server.connections());
            });
        }
    }

    /** The last attempt is not made on a connection that may be as dead as the others, though the limit leaves place for no other one. */
    @Test
    @OverBoth.Http1Only("one connection serves all")
    void theLastAttemptHasAConnectionOfItsOwn() throws Exception {
        List<String> requests = new CopyOnWriteArrayList<>();
        Semaphore mayClose = new Semaphore(0);
        try (RawServer server = RawServer.start(peer -> {
            for (int count = 1; ; count++) {
                String request = peer.request();
                if (request == null) {
                    return;
                }
                requests.add(request.split(" ")[1] + " on " + peer.number);
                if (count > 1 && request.startsWith("GET /unlucky")) {
                    mayClose.acquire();
                    return;
                }
                peer.send(RawServer.OK);
            }
        })) {
            Client.run(ClientSession.builder().limit(1), session -> {
                session.get(server.url("/first")).text().await();
                Task<String> unlucky = Asyncio.createTask(
                        () -> session.get(server.url("/unlucky")).text().await());
                for (int attempt = 1; attempt <= 2; attempt++) {
                    int seen = 2 * attempt;
                    Client.until(() -> requests.size() == seen);
                    Task<String> other = Asyncio.createTask(
                            () -> session.get(server.url("/other")).text().await());
                    Client.until(() -> session.stats().waiting() == 1);
                    mayClose.release();
                    assertEquals("ok", other.await());
                }
                mayClose.release();
                assertEquals("ok", unlucky.await());
                assertEquals(1, session.stats().idle());
            });
        }
        assertEquals(
                List.of("/first on 1", "/unlucky on 1", "/other on 2", "/unlucky on 2", "/other on 3", "/unlucky on 4"),
                requests);
    }

    /** Connections that die at the very moment they are used; every GET succeeds, no POST is sent twice. */
    @Test
    void raceWithAServerThatClosesIdleConnections() throws Exception {
        List<String> posts = new CopyOnWriteArrayList<>();
        AtomicInteger served = new AtomicInteger();
        try (RawServer server = RawServer.start(peer -> {
            for (String request = peer.request(); request != null; request = peer.request()) {
                if (request.startsWith("POST")) {
                    posts.add(request.split(" ")[1]);
                }
                peer.send(RawServer.OK);
                if (served.incrementAndGet() % 3 == 0) {
                    return;
                }
            }
        })) {
            Client.run(ClientSession.builder().limit(4), session -> {
                List<Task<Integer>> tasks = new ArrayList<>();
                for (int i = 0; i < 300; i++) {
                    String path = server.url("/" + i);
                    boolean post = i % 5 == 0;
                    tasks.add(Asyncio.createTask(() -> {
                        try {
                            (post ? session.post(path) : session.get(path))
                                    .text()
                                    .await();
                            return 1;
                        } catch (ServerDisconnectedException e) {
                            assertTrue(post, e.getMessage());
                            return 0;
                        }
                    }));
                }
                Asyncio.gather(tasks).await();
                assertEquals(posts.size(), posts.stream().distinct().count(), "a POST was sent twice");
            });
        }
    }
}
