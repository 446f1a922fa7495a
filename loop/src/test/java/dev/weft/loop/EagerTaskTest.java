package dev.weft.loop;

import static dev.weft.loop.Asyncio.allTasks;
import static dev.weft.loop.Asyncio.createEagerTask;
import static dev.weft.loop.Asyncio.createTask;
import static dev.weft.loop.Asyncio.currentTask;
import static dev.weft.loop.Asyncio.gather;
import static dev.weft.loop.Asyncio.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.loop.testing.VirtualClock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** 2.H: tasks that start eagerly. */
class EagerTaskTest {
    @RegisterExtension
    final VirtualLoop test = new VirtualLoop();

    private final Loop loop = test.loop;
    private final List<String> log = test.log;

    @Test
    void c154_aBodyThatDoesNotSuspendIsDoneWhenTheTaskIsCreated() {
        test.run(() -> {
            Task<?> main = currentTask();
            Task<?>[] inside = new Task<?>[1];
            Task<String> task = createEagerTask(() -> {
                inside[0] = currentTask();
                return "value";
            });
            assertTrue(task.isDone());
            assertEquals("value", task.result());
            assertEquals("value", task.await());
            assertSame(task, inside[0]);
            assertSame(main, currentTask());
            assertEquals(List.of(main), allTasks());
        });
    }

    @Test
    void c154_aFailureIsTheTasksAndNotTheCreators() {
        test.run(() -> {
            IllegalStateException error = new IllegalStateException("boom");
            Task<Void> task = createEagerTask(() -> {
                throw error;
            });
            assertTrue(task.isDone());
            assertSame(error, assertThrows(IllegalStateException.class, task::await));
        });
    }

    @Test
    void c155_theFirstStepRunsInTheCallAndTheRestAsUsual() {
        test.run(() -> {
            loop.callSoon(() -> log.add("queued before"));
            Task<Void> task = createEagerTask(() -> {
                log.add("first step");
                sleep(0).await();
                log.add("second step");
            });
            log.add("created");
            assertFalse(task.isDone());
            assertTrue(allTasks().contains(task));
            task.await();
        });
        assertEquals(List.of("first step", "created", "queued before", "second step"), log);
    }

    @Test
    void c155_nothingElseRunsMeanwhile() {
        test.run(() -> {
            createTask(() -> log.add("lazy"));
            loop.callSoon(() -> log.add("callback"));
            createEagerTask(() -> log.add("eager"));
            log.add("creator");
            sleep(0).await();
        });
        assertEquals(List.of("eager", "creator", "lazy", "callback"), log);
    }

    @Test
    void c156_cancellingWhatIsDoneHasNoEffect() {
        test.run(() -> {
            Task<String> task = createEagerTask(() -> "value");
            assertFalse(task.cancel());
            assertEquals("value", task.await());
        });
    }

    @Test
    void c157_cancellingWhatSuspended() {
        test.run(() -> {
            Task<Void> task = createEagerTask(() -> sleep(10).await());
            assertTrue(task.cancel("m"));
            assertEquals(1, task.cancelling());
            CancelledError error = assertThrows(CancelledError.class, task::await);
            assertEquals("m", error.reason().message());
        });
    }

    @Test
    void c157_theCreatorMayBeCancelledByTheFirstStep() {
        test.run(() -> {
            Task<Void> creator = createTask(() -> {
                Task<?> me = currentTask();
                createEagerTask(() -> me.cancel());
                log.add("goes on");
                sleep(0).await();
                log.add("never");
            });
            assertThrows(CancelledError.class, creator::await);
        });
        assertEquals(List.of("goes on"), log);
    }

    @Test
    void c159_writesToVariablesStayInTheChild() {
        ContextVar<String> variable = ContextVar.of("variable");
        test.run(() -> {
            variable.set("parent");
            createEagerTask(() -> {
                assertEquals("parent", variable.get());
                variable.set("child");
                sleep(0).await();
                assertEquals("child", variable.get());
                log.add("checked");
            });
            assertEquals("parent", variable.get());
            variable.set("parent later");
            sleep(0).await();
            assertEquals("parent later", variable.get());
        });
        assertEquals(List.of("checked"), log);
    }

    @Test
    void c159_alsoWhenACallbackCreatesIt() {
        ContextVar<String> variable = ContextVar.of("variable");
        loop.callSoon(() -> {
            variable.set("callback");
            createEagerTask(() -> {
                variable.set("child");
                log.add("in the call");
                sleep(0).await();
            });
            log.add(variable.get());
            log.add("task " + currentTask());
        });
        test.tick();
        assertEquals(List.of("in the call", "callback", "task null"), log);
    }

    @Test
    void c160_theDefaultOfTheLoopAndTheChoiceOfTheTask() {
        try (Runner runner = Runner.builder()
                .clock(new VirtualClock())
                .handleSignals(false)
                .eagerTasks(true)
                .build()) {
            runner.run(() -> {
                assertTrue(createTask(() -> "eager").isDone());
                Task<String> lazy = runner.loop().createTask(() -> "lazy", null, false);
                assertFalse(lazy.isDone());
                assertEquals("lazy", lazy.await());
            });
        }
        test.run(() -> {
            assertFalse(createTask(() -> "lazy").isDone());
            assertTrue(loop.createTask(() -> "eager", null, true).isDone());
        });
    }

    private static int nested(int depth, boolean eager) {
        if (depth == 0) {
            return 1;
        }
        List<Task<Integer>> children = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            children.add(Loop.running().createTask(() -> nested(depth - 1, eager), null, eager));
        }
        assertTrue(!eager || children.stream().allMatch(Task::isDone));
        int sum = 1;
        for (int count : gather(children).await()) {
            sum += count;
        }
        return sum;
    }

    @Test
    void c161_781NestedTasks() {
        test.run(() -> {
            assertEquals(781, nested(4, false));
            // Not one of them gives up the loop, but for each gather, which is done in the next tick.
            assertTrue(createEagerTask(() -> 781).isDone());
        });
    }

    @Test
    void c161_eagerTasksInEagerTasks() {
        test.run(() -> {
            Task<Integer> outer = createEagerTask(() -> {
                Task<Integer> middle = createEagerTask(() -> {
                    Task<Integer> inner = createEagerTask(() -> 1);
                    return inner.result() + 1;
                });
                return middle.result() + 1;
            });
            assertEquals(3, outer.result());
        });
    }

    /** A task that is started in a callback and suspends gives the loop back to the callback, whatever is queued behind it. */
    @Test
    void aCallbackThatStartsATaskGoesOnBeforeOthersDo() {
        test.run(() -> {
            Future<Void> gate = loop.createFuture();
            Task<Void> waiting = createTask(() -> {
                gate.await();
                log.add("another task");
                return null;
            });
            sleep(0).await();
            loop.callSoon(() -> {
                createEagerTask(() -> {
                    log.add("eager");
                    sleep(0).await();
                    return null;
                });
                log.add("callback");
            });
            gate.setResult(null);
            waiting.await();
        });
        assertEquals(List.of("eager", "callback", "another task"), log);
    }
}
