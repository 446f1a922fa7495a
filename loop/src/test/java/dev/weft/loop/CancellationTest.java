package dev.weft.loop;

import static dev.weft.loop.Asyncio.createTask;
import static dev.weft.loop.Asyncio.currentTask;
import static dev.weft.loop.Asyncio.gather;
import static dev.weft.loop.Asyncio.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** 2.G: cancellation. */
class CancellationTest {
    @RegisterExtension
    final VirtualLoop test = new VirtualLoop();

    private final Loop loop = test.loop;
    private final List<String> log = test.log;

    private static CancelledError assertCancelled(Future<?> future) {
        CancelledError error = assertThrows(CancelledError.class, future::await);
        assertTrue(future.isCancelled());
        return error;
    }

    // ---- where it arrives

    @Test
    void c125_aTaskCancelledBeforeItsFirstStepNeverRuns() {
        test.run(() -> {
            Task<Void> task = createTask(() -> {
                try {
                    log.add("body");
                } finally {
                    log.add("finally");
                }
            });
            assertTrue(task.cancel("m"));
            assertFalse(task.isCancelled());
            assertFalse(task.isDone());
            assertEquals("m", assertCancelled(task).reason().message());
            sleep(1).await();
        });
        assertEquals(List.of(), log);
    }

    @Test
    void c126_aSleepingTaskIsCancelledAtOnce() {
        test.run(() -> {
            Task<Integer> task = createTask(() -> {
                sleep(10).await();
                return 12;
            });
            sleep(0).await();
            assertTrue(task.cancel());
            assertFalse(task.isDone());
            assertCancelled(task);
            assertTrue(task.isDone());
            assertFalse(task.cancel());
        });
        assertEquals(Duration.ZERO, test.elapsed());
    }

    @Test
    void c127_betweenTwoTurnsItIsDeliveredAtTheNextStep() {
        test.run(() -> {
            Task<Void> task = createTask(() -> {
                log.add("1");
                sleep(0).await();
                log.add("2");
                sleep(0).await();
                log.add("3");
            });
            sleep(0).await();
            task.cancel();
            assertCancelled(task);
        });
        assertEquals(List.of("1"), log);
    }

    @Test
    void c128_aTaskThatIsDoneCannotBeCancelled() {
        test.run(() -> {
            Task<Integer> task = createTask(() -> 42);
            task.await();
            assertFalse(task.cancel());
            assertEquals(0, task.cancelling());
            assertEquals(42, task.result());
        });
    }

    @Test
    void c129_cancellingTaskAndFutureGivesOneError() {
        test.run(() -> {
            Future<Integer> inner = loop.createFuture();
            Task<Void> task = createTask(() -> {
                try {
                    inner.await();
                } catch (CancelledError e) {
                    log.add("once");
                    throw e;
                } finally {
                    assertThrowsNothing();
                }
            });
            sleep(0).await();
            inner.cancel();
            task.cancel();
            assertCancelled(task);
            assertTrue(inner.isCancelled());
        });
        assertEquals(List.of("once"), log);
    }

    private static void assertThrowsNothing() {
        // A second cancelled error would come here.
        sleep(0).await();
    }

    @Test
    void c130_aTaskThatCatchesItMayReturnAValue() {
        test.run(() -> {
            Future<Integer> inner = loop.createFuture();
            Task<Integer> task = createTask(() -> {
                try {
                    return inner.await();
                } catch (CancelledError e) {
                    return 42;
                }
            });
            sleep(0).await();
            task.cancel();
            assertEquals(42, task.await());
            assertFalse(task.isCancelled());
            assertTrue(inner.isCancelled());
        });
    }

    @Test
    void c131_aTaskThatIgnoresItGoesOnAndItsNextWaitIsItsOwn() {
        test.run(() -> {
            Future<Integer> first = loop.createFuture();
            Future<Integer> second = loop.createFuture();
            Task<Integer> task = createTask(() -> {
                try {
                    first.await();
                } catch (CancelledError e) {
                    log.add("ignored");
                }
                return second.await();
            });
            sleep(0).await();
            task.cancel();
            sleep(0).await();
            sleep(0).await();
            assertTrue(first.isCancelled());
            assertFalse(second.isDone());
            second.setResult(42);
            assertEquals(42, task.await());
        });
        assertEquals(List.of("ignored"), log);
    }

    @Test
    void c132_aTaskThatCancelsItselfIsStoppedAtItsNextWait() {
        test.run(() -> {
            Task<Void> task = createTask(() -> {
                assertTrue(currentTask().cancel());
                log.add("goes on");
                sleep(100).await();
                log.add("never");
            });
            assertCancelled(task);
        });
        assertEquals(List.of("goes on"), log);
        assertEquals(Duration.ZERO, test.elapsed());
    }

    @Test
    void c133_aTaskThatCancelsItselfAndEndsHasAValue() {
        test.run(() -> {
            Task<Integer> task = createTask(() -> {
                currentTask().cancel();
                return 42;
            });
            assertEquals(42, task.await());
            assertFalse(task.isCancelled());
        });
    }

    @Test
    void c134_afterCancellingItselfADoneFutureIsStillRead() {
        test.run(() -> {
            Future<Integer> done = loop.createFuture();
            done.setResult(42);
            Task<Void> task = createTask(() -> {
                currentTask().cancel();
                log.add("read " + done.await());
                sleep(0).await();
                log.add("never");
            });
            assertCancelled(task);
        });
        assertEquals(List.of("read 42"), log);
    }

    @Test
    void c135_afterCancellingItselfWhatItAwaitsIsCancelledToo() {
        test.run(() -> {
            Future<Integer> future = loop.createFuture();
            Task<Integer> sub = createTask(() -> future.await());
            sleep(0).await();
            Task<Integer> task = createTask(() -> {
                currentTask().cancel();
                return sub.await();
            });
            assertCancelled(task);
            assertTrue(sub.isCancelled());
            assertTrue(future.isCancelled());
        });
    }

    @Test
    void c136_itGoesToTheInnermostAwaitAndTheOuterCodeMaySwallowIt() {
        test.run(() -> {
            Future<Integer> future = loop.createFuture();
            Task<String> task = createTask(() -> {
                try {
                    innerThatRethrows(future);
                } catch (CancelledError e) {
                    log.add("outer");
                }
                return "finished";
            });
            sleep(0).await();
            task.cancel();
            assertEquals("finished", task.await());
            assertTrue(future.isCancelled());
        });
        assertEquals(List.of("inner", "outer"), log);
    }

    private void innerThatRethrows(Future<Integer> future) {
        try {
            future.await();
        } catch (CancelledError e) {
            log.add("inner");
            throw e;
        }
    }

    @Test
    void c136_aCatchOfExceptionDoesNotSwallowIt() {
        test.run(() -> {
            Task<Void> task = createTask(() -> {
                try {
                    sleep(10).await();
                } catch (Exception e) {
                    log.add("swallowed");
                }
            });
            sleep(0).await();
            task.cancel();
            assertCancelled(task);
        });
        assertEquals(List.of(), log);
    }

    // ---- counting

    @Test
    void c137_twoRequestsAreOneErrorAndACountOfTwo() {
        test.run(() -> {
            int[] errors = {0};
            Task<Integer> task = createTask(() -> {
                try {
                    sleep(10).await();
                } catch (CancelledError e) {
                    errors[0]++;
                }
                sleep(0).await();
                sleep(1).await();
                return currentTask().cancelling();
            });
            sleep(0).await();
            assertEquals(0, task.cancelling());
            assertTrue(task.cancel());
            assertTrue(task.cancel());
            assertEquals(2, task.cancelling());
            assertEquals(2, task.await());
            assertEquals(1, errors[0]);
        });
    }

    @Test
    void c137_twoRequestsBeforeTheFirstStepEndTheTaskOnce() {
        test.run(() -> {
            Task<Integer> task = createTask(() -> 1);
            assertTrue(task.cancel("first"));
            assertTrue(task.cancel("second"));
            assertEquals(2, task.cancelling());
            assertEquals("first", assertCancelled(task).reason().message());
        });
    }

    @Test
    void c138_uncancelCountsDownToZeroAndNotBelow() {
        test.run(() -> {
            Task<Void> task = createTask(() -> sleep(10).await());
            sleep(0).await();
            task.cancel();
            task.cancel();
            assertEquals(1, task.uncancel());
            assertEquals(0, task.uncancel());
            assertEquals(0, task.uncancel());
            assertEquals(0, task.cancelling());
            // It was delivered already: taking it back does not undo that.
            assertCancelled(task);
        });
    }

    @Test
    void c139_uncancelToZeroWithdrawsACancellationThatWasNotDelivered() {
        test.run(() -> {
            Task<Integer> task = createTask(() -> {
                sleep(0).await();
                sleep(1).await();
                return 42;
            });
            sleep(0).await();
            task.cancel();
            assertEquals(0, task.uncancel());
            assertEquals(42, task.await());
        });
        assertEquals(Duration.ofSeconds(1), test.elapsed());
    }

    @Test
    void c139_alsoBeforeTheFirstStep() {
        test.run(() -> {
            Task<Integer> task = createTask(() -> 42);
            task.cancel();
            task.uncancel();
            assertEquals(42, task.await());
        });
    }

    @Test
    void c139_oneOfTwoRequestsTakenBackLeavesTheOther() {
        test.run(() -> {
            Task<Integer> task = createTask(() -> 42);
            task.cancel();
            task.cancel();
            assertEquals(1, task.uncancel());
            assertCancelled(task);
        });
    }

    @Test
    void c140_aDeadlineMadeByHandConvertsOnlyItsOwnCancellation() {
        test.run(() -> {
            Task<Integer> task = createTask(() -> {
                Task<?> me = currentTask();
                TimerHandle deadline = loop.callLater(Duration.ofSeconds(1), () -> me.cancel());
                try {
                    sleep(10).await();
                } catch (CancelledError e) {
                    if (me.uncancel() > 0) {
                        throw e;
                    }
                    log.add("timed out");
                } finally {
                    deadline.cancel();
                }
                sleep(1).await();
                return me.cancelling();
            });
            assertEquals(0, task.await());
        });
        assertEquals(List.of("timed out"), log);
        assertEquals(Duration.ofSeconds(2), test.elapsed());
    }

    // ---- messages

    @Test
    void c141_messagesOfAnyKindReachWhoeverWaits() {
        for (Object message : Arrays.asList(null, "m", 5)) {
            test.run(() -> {
                Task<Void> task = createTask(() -> sleep(10).await());
                sleep(0).await();
                task.cancel(message);
                Asyncio.wait(List.of(task)).await();
                assertEquals(
                        message,
                        assertThrows(CancelledError.class, task::result)
                                .reason()
                                .message());
                assertEquals(
                        message,
                        assertThrows(CancelledError.class, task::exception)
                                .reason()
                                .message());
                assertEquals(message, assertCancelled(task).reason().message());
            });
        }
        test.run(() -> {
            Task<Void> task = createTask(() -> sleep(10).await());
            sleep(0).await();
            task.cancel();
            assertNull(assertCancelled(task).reason().message());
        });
    }

    @Test
    void c142_theMessageIsAtTheInnermostAwait() {
        test.run(() -> {
            Task<Void> inner = createTask(() -> {
                try {
                    sleep(10).await();
                } catch (CancelledError e) {
                    log.add("inner " + e.reason().message() + " by "
                            + e.reason().by());
                    throw e;
                }
            });
            Task<Void> outer = createTask(() -> {
                inner.await();
            });
            sleep(0).await();
            currentTask().setName("the-main");
            outer.cancel("why");
            assertEquals("why", assertCancelled(outer).reason().message());
        });
        assertEquals(List.of("inner why by the-main"), log);
    }

    // ---- values on their way

    @Test
    void c144_aValueIsNotLostToACancelInTheSameTick() {
        test.run(() -> {
            Future<String> connection = loop.createFuture();
            Task<Void> task = createTask(() -> {
                log.add("got " + connection.await());
                sleep(0).await();
                log.add("never");
            });
            sleep(0).await();
            connection.setResult("a connection");
            assertTrue(task.cancel("m"));
            assertEquals("m", assertCancelled(task).reason().message());
        });
        assertEquals(List.of("got a connection"), log);
    }

    @Test
    void c144_theCancellationThatCameAfterAValueStopsTheNextWaitOfAnyKind() {
        List<Action<RuntimeException>> waits = List.of(
                () -> sleep(0).await(),
                () -> sleep(10).await(),
                () -> loop.createFuture().await(),
                () -> Asyncio.wait(List.of(loop.createFuture())).await(),
                () -> gather(loop.createFuture()).await());
        for (Action<RuntimeException> next : waits) {
            test.run(() -> {
                Future<Integer> value = loop.createFuture();
                Task<Void> task = createTask(() -> {
                    value.await();
                    next.run();
                    log.add("never");
                });
                sleep(0).await();
                value.setResult(1);
                task.cancel();
                assertCancelled(task);
            });
        }
        assertEquals(List.of(), log);
        assertEquals(Duration.ZERO, test.elapsed());
    }

    @Test
    void c144_aFailureIsNotLostEither() {
        test.run(() -> {
            Future<String> future = loop.createFuture();
            Task<Void> task = createTask(() -> {
                assertThrows(IllegalStateException.class, future::await);
                log.add("seen");
                sleep(0).await();
            });
            sleep(0).await();
            future.setException(new IllegalStateException("boom"));
            task.cancel();
            assertCancelled(task);
        });
        assertEquals(List.of("seen"), log);
    }

    @Test
    void c144_theOtherWayRoundTheCancellationWins() {
        test.run(() -> {
            Future<String> future = loop.createFuture();
            Task<String> task = createTask(() -> future.await());
            sleep(0).await();
            task.cancel();
            assertThrows(InvalidStateException.class, () -> future.setResult("too late"));
            assertCancelled(task);
        });
    }

    @Test
    void c144_aValueFromAnotherThreadIsEitherDeliveredOrRefused() {
        test.run(() -> {
            for (int round = 0; round < 300; round++) {
                Future<Integer> future = loop.createFuture();
                List<Integer> got = new ArrayList<>();
                Task<Void> task = createTask(() -> {
                    got.add(future.await());
                });
                sleep(0).await();
                boolean[] accepted = {false};
                Thread giver = new Thread(() -> {
                    try {
                        future.setResult(1);
                        accepted[0] = true;
                    } catch (InvalidStateException e) {
                        accepted[0] = false;
                    }
                });
                giver.start();
                task.cancel();
                Asyncio.wait(List.of(task)).await();
                joined(giver);
                assertEquals(accepted[0] ? List.of(1) : List.of(), got);
            }
        });
    }

    private static void joined(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    // ---- tasks that wait for tasks

    @Test
    void c145_cancellingOneWaiterCancelsTheTaskForAll() {
        test.run(() -> {
            Task<Void> shared = createTask(() -> sleep(10).await());
            Task<Void> one = createTask(() -> {
                shared.await();
            });
            Task<Void> two = createTask(() -> {
                shared.await();
            });
            sleep(0).await();
            one.cancel();
            assertCancelled(two);
            assertTrue(one.isCancelled());
            assertTrue(shared.isCancelled());
        });
    }

    @Test
    void c145_cancellingOneThatJoinsLeavesTheTaskAndTheOthersAlone() {
        test.run(() -> {
            Task<Integer> shared = createTask(() -> {
                sleep(10).await();
                return 42;
            });
            Task<Integer> one = createTask(() -> shared.join().await());
            Task<Integer> two = createTask(() -> shared.join().await());
            sleep(0).await();
            one.cancel();
            assertCancelled(one);
            assertEquals(42, two.await());
            assertEquals(42, shared.join().await());
        });
    }

    @Test
    void c145_joiningAFailedTaskThrowsItsError() {
        test.run(() -> {
            Task<Void> failing = createTask(() -> {
                throw new IllegalStateException("broken");
            });
            assertEquals(
                    "broken",
                    assertThrows(
                                    IllegalStateException.class,
                                    () -> failing.join().await())
                            .getMessage());
        });
    }

    @Test
    void c145_aSwallowedCancellationOfAnAwaitedTaskGivesItsValue() {
        test.run(() -> {
            Task<Integer> inner = createTask(() -> {
                try {
                    sleep(10).await();
                    return 1;
                } catch (CancelledError e) {
                    return 42;
                }
            });
            Task<Integer> outer = createTask(() -> inner.await());
            sleep(0).await();
            outer.cancel();
            assertEquals(42, outer.await());
            assertFalse(outer.isCancelled());
            assertEquals(1, outer.cancelling());
        });
    }

    @Test
    void c146_aFailedTaskThatIsCancelledAfterwardsIsNotReported() {
        test.run(() -> {
            Task<Void> task = createTask(() -> {
                throw new IllegalStateException("boom");
            });
            sleep(0).await();
            assertFalse(task.cancel());
        });
        test.runner.close();
        assertEquals(List.of(), test.messages());
    }

    @Test
    void c148_aCancelledTaskIsNoFailureToReport() {
        test.run(() -> {
            Task<Void> task = createTask(() -> sleep(10).await());
            sleep(0).await();
            task.cancel();
            sleep(0).await();
        });
        test.runner.close();
        assertEquals(List.of(), test.messages());
    }

    @Test
    void c149_tasksThatWaitForEachOtherCanBeCancelled() {
        test.run(() -> {
            Task<?>[] circle = new Task<?>[3];
            for (int i = 0; i < circle.length; i++) {
                int next = (i + 1) % circle.length;
                circle[i] = createTask(() -> circle[next].await());
            }
            sleep(0).await();
            assertTrue(circle[0].cancel("m"));
            for (Task<?> task : circle) {
                assertEquals("m", assertCancelled(task).reason().message());
            }
        });
    }

    @Test
    void c149_aLoopWithTasksThatWaitForEachOtherCloses() {
        test.run(() -> {
            Task<?>[] circle = new Task<?>[2];
            circle[0] = createTask(() -> circle[1].await());
            circle[1] = createTask(() -> circle[0].await());
            sleep(0).await();
        });
        test.runner.close();
        assertEquals(List.of(), test.messages());
        assertEquals(Duration.ZERO, test.elapsed());
    }

    @Test
    void c149_aLongChainIsCancelledToItsEnd() {
        test.run(() -> {
            List<Task<Void>> chain = new ArrayList<>();
            chain.add(createTask(() -> sleep(10).await()));
            for (int i = 0; i < 500; i++) {
                Task<Void> last = chain.getLast();
                chain.add(createTask(() -> {
                    last.await();
                }));
            }
            sleep(0).await();
            chain.getLast().cancel("m");
            assertEquals("m", assertCancelled(chain.getLast()).reason().message());
            assertTrue(chain.stream().allMatch(Task::isCancelled));
        });
    }

    @Test
    void aCancelledErrorThatTheBodyThrowsByItselfCancelsTheTask() {
        test.run(() -> {
            CancelledError own = new CancelledError();
            Task<Void> task = createTask(() -> {
                throw own;
            });
            CancelledError error = assertCancelled(task);
            assertSame(own, error.getCause());
            assertEquals(0, task.cancelling());
        });
    }

    @Test
    void theCleanupOfACancelledTaskMayWait() {
        test.run(() -> {
            Task<Void> task = createTask(() -> {
                try {
                    sleep(10).await();
                } finally {
                    sleep(1).await();
                    log.add("cleaned up");
                }
            });
            sleep(0).await();
            task.cancel();
            assertCancelled(task);
        });
        assertEquals(List.of("cleaned up"), log);
        assertEquals(Duration.ofSeconds(1), test.elapsed());
    }

    @Test
    void aSecondCancellationInterruptsTheCleanup() {
        test.run(() -> {
            Task<Void> task = createTask(() -> {
                try {
                    sleep(10).await();
                } finally {
                    sleep(5).await();
                    log.add("never");
                }
            });
            sleep(0).await();
            task.cancel("first");
            sleep(1).await();
            task.cancel("second");
            assertEquals("second", assertCancelled(task).reason().message());
        });
        assertEquals(List.of(), log);
    }
}
