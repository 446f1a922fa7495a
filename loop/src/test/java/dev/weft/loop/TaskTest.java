package dev.weft.loop;

import static dev.weft.loop.Asyncio.allTasks;
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

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** 2.F: tasks. */
class TaskTest {
    @RegisterExtension
    final VirtualLoop test = new VirtualLoop();

    private final Loop loop = test.loop;
    private final List<String> log = test.log;

    private static String inner() {
        sleep(0).await();
        return "inner";
    }

    private static String outer() {
        return "outer of " + inner();
    }

    @Test
    void c100_nestedAwaitsGiveTheirValues() {
        test.run(() -> {
            Task<String> task = createTask(() -> outer());
            assertSame(loop, task.loop());
            assertFalse(task.isDone());
            assertEquals("outer of inner", task.await());
            assertTrue(task.isDone());
            assertFalse(task.isCancelled());
            assertEquals("outer of inner", task.result());
            assertNull(task.exception());
        });
    }

    @Test
    void c100_statesFollowTheLifeOfATask() {
        test.run(() -> {
            Future<Void> gate = loop.createFuture();
            Task<?>[] self = new Task<?>[1];
            self[0] = createTask(() -> {
                assertEquals(Task.State.RUNNING, self[0].state());
                gate.await();
                assertEquals(Task.State.RUNNING, self[0].state());
            });
            assertEquals(Task.State.CREATED, self[0].state());
            sleep(0).await();
            assertEquals(Task.State.SUSPENDED, self[0].state());
            gate.setResult(null);
            assertEquals(Task.State.SUSPENDED, self[0].state());
            self[0].await();
            assertEquals(Task.State.FINISHED, self[0].state());
        });
    }

    @Test
    void c101_bodiesStartInTheNextTickInTheOrderOfCreation() {
        test.run(() -> {
            createTask(() -> log.add("a"));
            createTask(() -> log.add("b"));
            log.add("main");
            sleep(0).await();
        });
        assertEquals(List.of("main", "a", "b"), log);
    }

    @Test
    void c102_namesAreNumberedAndMayBeGivenAndChanged() {
        test.run(() -> {
            Task<Void> first = createTask(() -> {});
            Task<Void> second = createTask(() -> {});
            int number = Integer.parseInt(first.name().substring("Task-".length()));
            assertEquals("Task-" + (number + 1), second.name());
            Task<Void> named = createTask(() -> {}, "given");
            assertEquals("given", named.name());
            named.setName(42);
            assertEquals("42", named.name());
            assertEquals("<Task 42 pending>", named.toString());
            gather(first, second, named).await();
            assertEquals("<Task 42 finished>", named.toString());
        });
    }

    @Test
    void c103_aTaskNobodyRefersToRunsToItsEnd() {
        test.run(() -> {
            Future<Void> gate = loop.createFuture();
            createTask(() -> {
                gate.await();
                log.add("ended");
            });
            sleep(0).await();
            for (int i = 0; i < 3; i++) {
                System.gc();
                sleep(1).await();
            }
            gate.setResult(null);
            sleep(0).await();
        });
        assertEquals(List.of("ended"), log);
    }

    @Test
    void c104_aTaskCannotAwaitItself() {
        test.run(() -> {
            Task<?>[] self = new Task<?>[1];
            self[0] = createTask(() -> self[0].await());
            String message =
                    assertThrows(IllegalStateException.class, self[0]::await).getMessage();
            assertTrue(message.startsWith("Task cannot await on itself"), message);
        });
    }

    @Test
    void c105_aFutureOfAnotherLoopIsAwaitedAcrossThreads() {
        try (OtherLoop other = new OtherLoop()) {
            test.run(() -> {
                for (int i = 0; i < 50; i++) {
                    int value = i;
                    Future<Integer> foreign = other.loop.createFuture();
                    other.loop.callSoonThreadsafe(() -> foreign.setResult(value));
                    assertEquals(value, foreign.await());
                }
                Task<String> task = other.on(() -> other.loop.createTask(() -> outer()));
                assertEquals("outer of inner", task.await());
            });
        }
    }

    @Test
    void c105_cancellingTheWaiterCancelsTheFutureOfTheOtherLoop() {
        try (OtherLoop other = new OtherLoop()) {
            Future<Integer> foreign = other.loop.createFuture();
            test.run(() -> {
                Task<Void> waiter = createTask(() -> {
                    foreign.await();
                });
                sleep(0).await();
                waiter.cancel("m");
                assertThrows(CancelledError.class, waiter::await);
                sleep(0).await();
            });
            assertEquals(
                    "m",
                    other.on(() -> assertThrows(CancelledError.class, foreign::result))
                            .getMessage());
        }
    }

    @Test
    void c106_aTasksOutcomeCannotBeSetFromOutside() {
        test.run(() -> {
            Task<Integer> task = createTask(() -> 1);
            assertThrows(UnsupportedOperationException.class, () -> task.setResult(2));
            assertThrows(UnsupportedOperationException.class, () -> task.setException(new IOException()));
            assertEquals(1, task.await());
        });
    }

    @Test
    void c107_currentTaskIsTheOneThatRuns() {
        assertThrows(IllegalStateException.class, Asyncio::currentTask);
        test.run(() -> {
            Task<?> main = currentTask();
            loop.callSoon(() -> log.add("in a callback: " + currentTask()));
            List<Task<Void>> tasks = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                tasks.add(createTask(() -> {
                    Task<?> me = currentTask();
                    assertTrue(tasks.contains(me));
                    for (int step = 0; step < 5; step++) {
                        sleep(0).await();
                        assertSame(me, currentTask());
                    }
                }));
            }
            assertSame(main, currentTask());
            gather(tasks).await();
            assertSame(main, currentTask());
        });
        assertEquals(List.of("in a callback: null"), log);
    }

    @Test
    void c108_allTasksAreThoseThatHaveNotEnded() {
        test.run(() -> {
            Task<?> main = currentTask();
            Task<Void> quick = createTask(() -> {});
            Task<Void> slow = createTask(() -> sleep(1).await());
            assertEquals(List.of(main, quick, slow), allTasks());
            sleep(0).await();
            assertEquals(List.of(main, slow), allTasks());
            slow.cancel();
            assertEquals(List.of(main, slow), allTasks());
            sleep(0).await();
            assertEquals(List.of(main), allTasks());
            assertThrows(UnsupportedOperationException.class, () -> allTasks().clear());
        });
    }

    @Test
    void c109_aFutureAsAResultIsNotFlattened() {
        test.run(() -> {
            Future<Integer> value = loop.createFuture();
            Task<Future<Integer>> task = createTask(() -> value);
            assertSame(value, task.await());
            assertFalse(value.isDone());
        });
    }

    @Test
    void c110_anErrorThatIsAwaitedWhileAnotherIsHandledStaysAsItIs() {
        test.run(() -> {
            Task<Void> failing = createTask(() -> {
                throw new IllegalArgumentException("second");
            });
            IllegalArgumentException second = assertThrows(IllegalArgumentException.class, () -> {
                try {
                    throw new IllegalStateException("first");
                } catch (IllegalStateException first) {
                    failing.await();
                }
            });
            assertNull(second.getCause());
            assertEquals(0, second.getSuppressed().length);
        });
    }

    @Test
    void c111_aFailureHasTheStackOfTheTask() {
        test.run(() -> {
            Task<Void> task = createTask(TaskTest::failDeepInside);
            IllegalStateException error = assertThrows(IllegalStateException.class, task::await);
            assertTrue(Arrays.stream(error.getStackTrace())
                    .anyMatch(frame -> frame.getMethodName().equals("failDeepInside")));
        });
    }

    private static void failDeepInside() {
        sleep(0).await();
        throw new IllegalStateException("boom");
    }

    @Test
    void c111_checkedExceptionsAndErrorsOfABodyAreItsException() {
        test.run(() -> {
            IOException checked = new IOException("checked");
            Task<Void> task = createTask(() -> {
                throw checked;
            });
            assertSame(
                    checked,
                    assertThrows(CompletionException.class, task::await).getCause());
            assertSame(checked, task.exception());
            AssertionError unchecked = new AssertionError("unchecked");
            Task<Void> other = createTask(() -> {
                throw unchecked;
            });
            assertSame(unchecked, assertThrows(AssertionError.class, other::await));
        });
    }

    private static void interruptedHere() {
        sleep(100).await();
    }

    @Test
    void c112_aCancellationShowsTheInterruptedLineAndTheAwaitingOne() {
        test.run(() -> {
            Task<Void> task = createTask(TaskTest::interruptedHere);
            sleep(0).await();
            task.cancel();
            CancelledError error = assertThrows(CancelledError.class, () -> awaitedHere(task));
            assertTrue(mentions(error, "awaitedHere"));
            boolean shown = false;
            for (Throwable cause = error.getCause(); cause != null; cause = cause.getCause()) {
                shown |= mentions(cause, "interruptedHere");
            }
            assertTrue(shown);
        });
    }

    private static void awaitedHere(Task<Void> task) {
        task.await();
    }

    private static boolean mentions(Throwable error, String method) {
        return Arrays.stream(error.getStackTrace())
                .anyMatch(frame -> frame.getMethodName().equals(method));
    }

    @Test
    void c113_aTaskThatEndedIsReleased() {
        test.run(() -> {
            WeakReference<Task<?>> ended = new WeakReference<>(createTask(() -> sleep(0).await()));
            sleep(0).await();
            sleep(0).await();
            sleep(0).await();
            test.collectUntil(() -> ended.refersTo(null));
            assertTrue(ended.refersTo(null));
        });
    }

    @Test
    void c113_aTaskThatEndedHoldsItsResultButNotItsBodysVariables() {
        test.run(() -> {
            Object[] local = {new Object()};
            WeakReference<Object> released = new WeakReference<>(local[0]);
            Task<String> held = taskWith(local[0]);
            local[0] = null;
            assertEquals("done true", held.await());
            test.collectUntil(() -> released.refersTo(null));
            assertTrue(released.refersTo(null));
            assertEquals("done true", held.result());
        });
    }

    private static Task<String> taskWith(Object captured) {
        return createTask(() -> {
            sleep(0).await();
            return "done " + (captured != null);
        });
    }

    @Test
    void c115_aNullBodyIsRejected() {
        test.run(() -> {
            assertThrows(NullPointerException.class, () -> loop.createTask(null));
            assertThrows(NullPointerException.class, () -> createTask((Action<RuntimeException>) null));
        });
    }

    @Test
    void c118_aTaskIsAwaitedByManyAndAfterItsEnd() {
        test.run(() -> {
            Task<Object> shared = createTask(() -> {
                sleep(1).await();
                return new Object();
            });
            Task<Object> one = createTask(() -> shared.await());
            Task<Object> two = createTask(() -> shared.await());
            assertSame(one.await(), two.await());
            assertSame(shared.result(), shared.await());
        });
    }

    @Test
    void c119_anErrorThrownOnCancellationIsTheTasksException() {
        test.run(() -> {
            AssertionError fatal = new AssertionError("fatal");
            Task<Void> task = createTask(() -> {
                try {
                    sleep(10).await();
                } catch (CancelledError e) {
                    throw fatal;
                }
            });
            sleep(0).await();
            task.cancel();
            assertSame(fatal, assertThrows(AssertionError.class, task::await));
            assertTrue(task.isDone());
            assertFalse(task.isCancelled());
            assertSame(fatal, task.exception());
        });
    }

    @Test
    void c120_aThousandTasksAtOnceEndInOrder() {
        test.run(() -> {
            List<Task<Integer>> tasks = new ArrayList<>();
            for (int i = 0; i < 1000; i++) {
                int number = i;
                tasks.add(createTask(() -> {
                    sleep(0).await();
                    log.add("" + number);
                    return number;
                }));
            }
            List<Integer> results = gather(tasks).await();
            for (int i = 0; i < 1000; i++) {
                assertEquals(i, results.get(i));
                assertEquals("" + i, log.get(i));
            }
            assertEquals(1, allTasks().size());
        });
    }

    @Test
    void c121_deepRecursionInATaskHasItsOwnStack() {
        test.run(() -> {
            Task<Integer> deep = createTask(() -> depth(2000));
            assertEquals(2000, deep.await());
        });
    }

    private static int depth(int left) {
        if (left == 0) {
            sleep(0).await();
            return 0;
        }
        return 1 + depth(left - 1);
    }
}
