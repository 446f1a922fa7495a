package dev.weft.loop;

import static dev.weft.loop.Asyncio.createTask;
import static dev.weft.loop.Asyncio.currentTask;
import static dev.weft.loop.Asyncio.gather;
import static dev.weft.loop.Asyncio.gatherSettled;
import static dev.weft.loop.Asyncio.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** 2.I: gather, and the form that gives outcomes. */
class GatherTest {
    @RegisterExtension
    final VirtualLoop test = new VirtualLoop();

    private final Loop loop = test.loop;
    private final List<String> log = test.log;

    private final List<Future<Integer>> futures = new ArrayList<>();

    /** Five pending futures, a to e. */
    private Future<Integer> future(int index) {
        while (futures.size() <= index) {
            futures.add(loop.createFuture());
        }
        return futures.get(index);
    }

    private List<Future<Integer>> futures(int count) {
        future(count - 1);
        return futures.subList(0, count);
    }

    @Test
    void c165_resultsComeInTheOrderOfTheArguments() {
        test.run(() -> {
            Future<List<Integer>> all = gather(future(0), future(1), future(2));
            future(1).setResult(1);
            sleep(0).await();
            assertFalse(all.isDone());
            future(0).setResult(2);
            sleep(0).await();
            assertFalse(all.isDone());
            future(2).setResult(3);
            assertEquals(List.of(2, 1, 3), all.await());
        });
    }

    @Test
    void c165_coroutinesStartTogether() {
        test.run(() -> {
            List<String> all = gather(List.of(3, 1, 2), seconds -> {
                        sleep(seconds).await();
                        return seconds + " s";
                    })
                    .await();
            assertEquals(List.of("3 s", "1 s", "2 s"), all);
        });
        assertEquals(Duration.ofSeconds(3), test.elapsed());
    }

    @Test
    void c165_nullIsAResult() {
        test.run(() -> {
            List<Object> all = Asyncio.<Object>gather(() -> null, () -> "x").await();
            assertNull(all.getFirst());
            assertEquals("x", all.getLast());
        });
    }

    @Test
    void c166_theFirstFailureEndsItAtOnceAndWhatFollowsChangesNothing() {
        test.run(() -> {
            IllegalStateException error = new IllegalStateException("boom");
            Future<List<Integer>> all = gather(futures(5));
            future(0).setResult(1);
            future(1).setException(error);
            assertSame(error, assertThrows(IllegalStateException.class, all::await));
            future(2).setResult(3);
            future(3).cancel();
            future(4).setException(new IllegalArgumentException("later"));
            sleep(0).await();
            sleep(0).await();
            assertSame(error, all.exception());
        });
        futures.clear();
        test.runner.close();
        assertEquals(List.of(), test.messages());
    }

    @Test
    void c166_theOthersRunOn() {
        test.run(() -> {
            Future<List<Object>> all = gather(
                    () -> {
                        throw new IllegalStateException("boom");
                    },
                    () -> {
                        sleep(1).await();
                        return log.add("ran on");
                    });
            assertThrows(IllegalStateException.class, all::await);
            sleep(2).await();
        });
        assertEquals(List.of("ran on"), log);
    }

    @Test
    void c167_settledGivesEveryOutcomeInOrderWhenAllHaveEnded() {
        test.run(() -> {
            Future<List<Future<Integer>>> all = gatherSettled(futures(3));
            future(2).setResult(3);
            future(1).setException(new IllegalStateException("boom"));
            sleep(0).await();
            assertFalse(all.isDone());
            future(0).setResult(1);
            List<Future<Integer>> outcomes = all.await();
            assertEquals(1, outcomes.get(0).result());
            assertEquals("boom", outcomes.get(1).exception().getMessage());
            assertEquals(3, outcomes.get(2).result());
        });
        test.runner.close();
        assertEquals(List.of(), test.messages());
    }

    @Test
    void c169_aChildCancelledByItselfIsAFailureNotACancellation() {
        test.run(() -> {
            Future<List<Integer>> all = gather(futures(2));
            future(0).cancel("m");
            CancelledError error = assertThrows(CancelledError.class, all::await);
            assertEquals("m", error.reason().message());
            assertFalse(all.isCancelled());
            assertInstanceOf(CancelledError.class, all.exception());
            assertFalse(future(1).isDone());
        });
    }

    @Test
    void c170_settledShowsCancelledChildrenInTheirPlaces() {
        test.run(() -> {
            Future<List<Future<Integer>>> all = gatherSettled(futures(3));
            future(0).setResult(1);
            future(1).cancel("m");
            future(2).setException(new IllegalStateException("boom"));
            List<Future<Integer>> outcomes = all.await();
            assertFalse(all.isCancelled());
            assertEquals(1, outcomes.get(0).result());
            assertTrue(outcomes.get(1).isCancelled());
            assertEquals("boom", outcomes.get(2).exception().getMessage());
        });
    }

    @Test
    void c171_cancellingTheAwaitingTaskCancelsAllChildren() {
        test.run(() -> {
            Task<Void> one = createTask(() -> sleep(10).await());
            Task<Void> two = createTask(() -> sleep(10).await());
            List<Future<?>> gathers = new ArrayList<>();
            Task<Void> waiter = createTask(() -> {
                Future<List<Void>> all = gather(one, two);
                gathers.add(all);
                all.await();
            });
            sleep(0).await();
            waiter.cancel("m");
            CancelledError error = assertThrows(CancelledError.class, waiter::await);
            assertEquals("m", error.reason().message());
            assertTrue(one.isCancelled());
            assertTrue(two.isCancelled());
            assertTrue(waiter.isCancelled());
            assertTrue(gathers.getFirst().isCancelled());
            assertFalse(gathers.getFirst().cancel());
        });
        assertEquals(Duration.ZERO, test.elapsed());
    }

    @Test
    void c171_settledIsCancelledWithItsChildrenAndOnlyWhenAllHaveEnded() {
        test.run(() -> {
            Task<Void> slow = createTask(() -> {
                try {
                    sleep(10).await();
                } finally {
                    sleep(1).await();
                }
            });
            Task<Void> quick = createTask(() -> sleep(10).await());
            Task<Void> waiter = createTask(() -> {
                gatherSettled(slow, quick).await();
            });
            sleep(0).await();
            waiter.cancel();
            assertThrows(CancelledError.class, waiter::await);
            assertTrue(slow.isCancelled());
            assertTrue(quick.isCancelled());
        });
        assertEquals(Duration.ofSeconds(1), test.elapsed());
    }

    @Test
    void c171_aGatherThatIsCancelledStaysCancelledThoughAChildReturnsAValue() {
        test.run(() -> {
            Task<Integer> stubborn = createTask(() -> {
                try {
                    sleep(10).await();
                } catch (CancelledError e) {
                    log.add("ignored");
                }
                return 42;
            });
            Future<List<Integer>> all = gather(List.of(stubborn));
            sleep(0).await();
            assertTrue(all.cancel());
            assertThrows(CancelledError.class, all::await);
            assertEquals(42, stubborn.result());
        });
        assertEquals(List.of("ignored"), log);
    }

    @Test
    void c172_cancellingWhenAllChildrenAreDoneComesTooLate() {
        test.run(() -> {
            Future<List<Integer>> all = gather(futures(2));
            future(0).setResult(1);
            future(1).setResult(2);
            assertFalse(all.isDone());
            assertFalse(all.cancel());
            assertEquals(List.of(1, 2), all.await());
        });
    }

    @Test
    void c173_gatherOfGathersIsCancelledToTheLeaves() {
        test.run(() -> {
            Future<List<Integer>> one = gather(future(0), future(1));
            Future<List<Integer>> two = gather(List.of(future(2)));
            Future<List<List<Integer>>> both = gather(List.of(one, two));
            both.cancel();
            assertThrows(CancelledError.class, both::await);
            assertTrue(futures.stream().allMatch(Future::isCancelled));
        });
    }

    @Test
    void c174_theSameAwaitableRunsOnce() {
        test.run(() -> {
            Awaitable<Object, RuntimeException> coroutine = () -> {
                log.add("ran");
                return new Object();
            };
            List<Object> all = gather(coroutine, coroutine, coroutine).await();
            assertSame(all.get(0), all.get(1));
            assertSame(all.get(0), all.get(2));
            Future<Integer> future = loop.createFuture();
            future.setResult(7);
            assertEquals(List.of(7, 7), gather(future, future).await());
            assertEquals(2, gatherSettled(future, future).await().size());
        });
        assertEquals(List.of("ran"), log);
    }

    @Test
    void c175_nothingGathersToAnEmptyList() {
        test.run(() -> {
            assertEquals(List.of(), gather(List.<Future<Integer>>of()).await());
            assertEquals(List.of(), gatherSettled(List.<Future<Integer>>of()).await());
        });
        assertThrows(IllegalStateException.class, () -> gather(List.<Future<Integer>>of()));
    }

    @Test
    void c176_futuresOfTwoLoopsAreGatheredByAHop() {
        try (OtherLoop other = new OtherLoop()) {
            test.run(() -> {
                Future<Integer> foreign = other.loop.createFuture();
                Future<List<Integer>> all = gather(future(0), foreign);
                future(0).setResult(1);
                other.loop.callSoonThreadsafe(() -> foreign.setResult(2));
                assertEquals(List.of(1, 2), all.await());
            });
        }
    }

    @Test
    void c177_aSecondFailureIsNotReportedButSuppressedInTheFirst() {
        IllegalStateException first = new IllegalStateException("first");
        IllegalArgumentException second = new IllegalArgumentException("second");
        test.run(() -> {
            Future<List<Void>> all = gather(
                    createTask(() -> {
                        throw first;
                    }),
                    createTask(() -> {
                        throw second;
                    }));
            assertSame(first, assertThrows(IllegalStateException.class, all::await));
            sleep(0).await();
        });
        test.runner.close();
        assertEquals(List.of(), test.messages());
        assertEquals(List.of(second), List.of(first.getSuppressed()));
    }

    @Test
    void c177_theSameFailureTwiceIsNotSuppressedInItself() {
        IllegalStateException error = new IllegalStateException("boom");
        test.run(() -> {
            Future<List<Integer>> all = gather(futures(2));
            future(0).setException(error);
            future(1).setException(error);
            assertSame(error, assertThrows(IllegalStateException.class, all::await));
            sleep(0).await();
        });
        assertEquals(0, error.getSuppressed().length);
        assertEquals(List.of(), test.messages());
    }

    @Test
    void c178_aGatherNobodyAwaitsIsReportedLikeAnyFuture() {
        test.run(() -> {
            Future<List<Integer>> dropped = gather(futures(1));
            future(0).setException(new IllegalStateException("boom"));
            sleep(0).await();
            assertTrue(dropped.isDone());
        });
        test.runner.close();
        assertEquals(List.of("gather of 1 exception was never retrieved"), test.messages());
    }

    @Test
    void c179_childrenHaveTheContextAndNoOther() {
        test.run(() -> {
            Task<?> main = currentTask();
            List<Task<?>> tasks = Asyncio.<Task<?>>gather(Asyncio::currentTask, Asyncio::currentTask)
                    .await();
            assertTrue(tasks.getFirst() != tasks.getLast());
            assertFalse(tasks.contains(main));
        });
    }

    @Test
    void c180_tenThousandChildren() {
        test.run(() -> {
            List<Integer> inputs = new ArrayList<>();
            for (int i = 0; i < 10_000; i++) {
                inputs.add(i);
            }
            assertEquals(
                    inputs,
                    gather(inputs, i -> {
                                sleep(0).await();
                                return i;
                            })
                            .await());
        });
    }
}
