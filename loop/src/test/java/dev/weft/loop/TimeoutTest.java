package dev.weft.loop;

import static dev.weft.loop.Asyncio.createTask;
import static dev.weft.loop.Asyncio.currentTask;
import static dev.weft.loop.Asyncio.deadline;
import static dev.weft.loop.Asyncio.sleep;
import static dev.weft.loop.Asyncio.timeout;
import static dev.weft.loop.Asyncio.timeoutAt;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** 2.L: timeout scopes. */
class TimeoutTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    @RegisterExtension
    final VirtualLoop test = new VirtualLoop();

    private final Loop loop = test.loop;
    private final List<String> log = test.log;
    private final Timeout[] scopes = new Timeout[2];

    @Test
    void c218_theDeadlineEndsTheBody() {
        test.run(() -> {
            TimeoutException error = assertThrows(
                    TimeoutException.class,
                    () -> timeout(SECOND, () -> sleep(10).await()));
            CancelledError interrupted = assertInstanceOf(CancelledError.class, error.getCause());
            assertEquals(CancelReason.Kind.DEADLINE, interrupted.reason().kind());
            assertTrue(error.getMessage().contains("1 s"), error.getMessage());
        });
        assertEquals(SECOND, test.elapsed());
    }

    @Test
    void c218_timeoutAtIsAMomentOfTheLoopsTime() {
        test.run(() -> {
            sleep(3).await();
            assertThrows(
                    TimeoutException.class,
                    () -> timeoutAt(Duration.ofSeconds(5), scope -> sleep(10).await()));
        });
        assertEquals(Duration.ofSeconds(5), test.elapsed());
    }

    @Test
    void c219_aDeadlineThatIsNotReachedDoesNothing() {
        test.run(() -> {
            String result = timeout(SECOND, scope -> {
                scopes[0] = scope;
                sleep(0.5).await();
                assertEquals(SECOND, scope.when());
                return "result";
            });
            assertEquals("result", result);
            assertFalse(scopes[0].expired());
            assertEquals(SECOND, scopes[0].when());
            sleep(10).await();
            assertEquals(0, currentTask().cancelling());
        });
    }

    @Test
    void c219_nullIsNoDeadline() {
        test.run(() -> {
            timeout(null, scope -> {
                scopes[0] = scope;
                assertNull(scope.when());
                return sleep(100).await();
            });
            assertFalse(scopes[0].expired());
            assertEquals(1, Asyncio.<Integer, RuntimeException>timeoutAt(null, scope -> 1));
        });
    }

    @Test
    void c219_aScopeThatIsLeftLeavesNoTimer() {
        RecordingClock clock = new RecordingClock();
        try (Runner runner = Runner.builder().clock(clock).handleSignals(false).build()) {
            runner.run(() -> {
                timeout(SECOND, () -> {});
                assertThrows(
                        IllegalStateException.class,
                        () -> timeout(SECOND, () -> {
                            throw new IllegalStateException("boom");
                        }));
            });
            clock.deadlines.clear();
            runner.loop().waitNanos();
            assertEquals(List.of(Long.MAX_VALUE), clock.deadlines);
        }
    }

    @Test
    void c220_noTimeIsOverAtTheFirstSuspension() {
        for (Duration none : List.of(Duration.ZERO, Duration.ofSeconds(-1))) {
            test.run(() -> {
                assertThrows(
                        TimeoutException.class,
                        () -> timeout(none, scope -> {
                            scopes[0] = scope;
                            return sleep(10).await();
                        }));
                assertTrue(scopes[0].expired());
                assertThrows(TimeoutException.class, () -> timeout(none, () -> sleep(0).await()));
            });
        }
        assertEquals(Duration.ZERO, test.elapsed());
    }

    @Test
    void c220_aMomentInThePast() {
        test.run(() -> {
            sleep(5).await();
            assertThrows(TimeoutException.class, () -> timeoutAt(Duration.ofSeconds(3), scope -> sleep(0).await()));
        });
        assertEquals(Duration.ofSeconds(5), test.elapsed());
    }

    @Test
    void c221_noTimeButNoSuspensionIsNoError() {
        test.run(() -> {
            assertEquals(42, Asyncio.<Integer, RuntimeException>timeout(Duration.ZERO, scope -> {
                scopes[0] = scope;
                return 42;
            }));
            assertFalse(scopes[0].expired());
            sleep(0).await();
            assertEquals(0, currentTask().cancelling());
        });
    }

    @Test
    void c222_ofTwoScopesWithOneDeadlineTheOuterThrows() {
        test.run(() -> {
            assertThrows(
                    TimeoutException.class,
                    () -> timeout(SECOND, outer -> {
                        scopes[0] = outer;
                        try {
                            return timeout(SECOND, inner -> {
                                scopes[1] = inner;
                                return sleep(10).await();
                            });
                        } catch (CancelledError e) {
                            log.add("cancelled passes the inner one");
                            throw e;
                        }
                    }));
            assertTrue(scopes[0].expired());
            assertTrue(scopes[1].expired());
            assertEquals(0, currentTask().cancelling());
        });
        assertEquals(List.of("cancelled passes the inner one"), log);
    }

    @Test
    void c223_theInnerDeadlineIsCaughtInsideTheOuterScope() {
        test.run(() -> {
            String result = timeout(Duration.ofSeconds(5), outer -> {
                scopes[0] = outer;
                assertThrows(
                        TimeoutException.class,
                        () -> timeout(SECOND, () -> sleep(10).await()));
                sleep(1).await();
                return "went on";
            });
            assertEquals("went on", result);
            assertFalse(scopes[0].expired());
        });
        assertEquals(Duration.ofSeconds(2), test.elapsed());
    }

    @Test
    void c223_theOuterDeadlinePassesTheInnerScope() {
        test.run(() -> {
            assertThrows(
                    TimeoutException.class,
                    () -> timeout(
                            SECOND,
                            () -> timeout(Duration.ofSeconds(5), inner -> {
                                scopes[1] = inner;
                                try {
                                    return sleep(10).await();
                                } catch (CancelledError e) {
                                    log.add("cancelled");
                                    throw e;
                                }
                            })));
            assertEquals(List.of("cancelled"), log);
            assertFalse(scopes[1].expired());
        });
        assertEquals(SECOND, test.elapsed());
    }

    @Test
    void c224_theBodySeesTheCancellationAndMayCleanUp() {
        test.run(() -> assertThrows(
                TimeoutException.class,
                () -> timeout(SECOND, () -> {
                    try {
                        sleep(10).await();
                    } catch (CancelledError e) {
                        sleep(1).await();
                        log.add("cleaned up");
                        throw e;
                    }
                })));
        assertEquals(List.of("cleaned up"), log);
        assertEquals(Duration.ofSeconds(2), test.elapsed());
    }

    @Test
    void c225_aBodyThatSwallowsItIsNotTimedOut() {
        test.run(() -> {
            String result = timeout(SECOND, scope -> {
                scopes[0] = scope;
                try {
                    sleep(10).await();
                } catch (CancelledError e) {
                    log.add("swallowed");
                }
                return "result";
            });
            assertEquals("result", result);
            assertTrue(scopes[0].expired());
            assertEquals(0, currentTask().cancelling());
            sleep(0).await();
        });
    }

    @Test
    void c226_aFailureBeforeTheDeadlinePasses() {
        test.run(() -> {
            IOException error = new IOException("boom");
            assertSame(
                    error,
                    assertThrows(
                            IOException.class,
                            () -> timeout(SECOND, () -> {
                                sleep(0.5).await();
                                throw error;
                            })));
            assertEquals(0, error.getSuppressed().length);
        });
    }

    @Test
    void c227_aFailureWhileUnwindingReplacesTheTimeoutAndShowsIt() {
        test.run(() -> {
            IllegalStateException error = new IllegalStateException("cleanup failed");
            assertSame(
                    error,
                    assertThrows(
                            IllegalStateException.class,
                            () -> timeout(SECOND, () -> {
                                try {
                                    sleep(10).await();
                                } finally {
                                    fail(error);
                                }
                            })));
            assertEquals(1, error.getSuppressed().length);
            assertInstanceOf(TimeoutException.class, error.getSuppressed()[0]);
            assertEquals(0, currentTask().cancelling());
        });
    }

    private static void fail(RuntimeException error) {
        throw error;
    }

    @Test
    void c229_aCancellationFromOutsideBeforeTheDeadlineStaysOne() {
        test.run(() -> {
            Task<Void> task = createTask(() -> timeout(SECOND, scope -> {
                scopes[0] = scope;
                return sleep(10).await();
            }));
            sleep(0).await();
            task.cancel("m");
            CancelledError error = assertThrows(CancelledError.class, task::await);
            assertEquals("m", error.reason().message());
            assertTrue(task.isCancelled());
            assertFalse(scopes[0].expired());
        });
        assertEquals(Duration.ZERO, test.elapsed());
    }

    @Test
    void c230_aCancellationFromOutsideInTheTickOfTheDeadlineWins() {
        for (boolean outsideFirst : new boolean[] {true, false}) {
            test.run(() -> {
                Task<?>[] task = new Task<?>[1];
                Duration when = loop.time().plus(SECOND);
                Runnable cancel = () -> task[0].cancel();
                if (outsideFirst) {
                    loop.callAt(when, cancel);
                }
                task[0] = createTask(() -> timeoutAt(when, scope -> {
                    scopes[0] = scope;
                    return sleep(10).await();
                }));
                sleep(0).await();
                if (!outsideFirst) {
                    loop.callAt(when, cancel);
                }
                assertThrows(CancelledError.class, task[0]::await);
                assertTrue(task[0].isCancelled());
                assertTrue(scopes[0].expired());
                assertEquals(1, task[0].cancelling());
            });
        }
    }

    @Test
    void c231_afterTheTimeoutTheTaskIsNotCancelled() {
        test.run(() -> {
            Task<String> task = createTask(() -> {
                assertThrows(
                        TimeoutException.class,
                        () -> timeout(SECOND, () -> sleep(10).await()));
                assertEquals(0, currentTask().cancelling());
                sleep(1).await();
                return "went on";
            });
            assertEquals("went on", task.await());
            assertFalse(task.isCancelled());
        });
    }

    @Test
    void c232_aScopeInTheCleanupOfACancelledTaskTimesOutByItself() {
        test.run(() -> {
            Task<Void> task = createTask(() -> {
                try {
                    sleep(10).await();
                } catch (CancelledError e) {
                    assertThrows(
                            TimeoutException.class,
                            () -> timeout(SECOND, () -> sleep(10).await()));
                    assertEquals(1, currentTask().cancelling());
                    log.add("cleaned up");
                    throw e;
                }
            });
            sleep(0).await();
            task.cancel();
            assertThrows(CancelledError.class, task::await);
        });
        assertEquals(List.of("cleaned up"), log);
        assertEquals(SECOND, test.elapsed());
    }

    @Test
    void c232_aSecondCancellationThereIsNoTimeout() {
        test.run(() -> {
            Task<Void> task = createTask(() -> {
                try {
                    sleep(10).await();
                } catch (CancelledError e) {
                    timeout(SECOND, () -> sleep(10).await());
                }
            });
            sleep(0).await();
            task.cancel();
            sleep(0.5).await();
            task.cancel();
            assertThrows(CancelledError.class, task::await);
            assertTrue(task.isCancelled());
            assertEquals(2, task.cancelling());
        });
        assertEquals(Duration.ofMillis(500), test.elapsed());
    }

    @Test
    void c233_aCancellationThatIsOnItsWaySurvivesAScopeWithoutTime() {
        for (double seconds : new double[] {0, 10}) {
            test.run(() -> {
                Task<Void> task = createTask(() -> {
                    currentTask().cancel("prior");
                    timeout(Duration.ZERO, () -> sleep(seconds).await());
                });
                CancelledError error = assertThrows(CancelledError.class, task::await);
                assertEquals("prior", error.reason().message());
                assertTrue(task.isCancelled());
            });
        }
    }

    @Test
    void c233_aDeadlineThatCameWithAValueDoesNotReachWhatFollowsTheScope() {
        test.run(() -> {
            Task<String> task = createTask(() -> {
                try {
                    sleep(10).await();
                } catch (CancelledError e) {
                    // One request stays outstanding, so that uncancel() alone would not withdraw the scope's.
                    log.add("cancelled " + currentTask().cancelling());
                }
                Future<String> value = loop.createFuture();
                Duration when = loop.time().plus(SECOND);
                loop.callAt(when, () -> value.setResult("value"));
                String got = timeoutAt(when, scope -> value.await());
                sleep(1).await();
                return got;
            });
            sleep(0).await();
            task.cancel();
            assertEquals("value", task.await());
        });
        assertEquals(List.of("cancelled 1"), log);
    }

    @Test
    void c233_theDeadlineOfAnOuterScopeIsNotLostWithThatOfAnInnerOne() {
        test.run(() -> {
            Future<String> value = loop.createFuture();
            loop.callLater(SECOND, () -> value.setResult("value"));
            assertThrows(
                    TimeoutException.class,
                    () -> timeout(SECOND, () -> {
                        log.add(timeout(SECOND, () -> value.await()));
                        sleep(10).await();
                    }));
            assertEquals(0, currentTask().cancelling());
        });
        assertEquals(List.of("value"), log);
        assertEquals(SECOND, test.elapsed());
    }

    @Test
    void c234_aDeadlineMayBeMovedAndTakenAway() {
        test.run(() -> {
            timeout(SECOND, scope -> {
                scope.reschedule(Duration.ofSeconds(3));
                assertEquals(Duration.ofSeconds(3), scope.when());
                sleep(2).await();
                scope.reschedule(null);
                assertNull(scope.when());
                assertFalse(scope.expired());
                return sleep(10).await();
            });
            Duration before = loop.time();
            assertThrows(
                    TimeoutException.class,
                    () -> timeout(null, scope -> {
                        scope.reschedule(before.plusSeconds(2));
                        return sleep(10).await();
                    }));
            assertEquals(before.plusSeconds(2), loop.time());
            assertThrows(
                    TimeoutException.class,
                    () -> timeout(SECOND, scope -> {
                        scope.reschedule(Duration.ZERO);
                        return sleep(10).await();
                    }));
            assertEquals(before.plusSeconds(2), loop.time());
        });
    }

    @Test
    void c235_aScopeThatIsOverCannotBeMoved() {
        test.run(() -> {
            timeout(SECOND, scope -> {
                scopes[0] = scope;
                return null;
            });
            assertMessage("finished", () -> scopes[0].reschedule(null));
            assertThrows(
                    TimeoutException.class,
                    () -> timeout(SECOND, scope -> {
                        scopes[0] = scope;
                        try {
                            return sleep(10).await();
                        } finally {
                            assertMessage("expiring", () -> scope.reschedule(null));
                        }
                    }));
            assertMessage("expired", () -> scopes[0].reschedule(null));
        });
    }

    private static void assertMessage(String part, org.junit.jupiter.api.function.Executable call) {
        String message = assertThrows(IllegalStateException.class, call).getMessage();
        assertTrue(message.contains(part), message);
    }

    @Test
    void c235_aScopeNeedsATask() {
        assertThrows(IllegalStateException.class, () -> timeout(SECOND, () -> {}));
        loop.callSoon(() -> timeout(SECOND, () -> {}));
        test.tick();
        assertTrue(test.reported.getFirst().exception().getMessage().contains("inside a task"));
    }

    @Test
    void c236_aScopeInTheFinallyOfAnotherHasItsOwnTimeout() {
        TimeoutException[] errors = new TimeoutException[2];
        test.run(() -> errors[0] = assertThrows(
                TimeoutException.class,
                () -> timeout(SECOND, () -> {
                    try {
                        sleep(10).await();
                    } finally {
                        errors[1] = assertThrows(
                                TimeoutException.class,
                                () -> timeout(SECOND, () -> sleep(10).await()));
                    }
                })));
        assertInstanceOf(CancelledError.class, errors[0].getCause());
        assertInstanceOf(CancelledError.class, errors[1].getCause());
        assertNotSame(errors[0].getCause(), errors[1].getCause());
        assertEquals(Duration.ofSeconds(2), test.elapsed());
    }

    @Test
    void c237_aGroupThatFailsWhileItIsTimedOutThrowsItsOwnError() {
        test.run(() -> {
            TaskGroupException error = assertThrows(
                    TaskGroupException.class,
                    () -> timeout(
                            SECOND,
                            () -> TaskGroup.run(group -> group.createTask(() -> {
                                try {
                                    sleep(10).await();
                                } finally {
                                    fail(new IllegalStateException("crash"));
                                }
                            }))));
            assertEquals("crash", error.first().getMessage());
            assertTrue(List.of(error.getSuppressed()).stream().anyMatch(TimeoutException.class::isInstance));
            assertEquals(0, currentTask().cancelling());
            sleep(0).await();
        });
    }

    @Test
    void c238_theEarliestDeadlineIsVisibleToTheCodeBelow() {
        test.run(() -> {
            assertEquals(Optional.empty(), deadline());
            timeout(Duration.ofSeconds(5), () -> {
                assertEquals(Optional.of(Duration.ofSeconds(5)), deadline());
                timeout(Duration.ofSeconds(9), () -> assertEquals(Optional.of(Duration.ofSeconds(5)), deadline()));
                timeout(SECOND, inner -> {
                    assertEquals(Optional.of(SECOND), deadline());
                    inner.reschedule(null);
                    assertEquals(Optional.of(Duration.ofSeconds(5)), deadline());
                    return null;
                });
                TaskGroup.run(
                        group -> group.createTask(() -> assertEquals(Optional.of(Duration.ofSeconds(5)), deadline())));
                Task<Optional<Duration>> apart = createTask(() -> deadline());
                assertEquals(Optional.empty(), apart.await());
            });
            assertEquals(Optional.empty(), deadline());
        });
    }
}
