package dev.weft.loop;

import static dev.weft.loop.Asyncio.createTask;
import static dev.weft.loop.Asyncio.shield;
import static dev.weft.loop.Asyncio.sleep;
import static dev.weft.loop.Asyncio.waitFor;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** 2.K: waitFor. */
class WaitForTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final List<Duration> NO_TIME = List.of(Duration.ZERO, Duration.ofSeconds(-1));

    @RegisterExtension
    final VirtualLoop test = new VirtualLoop();

    private final Loop loop = test.loop;
    private final List<String> log = test.log;

    private Task<String> withCleanup(double seconds) {
        return createTask(() -> {
            try {
                sleep(100).await();
            } catch (CancelledError e) {
                sleep(seconds).await();
                log.add("cleaned up");
                throw e;
            }
            return "value";
        });
    }

    @Test
    void c202_withoutALimitItIsAnAwait() {
        test.run(() -> {
            Awaitable<String, RuntimeException> coroutine = () -> {
                sleep(1000).await();
                return "value";
            };
            assertEquals("value", waitFor(coroutine, null).await());
            assertEquals("value", waitFor(createTask(coroutine), null).await());
        });
        assertEquals(Duration.ofSeconds(2000), test.elapsed());
    }

    @Test
    void c203_inTimeGivesTheValueOrTheFailure() {
        test.run(() -> {
            assertEquals(
                    "value",
                    waitFor(
                                    () -> {
                                        sleep(0.5).await();
                                        return "value";
                                    },
                                    SECOND)
                            .await());
            IllegalStateException error = new IllegalStateException("boom");
            Task<String> failing = createTask(() -> {
                throw error;
            });
            assertSame(error, assertThrows(IllegalStateException.class, waitFor(failing, SECOND)::await));
            sleep(10).await();
        });
    }

    @Test
    void c204_noTimeButDoneGivesTheValue() {
        for (Duration none : NO_TIME) {
            test.run(() -> {
                Future<String> done = loop.createFuture();
                done.setResult("done");
                assertEquals("done", waitFor(done, none).await());
            });
        }
    }

    @Test
    void c205_withNoTimeACoroutineIsNeverStarted() {
        for (Duration none : NO_TIME) {
            test.run(() -> {
                Awaitable<Boolean, RuntimeException> coroutine = () -> log.add("started");
                assertThrows(TimeoutException.class, waitFor(coroutine, none)::await);
            });
        }
        assertEquals(List.of(), log);
    }

    @Test
    void c206_withNoTimeARunningTaskIsCancelledAndCleanedUp() {
        for (Duration none : NO_TIME) {
            log.clear();
            test.run(() -> {
                Task<String> task = withCleanup(0);
                sleep(0).await();
                assertThrows(TimeoutException.class, waitFor(task, none)::await);
                assertTrue(task.isCancelled());
            });
            assertEquals(List.of("cleaned up"), log);
        }
        assertEquals(Duration.ZERO, test.elapsed());
    }

    @Test
    void c206_alsoInTheCleanupOfACancelledTask() {
        test.run(() -> {
            Task<String> waiter = createTask(() -> {
                try {
                    sleep(100).await();
                } catch (CancelledError e) {
                    Task<String> task = withCleanup(0);
                    sleep(0).await();
                    assertThrows(TimeoutException.class, waitFor(task, Duration.ZERO)::await);
                    assertThrows(TimeoutException.class, waitFor(withCleanup(0), SECOND)::await);
                }
                return "survived";
            });
            sleep(0).await();
            waiter.cancel();
            assertEquals("survived", waiter.await());
        });
    }

    @Test
    void c207_itWaitsForTheCleanupAndShowsTheInterruption() {
        for (Duration limit : List.of(SECOND, Duration.ZERO)) {
            log.clear();
            test.run(() -> {
                Task<String> task = withCleanup(5);
                sleep(0).await();
                Duration start = loop.time();
                TimeoutException error = assertThrows(TimeoutException.class, waitFor(task, limit)::await);
                assertInstanceOf(CancelledError.class, error.getCause());
                assertTrue(task.isDone());
                assertEquals(limit.plusSeconds(5), loop.time().minus(start));
            });
            assertEquals(List.of("cleaned up"), log);
        }
    }

    @Test
    void c208_aCoroutineThatIsTimedOutIsInterruptedWhereItIs() {
        test.run(() -> {
            TimeoutException error = assertThrows(
                    TimeoutException.class,
                    waitFor(
                            () -> {
                                try {
                                    return sleep(10).await();
                                } finally {
                                    log.add("finally");
                                }
                            },
                            SECOND)::await);
            assertTrue(error.getMessage().contains("1 s"), error.getMessage());
        });
        assertEquals(List.of("finally"), log);
        assertEquals(SECOND, test.elapsed());
    }

    @Test
    void c209_aFailureOfTheCleanupIsThrownInstead() {
        for (Duration limit : List.of(SECOND, Duration.ZERO)) {
            test.run(() -> {
                IllegalStateException error = new IllegalStateException("cleanup failed");
                Task<String> task = createTask(() -> {
                    try {
                        sleep(100).await();
                    } catch (CancelledError e) {
                        throw error;
                    }
                    return "value";
                });
                sleep(0).await();
                assertSame(error, assertThrows(IllegalStateException.class, waitFor(task, limit)::await));
            });
        }
    }

    @Test
    void c210_cancellingTheWaiterCancelsWhatItWaitsFor() {
        for (Duration limit : new Duration[] {null, Duration.ofSeconds(50)}) {
            test.run(() -> {
                Task<String> inner = withCleanup(0);
                Task<String> waiter = createTask(() -> waitFor(inner, limit).await());
                sleep(0).await();
                waiter.cancel("m");
                CancelledError error = assertThrows(CancelledError.class, waiter::await);
                assertEquals("m", error.reason().message());
                assertTrue(waiter.isCancelled());
                assertTrue(inner.isCancelled());
            });
        }
    }

    /** Ignores cancellations for some seconds. */
    private Task<String> stubborn(double seconds) {
        return createTask(() -> {
            Duration end = loop.time().plusNanos((long) (seconds * 1e9));
            while (loop.time().compareTo(end) < 0) {
                try {
                    sleep(0.1).await();
                } catch (CancelledError e) {
                    log.add("ignored");
                }
            }
            return "value";
        });
    }

    @Test
    void c211_nothingIsAbandonedThoughItIgnoresTheTimeout() {
        test.run(() -> {
            Task<String> inner = stubborn(3);
            // It ended with a value: that is what there is.
            assertEquals("value", waitFor(inner, SECOND).await());
            assertTrue(inner.isDone());
        });
        assertEquals(List.of("ignored"), log);
        assertTrue(test.elapsed().compareTo(Duration.ofSeconds(3)) >= 0);
    }

    @Test
    void c211_norThoughItIgnoresACancellationOfTheWaiter() {
        test.run(() -> {
            Task<String> inner = stubborn(3);
            Task<String> waiter =
                    createTask(() -> waitFor(inner, Duration.ofSeconds(50)).await());
            sleep(0.05).await();
            waiter.cancel();
            Asyncio.wait(List.of(waiter)).await();
            assertTrue(inner.isDone());
            assertEquals("value", inner.result());
        });
        assertTrue(test.elapsed().compareTo(Duration.ofSeconds(3)) >= 0);
    }

    @Test
    void c212_aValueAndACancelInOneTickGiveTheValueFirst() {
        test.run(() -> {
            Future<String> inner = loop.createFuture();
            Task<Void> waiter = createTask(() -> {
                log.add("got " + waitFor(inner, Duration.ofSeconds(50)).await());
                sleep(0).await();
                log.add("never");
            });
            sleep(0).await();
            inner.setResult("value");
            waiter.cancel();
            assertThrows(CancelledError.class, waiter::await);
            assertTrue(waiter.isCancelled());
            assertEquals("value", inner.result());
        });
        assertEquals(List.of("got value"), log);
    }

    @Test
    void c213_aValueAndTheDeadlineInOneTickGiveTheValue() {
        test.run(() -> {
            Future<String> inner = loop.createFuture();
            loop.callLater(SECOND, () -> inner.setResult("value"));
            assertEquals("value", waitFor(inner, SECOND).await());
            sleep(0).await();
            assertEquals(0, Asyncio.currentTask().cancelling());
        });
    }

    @Test
    void c214_aShieldedTaskSurvivesTheTimeout() {
        test.run(() -> {
            Task<String> task = createTask(() -> {
                sleep(2).await();
                return "value";
            });
            Future<String> shielded = shield(task);
            assertThrows(TimeoutException.class, waitFor(shielded, SECOND)::await);
            assertTrue(shielded.isCancelled());
            assertFalse(task.isDone());
            assertEquals("value", task.await());
        });
        assertEquals(Duration.ofSeconds(2), test.elapsed());
    }
}
