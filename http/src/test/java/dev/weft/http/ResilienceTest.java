package dev.weft.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.http.message.Body;
import dev.weft.http.message.ClientException;
import dev.weft.http.message.ClientResponse;
import dev.weft.http.message.ClientTimeout;
import dev.weft.http.message.ConnectFailedException;
import dev.weft.http.message.Phase;
import dev.weft.http.message.SessionClosedException;
import dev.weft.http.message.TotalTimeoutException;
import dev.weft.http.middleware.Attempt;
import dev.weft.http.middleware.CircuitBreaker;
import dev.weft.http.middleware.CircuitOpenException;
import dev.weft.http.middleware.Collapse;
import dev.weft.http.middleware.Hedge;
import dev.weft.http.middleware.RateLimit;
import dev.weft.http.middleware.Retry;
import dev.weft.http.middleware.RetryBudget;
import dev.weft.loop.Asyncio;
import dev.weft.loop.CancelledError;
import dev.weft.loop.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Retries, limits, hedges, breakers and shared requests in a session, against a server. Their rules are tested beside them. */
@OverBoth
class ResilienceTest {
    private static final String BUSY = "HTTP/1.1 503 Busy\r\nRetry-After: 0\r\nContent-Length: 4\r\n\r\nbusy";

    /** Does not wait between attempts. */
    private static Retry.Builder atOnce() {
        return Retry.builder().backoff(Duration.ZERO, Duration.ZERO);
    }

    @Test
    void retriesOnTheSameConnection() throws Exception {
        AtomicInteger requests = new AtomicInteger();
        try (RawServer server = RawServer.start(peer -> {
            while (peer.request() != null) {
                peer.send(requests.incrementAndGet() < 3 ? BUSY : RawServer.OK);
            }
        })) {
            Client.run(ClientSession.builder().middleware(atOnce().build()), session -> {
                try (ClientResponse response = session.get(server.url("/")).await()) {
                    assertEquals("ok", response.text().await());
                    List<Attempt> history = response.request().attribute(Retry.HISTORY);
                    assertEquals(
                            List.of(503, 503),
                            history.stream().map(Attempt::status).toList());
                }
                assertEquals(1, server.connections());
            });
        }
    }

    @Test
    void retriesWhatWasRefusedAndNotWhatWasSent() throws Exception {
        AtomicInteger requests = new AtomicInteger();
        try (RawServer server = RawServer.start(peer -> {
            peer.request();
            requests.incrementAndGet();
        })) {
            Client.run(ClientSession.builder().middleware(atOnce().build()), session -> {
                ConnectFailedException refused = assertThrows(
                        ConnectFailedException.class,
                        () -> session.post("http://127.0.0.1:" + ClosedPort.number())
                                .body(Body.of("x"))
                                .await());
                assertEquals(2, refused.request().attribute(Retry.HISTORY).size());
                assertThrows(
                        ClientException.class,
                        () -> session.post(server.url("/")).body(Body.of("x")).await());
                assertEquals(1, requests.get());
                assertThrows(
                        ClientException.class,
                        () -> session.get(server.url("/")).await());
                assertEquals(4, requests.get());
            });
        }
    }

    @Test
    void aWaitThatIsTooLongForTheTotalTimeoutIsNotBegun() throws Exception {
        String later = BUSY.replace("Retry-After: 0", "Retry-After: 30");
        try (RawServer server = RawServer.answering(later)) {
            Client.run(ClientSession.builder().middleware(Retry.standard()), session -> {
                long start = System.nanoTime();
                try (ClientResponse response = session.get(server.url("/"))
                        .timeout(ClientTimeout.total(Duration.ofSeconds(20)))
                        .await()) {
                    assertEquals(503, response.status());
                    assertTrue(System.nanoTime() - start < 10_000_000_000L);
                }
            });
        }
    }

    @Test
    void aPlaceIsHeldUntilTheBodyIsOver() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        List<String> seen = new CopyOnWriteArrayList<>();
        try (RawServer server = RawServer.start(peer -> {
            for (String request = peer.request(); request != null; request = peer.request()) {
                seen.add(request.substring(4, 6));
                peer.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\no");
                if (seen.size() == 1) {
                    Client.hold(go);
                }
                peer.send("k");
            }
        })) {
            RateLimit limit = RateLimit.of(RateLimit.Limits.none().concurrency(1));
            Client.run(ClientSession.builder().exchangeMiddleware(limit), session -> {
                ClientResponse first = session.get(server.url("/1")).await();
                Task<String> second =
                        Asyncio.createTask(session.get(server.url("/2")).text());
                Client.until(() -> limit.stats(origin(server)).waiting() == 1);
                go.countDown();
                assertEquals(List.of("/1"), seen);
                assertEquals("ok", first.text().await());
                assertEquals("ok", second.await());
                assertEquals(0, limit.stats(origin(server)).active());
                assertEquals(1, server.connections());
            });
        }
    }

    private static String origin(RawServer server) {
        return "http://127.0.0.1:" + server.port();
    }

    /** The line is before the pool and the connection: only the total timeout counts there. */
    @Test
    void theTotalTimeoutEndsAWaitInLine() throws Exception {
        try (RawServer server = RawServer.answering(RawServer.OK)) {
            RateLimit limit = RateLimit.of(RateLimit.Limits.none().rate(1, Duration.ofHours(1)));
            ClientSession.Builder settings = ClientSession.builder()
                    .exchangeMiddleware(limit)
                    .timeout(ClientTimeout.builder()
                            .pool(Duration.ofMillis(1))
                            .connect(Duration.ofSeconds(20))
                            .build());
            Client.run(settings, session -> {
                assertEquals("ok", session.get(server.url("/")).text().await());
                assertThrows(
                        TotalTimeoutException.class,
                        () -> session.get(server.url("/"))
                                .timeout(ClientTimeout.total(Duration.ofMillis(100)))
                                .await());
                assertEquals(0, limit.stats(origin(server)).waiting());
            });
        }
    }

    /** Where a middleware waits when the session is closed: a retry for its next attempt, a request in line for its turn. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theEndOfTheSessionEndsAWait(boolean inLine) throws Exception {
        try (RawServer server = RawServer.answering(BUSY.replace("Retry-After: 0", "Retry-After: 50"))) {
            RateLimit limit = RateLimit.of(RateLimit.Limits.none().rate(1, Duration.ofHours(1)));
            CountDownLatch retrying = new CountDownLatch(1);
            ClientSession.Builder settings = inLine
                    ? ClientSession.builder().exchangeMiddleware(limit)
                    : ClientSession.builder()
                            .middleware(Retry.builder()
                                    .onRetry((request, attempt) -> retrying.countDown())
                                    .build());
            Client.run(settings, session -> {
                if (inLine) {
                    session.get(server.url("/")).text().await();
                }
                Task<String> waiting =
                        Asyncio.createTask(session.get(server.url("/")).text());
                Client.until(() -> inLine ? limit.stats(origin(server)).waiting() == 1 : retrying.getCount() == 0);
                session.close();
                assertThrows(SessionClosedException.class, waiting::await);
                assertEquals(0, limit.stats(origin(server)).waiting());
            });
        }
    }

    /** A server that is slow: the breaker hears of the timeout, which says what was waited for. */
    @Test
    void aTotalTimeoutWithinAnExchangeIsItsFailure() throws Exception {
        try (RawServer server = RawServer.start(peer -> {
            peer.request();
            peer.awaitEnd();
        })) {
            CircuitBreaker breaker = CircuitBreaker.builder().minCalls(1).build();
            ClientSession.Builder settings = ClientSession.builder()
                    .exchangeMiddleware(breaker)
                    .timeout(ClientTimeout.total(Duration.ofMillis(100)));
            Client.run(settings, session -> {
                TotalTimeoutException e = assertThrows(
                        TotalTimeoutException.class,
                        () -> session.get(server.url("/")).await());
                assertEquals(Phase.FIRST_BYTE, e.phase());
                assertEquals(CircuitBreaker.State.OPEN, breaker.state(origin(server)));
            });
        }
    }

    @Test
    void theLoserOfARaceClosesItsConnection() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        try (RawServer server = RawServer.start(peer -> {
            peer.request();
            if (peer.number == 1) {
                peer.awaitEnd();
                ended.countDown();
            } else {
                peer.send(RawServer.OK);
                peer.awaitEnd();
            }
        })) {
            ClientSession.Builder settings =
                    ClientSession.builder().exchangeMiddleware(Hedge.after(Duration.ofMillis(20)));
            Client.run(settings, session -> {
                try (ClientResponse response = session.get(server.url("/")).await()) {
                    assertEquals("ok", response.text().await());
                    assertEquals(1, response.request().attribute(Hedge.COPY));
                }
                Client.until(ended);
                assertEquals(2, server.connections());
            });
        }
    }

    @Test
    void anOpenCircuitSendsNothing() throws Exception {
        AtomicInteger requests = new AtomicInteger();
        try (RawServer server = RawServer.start(peer -> {
            while (peer.request() != null) {
                requests.incrementAndGet();
                peer.send("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n");
            }
        })) {
            CircuitBreaker breaker = CircuitBreaker.builder()
                    .minCalls(4)
                    .openFor(Duration.ofMinutes(2))
                    .build();
            ClientSession.Builder settings =
                    ClientSession.builder().middleware(Retry.standard()).exchangeMiddleware(breaker);
            Client.run(settings, session -> {
                for (int i = 0; i < 4; i++) {
                    session.get(server.url("/")).await().close();
                }
                // The retry knows how long that is, and does not wait for it.
                CircuitOpenException e = assertThrows(
                        CircuitOpenException.class,
                        () -> session.get(server.url("/")).await());
                assertEquals(0, e.getSuppressed().length);
                assertEquals(CircuitBreaker.State.OPEN, breaker.state(origin(server)));
                assertEquals(4, requests.get());
            });
        }
    }

    @Test
    void oneRequestForAll() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        AtomicInteger requests = new AtomicInteger();
        try (RawServer server = RawServer.start(peer -> {
            while (peer.request() != null) {
                requests.incrementAndGet();
                Client.hold(go);
                peer.send(RawServer.OK);
            }
        })) {
            Client.run(ClientSession.builder().middleware(Collapse.standard()), session -> {
                List<Task<String>> tasks = new ArrayList<>();
                for (int i = 0; i < 5; i++) {
                    tasks.add(Asyncio.createTask(session.get(server.url("/")).text()));
                }
                Client.until(() -> requests.get() == 1);
                tasks.getFirst().cancel();
                assertThrows(CancelledError.class, tasks.getFirst()::await);
                go.countDown();
                for (Task<String> task : tasks.subList(1, 5)) {
                    assertEquals("ok", task.await());
                }
                assertEquals(1, requests.get());
            });
        }
    }

    /** The shared exchange is sent for the first; when that one's time is over, the others begin anew. */
    @Test
    void theTimeOfOneIsNotTheTimeOfAll() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        AtomicInteger requests = new AtomicInteger();
        try (RawServer server = RawServer.start(peer -> {
            peer.request();
            if (requests.incrementAndGet() == 1) {
                peer.awaitEnd();
                go.countDown();
            } else {
                Client.hold(go);
                peer.send(RawServer.OK);
            }
        })) {
            Client.run(ClientSession.builder().middleware(Collapse.standard()), session -> {
                Task<String> hasty = Asyncio.createTask(session.get(server.url("/"))
                        .timeout(ClientTimeout.total(Duration.ofMillis(100)))
                        .text());
                Client.until(() -> requests.get() == 1);
                Task<String> patient =
                        Asyncio.createTask(session.get(server.url("/")).text());
                assertThrows(TotalTimeoutException.class, hasty::await);
                assertEquals("ok", patient.await());
            });
        }
    }

    /** Everything at once, a server in a bad mood, and tasks that are cancelled at random: in the end nothing is held. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void allOfThemInAStorm(long seed) throws Exception {
        Random mood = new Random(seed);
        try (RawServer server = RawServer.start(peer -> {
            while (peer.request() != null) {
                int number;
                synchronized (mood) {
                    number = mood.nextInt(12);
                }
                switch (number) {
                    case 0 -> peer.send(BUSY);
                    case 1 -> peer.send("HTTP/1.1 429 Slow\r\nContent-Length: 0\r\n\r\n");
                    case 2 -> {
                        return;
                    }
                    case 3 -> peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n");
                    default -> peer.send(RawServer.OK);
                }
            }
        })) {
            RetryBudget budget = RetryBudget.unlimited();
            RateLimit limit = RateLimit.of(RateLimit.Limits.none().concurrency(8));
            ClientSession.Builder settings = ClientSession.builder()
                    .middleware(
                            Collapse.standard(),
                            atOnce().attempts(5).budget(budget).build())
                    .exchangeMiddleware(
                            CircuitBreaker.builder().failureRate(1).build(),
                            Hedge.builder()
                                    .after(Duration.ofMillis(5))
                                    .budget(budget)
                                    .build(),
                            limit);
            Client.run(settings, session -> {
                Random random = new Random(seed);
                List<Task<String>> tasks = new ArrayList<>();
                for (int i = 0; i < 300; i++) {
                    String url = server.url("/" + random.nextInt(60));
                    tasks.add(Asyncio.createTask(session.get(url).text()));
                    if (random.nextInt(3) == 0) {
                        Asyncio.sleep(random.nextInt(3) * 0.0005).await();
                    }
                    if (random.nextInt(4) == 0) {
                        tasks.get(random.nextInt(tasks.size())).cancel();
                    }
                }
                Asyncio.wait(tasks).await();
                int answered = 0;
                for (Task<String> task : tasks) {
                    if (task.isCancelled()) {
                        continue;
                    }
                    if (task.exception() == null) {
                        answered++;
                        assertTrue(List.of("ok", "busy", "").contains(task.result()), task::result);
                    } else {
                        assertInstanceOf(ClientException.class, task.exception());
                    }
                }
                assertTrue(answered > 100, answered + " answered");
                Client.until(() -> limit.stats(origin(server)).active() == 0);
                assertEquals(0, limit.stats(origin(server)).waiting());
            });
        }
    }
}
