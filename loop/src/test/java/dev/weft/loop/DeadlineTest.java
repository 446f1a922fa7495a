package dev.weft.loop;

import static dev.weft.loop.Asyncio.createTask;
import static dev.weft.loop.Asyncio.currentTask;
import static dev.weft.loop.Asyncio.deadline;
import static dev.weft.loop.Asyncio.sleep;
import static dev.weft.loop.Asyncio.timeout;
import static dev.weft.loop.Asyncio.timeoutAt;
import static dev.weft.loop.Virtual.forever;
import static dev.weft.loop.Virtual.millis;
import static dev.weft.loop.Virtual.virtually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** C237, timeouts around and inside task groups, and {@code deadline()} through nested scopes and groups. */
class DeadlineTest {
    private final List<String> log = new ArrayList<>();

    private static Duration seconds(long seconds) {
        return Duration.ofSeconds(seconds);
    }

    private static void assertDeadline(long seconds) {
        assertEquals(Optional.of(seconds(seconds)), deadline());
    }

    @Test
    void c237_theGroupErrorReplacesTheTimeoutAndKeepsItInSight() {
        virtually(() -> {
            TaskGroupException group = assertThrows(
                    TaskGroupException.class,
                    () -> timeout(
                            seconds(1),
                            () -> TaskGroup.run(g -> g.createTask(() -> Virtual.failingCleanup(10, "in cleanup")))));
            assertEquals(List.of("in cleanup"), Boom.messages(group));
            assertInstanceOf(TimeoutException.class, group.getSuppressed()[0]);
            assertEquals(0, currentTask().cancelling());
            sleep(1).await();
        });
    }

    @Test
    void c237_withoutAFailureTheTimeoutComesOut() {
        virtually(() -> {
            assertThrows(
                    TimeoutException.class,
                    () -> timeout(
                            seconds(1),
                            () -> TaskGroup.run(g -> {
                                g.createTask(() -> Virtual.withCleanup(10, 2));
                                g.createTask(() -> forever());
                            })));
            assertEquals(3000, millis());
        });
    }

    @Test
    void c237_aTimeoutInTheBodyIsTheBodysError() {
        virtually(() -> {
            TaskGroupException group = assertThrows(
                    TaskGroupException.class,
                    () -> TaskGroup.run(g -> {
                        g.createTask(() -> forever());
                        timeout(seconds(1), () -> forever());
                    }));
            assertInstanceOf(TimeoutException.class, group.first());
        });
    }

    @Test
    void c237_aTimeoutInAChildFailsTheGroup() {
        virtually(() -> {
            TaskGroupException group = assertThrows(
                    TaskGroupException.class,
                    () -> TaskGroup.run(g -> {
                        g.createTask(() -> timeout(seconds(1), () -> forever()));
                        forever();
                    }));
            assertInstanceOf(TimeoutException.class, group.unwrap());
            assertEquals(1000, millis());
        });
    }

    /** The deadline and the failure come in one tick: which one is first decides, and neither leaves anything behind. */
    @Test
    void c237_theDeadlineInTheTickOfAFailure() {
        for (boolean failureFirst : List.of(true, false)) {
            virtually(() -> {
                TaskGroupException group = assertThrows(
                        TaskGroupException.class,
                        () -> timeout(seconds(1), scope -> {
                            if (failureFirst) {
                                scope.reschedule(null);
                            }
                            TaskGroup.run(g -> {
                                g.createTask(() -> Boom.after(1, "child"));
                                sleep(0).await();
                                if (failureFirst) {
                                    scope.reschedule(seconds(1));
                                }
                                forever();
                            });
                            return null;
                        }));
                assertEquals(List.of("child"), Boom.messages(group));
                assertEquals(0, currentTask().cancelling());
                sleep(0).await();
            });
        }
    }

    @Test
    void withoutAScopeThereIsNoDeadline() {
        virtually(() -> {
            assertEquals(Optional.empty(), deadline());
            timeout(null, () -> assertEquals(Optional.empty(), deadline()));
            TaskGroup.run(g -> assertEquals(Optional.empty(), deadline()));
        });
        assertThrows(IllegalStateException.class, Asyncio::deadline);
    }

    @Test
    void theEarliestOfTheNestedScopesCounts() {
        virtually(() -> {
            timeout(seconds(10), () -> {
                assertDeadline(10);
                timeout(seconds(20), () -> assertDeadline(10));
                timeout(seconds(5), () -> {
                    assertDeadline(5);
                    timeout(null, () -> assertDeadline(5));
                });
                sleep(1).await();
                assertDeadline(10);
                timeout(seconds(2), () -> assertDeadline(3));
                timeoutAt(seconds(4), scope -> {
                    assertDeadline(4);
                    return null;
                });
            });
            assertEquals(Optional.empty(), deadline());
        });
    }

    @Test
    void itFollowsAReschedule() {
        virtually(() -> timeout(seconds(10), outer -> {
            timeout(seconds(5), inner -> {
                inner.reschedule(seconds(7));
                assertDeadline(7);
                inner.reschedule(null);
                assertDeadline(10);
                outer.reschedule(seconds(3));
                assertDeadline(3);
                return null;
            });
            return null;
        }));
    }

    @Test
    void tasksOfAGroupAreInTheScopesAroundIt() {
        virtually(() -> timeout(seconds(10), outer -> {
            TaskGroup.run(g -> {
                timeout(seconds(5), () -> {
                    // The group is around this scope, and outlives it.
                    g.createTask(() -> assertDeadline(10)).await();
                    TaskGroup.run(inner -> inner.createTask(() -> {
                        assertDeadline(5);
                        timeout(seconds(2), () -> assertDeadline(2));
                        TaskGroup.run(deep -> deep.createTask(() -> assertDeadline(5)));
                    }));
                });
                g.createTask(() -> {
                    sleep(1).await();
                    outer.reschedule(seconds(4));
                    assertDeadline(4);
                });
                g.createTask(() -> {
                    sleep(2).await();
                    assertDeadline(4);
                });
            });
            return null;
        }));
    }

    @Test
    void attemptsOfARaceAreInTheScopesAroundIt() {
        virtually(() -> timeout(seconds(10), () -> {
            assertEquals(
                    Optional.of(seconds(10)),
                    Asyncio.race(List.of(Asyncio::deadline)).await());
        }));
    }

    @Test
    void aTaskOfItsOwnHasNoDeadlineButItsOwn() {
        virtually(() -> timeout(seconds(10), () -> {
            Task<Optional<Duration>> free = createTask(() -> deadline());
            assertEquals(Optional.empty(), free.await());
        }));
    }

    @Test
    void theScopeIsLeftWhenItsBodyFails() {
        virtually(() -> {
            assertThrows(Boom.class, () -> timeout(seconds(1), () -> Boom.now("body")));
            assertEquals(Optional.empty(), deadline());
            assertThrows(TimeoutException.class, () -> timeout(seconds(1), () -> forever()));
            assertEquals(Optional.empty(), deadline());
        });
    }

    /** C233: a request from before a timeout that is over at once is not the timeout's. */
    @Test
    void aRequestFromBeforeTheScopeSurvivesIt() {
        virtually(() -> {
            for (long delay : List.of(0L, 1L)) {
                Task<?> runner = createTask(() -> {
                    currentTask().cancel("before");
                    timeout(seconds(delay), () -> forever());
                });
                assertEquals(
                        "before",
                        assertThrows(CancelledError.class, runner::await)
                                .reason()
                                .message());
            }
        });
    }

    /** A deadline that passes while the body has a value on its way, in a task that is being cancelled, ends with its scope. */
    @Test
    void aDeadlineThatCameTooLateDoesNotLeakIntoTheCleanup() {
        virtually(() -> {
            Task<?> runner = createTask(() -> {
                try {
                    forever();
                } finally {
                    Future<Integer> value = Asyncio.getRunningLoop().createFuture();
                    Asyncio.getRunningLoop().callLater(seconds(1), () -> value.setResult(1));
                    timeout(seconds(1), value::await);
                    sleep(1).await();
                    log.add("cleaned up");
                }
            });
            sleep(1).await();
            runner.cancel("outside");
            assertThrows(CancelledError.class, runner::await);
            assertEquals(List.of("cleaned up"), log);
        });
    }
}
