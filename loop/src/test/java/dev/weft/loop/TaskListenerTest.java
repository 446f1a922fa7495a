package dev.weft.loop;

import static dev.weft.loop.Asyncio.createEagerTask;
import static dev.weft.loop.Asyncio.createTask;
import static dev.weft.loop.Asyncio.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.loop.testing.VirtualClock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What listeners are told of tasks, and in which order. */
class TaskListenerTest {
    private final List<String> log = new ArrayList<>();
    private final List<LoopError> reported = new ArrayList<>();

    /** Notes every event of tasks whose names begin with "t". */
    private final class Noting implements TaskListener {
        private final Map<Task<?>, Thread> threads = new HashMap<>();

        private void note(String event, Task<?> task) {
            if (task.name().startsWith("t")) {
                log.add(event + " " + task.name() + (task.isDone() ? " done" : ""));
            }
        }

        @Override
        public void created(Task<?> task) {
            note("created", task);
        }

        @Override
        public void started(Task<?> task) {
            threads.put(task, Thread.currentThread());
            note("started", task);
        }

        @Override
        public void suspended(Task<?> task) {
            assertSame(threads.get(task), Thread.currentThread());
            note("suspended", task);
        }

        @Override
        public void resumed(Task<?> task) {
            assertSame(threads.get(task), Thread.currentThread());
            note("resumed", task);
        }

        @Override
        public void finished(Task<?> task) {
            if (threads.containsKey(task)) {
                assertSame(threads.get(task), Thread.currentThread());
            }
            note("finished", task);
        }
    }

    private void run(TaskListener listener, Action<?> main) {
        Runner.Builder options =
                Runner.builder().clock(new VirtualClock()).handleSignals(false).listener(listener);
        try (Runner runner = options.build()) {
            runner.loop().setExceptionHandler(reported::add);
            runner.run(() -> {
                try {
                    main.run();
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            });
        }
    }

    private void assertLog(String... events) {
        assertEquals(List.of(events), log);
        assertEquals(List.of(), reported);
    }

    @Test
    void theLifeOfATask() {
        run(new Noting(), () -> createTask(() -> sleep(1).await(), "t").await());
        assertLog("created t", "started t", "suspended t", "resumed t", "finished t done");
    }

    @Test
    void twoTasksTakeTurns() {
        run(new Noting(), () -> {
            createTask(() -> sleep(0).await(), "t1");
            createTask(() -> sleep(0).await(), "t2").await();
        });
        assertLog(
                "created t1",
                "created t2",
                "started t1",
                "suspended t1",
                "started t2",
                "suspended t2",
                "resumed t1",
                "finished t1 done",
                "resumed t2",
                "finished t2 done");
    }

    @Test
    void aFailedTaskIsFinishedAndSaysHow() {
        List<String> outcomes = new ArrayList<>();
        run(
                new TaskListener() {
                    @Override
                    public void finished(Task<?> task) {
                        if (task.name().startsWith("t")) {
                            outcomes.add(task.toString());
                        }
                    }
                },
                () -> {
                    Task<Void> failing = createTask(
                            () -> {
                                throw new IllegalStateException("no");
                            },
                            "t fails");
                    assertThrows(IllegalStateException.class, failing::await);
                    Task<Void> cancelled = createTask(() -> sleep(1).await(), "t cancelled");
                    sleep(0).await();
                    cancelled.cancel();
                    assertThrows(CancelledError.class, cancelled::await);
                });
        assertEquals(
                List.of("<Task t fails failed with java.lang.IllegalStateException>", "<Task t cancelled cancelled>"),
                outcomes);
    }

    @Test
    void aTaskCancelledBeforeItsStartIsFinishedWithoutOne() {
        run(new Noting(), () -> {
            Task<Void> task = createTask(() -> {}, "t");
            task.cancel();
            assertThrows(CancelledError.class, task::await);
        });
        assertLog("created t", "finished t done");
    }

    @Test
    void aFinishedTaskIsNotAmongAllTasks() {
        List<Boolean> listed = new ArrayList<>();
        run(
                new TaskListener() {
                    @Override
                    public void finished(Task<?> task) {
                        if (task.name().equals("t")) {
                            listed.add(Asyncio.allTasks().contains(task));
                        }
                    }
                },
                () -> createTask(() -> {}, "t").await());
        assertEquals(List.of(false), listed);
    }

    @Test
    void anEagerTaskStartsInsideTheCall() {
        run(new Noting(), () -> {
            Asyncio.currentTask().setName("t");
            Task<Void> child = createEagerTask(() -> {
                Asyncio.currentTask().setName("t child");
                sleep(0).await();
            });
            log.add("called");
            child.await();
        });
        assertEquals("suspended t child", log.get(log.indexOf("called") - 1));
        assertTrue(log.indexOf("suspended t child") < log.indexOf("suspended t"), log::toString);
        assertEquals("finished t done", log.getLast());
    }

    @Test
    void awaitingWhatIsDoneIsNoSuspension() {
        run(new Noting(), () -> {
            Future<Integer> done = Asyncio.getRunningLoop().createFuture();
            done.setResult(1);
            createTask(() -> done.await(), "t").await();
        });
        assertLog("created t", "started t", "finished t done");
    }

    @Test
    void aListenerThatFailsIsReportedAndTheTaskAndTheOthersGoOn() {
        IllegalStateException error = new IllegalStateException("listener's");
        TaskListener broken = new TaskListener() {
            @Override
            public void started(Task<?> task) {
                throw error;
            }

            @Override
            public String toString() {
                return "broken one";
            }
        };
        Runner.Builder options = Runner.builder()
                .clock(new VirtualClock())
                .handleSignals(false)
                .listener(broken)
                .listener(new Noting());
        try (Runner runner = options.build()) {
            runner.loop().setExceptionHandler(reported::add);
            assertEquals(1, runner.run(() -> createTask(() -> 1, "t").await()));
        }
        assertEquals(List.of("created t", "started t", "finished t done"), log);
        assertEquals(
                "Exception in started of the listener broken one",
                reported.getFirst().message());
        assertSame(error, reported.getFirst().exception());
    }
}
