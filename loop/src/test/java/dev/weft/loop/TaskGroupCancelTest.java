package dev.weft.loop;

import static dev.weft.loop.Asyncio.createTask;
import static dev.weft.loop.Asyncio.currentTask;
import static dev.weft.loop.Asyncio.sleep;
import static dev.weft.loop.Boom.messages;
import static dev.weft.loop.Virtual.forever;
import static dev.weft.loop.Virtual.millis;
import static dev.weft.loop.Virtual.virtually;
import static dev.weft.loop.Virtual.withCleanup;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Section 2.M, C261 to C266: cancellations from outside and by the group itself are told apart, and none is lost. */
class TaskGroupCancelTest {
    private final List<String> log = new ArrayList<>();

    private static TaskGroupException failing(ScopeAction<? super TaskGroup, ?> body) {
        return assertThrows(TaskGroupException.class, () -> TaskGroup.run(body));
    }

    private static void later(double seconds, Runnable callback) {
        Asyncio.getRunningLoop().callLater(java.time.Duration.ofNanos(Math.round(seconds * 1e9)), callback);
    }

    @Test
    void c261_anErrorAndACancellationTogether() {
        virtually(() -> {
            Task<?> runner = createTask(() -> {
                TaskGroupException group = failing(g -> {
                    g.createTask(() -> Boom.after(1, "child"));
                    forever();
                });
                log.add(messages(group) + " " + currentTask().cancelling());
                forever();
            });
            later(1, () -> runner.cancel("outside"));
            CancelledError error = assertThrows(CancelledError.class, runner::await);
            assertEquals(List.of("[child] 1"), log);
            assertEquals("outside", error.reason().message(), "the cancellation that is left is the one from outside");
        });
    }

    @Test
    void c261_theCancellationThatCameWhileTheGroupWaitedIsNotLostEither() {
        virtually(() -> {
            Task<?> runner = createTask(() -> {
                failing(g -> {
                    g.createTask(() -> Boom.after(1, "child"));
                    g.createTask(() -> withCleanup(10, 2));
                });
                log.add("handled at " + millis());
                forever();
            });
            later(2, () -> runner.cancel("outside"));
            CancelledError error = assertThrows(CancelledError.class, runner::await);
            assertEquals(List.of("handled at 3000"), log);
            assertEquals("outside", error.reason().message());
        });
    }

    @Test
    void c262_theAbortDoesNotLeakOutOfAGroupWhoseBodyNeverSuspends() {
        virtually(() -> {
            failing(g -> {
                g.createTask(() -> Boom.now("child"));
                // Fails while the body has a value on its way, so that the abort is not delivered in the body.
                Future<Integer> ready = Asyncio.getRunningLoop().createFuture();
                Asyncio.getRunningLoop().callSoon(() -> ready.setResult(1));
                ready.await();
            });
            sleep(0).await();
            sleep(1).await();
            assertEquals(0, currentTask().cancelling());
        });
    }

    @Test
    void c263_aFailureOfAnAwaitedChildIsInTheGroupOnce() {
        virtually(() -> {
            TaskGroupException unchecked = failing(g -> {
                Task<?> child = g.createTask(() -> Boom.after(1, "child"));
                Task<?> waiting = g.createTask(() -> child.await());
                child.await();
                waiting.await();
            });
            assertEquals(List.of("child"), messages(unchecked));
            IOException broken = new IOException("disk");
            TaskGroupException checked = failing(g -> g.createTask(() -> {
                        throw broken;
                    })
                    .await());
            assertEquals(List.of(broken), checked.errors());
        });
    }

    @Test
    void c265_aBodyThatSwallowsTheAbortMayGoOnButNotSpawn() {
        virtually(() -> {
            TaskGroupException group = failing(g -> {
                g.createTask(() -> Boom.after(1, "child"));
                try {
                    forever();
                } catch (CancelledError swallowed) {
                    log.add("swallowed " + swallowed.reason().kind());
                }
                sleep(5).await();
                log.add("went on");
                assertThrows(IllegalStateException.class, () -> g.createTask(() -> 1));
            });
            assertEquals(List.of("child"), messages(group));
            assertEquals(List.of("swallowed SIBLING_FAILED", "went on"), log);
            assertEquals(6000, millis());
        });
    }

    @Test
    void c266_cancelEndsChildrenAndBodyWithoutAnError() {
        virtually(() -> {
            List<Task<?>> children = new ArrayList<>();
            String result = TaskGroup.call(g -> {
                children.add(g.createTask(() -> withCleanup(10, 1)));
                children.add(g.createTask(() -> forever()));
                g.createTask(() -> {
                    sleep(1).await();
                    g.cancel();
                    g.cancel();
                });
                forever();
                return "never";
            });
            assertNull(result);
            assertTrue(children.stream().allMatch(Task::isCancelled));
            assertEquals(2000, millis());
            sleep(1).await();
        });
    }

    @Test
    void c266_cancelByTheBodyItself() {
        virtually(() -> {
            TaskGroup.run(g -> {
                g.createTask(() -> log.add("child"));
                g.cancel();
                log.add("still running");
                assertThrows(IllegalStateException.class, () -> g.createTask(() -> 1));
                sleep(0).await();
                log.add("never");
            });
            assertEquals(List.of("still running"), log);
        });
    }

    @Test
    void c266_aBodyThatEndsBeforeTheCancelReachesItKeepsItsResult() {
        virtually(() -> {
            assertEquals("result", TaskGroup.call(g -> {
                g.cancel();
                return "result";
            }));
            sleep(1).await();
        });
    }

    @Test
    void c266_cancelWhileTheParentWaits() {
        virtually(() -> {
            TaskGroup.run(g -> {
                g.createTask(() -> withCleanup(10, 1));
                later(1, g::cancel);
            });
            assertEquals(2000, millis());
        });
    }

    @Test
    void c266_afterTheExitItDoesNothing() {
        virtually(() -> {
            TaskGroup[] kept = new TaskGroup[1];
            TaskGroup.run(g -> kept[0] = g);
            kept[0].cancel();
            sleep(1).await();
            assertEquals(0, currentTask().cancelling());
        });
    }

    @Test
    void c266_errorsOfTheCleanupAreStillThrown() {
        virtually(() -> {
            TaskGroupException group = failing(g -> {
                g.createTask(() -> Virtual.failingCleanup(10, "child"));
                sleep(1).await();
                g.cancel();
                forever();
            });
            assertEquals(List.of("child"), messages(group));
        });
    }

    /** gh-155433. */
    @Test
    void c266_aCancellationFromOutsideDuringTheCancelIsNotDropped() {
        virtually(() -> {
            Task<?> runner = createTask(() -> {
                TaskGroup.run(g -> {
                    g.createTask(() -> withCleanup(10, 2));
                    later(1, g::cancel);
                    forever();
                });
                log.add("left without an error");
            });
            later(2, () -> runner.cancel("outside"));
            CancelledError error = assertThrows(CancelledError.class, runner::await);
            assertEquals("outside", error.reason().message());
            assertEquals(List.of(), log);
            assertEquals(3000, millis());
        });
    }

    @Test
    void c266_norInTheSameTickAndItsReasonIsTold() {
        virtually(() -> {
            List<CancelledError> errors = new ArrayList<>();
            for (boolean outsideFirst : List.of(true, false)) {
                TaskGroup[] group = new TaskGroup[1];
                Task<?> runner = createTask(() -> TaskGroup.run(g -> {
                    group[0] = g;
                    forever();
                }));
                sleep(1).await();
                if (outsideFirst) {
                    runner.cancel("outside");
                    group[0].cancel();
                } else {
                    group[0].cancel();
                    runner.cancel("outside");
                }
                errors.add(assertThrows(CancelledError.class, runner::await));
            }
            assertEquals(
                    List.of("outside", "outside"),
                    errors.stream().map(e -> e.reason().message()).toList());
        });
    }

    @Test
    void c266_anOuterAbortIsNotEatenByAnInnerGroupThatIsCancelling() {
        virtually(() -> {
            TaskGroupException group = failing(outer -> {
                outer.createTask(() -> Boom.after(2, "outer"));
                TaskGroup.run(inner -> {
                    inner.createTask(() -> withCleanup(10, 3));
                    sleep(1).await();
                    inner.cancel();
                });
                log.add("body went on after the inner group");
                sleep(100).await();
            });
            assertEquals(List.of("outer"), messages(group));
            assertEquals(List.of(), log);
            assertEquals(4000, millis());
        });
    }

    /** A scope converts its own cancellation only, and all of its own: also in a task that is being cancelled. */
    @Test
    void c266_aGroupInTheCleanupOfACancelledTaskEndsQuietly() {
        virtually(() -> {
            Task<?> runner = createTask(() -> {
                try {
                    forever();
                } finally {
                    TaskGroup.run(g -> {
                        g.createTask(() -> forever());
                        later(1, g::cancel);
                        forever();
                    });
                    log.add("cleaned up");
                }
            });
            sleep(1).await();
            runner.cancel("outside");
            assertEquals(
                    "outside",
                    assertThrows(CancelledError.class, runner::await).reason().message());
            assertEquals(List.of("cleaned up"), log);
        });
    }

    @Test
    void c261_aFailureInTheCleanupOfACancelledTaskDoesNotCancelItAgain() {
        virtually(() -> {
            Task<?> runner = createTask(() -> {
                try {
                    forever();
                } finally {
                    failing(g -> {
                        g.createTask(() -> Boom.after(1, "in cleanup"));
                        forever();
                    });
                    sleep(1).await();
                    log.add("cleaned up");
                }
            });
            sleep(1).await();
            runner.cancel("outside");
            assertInstanceOf(CancelledError.class, assertThrows(Throwable.class, runner::await));
            assertEquals(List.of("cleaned up"), log);
            assertEquals(3000, millis());
        });
    }

    /** The group is entered by a task that was asked to stop but has not heard of it yet: that request is not the group's. */
    @Test
    void c261_aRequestFromBeforeTheGroupIsNotTheGroups() {
        virtually(() -> {
            Task<?> runner = createTask(() -> {
                currentTask().cancel("before");
                TaskGroup.run(g -> {
                    g.cancel();
                    forever();
                });
                log.add("left without an error");
            });
            assertEquals(
                    "before",
                    assertThrows(CancelledError.class, runner::await).reason().message());
            assertEquals(List.of(), log);
        });
    }
}
