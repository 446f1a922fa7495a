package dev.weft.loop;

import static dev.weft.loop.Asyncio.allTasks;
import static dev.weft.loop.Asyncio.createTask;
import static dev.weft.loop.Asyncio.currentTask;
import static dev.weft.loop.Asyncio.sleep;
import static dev.weft.loop.Asyncio.toThread;
import static dev.weft.loop.Logged.assertContains;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.loop.testing.VirtualClock;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** 2.D: run, stop, close, Runner. */
class RunnerTest {
    @RegisterExtension
    final VirtualLoop test = new VirtualLoop();

    private final Loop loop = test.loop;
    private final List<String> log = test.log;

    private static Runner.Builder virtual() {
        return Runner.builder().clock(new VirtualClock()).handleSignals(false);
    }

    @Test
    void c045_runGivesTheResultOrThrowsTheFailure() throws IOException {
        assertEquals("value", Asyncio.<String, RuntimeException>run(() -> {
            sleep(0).await();
            return "value";
        }));
        Asyncio.run(() -> {});
        IOException checked = new IOException("boom");
        assertSame(
                checked,
                assertThrows(
                        IOException.class,
                        () -> Asyncio.run(() -> {
                            throw checked;
                        })));
        assertThrows(
                CancelledError.class,
                () -> Asyncio.run(() -> {
                    currentTask().cancel();
                    sleep(0).await();
                }));
        assertThrows(NullPointerException.class, () -> Asyncio.run((Action<RuntimeException>) null));
    }

    @Test
    void c046_runInsideARunningLoopIsRefusedAndTheOuterGoesOn() {
        test.run(() -> {
            String message = assertThrows(IllegalStateException.class, () -> Asyncio.run(() -> log.add("ran")))
                    .getMessage();
            assertTrue(message.contains("cannot be called from a running event loop"), message);
            sleep(0).await();
            loop.callSoon(() -> {
                assertThrows(IllegalStateException.class, () -> Asyncio.run(() -> log.add("ran")));
                log.add("refused in a callback");
            });
            sleep(0).await();
        });
        assertEquals(List.of("refused in a callback"), log);
    }

    @Test
    void c047_whatHangsIsCancelledAndDoneBeforeTheEnd() {
        Task<?>[] left = new Task<?>[1];
        String result;
        try (Runner runner = virtual().build()) {
            result = runner.run(() -> {
                left[0] = createTask(() -> sleep(1000).await());
                sleep(0).await();
                return "result";
            });
            assertFalse(left[0].isDone());
        }
        assertEquals("result", result);
        assertTrue(left[0].isCancelled());
        CancelReason reason =
                assertThrows(CancelledError.class, () -> left[0].result()).reason();
        assertEquals(CancelReason.Kind.SHUTDOWN, reason.kind());
    }

    @Test
    void c047_alsoWhenMainFails() {
        Task<?>[] left = new Task<?>[1];
        assertThrows(
                IllegalStateException.class,
                () -> Asyncio.run(() -> {
                    left[0] = createTask(() -> sleep(1000).await());
                    throw new IllegalStateException("boom");
                }));
        assertTrue(left[0].isCancelled());
    }

    @Test
    void c048_aFailureDuringTheShutdownIsReported() {
        test.run(() -> {
            createTask(
                    () -> {
                        try {
                            sleep(1000).await();
                        } finally {
                            fail("cleanup failed");
                        }
                    },
                    "the-task");
            sleep(0).await();
        });
        test.runner.close();
        assertEquals(1, test.reported.size());
        assertContains(test.messages().getFirst(), "shutdown", "the-task");
        assertEquals("cleanup failed", test.reported.getFirst().exception().getMessage());
    }

    private static void fail(String message) {
        throw new IllegalStateException(message);
    }

    @Test
    void c049_theWholeCleanupIsWaitedFor() {
        test.run(() -> {
            createTask(() -> {
                try {
                    sleep(1000).await();
                } finally {
                    sleep(0.01).await();
                    log.add("cleaned up");
                }
            });
            sleep(0).await();
        });
        test.runner.close();
        assertEquals(List.of("cleaned up"), log);
        assertEquals(Duration.ofMillis(10), test.elapsed());
    }

    @Test
    void c050_tasksThatTheCleanupStartsAreCancelledAndWaitedForToo() {
        Task<?>[] late = new Task<?>[2];
        test.run(() -> {
            createTask(() -> {
                try {
                    sleep(1000).await();
                } finally {
                    late[0] = createTask(() -> {
                        try {
                            sleep(1000).await();
                        } finally {
                            late[1] = createTask(() -> sleep(1000).await());
                            sleep(0).await();
                            log.add("second round");
                        }
                    });
                    sleep(0).await();
                    log.add("first round");
                }
            });
            sleep(0).await();
        });
        test.runner.close();
        assertEquals(List.of("first round", "second round"), log);
        assertTrue(late[0].isCancelled());
        assertTrue(late[1].isCancelled());
        assertEquals(List.of(), test.messages());
    }

    @Test
    void c050_aTaskThatRefusesToEndIsReportedAndAbandoned() {
        test.run(() -> {
            createTask(RunnerTest::refuseToEnd, "the-stubborn");
            sleep(0).await();
        });
        test.runner.close();
        assertTrue(loop.isClosed());
        assertEquals(1, test.reported.size());
        assertContains(test.messages().getFirst(), "the-stubborn", "10 s", "abandoned");
        assertTrue(List.of(test.reported.getFirst().exception().getStackTrace()).stream()
                .anyMatch(frame -> frame.getMethodName().equals("refuseToEnd")));
        assertEquals(Duration.ofSeconds(10), test.elapsed());
    }

    private static void refuseToEnd() {
        while (true) {
            try {
                sleep(1000).await();
            } catch (CancelledError e) {
                // Refused.
            }
        }
    }

    @Test
    void c050_aTaskThatAlwaysStartsAnotherDoesNotKeepTheLoopOpen() {
        test.run(() -> {
            createTask(RunnerTest::startAnother);
            sleep(0).await();
        });
        test.runner.close();
        assertTrue(loop.isClosed());
        assertTrue(test.messages().stream().allMatch(message -> message.contains("abandoned")));
    }

    private static void startAnother() {
        try {
            sleep(1000).await();
        } finally {
            createTask(RunnerTest::startAnother);
            sleep(1).await();
        }
    }

    @Test
    void c051_aClosedRunnerRefusesAndClosingTwiceIsHarmless() {
        Runner runner = virtual().build();
        Loop its = runner.loop();
        assertSame(its, runner.loop());
        runner.run(() -> assertSame(its, Asyncio.getRunningLoop()));
        runner.close();
        runner.close();
        assertTrue(its.isClosed());
        assertEquals(
                "Runner is closed",
                assertThrows(IllegalStateException.class, runner::loop).getMessage());
        assertThrows(IllegalStateException.class, () -> runner.run(() -> log.add("ran")));
        assertEquals(List.of(), log);
    }

    @Test
    void c051_aRunnerThatNeverRanClosesToo() {
        Runner runner = virtual().build();
        runner.close();
        assertThrows(IllegalStateException.class, runner::loop);
    }

    @Test
    void c052_aVariableSetInOneRunIsSeenInTheNext() {
        ContextVar<String> variable = ContextVar.of("variable");
        test.run(() -> {
            variable.set("1");
        });
        test.run(() -> {
            assertEquals("1", variable.get());
            variable.set("2");
        });
        test.run(() -> assertEquals("2", variable.get()));
        assertNull(variable.get());
    }

    @Test
    void c053_tasksOfOneRunGoOnInTheNext() {
        Task<String> left = test.get(() -> createTask(() -> {
            sleep(1).await();
            return "value";
        }));
        assertFalse(left.isDone());
        assertEquals("value", test.get(left::await));
    }

    @Test
    void c053_aRunnerServesItsOwnThreadOnly() {
        CompletableFuture<Throwable> run = new CompletableFuture<>();
        CompletableFuture<Throwable> close = new CompletableFuture<>();
        new Thread(() -> {
                    run.complete(assertThrows(Throwable.class, () -> test.runner.run(() -> {})));
                    close.complete(assertThrows(Throwable.class, () -> test.runner.close()));
                })
                .start();
        assertEquals(
                IllegalStateException.class,
                run.orTimeout(20, TimeUnit.SECONDS).join().getClass());
        assertEquals(
                IllegalStateException.class,
                close.orTimeout(20, TimeUnit.SECONDS).join().getClass());
        assertFalse(loop.isClosed());
        // And it did no harm.
        test.run(() -> sleep(1).await());
        test.runner.close();
        assertTrue(loop.isClosed());
    }

    @Test
    void c053_aRunnerCannotBeClosedByWhatItRuns() {
        test.run(() -> {
            assertThrows(IllegalStateException.class, test.runner::close);
            sleep(0).await();
        });
        test.run(() -> log.add("still usable"));
        assertEquals(List.of("still usable"), log);
    }

    @Test
    void c059_aClosedLoopTakesNoTask() {
        test.runner.close();
        String message = assertThrows(IllegalStateException.class, () -> loop.<Boolean>createTask(() -> log.add("ran")))
                .getMessage();
        assertEquals("Event loop is closed", message);
        assertEquals(List.of(), log);
    }

    // ---- run and stop, underneath

    @Test
    void c060_stopBeforeTheFutureIsDoneIsAnErrorAndItMayRunOn() {
        Task<String> task = loop.createTask(() -> {
            loop.stop();
            sleep(1).await();
            return "value";
        });
        String message = assertThrows(IllegalStateException.class, () -> loop.runUntilDone(task))
                .getMessage();
        assertEquals("Event loop stopped before Future completed.", message);
        assertFalse(task.isDone());
        loop.runUntilDone(task);
        assertEquals("value", task.result());
    }

    @Test
    void c061_aRunThatWasBrokenOffDoesNotStopTheNextOne() {
        Future<Integer> first = loop.createFuture();
        loop.callSoon(loop::stop);
        assertThrows(IllegalStateException.class, () -> loop.runUntilDone(first));
        Task<String> second = loop.createTask(() -> {
            first.setResult(1);
            sleep(1).await();
            sleep(1).await();
            return "value";
        });
        loop.runUntilDone(second);
        assertEquals("value", second.result());
    }

    @Test
    void c062_anErrorOfMainIsThrownNotReportedAndLeavesNoStop() {
        AssertionError error = new AssertionError("boom");
        assertSame(
                error,
                assertThrows(
                        AssertionError.class,
                        () -> test.run(() -> {
                            throw error;
                        })));
        test.run(() -> sleep(1).await());
        test.runner.close();
        assertEquals(List.of(), test.messages());
    }

    @Test
    void c062_whatTheJvmItselfCannotDoEndsTheRunWhoeverCatchesIt() {
        loop.callSoon(() -> {
            throw new OutOfMemoryError("made up");
        });
        assertThrows(OutOfMemoryError.class, test::tick);
        assertThrows(
                OutOfMemoryError.class,
                () -> test.run(() -> {
                    createTask(() -> {
                        throw new OutOfMemoryError("made up");
                    });
                    sleep(1).await();
                }));
        test.run(() -> sleep(1).await());
    }

    @Test
    void c063_aDoneFutureIsReturnedAfterOneTick() {
        Future<Integer> done = loop.createFuture();
        done.setResult(1);
        loop.callSoon(() -> log.add("tick"));
        loop.runUntilDone(done);
        assertEquals(List.of("tick"), log);
    }

    @Test
    void c064_runningTheLoopFromInsideIsRefused() {
        test.run(() -> {
            Future<Integer> future = loop.createFuture();
            assertContains(
                    assertThrows(IllegalStateException.class, () -> loop.runUntilDone(future))
                            .getMessage(),
                    "already running");
            assertThrows(IllegalStateException.class, loop::runForever);
            future.setResult(1);
            sleep(1).await();
            log.add("not stopped by it");
        });
        assertEquals(List.of("not stopped by it"), log);
    }

    @Test
    void c065_asIsRunningAnotherLoopOnTheSameThread() {
        Runner other = virtual().build();
        Loop idle = other.loop();
        loop.callSoon(() -> {
            assertThrows(IllegalStateException.class, idle::runForever);
            log.add("refused");
        });
        test.tick();
        test.run(() -> assertThrows(
                IllegalStateException.class, () -> virtual().build().loop()));
        other.close();
        assertEquals(List.of("refused"), log);
    }

    @Test
    void c065_aLoopCannotBeClosedWhileItRuns() {
        test.run(() -> assertThrows(IllegalStateException.class, loop::close));
        loop.callSoon(() -> assertThrows(IllegalStateException.class, loop::close));
        test.tick();
        assertEquals(List.of(), test.messages());
        loop.close();
        loop.close();
        assertTrue(loop.isClosed());
    }

    @Test
    void c065_closingDropsWhatIsQueued() {
        loop.callSoon(() -> log.add("ready"));
        loop.callLater(Duration.ofSeconds(1), () -> log.add("timer"));
        loop.close();
        assertThrows(IllegalStateException.class, loop::runForever);
        assertEquals(List.of(), log);
    }

    @Test
    void c066_anExecutorThatDoesNotEndIsLeftWithAWarning() throws InterruptedException {
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        CountDownLatch started = new CountDownLatch(1);
        try {
            Runner runner = Runner.builder()
                    .handleSignals(false)
                    .executorPatience(Duration.ofMillis(1))
                    .build();
            runner.run(() -> {
                createTask(() -> toThread(() -> {
                            started.countDown();
                            awaitUninterrupted(release);
                            ended.countDown();
                        })
                        .await());
                sleep(0).await();
                started.await();
            });
            assertContains(Logged.during(runner::close), "executor did not finish", "left running");
        } finally {
            release.countDown();
        }
        assertTrue(ended.await(20, TimeUnit.SECONDS));
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        boolean interrupted = true;
        while (interrupted) {
            try {
                latch.await();
                interrupted = false;
            } catch (InterruptedException e) {
                // As code that cannot be interrupted.
            }
        }
    }

    @Test
    void c067_theResultIsNotAskedForItsText() {
        Object touchy = new Object() {
            @Override
            public String toString() {
                throw new AssertionError("was asked");
            }
        };
        assertSame(touchy, test.get(() -> touchy));
        test.runner.close();
    }

    @Test
    void c068_eachRunnerHasItsOwnLoop() {
        try (Runner one = virtual().build();
                Runner two = virtual().build()) {
            assertNotSame(one.loop(), two.loop());
            one.run(() -> sleep(1).await());
            two.run(() -> sleep(1).await());
            one.run(() -> assertEquals(List.of(currentTask()), allTasks()));
        }
    }

    @Test
    void c069_aVirtualThreadCannotRunALoop() {
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        Thread.startVirtualThread(
                () -> thrown.complete(assertThrows(IllegalStateException.class, () -> Asyncio.run(() -> {}))));
        assertContains(thrown.join().getMessage(), "platform thread");
    }

    @Test
    void manyLoopsOnManyThreads() throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        List<Throwable> failures = java.util.Collections.synchronizedList(new ArrayList<>());
        for (int t = 0; t < 8; t++) {
            Thread thread = new Thread(() -> {
                for (int round = 0; round < 10; round++) {
                    try (Runner runner = virtual().build()) {
                        assertEquals(100, runner.<Integer, RuntimeException>run(() -> {
                            int sum = 0;
                            for (int i = 0; i < 100; i++) {
                                Task<Integer> one = createTask(() -> {
                                    sleep(1).await();
                                    return 1;
                                });
                                sum += one.await();
                            }
                            return sum;
                        }));
                    }
                }
            });
            thread.setUncaughtExceptionHandler((who, error) -> failures.add(error));
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join(30_000);
            assertFalse(thread.isAlive());
        }
        assertEquals(List.of(), failures);
    }
}
