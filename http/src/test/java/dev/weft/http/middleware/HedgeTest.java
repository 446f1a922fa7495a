package dev.weft.http.middleware;

import static dev.weft.http.middleware.OnVirtualClock.millis;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.http.message.ClientException;
import dev.weft.http.message.ClientRequest;
import dev.weft.http.message.ClientResponse;
import dev.weft.http.message.ConnectFailedException;
import dev.weft.http.middleware.RateLimit.Limits;
import dev.weft.loop.Asyncio;
import dev.weft.loop.Task;
import dev.weft.loop.TimeoutException;
import dev.weft.loop.testing.CancelEverywhere;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Copies of late requests, on the virtual clock. */
class HedgeTest {
    private static final Duration LATE = Duration.ofMillis(100);

    /** Hedges after 100 ms. */
    private static Hedge.Builder late() {
        return Hedge.builder().after(LATE).budget(RetryBudget.unlimited());
    }

    /** Status and text of what it gives, which copy, and after how long; what it throws by its message. */
    private static String play(Hedge hedge, ClientRequest request, ScriptedNext next) {
        long start = millis();
        String said;
        try (ClientResponse response = hedge.handle(request, next)) {
            said = response.status() + " " + response.text().await() + " by "
                    + response.request().attribute(Hedge.COPY);
        } catch (ClientException e) {
            said = e.reason() + " by " + e.request().attribute(Hedge.COPY);
        }
        return said + " after " + (millis() - start);
    }

    /** What each copy does: so many milliseconds, then a status, or {@code refused}. */
    private static ScriptedNext script(String... copies) {
        return new ScriptedNext(call -> {
            String[] words = copies[call.number() - 1].split(" ");
            call.after(Long.parseLong(words[0]));
            if (words[1].equals("refused")) {
                throw call.refused();
            }
            return call.pieces(Integer.parseInt(words[1]), 0, List.of("x"));
        });
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        // In time: no copy.
        "'99 200', 200 x by 0 after 99",
        "'50 503', 503 x by 0 after 50",
        "'50 refused', connection refused by 0 after 50",
        // Late: the first answer wins, whoever's it is.
        "'150 200, 100 200', 200 x by 0 after 150",
        "'1000 200, 50 200', 200 x by 1 after 150",
        "'200 200, 100 200', 200 x by 0 after 200",
        // What is bad waits for the other.
        "'150 503, 100 200', 200 x by 1 after 200",
        "'150 refused, 100 200', 200 x by 1 after 200",
        "'300 200, 50 refused', 200 x by 0 after 300",
        "'300 503, 50 429', 503 x by 0 after 300",
        "'300 refused, 50 500', connection refused by 0 after 300",
        "'200 429, 150 503', 503 x by 1 after 250",
        "'300 500, 50 refused', 500 x by 0 after 300",
        "'300 refused, 50 refused', connection refused by 0 after 300",
    })
    void outcomes(String script, String expected) throws Exception {
        OnVirtualClock.run(() -> {
            String[] copies = script.split(", ");
            ScriptedNext next = script(copies);
            assertEquals(expected, play(late().build(), ScriptedNext.get(), next));
            assertEquals(copies.length, next.sent.size());
            Asyncio.sleep(0).await();
            next.assertNothingHeld();
        });
    }

    @Test
    void soManyCopies() throws Exception {
        OnVirtualClock.run(() -> {
            // The bad answer of the second does not put the third off.
            ScriptedNext next = script("1000 200", "30 503", "1000 200", "50 200");
            assertEquals("200 x by 3 after 350", play(late().copies(5).build(), ScriptedNext.get(), next));
            assertEquals(List.of(0L, 100L, 200L, 300L), next.sentAtMillis);
            ScriptedNext alone = script("1000 200");
            assertEquals("200 x by 0 after 1000", play(late().copies(1).build(), ScriptedNext.get(), alone));
        });
    }

    @Test
    void onlyWhatMayBeSentTwice() throws Exception {
        OnVirtualClock.run(() -> {
            Hedge hedge = late().build();
            ClientRequest post = ScriptedNext.get().withMethod("POST");
            assertEquals("200 x by 0 after 1000", play(hedge, post, script("1000 200")));
            ClientRequest keyed = post.withHeader("Idempotency-Key", "\"1\"");
            assertEquals("200 x by 1 after 110", play(hedge, keyed, script("1000 200", "10 200")));
            Hedge reads =
                    late().which(request -> request.method().equals("GET")).build();
            assertEquals("200 x by 0 after 1000", play(reads, keyed, script("1000 200")));
        });
    }

    @Test
    void theBudgetLimitsCopies() throws Exception {
        OnVirtualClock.run(() -> {
            Hedge hedge = late().budget(RetryBudget.of(0.1, 0, Duration.ofMinutes(10)))
                    .build();
            ScriptedNext next = new ScriptedNext(call -> call.after(200).ok("x"));
            for (int i = 0; i < 100; i++) {
                play(hedge, ScriptedNext.get(), next);
            }
            assertEquals(110, next.sent.size());
        });
    }

    @Test
    void theBudgetMayBeSharedWithRetries() throws Exception {
        OnVirtualClock.run(() -> {
            RetryBudget budget = RetryBudget.of(0.1, 0, Duration.ofMinutes(10));
            Hedge hedge = late().budget(budget).build();
            Retry retry = Retry.builder()
                    .budget(budget)
                    .backoff(Duration.ZERO, Duration.ZERO)
                    .build();
            ScriptedNext next = new ScriptedNext(call -> call.after(200).status(503));
            ScriptedNext hedged = new ScriptedNext(call -> hedge.handle(call.request(), next));
            for (int i = 0; i < 100; i++) {
                retry.handle(ScriptedNext.get(), hedged).close();
            }
            assertEquals(110, next.sent.size());
        });
    }

    @Test
    void lateIsWhatIsLateForThatOrigin() throws Exception {
        OnVirtualClock.run(() -> {
            Hedge hedge =
                    Hedge.builder().afterMost(0.9, 20, Duration.ofMillis(10)).build();
            // 10, 20 ... 100 ms, twice: nothing is hedged before so much is known.
            ScriptedNext warm = new ScriptedNext(call ->
                    call.after(10 * ((call.number() - 1) % 10 + 1)).ok("x"));
            for (int i = 0; i < 20; i++) {
                play(hedge, ScriptedNext.get(), warm);
            }
            assertEquals(20, warm.sent.size());
            assertEquals("200 x by 1 after 91", play(hedge, ScriptedNext.get(), script("1000 200", "1 200")));
            // Another origin is not known.
            assertEquals("200 x by 0 after 1000", play(hedge, ScriptedNext.get("http://other/"), script("1000 200")));
            // The one that was cut off counts with what it took at least. Failures, however fast, are not how long
            // answers take.
            ScriptedNext failing = new ScriptedNext(call -> {
                if (call.number() % 2 == 0) {
                    throw call.refused();
                }
                return call.status(503);
            });
            for (int i = 0; i < 200; i++) {
                play(hedge, ScriptedNext.get(), failing);
            }
            assertEquals("200 x by 1 after 92", play(hedge, ScriptedNext.get(), script("1000 200", "1 200")));
        });
    }

    /** A server that has become slow: copies must not hide that, or every request would be hedged as soon as before. */
    @Test
    void whatIsCutOffCountsAsSlow() throws Exception {
        OnVirtualClock.run(() -> {
            Hedge hedge = Hedge.builder()
                    .afterMost(0.9, 10, Duration.ofMillis(10))
                    .budget(RetryBudget.unlimited())
                    .build();
            for (int i = 0; i < 10; i++) {
                play(hedge, ScriptedNext.get(), script("20 200"));
            }
            assertEquals("200 x by 1 after 30", play(hedge, ScriptedNext.get(), script("1000 200", "10 200")));
            for (int i = 0; i < 40; i++) {
                play(hedge, ScriptedNext.get(), script("1000 200", "10 200"));
            }
            long start = millis();
            play(hedge, ScriptedNext.get(), script("1000 200", "10 200"));
            assertTrue(millis() - start > 60, () -> "hedged after " + (millis() - start) + " ms");
        });
    }

    @Test
    void neverSoonerThanTheLeast() throws Exception {
        OnVirtualClock.run(() -> {
            Hedge hedge =
                    Hedge.builder().afterMost(0.9, 1, Duration.ofMillis(40)).build();
            play(hedge, ScriptedNext.get(), script("0 200"));
            assertEquals("200 x by 1 after 45", play(hedge, ScriptedNext.get(), script("1000 200", "5 200")));
        });
    }

    /** The loser gives its connection back, even if its answer came in the same moment. */
    @Test
    void theLosersAnswerIsClosed() throws Exception {
        OnVirtualClock.run(() -> {
            ScriptedNext next = script("150 200", "50 200");
            ClientResponse response = late().build().handle(ScriptedNext.get(), next);
            assertEquals(0, response.request().attribute(Hedge.COPY));
            Asyncio.sleep(0).await();
            assertEquals(1, next.open);
            response.close();
            next.assertNothingHeld();
        });
    }

    /** What the loser has in line or under way with a limit is given back with it. */
    @Test
    void withinARateLimit() throws Exception {
        OnVirtualClock.run(() -> {
            RateLimit limit = RateLimit.of(Limits.none().concurrency(2));
            Hedge hedge = late().build();
            ScriptedNext next = new ScriptedNext(
                    call -> call.after(call.number() % 2 == 1 ? 1000 : 10).ok("x"));
            for (int i = 0; i < 5; i++) {
                ScriptedNext limited = new ScriptedNext(call -> limit.handle(call.request(), next));
                assertEquals("200 x by 1 after 110", play(hedge, ScriptedNext.get(), limited));
            }
            Asyncio.sleep(0).await();
            assertEquals(0, limit.stats("http://example.com").active());
            next.assertNothingHeld();
        });
    }

    /** A bad answer holds the only place, and the other copy waits for one: it must not wait for ever. */
    @Test
    void aBadAnswerGivesItsPlaceToTheOtherCopy() throws Exception {
        OnVirtualClock.run(() -> {
            RateLimit limit = RateLimit.of(Limits.none().concurrency(1));
            ScriptedNext next = script("300 503", "100 200");
            ScriptedNext limited = new ScriptedNext(call -> limit.handle(call.request(), next));
            assertEquals("200 x by 1 after 400", play(late().build(), ScriptedNext.get(), limited));
            next.assertNothingHeld();
        });
    }

    @Test
    void theDeadlineEndsAllCopies() throws Exception {
        OnVirtualClock.run(() -> {
            ScriptedNext next = script("1000 200", "1000 200");
            assertThrows(
                    TimeoutException.class,
                    () -> Asyncio.timeout(
                            Duration.ofMillis(500),
                            () -> late().build()
                                    .handle(ScriptedNext.get(), next)
                                    .close()));
            Asyncio.sleep(0).await();
            next.assertNothingHeld();
            assertEquals(500, millis());
        });
    }

    @Test
    void mistakesComeThroughAsTheyAre() throws Exception {
        OnVirtualClock.run(() -> {
            IllegalArgumentException mine = new IllegalArgumentException("mine");
            ScriptedNext next = new ScriptedNext(call -> {
                throw mine;
            });
            assertSame(
                    mine,
                    assertThrows(
                            IllegalArgumentException.class,
                            () -> late().build()
                                    .handle(ScriptedNext.get(), next)
                                    .close()));
            ScriptedNext answering = script("200 200", "200 200");
            Hedge broken = late().good(response -> {
                        throw mine;
                    })
                    .build();
            assertThrows(
                    IllegalArgumentException.class,
                    () -> broken.handle(ScriptedNext.get(), answering).close());
            Asyncio.sleep(0).await();
            answering.assertNothingHeld();
        });
    }

    @Test
    void outOfRange() {
        assertThrows(IllegalArgumentException.class, () -> Hedge.after(Duration.ofMillis(-1)));
        assertThrows(IllegalArgumentException.class, () -> late().copies(0).build());
        for (double part : new double[] {0, 1, Double.NaN}) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> Hedge.builder().afterMost(part, 20, LATE).build());
        }
        assertThrows(
                IllegalArgumentException.class,
                () -> Hedge.builder().afterMost(0.9, 101, LATE).build());
    }

    @ParameterizedTest
    @CsvSource({"0.95, 95", "0.5, 50", "0.01, 1", "0.991, 100"})
    void quantiles(double part, long expected) {
        Latencies latencies = new Latencies(0);
        for (int i = 1; i <= 250; i++) {
            // The last hundred are 1 to 100, in some order.
            latencies.add(i <= 150 ? 1_000_000 : (i * 37L) % 100 + 1, 0);
        }
        assertEquals(100, latencies.size());
        assertEquals(expected, latencies.quantile(part));
    }

    @Test
    void hostsThatAreIdleAreForgotten() throws Exception {
        OnVirtualClock.run(() -> {
            Hedge hedge = Hedge.standard();
            ScriptedNext next = new ScriptedNext(call -> call.ok(""));
            for (int i = 0; i < 5000; i++) {
                play(hedge, ScriptedNext.get("http://host" + i + "/"), next);
                Asyncio.sleep(Duration.ofSeconds(1)).await();
            }
            assertTrue(hedge.size() < 1000, () -> hedge.size() + " hosts");
        });
    }

    @Test
    void cancelledAnywhere() {
        for (String[] script : new String[][] {
            {"150 200", "50 200"}, {"1000 200", "10 200"}, {"150 503", "100 200"}, {"300 refused", "50 500"}
        }) {
            AtomicReference<ScriptedNext> current = new AtomicReference<>();
            int awaits = CancelEverywhere.of(() -> {
                        ScriptedNext next = script(script);
                        current.set(next);
                        try {
                            play(late().build(), ScriptedNext.get(), next);
                        } catch (ConnectFailedException e) {
                            // What the script threw.
                        }
                    })
                    .childrenToo()
                    .check(() -> current.get().assertNothingHeld())
                    .run();
            assertTrue(awaits >= 4, () -> "only " + awaits + " awaits");
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void aStorm(long seed) throws Exception {
        OnVirtualClock.run(() -> {
            Random random = new Random(seed);
            Hedge hedge = late().copies(3).build();
            ScriptedNext next = new ScriptedNext(call -> {
                call.after(random.nextInt(4) * 50L);
                if (random.nextInt(5) == 0) {
                    throw call.refused();
                }
                return call.pieces(random.nextInt(5) == 0 ? 503 : 200, 10, List.of("a", "b"));
            });
            List<Task<String>> tasks = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                tasks.add(Asyncio.createTask(() -> play(hedge, ScriptedNext.get(), next)));
                if (random.nextInt(3) == 0) {
                    Asyncio.sleep(Duration.ofMillis(random.nextInt(3) * 50L)).await();
                }
                if (random.nextInt(3) == 0) {
                    tasks.get(random.nextInt(tasks.size())).cancel();
                }
            }
            Asyncio.wait(tasks).await();
            for (Task<String> task : tasks) {
                assertTrue(task.isCancelled() || task.exception() == null);
            }
            Asyncio.sleep(0).await();
            next.assertNothingHeld();
        });
    }
}
