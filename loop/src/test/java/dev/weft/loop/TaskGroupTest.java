package dev.weft.loop;

import static dev.weft.loop.Asyncio.createTask;
import static dev.weft.loop.Asyncio.currentTask;
import static dev.weft.loop.Asyncio.sleep;
import static dev.weft.loop.Boom.messages;
import static dev.weft.loop.Virtual.failingCleanup;
import static dev.weft.loop.Virtual.forever;
import static dev.weft.loop.Virtual.millis;
import static dev.weft.loop.Virtual.virtually;
import static dev.weft.loop.Virtual.withCleanup;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Section 2.M, C241 to C252: what a task group waits for, and how failures and cancellations end it. */
class TaskGroupTest {
    private final List<String> log = new ArrayList<>();

    private static TaskGroupException failing(ScopeAction<? super TaskGroup, ?> body) {
        return assertThrows(TaskGroupException.class, () -> TaskGroup.run(body));
    }

    /** Runs a task until a moment, cancels it, and waits for how it ends. */
    private static Throwable cancelledAfter(double seconds, Action<?> body) {
        Task<?> runner = createTask(body);
        sleep(seconds).await();
        assertFalse(runner.isDone(), "ended too early");
        assertTrue(runner.cancel("from outside"));
        return assertThrows(Throwable.class, runner::await);
    }

    @Test
    void c241_theExitWaitsForAllChildren() {
        Duration took = virtually(() -> {
            List<Task<Integer>> tasks = new ArrayList<>();
            String result = TaskGroup.call(group -> {
                tasks.add(group.createTask(() -> {
                    sleep(1).await();
                    return 42;
                }));
                tasks.add(group.createTask(() -> {
                    sleep(3).await();
                    return 11;
                }));
                return "body";
            });
            assertEquals("body", result);
            assertEquals(List.of(42, 11), tasks.stream().map(Task::result).toList());
        });
        assertEquals(Duration.ofSeconds(3), took);
    }

    @Test
    void c241_theBodyMayAwaitItsChildrenAndGoOn() {
        virtually(() -> {
            int sum = TaskGroup.call(group -> {
                Task<Integer> a = group.createTask(() -> {
                    sleep(2).await();
                    return 1;
                });
                int first = a.await();
                Task<Integer> b = group.createTask(() -> 2);
                return first + b.await();
            });
            assertEquals(3, sum);
            assertEquals(2000, millis());
        });
    }

    @Test
    void c242_aChildCancelledByHandFailsNothing() {
        virtually(() -> {
            TaskGroup.run(group -> {
                Task<?> victim = group.createTask(() -> forever());
                Task<Integer> other = group.createTask(() -> {
                    sleep(2).await();
                    return 11;
                });
                sleep(1).await();
                assertTrue(victim.cancel());
                assertEquals(11, other.await());
                assertTrue(victim.isCancelled());
            });
            assertEquals(2000, millis());
        });
    }

    @Test
    void c243_aChildCancelledBeforeItsFirstStepIsNotWaitedForForever() {
        virtually(() -> {
            TaskGroup.run(group -> {
                Task<?> never = group.createTask(() -> log.add("ran"));
                never.cancel();
            });
            assertEquals(List.of(), log);
        });
    }

    @Test
    void c244_theExitWaitsForAsynchronousCleanup() {
        virtually(() -> {
            TaskGroupException group = failing(g -> {
                g.createTask(() -> Boom.after(0.001, "first"));
                g.createTask(() -> withCleanup(10, 0.010));
                g.createTask(() -> Boom.after(5, "cancelled in time"));
                forever();
            });
            assertEquals(List.of("first"), messages(group));
            assertEquals(11, millis());
            assertEquals(0, currentTask().cancelling());
        });
    }

    @Test
    void c244_twoFailuresInOneTickAreBothInTheGroup() {
        virtually(() -> {
            TaskGroupException group = failing(g -> {
                g.createTask(() -> Boom.after(1, "a"));
                g.createTask(() -> Boom.after(1, "b"));
                g.createTask(() -> forever());
            });
            assertEquals(List.of("a", "b"), messages(group));
        });
    }

    @Test
    void c245_cancelledWhileWaitingForChildren() {
        virtually(() -> {
            Task<?>[] child = new Task<?>[1];
            Throwable error =
                    cancelledAfter(1, () -> TaskGroup.run(g -> child[0] = g.createTask(() -> withCleanup(10, 2))));
            CancelledError cancelled = assertInstanceOf(CancelledError.class, error);
            assertEquals("from outside", cancelled.reason().message());
            assertTrue(child[0].isCancelled());
            assertEquals(3000, millis());
        });
    }

    @Test
    void c245_cancelledInTheBody() {
        virtually(() -> {
            Task<?>[] child = new Task<?>[1];
            Throwable error = cancelledAfter(
                    1,
                    () -> TaskGroup.run(g -> {
                        child[0] = g.createTask(() -> withCleanup(10, 2));
                        forever();
                    }));
            assertEquals(
                    "from outside",
                    assertInstanceOf(CancelledError.class, error).reason().message());
            assertTrue(child[0].isCancelled());
            assertEquals(3000, millis());
        });
    }

    @Test
    void c245_cancelledAgainWhileChildrenCleanUp() {
        virtually(() -> {
            Task<?>[] child = new Task<?>[1];
            Task<?> runner = createTask(() -> TaskGroup.run(g -> {
                child[0] = g.createTask(() -> withCleanup(10, 2));
                forever();
            }));
            sleep(1).await();
            runner.cancel("first");
            sleep(1).await();
            runner.cancel("second");
            CancelledError error = assertThrows(CancelledError.class, runner::await);
            assertEquals("first", error.reason().message());
            assertTrue(child[0].isDone());
            assertEquals(3000, millis(), "the second request does not cut the children's cleanup short");
        });
    }

    @Test
    void c246_aGroupErrorWinsOverTheCancellation() {
        virtually(() -> {
            Throwable error = cancelledAfter(
                    1,
                    () -> TaskGroup.run(g -> {
                        g.createTask(() -> failingCleanup(10, "in cleanup"));
                        forever();
                    }));
            assertEquals(List.of("in cleanup"), messages(assertInstanceOf(TaskGroupException.class, error)));
        });
    }

    @Test
    void c246_alsoWhenTheParentWaitsForItsChildren() {
        virtually(() -> {
            Throwable error = cancelledAfter(
                    1,
                    () -> TaskGroup.run(g -> {
                        g.createTask(() -> failingCleanup(10, "a"));
                        g.createTask(() -> failingCleanup(10, "b"));
                    }));
            assertEquals(List.of("a", "b"), messages(assertInstanceOf(TaskGroupException.class, error)));
        });
    }

    @Test
    void c247_anErrorOfTheBodyCancelsTheChildren() {
        virtually(() -> {
            List<Task<?>> children = new ArrayList<>();
            Boom boom = new Boom("body");
            TaskGroupException group = failing(g -> {
                children.add(g.createTask(() -> withCleanup(10, 0.5)));
                children.add(g.createTask(() -> forever()));
                sleep(0.1).await();
                throw boom;
            });
            assertEquals(List.of(boom), group.errors());
            assertSame(boom, group.getCause());
            assertTrue(children.stream().allMatch(Task::isCancelled));
            assertEquals(600, millis());
        });
    }

    @Test
    void c247_aCheckedErrorOfTheBodyIsInTheGroupAsItself() {
        virtually(() -> {
            java.io.IOException broken = new java.io.IOException("disk");
            TaskGroupException group = failing(g -> {
                throw broken;
            });
            assertEquals(List.of(broken), group.errors());
            assertEquals(broken, group.find(java.io.IOException.class).orElseThrow());
        });
    }

    @Test
    void c248_theBodysErrorComesAfterTheChildrens() {
        virtually(() -> {
            TaskGroupException group = failing(g -> {
                g.createTask(() -> failingCleanup(10, "child"));
                sleep(0).await();
                Boom.now("body");
            });
            assertEquals(List.of("child", "body"), messages(group));
        });
    }

    @Test
    void c249_anOuterFailureCancelsTheInnerGroup() {
        virtually(() -> {
            TaskGroupException group = failing(outer -> {
                outer.createTask(() -> Boom.after(0.1, "outer"));
                TaskGroup.run(inner -> {
                    inner.createTask(() -> withCleanup(10, 1));
                    forever();
                });
            });
            assertEquals(List.of("outer"), messages(group));
            assertEquals(1100, millis());
        });
    }

    @Test
    void c250_anInnerFailureIsAGroupInTheOutersGroup() {
        virtually(() -> {
            Task<?>[] child = new Task<?>[1];
            TaskGroupException group = failing(outer -> {
                child[0] = outer.createTask(() -> forever());
                TaskGroup.run(inner -> inner.createTask(() -> Boom.after(0.1, "inner")));
            });
            assertEquals(List.of("[inner]"), messages(group));
            assertTrue(child[0].isCancelled());
            assertEquals("inner", group.unwrap().getMessage());
            assertEquals("inner", group.find(Boom.class).orElseThrow().getMessage());
        });
    }

    private static void delayed(double seconds, Action<?> unwinding) throws Exception {
        try {
            forever();
        } finally {
            sleep(seconds).await();
            unwinding.run();
        }
    }

    @Test
    void c251_aChildFailsWhileTheCancelledBodyUnwinds() {
        virtually(() -> {
            Throwable inBody = cancelledAfter(
                    1,
                    () -> TaskGroup.run(g -> {
                        g.createTask(() -> Boom.after(1.2, "crash soon"));
                        delayed(0.5, () -> log.add("unwound"));
                    }));
            assertEquals(List.of("crash soon"), messages(assertInstanceOf(TaskGroupException.class, inBody)));
            Throwable inNested = cancelledAfter(
                    1,
                    () -> TaskGroup.run(g -> {
                        g.createTask(() -> Boom.after(1.2, "crash soon"));
                        TaskGroup.run(inner -> inner.createTask(() -> delayed(0.5, () -> log.add("unwound"))));
                    }));
            assertEquals(List.of("crash soon"), messages(assertInstanceOf(TaskGroupException.class, inNested)));
        });
    }

    @Test
    void c252_withoutChildrenTheCancellationOrWhatTheBodyMakesOfIt() {
        virtually(() -> {
            assertInstanceOf(CancelledError.class, cancelledAfter(1, () -> TaskGroup.run(g -> forever())));
            Throwable changed = cancelledAfter(1, () -> TaskGroup.run(g -> delayed(0, () -> Boom.now("mine"))));
            assertEquals(List.of("mine"), messages(assertInstanceOf(TaskGroupException.class, changed)));
        });
    }
}
