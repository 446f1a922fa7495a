package dev.weft.loop;

import static dev.weft.loop.Asyncio.createTask;
import static dev.weft.loop.Asyncio.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** 2.J: wait. */
class WaitTest {
    @RegisterExtension
    final VirtualLoop test = new VirtualLoop();

    private final Loop loop = test.loop;
    private final List<String> log = test.log;

    private static Task<Void> sleeper(double seconds) {
        return createTask(() -> sleep(seconds).await());
    }

    private static Task<Void> failing(double seconds) {
        return createTask(() -> {
            sleep(seconds).await();
            throw new IllegalStateException("boom");
        });
    }

    private static Waited<Void> wait(List<Task<Void>> tasks, ReturnWhen when) {
        return Asyncio.<Void>wait(tasks, null, when).await();
    }

    @Test
    void c182_waitsForAllAndTakesNoTimeAgain() {
        test.run(() -> {
            Task<Void> b = sleeper(0.15);
            Task<Void> a = sleeper(0.1);
            Waited<Void> waited = Asyncio.<Void>wait(List.of(b, a)).await();
            assertEquals(Set.of(a, b), waited.done());
            assertEquals(Set.of(), waited.pending());
            assertEquals(Duration.ofMillis(150), test.elapsed());
            loop.callSoon(() -> log.add("suspended"));
            assertEquals(Set.of(a, b), Asyncio.<Void>wait(List.of(b, a)).await().done());
            assertEquals(List.of(), log);
        });
        assertEquals(Duration.ofMillis(150), test.elapsed());
    }

    @Test
    void c183_firstCompletedReturnsWithTheFirst() {
        test.run(() -> {
            Task<Void> a = sleeper(10);
            Task<Void> b = sleeper(0.1);
            Waited<Void> waited = wait(List.of(a, b), ReturnWhen.FIRST_COMPLETED);
            assertEquals(Set.of(b), waited.done());
            assertEquals(Set.of(a), waited.pending());
            assertEquals(Duration.ofMillis(100), test.elapsed());
            assertFalse(a.isDone());
            assertEquals(
                    Set.of(b), wait(List.of(a, b), ReturnWhen.FIRST_COMPLETED).done());
        });
    }

    @Test
    void c184_whatEndsInTheSameTickIsDoneToo() {
        test.run(() -> {
            Task<Void> a = createTask(() -> {});
            Task<Void> b = createTask(() -> {});
            Task<Void> c = createTask(() -> {
                sleep(0).await();
                sleep(0).await();
                sleep(0).await();
            });
            Waited<Void> waited = wait(List.of(a, b, c), ReturnWhen.FIRST_COMPLETED);
            assertEquals(Set.of(a, b), waited.done());
            assertEquals(Set.of(c), waited.pending());
        });
    }

    @Test
    void c185_firstExceptionReturnsAtOnceWithAFailure() {
        test.run(() -> {
            Task<Void> a = sleeper(10);
            Task<Void> b = failing(0);
            Waited<Void> waited = wait(List.of(a, b), ReturnWhen.FIRST_EXCEPTION);
            assertEquals(Set.of(b), waited.done());
            assertEquals(Set.of(a), waited.pending());
            b.exception();
        });
        assertEquals(Duration.ZERO, test.elapsed());
    }

    @Test
    void c185_firstExceptionDuringTheWait() {
        test.run(() -> {
            Task<Void> a = sleeper(10);
            Task<Void> b = failing(0.01);
            Waited<Void> waited = wait(List.of(a, b), ReturnWhen.FIRST_EXCEPTION);
            assertEquals(Set.of(b), waited.done());
            assertEquals(Duration.ofMillis(10), test.elapsed());
            b.exception();
        });
    }

    @Test
    void c185_aCancelledTaskIsNoException() {
        test.run(() -> {
            Task<Void> a = sleeper(1);
            Task<Void> b = sleeper(10);
            sleep(0).await();
            b.cancel();
            Waited<Void> waited = wait(List.of(a, b), ReturnWhen.FIRST_EXCEPTION);
            assertEquals(Set.of(a, b), waited.done());
        });
        assertEquals(Duration.ofSeconds(1), test.elapsed());
    }

    @Test
    void c186_failuresOfTheTasksAreNotThrown() {
        test.run(() -> {
            Task<Void> a = sleeper(0.1);
            Task<Void> b = failing(0.15);
            Waited<Void> waited = wait(List.of(a, b), ReturnWhen.ALL_COMPLETED);
            assertEquals(Set.of(a, b), waited.done());
            assertEquals(
                    1,
                    waited.done().stream()
                            .filter(done -> done.exception() != null)
                            .count());
        });
    }

    @Test
    void c186_waitingDoesNotCountAsLooking() {
        test.run(() -> {
            Asyncio.<Void>wait(List.of(failing(0))).await();
        });
        test.runner.close();
        assertEquals(1, test.reported.size());
    }

    @Test
    void c187_whenTheTimeIsOverWhatIsPendingRunsOn() {
        test.run(() -> {
            Task<Void> a = sleeper(0.1);
            Task<Void> b = sleeper(0.15);
            Waited<Void> waited = Asyncio.<Void>wait(List.of(a, b), Duration.ofMillis(110), ReturnWhen.ALL_COMPLETED)
                    .await();
            assertEquals(Set.of(a), waited.done());
            assertEquals(Set.of(b), waited.pending());
            assertEquals(Duration.ofMillis(110), test.elapsed());
            b.await();
        });
        assertEquals(Duration.ofMillis(150), test.elapsed());
    }

    @Test
    void c187_noTimeAtAll() {
        test.run(() -> {
            Task<Void> done = createTask(() -> {});
            Task<Void> pending = sleeper(1);
            sleep(0).await();
            Waited<Void> waited = Asyncio.<Void>wait(List.of(done, pending), Duration.ZERO, ReturnWhen.ALL_COMPLETED)
                    .await();
            assertEquals(Set.of(done), waited.done());
            assertEquals(Set.of(pending), waited.pending());
            assertEquals(
                    Set.of(done),
                    Asyncio.<Void>wait(List.of(done), Duration.ZERO, ReturnWhen.ALL_COMPLETED)
                            .await()
                            .done());
        });
        assertEquals(Duration.ZERO, test.elapsed());
    }

    @Test
    void c188_anUnusedTimeoutLeavesNoTimer() {
        RecordingClock clock = new RecordingClock();
        try (Runner runner = Runner.builder().clock(clock).handleSignals(false).build()) {
            runner.run(() -> {
                Task<Void> quick = createTask(() -> sleep(0).await());
                Asyncio.<Void>wait(List.of(quick), Duration.ofHours(1), ReturnWhen.ALL_COMPLETED)
                        .await();
            });
            clock.deadlines.clear();
            runner.loop().waitNanos();
            assertEquals(List.of(Long.MAX_VALUE), clock.deadlines);
        }
    }

    @Test
    void c189_nothingToWaitForIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> Asyncio.wait(List.of()));
        assertThrows(NullPointerException.class, () -> Asyncio.wait(null));
        assertThrows(NullPointerException.class, () -> Asyncio.wait(List.of(loop.createFuture()), null, null));
    }

    @Test
    void c190_duplicatesCountOnceAndTheOrderIsKept() {
        test.run(() -> {
            Task<Void> a = sleeper(2);
            Task<Void> b = sleeper(1);
            Waited<Void> waited = Asyncio.<Void>wait(List.of(a, b, a, b)).await();
            assertEquals(List.of(a, b), new ArrayList<>(waited.done()));
        });
    }

    @Test
    void c190_futuresOfAnotherLoopMayBeAmongThem() {
        try (OtherLoop other = new OtherLoop()) {
            test.run(() -> {
                Future<Void> foreign = other.loop.createFuture();
                Future<Void> own = loop.createFuture();
                loop.callSoon(() -> own.setResult(null));
                Waited<Void> first = Asyncio.<Void>wait(List.of(foreign, own), ReturnWhen.FIRST_COMPLETED)
                        .await();
                assertEquals(Set.of(own), first.done());
                other.loop.callSoonThreadsafe(() -> foreign.setResult(null));
                assertEquals(
                        Set.of(foreign, own),
                        Asyncio.<Void>wait(List.of(foreign, own)).await().done());
            });
        }
    }

    @Test
    void c191_cancellingTheWaiterDoesNotCancelTheTasks() {
        test.run(() -> {
            Task<Void> a = sleeper(1);
            Task<Void> waiter = createTask(() -> {
                Asyncio.<Void>wait(List.of(a)).await();
            });
            sleep(0).await();
            waiter.cancel();
            assertThrows(CancelledError.class, waiter::await);
            assertFalse(a.isDone());
            a.await();
            assertFalse(a.isCancelled());
        });
        assertEquals(Duration.ofSeconds(1), test.elapsed());
    }

    @Test
    void c191_aWaiterThatIsGoneLeavesNoCallbackBehind() {
        test.run(() -> {
            Future<Void> never = loop.createFuture();
            for (int i = 0; i < 10; i++) {
                Asyncio.<Void>wait(List.of(never), Duration.ofSeconds(1), ReturnWhen.ALL_COMPLETED)
                        .await();
            }
            never.addDoneCallback(done -> log.add("mine"));
            never.setResult(null);
            int[] queued = {0};
            loop.callSoon(() -> queued[0] = log.size());
            sleep(0).await();
            assertEquals(1, queued[0]);
        });
    }

    @Test
    void aValueAndACancelInTheSameTickGiveTheValueFirst() {
        test.run(() -> {
            Future<Void> future = loop.createFuture();
            Task<Void> waiter = createTask(() -> {
                log.add("done "
                        + Asyncio.<Void>wait(List.of(future)).await().done().size());
                sleep(0).await();
                log.add("never");
            });
            sleep(0).await();
            future.setResult(null);
            sleep(0).await();
            waiter.cancel();
            assertThrows(CancelledError.class, waiter::await);
            assertTrue(waiter.isCancelled());
        });
        assertEquals(List.of("done 1"), log);
    }

    @Test
    void waitingForTenThousandIsNotQuadratic() {
        test.run(() -> {
            List<Task<Void>> tasks = new ArrayList<>();
            for (int i = 0; i < 10_000; i++) {
                tasks.add(sleeper(i * 0.001));
            }
            long start = System.nanoTime();
            assertEquals(10_000, Asyncio.<Void>wait(tasks).await().done().size());
            long millis = (System.nanoTime() - start) / 1_000_000;
            assertTrue(millis < 5_000, () -> "took " + millis + " ms");
        });
    }
}
