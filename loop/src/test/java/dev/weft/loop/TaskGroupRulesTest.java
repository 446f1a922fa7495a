package dev.weft.loop;

import static dev.weft.loop.Asyncio.createTask;
import static dev.weft.loop.Asyncio.currentTask;
import static dev.weft.loop.Asyncio.sleep;
import static dev.weft.loop.Boom.messages;
import static dev.weft.loop.Virtual.forever;
import static dev.weft.loop.Virtual.millis;
import static dev.weft.loop.Virtual.virtually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Section 2.M, C253 to C267 without cancel(): what goes into the group's error, what the group keeps, who may start tasks. */
class TaskGroupRulesTest {
    private static TaskGroupException failing(ScopeAction<? super TaskGroup, ?> body) {
        return assertThrows(TaskGroupException.class, () -> TaskGroup.run(body));
    }

    @Test
    void c253_anEmptyGroupIsLeftAtOnce() {
        virtually(() -> {
            boolean[] ran = new boolean[1];
            Asyncio.getRunningLoop().callSoon(() -> ran[0] = true);
            TaskGroup.run(g -> {});
            assertFalse(ran[0], "leaving an empty group does not suspend");
        });
    }

    @Test
    void c254_aFatalErrorOfTheBodyIsThrownBare() {
        virtually(() -> {
            UnknownError fatal = new UnknownError("body");
            Task<?>[] child = new Task<?>[1];
            UnknownError thrown = assertThrows(
                    UnknownError.class,
                    () -> TaskGroup.run(g -> {
                        child[0] = g.createTask(() -> Virtual.failingCleanup(10, "child"));
                        sleep(0).await();
                        throw fatal;
                    }));
            assertSame(fatal, thrown);
            assertTrue(child[0].isDone());
            assertEquals(
                    List.of("child"),
                    List.of(thrown.getSuppressed()).stream()
                            .map(Throwable::getMessage)
                            .toList(),
                    "what the others failed with is not swallowed");
        });
    }

    @Test
    void c254_aFatalErrorOfAChildIsThrownBareAndEndsTheRun() {
        InternalError fatal = new InternalError("child");
        List<Throwable> seen = new ArrayList<>();
        InternalError ofRun = assertThrows(
                InternalError.class,
                () -> virtually(() -> {
                    try {
                        TaskGroup.run(g -> {
                            g.createTask(() -> {
                                throw fatal;
                            });
                            forever();
                        });
                    } catch (InternalError e) {
                        seen.add(e);
                    }
                }));
        assertSame(fatal, ofRun);
        assertEquals(List.of(fatal), seen);
    }

    @Test
    void c254_recursionThatWentTooDeepIsNotFatal() {
        virtually(() -> {
            StackOverflowError deep = new StackOverflowError("child");
            TaskGroupException group = failing(g -> g.createTask(() -> {
                throw deep;
            }));
            assertEquals(List.of(deep), group.errors());
        });
    }

    @Test
    void c254_otherErrorsAreGrouped() {
        virtually(() -> {
            AssertionError ofBody = new AssertionError("body");
            AssertionError ofChild = new AssertionError("child");
            TaskGroupException group = failing(g -> {
                g.createTask(() -> {
                    try {
                        forever();
                    } finally {
                        throwIt(ofChild);
                    }
                });
                sleep(0).await();
                throw ofBody;
            });
            assertEquals(List.of(ofChild, ofBody), group.errors());
        });
    }

    private static void throwIt(Error error) {
        throw error;
    }

    @Test
    void c255_finishedChildrenAreReleasedWhileTheGroupIsOpen() {
        virtually(() -> TaskGroup.run(g -> {
            List<WeakReference<Object>> held = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                held.add(startHolding(g));
            }
            sleep(1).await();
            assertTrue(countAfterCollection(held) < 5, "results of ended tasks that the open group holds");
        }));
    }

    private static WeakReference<Object> startHolding(TaskGroup group) {
        Object result = new Object();
        group.createTask(() -> {
            sleep(0.1).await();
            return result;
        });
        return new WeakReference<>(result);
    }

    private static long countAfterCollection(List<WeakReference<Object>> held) {
        for (int attempt = 0; attempt < 20; attempt++) {
            System.gc();
            if (held.stream().allMatch(reference -> reference.refersTo(null))) {
                return 0;
            }
        }
        return held.stream().filter(reference -> !reference.refersTo(null)).count();
    }

    @Test
    void c256_childrenMayStartTasksInTheGroup() {
        virtually(() -> {
            List<Integer> started = new ArrayList<>();
            TaskGroup.run(g -> g.createTask(() -> spawn(g, started, 5)));
            assertEquals(List.of(5, 4, 3, 2, 1), started);
            assertEquals(500, millis());
        });
    }

    private static void spawn(TaskGroup group, List<Integer> started, int left) {
        if (left > 0) {
            started.add(left);
            sleep(0.1).await();
            group.createTask(() -> spawn(group, started, left - 1));
        }
    }

    @Test
    void c256_endlessSpawningStopsWhenOneFails() {
        virtually(() -> {
            List<Integer> started = new ArrayList<>();
            TaskGroupException group = failing(g -> {
                g.createTask(() -> spawn(g, started, Integer.MAX_VALUE));
                g.createTask(() -> Boom.after(0.45, "stop"));
            });
            assertEquals(List.of("stop"), messages(group));
            assertEquals(5, started.size());
            assertEquals(450, millis());
        });
    }

    @Test
    void c257_noTaskCanBeStartedAfterAFailure() {
        virtually(() -> {
            boolean[] ran = new boolean[1];
            TaskGroupException group = failing(g -> {
                g.createTask(() -> Boom.now("first"));
                try {
                    forever();
                } catch (CancelledError e) {
                    IllegalStateException refused =
                            assertThrows(IllegalStateException.class, () -> g.createTask(() -> ran[0] = true));
                    assertTrue(refused.getMessage().contains("is shutting down"), refused.getMessage());
                    throw e;
                }
            });
            assertEquals(List.of("first"), messages(group));
            assertFalse(ran[0]);
        });
    }

    @Test
    void c258_noTaskCanBeStartedAfterTheExit() {
        virtually(() -> {
            TaskGroup[] kept = new TaskGroup[1];
            TaskGroup.run(g -> kept[0] = g);
            IllegalStateException refused =
                    assertThrows(IllegalStateException.class, () -> kept[0].createTask(() -> 1));
            assertTrue(refused.getMessage().contains("is finished"), refused.getMessage());
        });
    }

    @Test
    void c258_aCallbackOfTheLastChildIsTooLate() {
        List<LoopError> reports = new ArrayList<>();
        Virtual.virtually(reports, () -> {
            TaskGroup.run(g -> {
                Task<Integer> last = g.createTask(() -> 1);
                last.addDoneCallback(done -> g.createTask(() -> 2));
            });
            Virtual.assertNothingLeft();
        });
        assertEquals(1, reports.size());
        assertTrue(reports.getFirst().exception().getMessage().contains("is finished"));
    }

    @Test
    void c258_outsideOfATaskThereIsNoGroup() {
        List<LoopError> reports = new ArrayList<>();
        Virtual.virtually(reports, () -> {
            Asyncio.getRunningLoop().callSoon(() -> TaskGroup.run(g -> {}));
            sleep(0).await();
        });
        assertTrue(reports.getFirst().exception().getMessage().contains("inside a task"));
        assertThrows(IllegalStateException.class, () -> TaskGroup.run(g -> {}));
    }

    private record Resource(String message) implements AutoCloseable {
        @Override
        public void close() {
            Boom.now(message);
        }
    }

    @Test
    void c259_aFailingCleanupDuringTheAbortIsInTheGroup() {
        virtually(() -> {
            TaskGroupException group = failing(g -> {
                g.createTask(() -> Boom.now("child"));
                try {
                    sleep(1).await();
                } finally {
                    Boom.now("close");
                }
            });
            assertEquals(List.of("child", "close"), messages(group));
            assertEquals(0, currentTask().cancelling());
        });
    }

    /** Java only: try-with-resources does not replace the cancellation by what close() throws, it suppresses it. */
    @Test
    void c259_alsoWhenTheCancellationSuppressesIt() {
        virtually(() -> {
            TaskGroupException group = failing(g -> {
                g.createTask(() -> Boom.now("child"));
                try (Resource resource = new Resource("close")) {
                    sleep(1).await();
                    Reference.reachabilityFence(resource);
                }
            });
            assertEquals(List.of("child", "close"), messages(group));
        });
    }

    @Test
    void c259_alsoInAChildThatIsCancelled() {
        virtually(() -> {
            TaskGroupException group = failing(g -> {
                g.createTask(() -> {
                    try (Resource resource = new Resource("close")) {
                        sleep(1).await();
                        Reference.reachabilityFence(resource);
                    }
                });
                g.createTask(() -> Boom.now("child"));
            });
            assertEquals(List.of("child", "close"), messages(group));
        });
    }

    @Test
    void c260_theCancelCountIsBack() {
        virtually(() -> {
            failing(g -> {
                g.createTask(() -> Boom.after(0, "child"));
                forever();
            });
            assertEquals(0, currentTask().cancelling());
            TaskGroupException outer = failing(outerGroup -> {
                failing(inner -> {
                    inner.createTask(() -> Boom.after(0, "inner"));
                    outerGroup.createTask(() -> Boom.after(0, "outer"));
                });
                assertEquals(1, currentTask().cancelling(), "the outer group is aborting");
                forever();
            });
            assertEquals(List.of("outer"), messages(outer));
            assertEquals(0, currentTask().cancelling());
        });
    }

    @Test
    void c264_nameAndContextReachTheChildBeforeItsFirstStep() {
        virtually(() -> {
            ContextVar<String> variable = ContextVar.of("variable");
            variable.set("of the parent");
            List<String> seen = new ArrayList<>();
            TaskGroup.run(g -> {
                g.createTask(() -> seen.add(currentTask().name() + " " + variable.get()), "yolo");
                variable.set("later");
                g.createTask(() -> seen.add(currentTask().name().startsWith("Task-") + " " + variable.get()));
            });
            assertEquals(List.of("yolo of the parent", "true later"), seen);
        });
    }

    @Test
    void c267_theGroupKeepsNeitherErrorsNorItsParent() {
        virtually(() -> {
            TaskGroup[] kept = new TaskGroup[1];
            List<WeakReference<Object>> held = new ArrayList<>();
            Task<?> parent = createTask(() -> {
                try {
                    TaskGroup.run(g -> {
                        kept[0] = g;
                        g.createTask(() -> Boom.now("child"));
                    });
                } catch (TaskGroupException e) {
                    held.add(new WeakReference<>(e.first()));
                }
            });
            parent.await();
            held.add(new WeakReference<>(parent));
            parent = null;
            sleep(0).await();
            assertEquals(0, countAfterCollection(held), "what a group that was left holds");
            Reference.reachabilityFence(kept);
        });
    }
}
