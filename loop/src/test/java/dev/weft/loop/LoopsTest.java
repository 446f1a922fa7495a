package dev.weft.loop;

import static dev.weft.loop.Asyncio.createTask;
import static dev.weft.loop.Asyncio.sleep;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Several loops at once: how they begin, and how they end together. */
@Timeout(60)
class LoopsTest {
    private static final Duration LONG = Duration.ofDays(1);

    @RegisterExtension
    final VirtualLoop test = new VirtualLoop();

    /** What happened, on whatever thread. */
    private final ConcurrentLinkedQueue<String> log = new ConcurrentLinkedQueue<>();

    private static void forEver() {
        sleep(LONG).await();
    }

    /** Goes on when so many loops have come here. */
    private static void meet(CountDownLatch others) {
        others.countDown();
        Asyncio.toThread(() -> Elsewhere.await(others)).await();
    }

    @Test
    void eachLoopRunsItOnceAndTheResultsAreInOrder() {
        Set<Loop> loops = ConcurrentHashMap.newKeySet();
        CountDownLatch first = new CountDownLatch(2);
        List<String> results = Loops.run(3, index -> {
            loops.add(Asyncio.getRunningLoop());
            if (index == 0) {
                // The last to end.
                Asyncio.toThread(() -> Elsewhere.await(first)).await();
            }
            first.countDown();
            return "result " + index;
        });
        assertEquals(List.of("result 0", "result 1", "result 2"), results);
        assertEquals(3, loops.size());
        assertTrue(loops.stream().allMatch(Loop::isClosed));
    }

    @Test
    void theyRunAtTheSameTime() {
        CountDownLatch both = new CountDownLatch(2);
        Loops.run(2, index -> {
            meet(both);
            return null;
        });
        assertEquals(0, both.getCount());
    }

    @Test
    void zeroIsOneForEachProcessor() {
        assertEquals(
                Runtime.getRuntime().availableProcessors(),
                Loops.run(0, index -> index).size());
        String message = assertThrows(IllegalArgumentException.class, () -> Loops.run(-1, index -> index))
                .getMessage();
        assertEquals("the number of loops is -1; it takes at least 1, or 0 for one per processor", message);
    }

    @Test
    void theSettingsAreThoseOfEveryLoopAndItsThreadIsANamedDaemon() {
        List<String> names = Loops.run(2, Runner.builder().debug(true), index -> {
            assertTrue(Asyncio.getRunningLoop().isDebug());
            Thread thread = Asyncio.getRunningLoop().thread;
            assertTrue(thread.isDaemon());
            return thread.getName();
        });
        assertTrue(names.get(0).matches("weft-loops-\\d+-0"), names::toString);
        assertTrue(names.get(1).matches("weft-loops-\\d+-1"), names::toString);
    }

    @Test
    void whatIsLeftOnALoopIsCancelledAtItsEnd() {
        Loops.run(2, index -> {
            createTask(() -> {
                try {
                    forEver();
                } finally {
                    log.add("cleaned up");
                }
            });
            sleep(0).await();
            return null;
        });
        assertEquals(List.of("cleaned up", "cleaned up"), List.copyOf(log));
    }

    @Test
    void theFirstFailureEndsTheOthersAndIsThrownWhenAllHaveEnded() {
        IOException error = new IOException("boom");
        CountDownLatch all = new CountDownLatch(3);
        CompletionException thrown = assertThrows(
                CompletionException.class,
                () -> Loops.run(3, index -> {
                    try {
                        meet(all);
                        if (index == 1) {
                            throw error;
                        }
                        forEver();
                    } catch (CancelledError e) {
                        sleep(0).await();
                        log.add(e.reason().kind() + " " + e.reason().message());
                        throw e;
                    }
                    return index;
                }));
        assertSame(error, thrown.getCause());
        assertEquals(List.of("SIBLING_FAILED loop 1 failed", "SIBLING_FAILED loop 1 failed"), List.copyOf(log));
        assertEquals(0, error.getSuppressed().length);
    }

    @Test
    void whatElseFailsIsSuppressedButNotByItself() {
        CountDownLatch all = new CountDownLatch(3);
        Boom first = new Boom("first");
        Boom thrown = assertThrows(
                Boom.class,
                () -> Loops.run(3, index -> {
                    try {
                        meet(all);
                        if (index == 0) {
                            throw first;
                        }
                        forEver();
                    } catch (CancelledError e) {
                        throw index == 1 ? new Boom("clean-up of 1") : first;
                    }
                    return null;
                }));
        assertSame(first, thrown);
        assertEquals(1, first.getSuppressed().length);
        assertEquals("clean-up of 1", first.getSuppressed()[0].getMessage());
    }

    @Test
    void oneThatIsCancelledByItselfHasFailed() {
        CancelledError error = assertThrows(
                CancelledError.class,
                () -> Loops.run(2, index -> {
                    if (index == 0) {
                        Asyncio.currentTask().cancel("by itself");
                    }
                    forEver();
                    return null;
                }));
        assertEquals("by itself", error.reason().message());
    }

    @Test
    void aLoopThatCannotStartIsAFailure() {
        Exception error = assertThrows(
                Exception.class, () -> Loops.run(2, Runner.builder().transport("pigeon"), index -> index));
        assertTrue(String.valueOf(error.getMessage()).contains("pigeon"), error::toString);
    }

    // ---- the caller

    @Test
    void interruptingTheCallingThreadEndsAllOfThem() {
        CountDownLatch inside = new CountDownLatch(2);
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        AtomicReference<Boolean> still = new AtomicReference<>();
        Thread caller = Elsewhere.start(() -> {
            thrown.set(assertThrows(
                    CancelledError.class,
                    () -> Loops.run(2, index -> {
                        try {
                            inside.countDown();
                            forEver();
                        } finally {
                            sleep(0).await();
                            log.add("cleaned up");
                        }
                        return null;
                    })));
            still.set(Thread.currentThread().isInterrupted());
        });
        Elsewhere.await(inside);
        caller.interrupt();
        Elsewhere.join(caller);
        CancelReason reason = ((CancelledError) thrown.get()).reason();
        assertEquals(CancelReason.Kind.INTERRUPT, reason.kind());
        assertTrue(still.get());
        assertEquals(List.of("cleaned up", "cleaned up"), List.copyOf(log));
    }

    @Test
    void aSecondInterruptCancelsAgain() {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch refused = new CountDownLatch(1);
        Thread caller = Elsewhere.start(() -> assertThrows(
                CancelledError.class,
                () -> Loops.run(1, index -> {
                    try {
                        inside.countDown();
                        forEver();
                    } catch (CancelledError e) {
                        refused.countDown();
                        forEver();
                    }
                    return null;
                })));
        Elsewhere.await(inside);
        caller.interrupt();
        Elsewhere.await(refused);
        caller.interrupt();
        Elsewhere.join(caller);
    }

    @Test
    void aThreadThatWasInterruptedBeforeEndsThemBeforeTheyBegin() {
        Elsewhere.run(() -> {
            Thread.currentThread().interrupt();
            assertThrows(
                    CancelledError.class,
                    () -> Loops.run(2, index -> {
                        forEver();
                        return null;
                    }));
            assertTrue(Thread.interrupted());
        });
    }

    @Test
    void aVirtualThreadMayCall() throws InterruptedException {
        AtomicReference<List<Integer>> results = new AtomicReference<>();
        Thread caller = Thread.ofVirtual().start(() -> results.set(Loops.run(2, index -> index)));
        assertTrue(caller.join(Duration.ofSeconds(Elsewhere.PATIENCE_SECONDS)));
        assertEquals(List.of(0, 1), results.get());
    }

    @Test
    void aTaskThatCallsIsSuspendedAndItsClockStandsStill() {
        List<Integer> results = test.get(() -> {
            CountDownLatch both = new CountDownLatch(2);
            createTask(() -> test.log.add("meanwhile"));
            return Asyncio.timeout(
                    Duration.ofMillis(1),
                    () -> Loops.run(2, index -> {
                        meet(both);
                        return index;
                    }));
        });
        assertEquals(List.of(0, 1), results);
        assertEquals(List.of("meanwhile"), test.log);
        assertEquals(Duration.ZERO, test.elapsed());
    }

    @Test
    void cancellingTheCallingTaskEndsAllOfThem() {
        CountDownLatch inside = new CountDownLatch(2);
        test.run(() -> {
            Task<?> caller = createTask(() -> Loops.run(2, index -> {
                try {
                    inside.countDown();
                    forEver();
                } finally {
                    sleep(0).await();
                    log.add("cleaned up");
                }
                return null;
            }));
            Asyncio.toThread(() -> Elsewhere.await(inside)).await();
            caller.cancel("enough");
            CancelledError error = assertThrows(CancelledError.class, caller::await);
            assertEquals("enough", error.reason().message());
            assertEquals(List.of("cleaned up", "cleaned up"), List.copyOf(log));
        });
    }

    @Test
    void aFailureGoesBeforeTheCancellationOfTheCallerWhichComesAtItsNextAwait() {
        CountDownLatch inside = new CountDownLatch(1);
        test.run(() -> {
            Task<?> caller = createTask(() -> {
                assertThrows(
                        Boom.class,
                        () -> Loops.run(1, index -> {
                            try {
                                inside.countDown();
                                forEver();
                            } finally {
                                Boom.now("clean-up");
                            }
                            return null;
                        }));
                test.log.add("thrown");
                forEver();
            });
            Asyncio.toThread(() -> Elsewhere.await(inside)).await();
            caller.cancel();
            assertThrows(CancelledError.class, caller::await);
        });
        assertEquals(List.of("thrown"), test.log);
        assertEquals(Duration.ZERO, test.elapsed());
    }

    @Test
    void aCallbackCannotWait() {
        test.loop.callSoon(() -> {
            assertThrows(IllegalStateException.class, () -> Loops.run(1, index -> index));
            test.log.add("refused");
        });
        test.tick();
        assertEquals(List.of("refused"), test.log);
    }

    @Test
    void theContextVariablesOfTheCallerAreSeenAndEachSetsItsOwn() {
        ContextVar<String> variable = ContextVar.of("variable");
        test.run(() -> {
            variable.set("caller's");
            CountDownLatch both = new CountDownLatch(2);
            List<String> seen = Loops.run(2, index -> {
                String before = variable.get();
                variable.set("changed by " + index);
                meet(both);
                return before + ", " + variable.get();
            });
            assertEquals(List.of("caller's, changed by 0", "caller's, changed by 1"), seen);
            assertEquals("caller's", variable.get());
        });
    }

    // ---- signals

    @Test
    void theFirstSignalEndsAllOfThem() {
        String before = SunSignals.current("TERM").toString();
        CountDownLatch both = new CountDownLatch(2);
        SignalInterrupt error = assertThrows(
                SignalInterrupt.class,
                () -> Loops.run(2, Runner.builder().handleSignals(true), index -> {
                    try {
                        meet(both);
                        if (index == 0) {
                            SunSignals.raise("TERM");
                        }
                        forEver();
                    } catch (CancelledError e) {
                        log.add(e.reason().kind() + " " + e.reason().message());
                        throw e;
                    }
                    return null;
                }));
        assertEquals(143, error.exitCode());
        assertEquals(List.of("INTERRUPT SIGTERM", "INTERRUPT SIGTERM"), List.copyOf(log));
        assertEquals(before, SunSignals.current("TERM").toString());
    }

    @Test
    void afterASignalTheyMayEndWithWhatTheyHave() {
        assertEquals(List.of("saved"), Loops.run(1, Runner.builder().handleSignals(true), index -> {
            try {
                SunSignals.raise("TERM");
                forEver();
                return "slept";
            } catch (CancelledError e) {
                return "saved";
            }
        }));
    }

    @Test
    void withoutTheSettingSignalsAreLeftAlone() {
        String before = SunSignals.current("TERM").toString();
        assertEquals(
                List.of(before),
                Loops.run(
                        1,
                        Runner.builder().handleSignals(false),
                        index -> SunSignals.current("TERM").toString()));
    }

    // ---- work shared among them

    @Test
    void eachItemOfASharedSourceGoesToOneOfThem() {
        int items = 10_000;
        Iterable<Integer> shared = Loops.share(IntStream.range(0, items).boxed().iterator());
        int[] seen = new int[items];
        CountDownLatch all = new CountDownLatch(3);
        List<Integer> counts = Loops.run(3, index -> {
            meet(all);
            int count = 0;
            try (var results = Asyncio.mapBounded(shared, 8, item -> {
                sleep(0).await();
                return item;
            })) {
                for (int item : results) {
                    synchronized (seen) {
                        seen[item]++;
                    }
                    count++;
                }
            }
            return count;
        });
        assertEquals(items, counts.stream().mapToInt(Integer::intValue).sum());
        int[] once = new int[items];
        Arrays.fill(once, 1);
        assertArrayEquals(once, seen);
    }

    @Test
    void aConsumerHoldsTheItemThatItHasFoundAndNoMore() {
        Iterable<String> shared = Loops.share(List.of("a", "b", "c"));
        var one = shared.iterator();
        var other = shared.iterator();
        assertTrue(one.hasNext());
        assertTrue(one.hasNext());
        assertEquals("b", other.next());
        assertEquals("a", one.next());
        assertEquals("c", one.next());
        assertFalse(one.hasNext());
        assertThrows(NoSuchElementException.class, other::next);
    }

    @Test
    void nullIsAnItem() {
        var items = Loops.share(Collections.<String>singletonList(null)).iterator();
        assertTrue(items.hasNext());
        assertEquals(null, items.next());
        assertFalse(items.hasNext());
    }

    @Test
    void whatTheSourceThrowsEndsAllOfThem() {
        CountDownLatch both = new CountDownLatch(2);
        Iterable<String> shared = Loops.share(Stream.<String>generate(() -> {
                    throw new Boom("no more input");
                })
                .iterator());
        Boom error = assertThrows(
                Boom.class,
                () -> Loops.run(2, index -> {
                    meet(both);
                    if (index == 1) {
                        forEver();
                    }
                    for (String item : shared) {
                        log.add(item);
                    }
                    return null;
                }));
        assertEquals("no more input", error.getMessage());
        assertEquals(List.of(), List.copyOf(log));
    }

    @Test
    void aSourceThatAwaitsIsRefusedInsteadOfStandingStill() {
        test.run(() -> {
            Future<Boolean> gate = test.loop.createFuture();
            Iterable<Integer> shared = Loops.share(Stream.generate(() -> {
                        gate.await();
                        return 1;
                    })
                    .iterator());
            Task<Integer> reading = createTask(() -> shared.iterator().next());
            sleep(0).await();
            String message = assertThrows(
                            IllegalStateException.class, () -> shared.iterator().next())
                    .getMessage();
            assertTrue(message.contains("awaits"), message);
            gate.setResult(true);
            assertEquals(1, reading.await());
        });
    }
}
