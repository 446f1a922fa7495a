package dev.weft.http.middleware;

import static dev.weft.http.middleware.OnVirtualClock.millis;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.http.message.Body;
import dev.weft.http.message.ClientException;
import dev.weft.http.message.ClientRequest;
import dev.weft.http.message.ClientResponse;
import dev.weft.http.message.ClientTimeout;
import dev.weft.http.message.ConnectFailedException;
import dev.weft.http.message.Options;
import dev.weft.http.message.ProtocolException;
import dev.weft.http.message.ServerDisconnectedException;
import dev.weft.loop.Asyncio;
import dev.weft.loop.TimeoutException;
import dev.weft.loop.testing.CancelEverywhere;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** One call over its attempts: waits, deadlines, what is closed, what is told. */
class RetryTest {
    private static final Duration BASE = Duration.ofMillis(500);

    /** Waits of half of what they may be: 250 ms, 500 ms, 1 s ... */
    private static Retry.Builder half() {
        return Retry.builder().random(new RandomGenerator() {
            @Override
            public long nextLong() {
                return Long.MIN_VALUE;
            }
        });
    }

    private static ClientResponse run(Retry retry, ClientRequest request, ScriptedNext next) {
        return retry.handle(request, next);
    }

    @Test
    void untilItSucceeds() throws Exception {
        OnVirtualClock.run(() -> {
            ScriptedNext next = new ScriptedNext(call -> switch (call.number()) {
                case 1 -> throw call.refused();
                case 2 -> call.after(100).status(503);
                default -> call.ok("fine");
            });
            List<Attempt> told = new ArrayList<>();
            Retry retry =
                    half().onRetry((request, attempt) -> told.add(attempt)).build();
            try (ClientResponse response = run(retry, ScriptedNext.get(), next)) {
                assertEquals("fine", response.text().await());
                assertEquals(List.of(0L, 250L, 850L), next.sentAtMillis);
                List<Attempt> history = response.request().attribute(Retry.HISTORY);
                assertEquals(told, history);
                assertTrue(history.getFirst().failure() instanceof ConnectFailedException);
                assertEquals(
                        new Attempt(2, 503, null, Duration.ofMillis(100), Duration.ofMillis(500)), history.getLast());
            }
            next.assertNothingHeld();
        });
    }

    @Test
    void theLastFailureHasThoseBefore() throws Exception {
        OnVirtualClock.run(() -> {
            List<ClientException> thrown = new ArrayList<>();
            ScriptedNext next = new ScriptedNext(call -> {
                thrown.add(call.number() == 2 ? call.disconnected() : call.refused());
                throw thrown.getLast();
            });
            ConnectFailedException e = assertThrows(
                    ConnectFailedException.class,
                    () -> run(half().build(), ScriptedNext.get(), next).close());
            assertSame(thrown.get(2), e);
            assertArrayEquals(new Throwable[] {thrown.get(0), thrown.get(1)}, e.getSuppressed());
            assertEquals(2, e.request().attribute(Retry.HISTORY).size());
            assertEquals(3, next.sent.size());
        });
    }

    /** Whoever throws the same object again gets it back as it is. */
    @Test
    void theSameFailureEachTime() throws Exception {
        OnVirtualClock.run(() -> {
            AtomicReference<ClientException> one = new AtomicReference<>();
            ScriptedNext next = new ScriptedNext(call -> {
                one.compareAndSet(null, call.refused());
                throw one.get();
            });
            ClientException e = assertThrows(
                    ClientException.class,
                    () -> run(half().build(), ScriptedNext.get(), next).close());
            assertEquals(0, e.getSuppressed().length);
            assertEquals(3, next.sent.size());
        });
    }

    @Test
    void theLastAnswerIsGivenOutUnread() throws Exception {
        OnVirtualClock.run(() -> {
            ScriptedNext next = new ScriptedNext(call -> call.status(503));
            try (ClientResponse response = run(half().build(), ScriptedNext.get(), next)) {
                assertEquals(1, next.open);
                assertEquals("status 503", response.text().await());
            }
            assertEquals(3, next.sent.size());
            next.assertNothingHeld();
        });
    }

    @Test
    void whatIsFinalAtOnce() throws Exception {
        OnVirtualClock.run(() -> {
            ScriptedNext notFound = new ScriptedNext(call -> call.status(404));
            run(half().build(), ScriptedNext.get(), notFound).close();
            ScriptedNext malformed = new ScriptedNext(call -> {
                throw new ProtocolException(call.request(), "no HTTP", null);
            });
            assertThrows(
                    ProtocolException.class,
                    () -> run(half().build(), ScriptedNext.get(), malformed).close());
            ScriptedNext bug = new ScriptedNext(call -> {
                throw new IllegalStateException("mine");
            });
            assertThrows(
                    IllegalStateException.class,
                    () -> run(half().build(), ScriptedNext.get(), bug).close());
            ScriptedNext post = new ScriptedNext(call -> {
                throw call.disconnected();
            });
            ClientRequest request = ScriptedNext.get().withMethod("POST").withBody(Body.of("once"));
            assertThrows(
                    ServerDisconnectedException.class,
                    () -> run(half().build(), request, post).close());
            for (ScriptedNext next : List.of(notFound, malformed, bug, post)) {
                assertEquals(1, next.sent.size());
                next.assertNothingHeld();
            }
        });
    }

    @Test
    void aSmallBodyIsReadToItsEndDuringTheWait() throws Exception {
        OnVirtualClock.run(() -> {
            List<Integer> openAtStart = new ArrayList<>();
            List<ClientResponse> answers = new ArrayList<>();
            ScriptedNext next = new ScriptedNext(call -> {
                openAtStart.add(call.next().open);
                // 60 ms for the body, within the wait of 250 ms; then 600 ms, not within that of 500 ms.
                answers.add(
                        switch (call.number()) {
                            case 1 -> call.pieces(503, 20, List.of("a", "b", "c"), "Content-Length", "3");
                            case 2 -> call.pieces(503, 200, List.of("a", "b", "c"), "Content-Length", "3");
                            case 3 -> call.pieces(503, 1, List.of("a".repeat(20_000)), "Content-Length", "20000");
                            case 4 -> call.pieces(503, 1, List.of("a", "b"));
                            default -> call.ok("");
                        });
                return answers.getLast();
            });
            run(half().attempts(5).build(), ScriptedNext.get(), next).close();
            assertEquals(List.of(0L, 250L, 750L, 1750L, 3750L), next.sentAtMillis);
            assertEquals(List.of(0, 0, 0, 0, 0), openAtStart);
            long[] received = answers.stream()
                    .limit(4)
                    .mapToLong(answer -> answer.content().bytesReceived())
                    .toArray();
            assertArrayEquals(new long[] {3, 2, 0, 0}, received);
            next.assertNothingHeld();
        });
    }

    @Test
    void retryAfterIsObeyedUpToALimit() throws Exception {
        OnVirtualClock.run(() -> {
            ScriptedNext next = new ScriptedNext(call -> call.number() == 1
                    ? call.status(429, "Retry-After", "7")
                    : call.status(503, "Retry-After", "Sun, 01 Mar 2026 00:02:00 GMT"));
            Retry retry = half().wallClock(InstantSource.fixed(Instant.parse("2026-03-01T00:00:00Z")))
                    .attempts(9)
                    .build();
            try (ClientResponse response = run(retry, ScriptedNext.get(), next)) {
                assertEquals(503, response.status());
                assertEquals(List.of(0L, 7250L), next.sentAtMillis);
                assertEquals(7250, millis());
            }
        });
    }

    @Test
    void neverSleepsPastTheTotalTimeout() throws Exception {
        OnVirtualClock.run(() -> {
            ScriptedNext next = new ScriptedNext(call -> call.after(100).status(503));
            // 100 + 250 + 100 + 500 + 100 + 1000 ...
            ClientRequest request =
                    ScriptedNext.get().with(Options.TIMEOUT, ClientTimeout.total(Duration.ofMillis(1900)));
            try (ClientResponse response = run(half().attempts(9).build(), request, next)) {
                assertEquals(503, response.status());
                assertEquals(List.of(0L, 350L, 950L), next.sentAtMillis);
                assertEquals(1050, millis());
            }
            next.assertNothingHeld();
        });
    }

    @Test
    void neverSleepsPastTheDeadlineOfTheScope() throws Exception {
        OnVirtualClock.run(() -> Asyncio.timeout(Duration.ofMillis(1000), () -> {
            ScriptedNext next = new ScriptedNext(call -> {
                call.after(150);
                throw call.refused();
            });
            assertThrows(
                    ConnectFailedException.class,
                    () -> run(half().attempts(9).build(), ScriptedNext.get(), next)
                            .close());
            // 150 + 250 + 150 + 500 would be past it.
            assertEquals(List.of(0L, 400L), next.sentAtMillis);
            assertEquals(550, millis());
        }));
    }

    @Test
    void theScopeEndsTheWaitAllTheSame() throws Exception {
        OnVirtualClock.run(() -> {
            ScriptedNext next = new ScriptedNext(call -> call.after(2000).ok(""));
            assertThrows(
                    TimeoutException.class,
                    () -> Asyncio.timeout(
                            Duration.ofSeconds(1),
                            () -> run(half().build(), ScriptedNext.get(), next).close()));
            assertEquals(1, next.sent.size());
            next.assertNothingHeld();
        });
    }

    @Test
    void aRequestSaysHowOften() throws Exception {
        OnVirtualClock.run(() -> {
            ScriptedNext once = new ScriptedNext(call -> call.status(503));
            run(half().build(), ScriptedNext.get().with(Retry.ATTEMPTS, 1), once)
                    .close();
            assertEquals(1, once.sent.size());
            ScriptedNext five = new ScriptedNext(call -> call.status(503));
            run(half().build(), ScriptedNext.get().with(Retry.ATTEMPTS, 5), five)
                    .close();
            assertEquals(5, five.sent.size());
        });
    }

    @Test
    void theBudgetEndsIt() throws Exception {
        OnVirtualClock.run(() -> {
            Retry retry = half().budget(RetryBudget.of(0.2, 0, Duration.ofSeconds(10)))
                    .backoff(Duration.ZERO, Duration.ZERO)
                    .build();
            ScriptedNext next = new ScriptedNext(call -> call.status(503));
            for (int i = 0; i < 100; i++) {
                run(retry, ScriptedNext.get(), next).close();
            }
            assertEquals(120, next.sent.size());
            // Another origin has its own; and what is not to be tried again costs nothing.
            ScriptedNext other = new ScriptedNext(call -> call.number() <= 4 ? call.status(404) : call.status(503));
            for (int i = 0; i < 5; i++) {
                run(retry, ScriptedNext.get("https://example.com/"), other).close();
            }
            assertEquals(6, other.sent.size());
            next.assertNothingHeld();
        });
    }

    @Test
    void anIdempotencyKeyForAllAttempts() throws Exception {
        OnVirtualClock.run(() -> {
            ScriptedNext next = new ScriptedNext(call -> {
                if (call.number() == 1) {
                    throw call.disconnected();
                }
                return call.ok("");
            });
            Retry retry = half().idempotencyKey().build();
            ClientRequest post = ScriptedNext.get().withMethod("POST");
            run(retry, post, next).close();
            String key = next.sent.getFirst().headers().first("Idempotency-Key");
            assertTrue(key != null && key.matches("\"[0-9a-f-]{36}\""), key);
            assertEquals(key, next.sent.getLast().headers().first("Idempotency-Key"));
            assertEquals(2, next.sent.size());
            // Each request has its own; what has one keeps it; what is idempotent needs none.
            run(retry, post, next).close();
            run(retry, post.withHeader("idempotency-key", "mine"), next).close();
            run(retry, ScriptedNext.get(), next).close();
            String other = next.sent.get(2).headers().first("Idempotency-Key");
            assertFalse(key.equals(other), other);
            assertEquals(List.of("mine"), next.sent.get(3).headers().all("Idempotency-Key"));
            assertNull(next.sent.get(4).headers().first("Idempotency-Key"));
        });
    }

    @Test
    void theJitterIsThatOfTheGenerator() throws Exception {
        List<Long> first = new ArrayList<>();
        List<Long> second = new ArrayList<>();
        for (List<Long> times : List.of(first, second)) {
            OnVirtualClock.run(() -> {
                ScriptedNext next = new ScriptedNext(call -> call.status(503));
                run(Retry.builder().attempts(6).random(new Random(7)).build(), ScriptedNext.get(), next)
                        .close();
                times.addAll(next.sentAtMillis);
            });
        }
        assertEquals(first, second);
        Random random = new Random(7);
        for (int i = 1; i < first.size(); i++) {
            double longest = BASE.toMillis() * Math.pow(2, i - 1);
            assertEquals(longest * random.nextDouble(), first.get(i) - first.get(i - 1), 2, "wait " + i);
        }
    }

    @Test
    void outOfRange() {
        assertThrows(
                IllegalArgumentException.class,
                () -> Retry.builder().attempts(0).build());
        assertThrows(
                IllegalArgumentException.class,
                () -> Retry.builder().backoff(Duration.ofSeconds(2), Duration.ofSeconds(1)));
        assertThrows(
                IllegalArgumentException.class,
                () -> Retry.builder().backoff(Duration.ofSeconds(-2), Duration.ofSeconds(1)));
    }

    @Test
    void cancelledAnywhere() {
        AtomicReference<ScriptedNext> current = new AtomicReference<>();
        int awaits = CancelEverywhere.of(() -> {
                    ScriptedNext next = new ScriptedNext(call -> switch (call.number()) {
                        case 1 -> throw call.after(10).refused();
                        case 2 -> call.after(10).pieces(503, 5, List.of("a", "b"), "Content-Length", "2");
                        default -> call.after(10).pieces(200, 5, List.of("c", "d"));
                    });
                    current.set(next);
                    try (ClientResponse response = run(half().build(), ScriptedNext.get(), next)) {
                        assertEquals("cd", response.text().await());
                    }
                })
                .check(() -> current.get().assertNothingHeld())
                .run();
        assertEquals(9, awaits);
    }
}
