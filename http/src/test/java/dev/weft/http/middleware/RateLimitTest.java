package dev.weft.http.middleware;

import static dev.weft.http.middleware.OnVirtualClock.millis;
import static dev.weft.loop.Asyncio.createTask;
import static dev.weft.loop.Asyncio.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.http.message.ClientRequest;
import dev.weft.http.message.ClientResponse;
import dev.weft.http.message.Headers;
import dev.weft.http.message.PayloadException;
import dev.weft.http.middleware.RateLimit.Limits;
import dev.weft.http.middleware.RateLimit.Stats;
import dev.weft.loop.Asyncio;
import dev.weft.loop.CancelledError;
import dev.weft.loop.Task;
import dev.weft.loop.TaskGroup;
import dev.weft.loop.TimeoutException;
import dev.weft.loop.testing.CancelEverywhere;
import dev.weft.loop.testing.Testing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The line before a host, on the virtual clock. */
class RateLimitTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final String ORIGIN = "http://example.com";

    /** A whole exchange: the answer is read to its end. */
    private static String fetch(RateLimit limit, ClientRequest request, ScriptedNext next) {
        try (ClientResponse response = limit.handle(request, next)) {
            return response.text().await();
        }
    }

    private static Task<String> start(RateLimit limit, ClientRequest request, ScriptedNext next) {
        return createTask(() -> fetch(limit, request, next));
    }

    private static void assertQuiet(RateLimit limit, ScriptedNext next) {
        next.assertNothingHeld();
        Stats stats = limit.stats(ORIGIN);
        assertEquals(0, stats.active());
        assertEquals(0, stats.waiting());
    }

    @Test
    void aRateForEachOrigin() throws Exception {
        OnVirtualClock.run(() -> {
            RateLimit limit = RateLimit.of(Limits.none().rate(10, SECOND));
            ScriptedNext next = new ScriptedNext(call -> call.ok(""));
            ScriptedNext other = new ScriptedNext(call -> call.ok(""));
            TaskGroup.run(group -> {
                for (int i = 0; i < 4; i++) {
                    group.createTask(() -> fetch(limit, ScriptedNext.get(), next));
                    group.createTask(() -> fetch(limit, ScriptedNext.get("https://example.com/"), other));
                }
            });
            assertEquals(List.of(0L, 100L, 200L, 300L), next.sentAtMillis);
            assertEquals(next.sentAtMillis, other.sentAtMillis);
            assertEquals(
                    List.of(0L, 100L, 200L, 300L),
                    next.sent.stream()
                            .map(request -> request.attribute(RateLimit.WAITED).toMillis())
                            .toList());
            assertQuiet(limit, next);
        });
    }

    @Test
    void limitsOfEachKey() throws Exception {
        OnVirtualClock.run(() -> {
            RateLimit limit = RateLimit.builder()
                    .key(request -> request.url().host())
                    .limits(host -> host.startsWith("slow") ? Limits.none().delay(SECOND) : Limits.none())
                    .build();
            ScriptedNext next = new ScriptedNext(call -> call.ok(""));
            for (String url : List.of("http://slow/", "https://slow/", "http://fast/", "https://fast/")) {
                fetch(limit, ScriptedNext.get(url), next);
            }
            assertEquals(List.of(0L, 1000L, 1000L, 1000L), next.sentAtMillis);
        });
    }

    /** A place is held until the body was read or given up, not only until the head came. */
    @Test
    void aPlaceIsHeldUntilTheAnswerIsOver() throws Exception {
        OnVirtualClock.run(() -> {
            RateLimit limit = RateLimit.of(Limits.none().concurrency(1));
            ScriptedNext next = new ScriptedNext(call -> call.after(100).pieces(200, 50, List.of("a", "b")));
            ClientResponse first = limit.handle(ScriptedNext.get(), next);
            Task<String> second = start(limit, ScriptedNext.get(), next);
            sleep(1).await();
            assertEquals(new Stats(1, 1, 1, Double.POSITIVE_INFINITY, Duration.ZERO), limit.stats(ORIGIN));
            assertEquals("ab", first.text().await());
            assertEquals("ab", second.await());
            ClientResponse third = limit.handle(ScriptedNext.get(), next);
            Task<String> fourth = start(limit, ScriptedNext.get(), next);
            sleep(1).await();
            third.close();
            third.close();
            assertEquals("ab", fourth.await());
            assertEquals(List.of(0L, 1200L, 1400L, 2500L), next.sentAtMillis);
            assertQuiet(limit, next);
        });
    }

    @Test
    void whatHasNoBodyHoldsNoPlace() throws Exception {
        OnVirtualClock.run(() -> {
            RateLimit limit = RateLimit.of(Limits.none().concurrency(1));
            List<ClientResponse> kept = new ArrayList<>();
            for (int status : new int[] {204, 304, 200, 200}) {
                boolean head = kept.size() == 2;
                ClientRequest request = head ? ScriptedNext.get().withMethod("HEAD") : ScriptedNext.get();
                Headers headers = Headers.builder()
                        .add("Content-Length", head ? "7" : "0")
                        .build();
                kept.add(limit.handle(request, sent -> ClientResponse.of(sent, status, headers, new byte[0])));
            }
            assertEquals(0, limit.stats(ORIGIN).active());
        });
    }

    @Test
    void aBodyThatFailsGivesItsPlaceBack() throws Exception {
        OnVirtualClock.run(() -> {
            RateLimit limit = RateLimit.of(Limits.none().concurrency(1));
            ScriptedNext next = new ScriptedNext(call -> call.pieces(200, 0, List.of("a", "b"))
                    .withContent(new FailingBody(new PayloadException(call.request(), 1, 2, null))));
            ClientResponse response = limit.handle(ScriptedNext.get(), next);
            assertThrows(PayloadException.class, () -> response.text().await());
            assertEquals(0, limit.stats(ORIGIN).active());
            // A mistake of its reader's is no end.
            ClientResponse other = limit.handle(
                    ScriptedNext.get(),
                    sent -> ClientResponse.of(sent, 200, Headers.empty(), new byte[1])
                            .withContent(new FailingBody(new IllegalStateException("another task is reading"))));
            assertThrows(IllegalStateException.class, () -> other.text().await());
            assertEquals(1, limit.stats(ORIGIN).active());
            other.close();
            assertEquals(0, limit.stats(ORIGIN).active());
        });
    }

    @Test
    void aFailedRequestGivesItsPlaceBack() throws Exception {
        OnVirtualClock.run(() -> {
            RateLimit limit = RateLimit.of(Limits.none().concurrency(1));
            ScriptedNext next = new ScriptedNext(call -> {
                throw call.after(10).refused();
            });
            TaskGroup.run(group -> {
                for (int i = 0; i < 3; i++) {
                    group.createTask(() -> assertThrows(
                            dev.weft.http.message.ConnectFailedException.class,
                            () -> fetch(limit, ScriptedNext.get(), next)));
                }
            });
            assertEquals(List.of(0L, 10L, 20L), next.sentAtMillis);
            assertQuiet(limit, next);
        });
    }

    @Test
    void byPriorityThenInTheirOrder() throws Exception {
        OnVirtualClock.run(() -> {
            RateLimit limit = RateLimit.of(Limits.none().rate(1, SECOND));
            ScriptedNext next = new ScriptedNext(call -> call.ok(""));
            List<Task<String>> tasks = new ArrayList<>();
            int[] priorities = {0, 0, -1, 5, 0, 5, -1};
            for (int i = 0; i < priorities.length; i++) {
                tasks.add(start(
                        limit,
                        ScriptedNext.get("http://example.com/" + i).with(RateLimit.PRIORITY, priorities[i]),
                        next));
            }
            Asyncio.gather(tasks).await();
            // The first found nobody in line.
            assertEquals(
                    List.of("/0", "/3", "/5", "/1", "/4", "/2", "/6"),
                    next.sent.stream().map(request -> request.url().path()).toList());
        });
    }

    /** Nobody slips in between the call and the step of who was called. */
    @Test
    void whoComesNowOvertakesNobody() throws Exception {
        OnVirtualClock.run(() -> {
            RateLimit limit = RateLimit.of(Limits.none().concurrency(1));
            ScriptedNext next = new ScriptedNext(call -> call.ok(""));
            ClientResponse first = limit.handle(ScriptedNext.get("http://example.com/1"), next);
            Task<String> second = start(limit, ScriptedNext.get("http://example.com/2"), next);
            Testing.waitAllTasksBlocked().await();
            first.close();
            fetch(limit, ScriptedNext.get("http://example.com/3"), next);
            second.await();
            assertEquals("/3", next.sent.getLast().url().path());
            assertEquals(1, next.most);
        });
    }

    @Test
    void whoIsCancelledInLineLeavesNoTrace() throws Exception {
        OnVirtualClock.run(() -> {
            RateLimit limit = RateLimit.of(Limits.none().rate(1, SECOND));
            ScriptedNext next = new ScriptedNext(call -> call.ok(""));
            List<Task<String>> tasks = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                tasks.add(start(limit, ScriptedNext.get("http://example.com/" + i), next));
            }
            Testing.waitAllTasksBlocked().await();
            tasks.get(1).cancel();
            assertEquals(2, limit.stats(ORIGIN).waiting());
            assertThrows(CancelledError.class, tasks.get(1)::await);
            tasks.get(2).await();
            // The last one in line: with it the timer goes.
            tasks.get(3).cancel();
            assertThrows(CancelledError.class, tasks.get(3)::await);
            assertEquals(List.of(0L, 1000L), next.sentAtMillis);
            assertEquals(0, Asyncio.getRunningLoop().metrics().timers());
        });
    }

    @Test
    void theDeadlineEndsTheWait() throws Exception {
        OnVirtualClock.run(() -> {
            RateLimit limit = RateLimit.of(Limits.none().rate(1, Duration.ofMinutes(1)));
            ScriptedNext next = new ScriptedNext(call -> call.ok(""));
            fetch(limit, ScriptedNext.get(), next);
            assertThrows(
                    TimeoutException.class,
                    () -> Asyncio.timeout(SECOND, () -> fetch(limit, ScriptedNext.get(), next)));
            assertEquals(1000, millis());
            assertEquals(1, next.sent.size());
        });
    }

    @Test
    void retryAfterStopsTheWholeLine() throws Exception {
        OnVirtualClock.run(() -> {
            RateLimit limit = RateLimit.of(Limits.none().rate(10, SECOND));
            ScriptedNext next =
                    new ScriptedNext(call -> call.number() == 2 ? call.status(429, "Retry-After", "5") : call.ok(""));
            List<Task<String>> tasks = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                tasks.add(start(limit, ScriptedNext.get(), next));
            }
            sleep(1).await();
            assertEquals(new Stats(0, 3, Integer.MAX_VALUE, 5, Duration.ofMillis(4100)), limit.stats(ORIGIN));
            Asyncio.gather(tasks).await();
            // Then at half the rate, a little more with each success.
            assertEquals(List.of(0L, 100L, 5100L, 5300L, 5493L), next.sentAtMillis);
        });
    }

    /** A server that takes so many at once and answers 503 to more: the limit finds that number, and does not fall to one. */
    @Test
    void findsWhatTheServerCanTake() throws Exception {
        OnVirtualClock.run(() -> {
            RateLimit limit = RateLimit.of(Limits.none());
            int[] refused = new int[1];
            ScriptedNext next = new ScriptedNext(call -> {
                if (call.next().underWay > 10) {
                    refused[0]++;
                    return call.after(10).status(503);
                }
                return call.after(100).ok("");
            });
            TaskGroup.run(group -> {
                for (int i = 0; i < 50; i++) {
                    group.createTask(() -> {
                        for (int k = 0; k < 40; k++) {
                            fetch(limit, ScriptedNext.get(), next);
                        }
                    });
                }
            });
            // 2000 requests, 10 at once, 100 ms each: 20 s at best.
            assertTrue(refused[0] < 200, () -> refused[0] + " refused");
            assertTrue(millis() < 40_000, () -> millis() + " ms");
            assertQuiet(limit, next);
        });
    }

    @Test
    void hostsThatAreIdleAreForgotten() throws Exception {
        OnVirtualClock.run(() -> {
            RateLimit limit = RateLimit.of(Limits.none().rate(10, SECOND).concurrency(2));
            ScriptedNext next = new ScriptedNext(call -> call.ok(""));
            ClientResponse kept = limit.handle(ScriptedNext.get("http://kept/"), next);
            for (int i = 0; i < 20_000; i++) {
                fetch(limit, ScriptedNext.get("http://host" + i + "/"), next);
                if (i % 100 == 0) {
                    sleep(1).await();
                }
            }
            int size = limit.size();
            assertTrue(size < 500, () -> size + " hosts");
            assertEquals(1, limit.stats("http://kept").active());
            kept.close();
        });
    }

    /** What a host made of its limits outlasts a quiet time, but not a long one. */
    @Test
    void whatWasLearntIsForgottenAfterAWhile() throws Exception {
        OnVirtualClock.run(() -> {
            RateLimit limit = RateLimit.of(Limits.none().rate(10, SECOND));
            ScriptedNext next = new ScriptedNext(call -> call.number() == 1 ? call.status(429) : call.ok(""));
            fetch(limit, ScriptedNext.get(), next);
            sleep(Duration.ofMinutes(5)).await();
            fetch(limit, ScriptedNext.get("http://a/"), next);
            assertEquals(5, limit.stats(ORIGIN).perSecond());
            sleep(Duration.ofMinutes(6)).await();
            fetch(limit, ScriptedNext.get("http://b/"), next);
            assertEquals(10, limit.stats(ORIGIN).perSecond());
            assertEquals(1, limit.size());
        });
    }

    @Test
    void belongsToOneLoop() throws Exception {
        RateLimit limit = RateLimit.of(Limits.none());
        OnVirtualClock.run(() -> assertEquals(0, limit.stats(ORIGIN).active()));
        OnVirtualClock.run(() -> {
            IllegalStateException e = assertThrows(IllegalStateException.class, () -> limit.stats(ORIGIN));
            assertTrue(e.getMessage().contains("RateLimit belongs to another loop"), e.getMessage());
        });
    }

    @Test
    void cancelledAnywhere() {
        AtomicReference<RateLimit> limit = new AtomicReference<>();
        AtomicReference<ScriptedNext> next = new AtomicReference<>();
        int awaits = CancelEverywhere.of(() -> {
                    RateLimit one =
                            RateLimit.of(Limits.none().rate(20, SECOND).burst(2).concurrency(2));
                    ScriptedNext inside = new ScriptedNext(call -> call.number() == 2
                            ? call.after(10).status(429, "Retry-After", "1")
                            : call.after(10).pieces(200, 70, List.of("a", "b")));
                    limit.set(one);
                    next.set(inside);
                    TaskGroup.run(group -> {
                        for (int i = 0; i < 5; i++) {
                            group.createTask(() -> fetch(one, ScriptedNext.get(), inside));
                        }
                    });
                })
                .childrenToo()
                .check(() -> assertQuiet(limit.get(), next.get()))
                .run();
        assertTrue(awaits > 15, () -> "only " + awaits + " awaits");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void aStormOfCancellations(long seed) throws Exception {
        OnVirtualClock.run(() -> {
            Random random = new Random(seed);
            RateLimit limit =
                    RateLimit.of(Limits.none().rate(100, SECOND).burst(3).concurrency(3));
            ScriptedNext next = new ScriptedNext(
                    call -> call.after(random.nextInt(40)).pieces(200, random.nextInt(10), List.of("a", "b")));
            List<Task<String>> tasks = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                ClientRequest request = ScriptedNext.get().with(RateLimit.PRIORITY, random.nextInt(3));
                tasks.add(start(limit, request, next));
                if (random.nextInt(4) == 0) {
                    sleep(Duration.ofMillis(random.nextInt(20))).await();
                }
                tasks.get(random.nextInt(tasks.size())).cancel();
            }
            int done = 0;
            for (Task<String> task : tasks) {
                try {
                    assertEquals("ab", task.await());
                    done++;
                } catch (CancelledError e) {
                    assertTrue(task.isCancelled());
                }
            }
            assertTrue(done > 50, done + " got through");
            assertTrue(next.most <= 3, next.most + " at once");
            assertQuiet(limit, next);
        });
    }
}
