package dev.weft.loop;

import static dev.weft.loop.Asyncio.createTask;
import static dev.weft.loop.Asyncio.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.loop.testing.VirtualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The end of a loop, beyond {@link RunnerTest}: what cleanup does to it, and what refuses to end. */
class ShutdownTest {
    private static final Duration LONG = Duration.ofDays(1);

    private final VirtualClock clock = new VirtualClock();
    private final List<String> log = new ArrayList<>();
    private final List<LoopError> reported = new ArrayList<>();

    private Runner runner(Runner.Builder options) {
        Runner runner = options.handleSignals(false).build();
        runner.loop().setExceptionHandler(reported::add);
        return runner;
    }

    /** Runs on the virtual clock and closes. */
    private <T> T runAndClose(Awaitable<T, RuntimeException> main) {
        try (Runner runner = runner(Runner.builder().clock(clock))) {
            return runner.run(main);
        }
    }

    private List<String> messages() {
        return reported.stream().map(LoopError::message).toList();
    }

    @Test
    void c047_theyLearnWhy() {
        runAndClose(() -> {
            createTask(() -> {
                try {
                    sleep(LONG).await();
                } catch (CancelledError e) {
                    log.add(e.reason().kind() + ": " + e.reason().message());
                    throw e;
                }
            });
            sleep(0).await();
            return 0;
        });
        assertEquals(List.of("SHUTDOWN: the loop is shutting down"), log);
    }

    @Test
    void c048_aTaskThatEndsWellDespiteTheCancellationIsFine() {
        List<Task<String>> left = new ArrayList<>();
        runAndClose(() -> {
            left.add(createTask(() -> {
                try {
                    sleep(LONG).await();
                } catch (CancelledError e) {
                    return "saved";
                }
                return "slept";
            }));
            sleep(0).await();
            return 0;
        });
        assertEquals("saved", left.getFirst().result());
        assertEquals(List.of(), messages());
    }

    @Test
    void c048_aFailureDuringTheShutdownIsReportedOnce() {
        IllegalStateException error = new IllegalStateException("in the cleanup");
        runAndClose(() -> {
            createTask(
                    () -> {
                        try {
                            sleep(LONG).await();
                        } finally {
                            throw error;
                        }
                    },
                    "clumsy");
            sleep(0).await();
            return 0;
        });
        assertEquals(1, reported.size(), messages()::toString);
        assertTrue(
                messages().getFirst().startsWith("unhandled exception during shutdown of the loop, in <Task clumsy"));
        assertSame(error, reported.getFirst().exception());
        assertEquals(
                "<Task clumsy failed with java.lang.IllegalStateException>",
                "" + reported.getFirst().source());
    }

    @Test
    void c050_whatTheCleanupStartsIsWaitedForToo() {
        List<Task<?>> late = new ArrayList<>();
        runAndClose(() -> {
            createTask(() -> {
                try {
                    sleep(LONG).await();
                } finally {
                    late.add(createTask(() -> {
                        try {
                            sleep(LONG).await();
                        } finally {
                            sleep(Duration.ofSeconds(1)).await();
                            log.add("late cleanup");
                        }
                    }));
                    sleep(0).await();
                }
            });
            sleep(0).await();
            return 0;
        });
        assertEquals(List.of("late cleanup"), log);
        assertTrue(late.getFirst().isDone());
        assertEquals(List.of(), messages());
    }

    @Test
    void c050_whatACallbackOfTheLastTaskStartsIsNotLostEither() {
        List<Task<?>> late = new ArrayList<>();
        runAndClose(() -> {
            Loop loop = Asyncio.getRunningLoop();
            Task<?> last = createTask(() -> sleep(LONG).await());
            last.addDoneCallback(done -> loop.callSoon(() -> loop.callSoon(() -> loop.callSoon(
                    () -> late.add(loop.createTask(() -> sleep(LONG).await()))))));
            sleep(0).await();
            return 0;
        });
        for (Task<?> task : late) {
            assertTrue(task.isDone(), task::toString);
        }
    }

    @Test
    void c050_endlessRespawningEnds() {
        respawn(Runner.builder().shutdownGrace(Duration.ofMillis(50)));
    }

    @Test
    void c050_endlessRespawningEndsOnAClockThatStandsStillToo() {
        respawn(Runner.builder().shutdownGrace(Duration.ofMillis(50)).clock(clock));
    }

    private void respawn(Runner.Builder options) {
        int[] spawned = new int[1];
        try (Runner runner = runner(options)) {
            runner.run(() -> {
                createTask(() -> phoenix(spawned));
                sleep(0).await();
            });
        }
        assertTrue(spawned[0] > 1, "it was respawned");
        assertEquals(1, reported.size(), messages()::toString);
        assertTrue(messages().getFirst().contains("abandoned"), messages()::toString);
    }

    private static void phoenix(int[] spawned) {
        try {
            sleep(LONG).await();
        } finally {
            spawned[0]++;
            createTask(() -> phoenix(spawned));
            // So that it has started when the next round cancels it.
            sleep(0).await();
            sleep(0).await();
        }
    }

    @Test
    void aTaskThatRefusesToStopIsReportedWithItsStackAndAbandoned() {
        List<Task<?>> stubborn = new ArrayList<>();
        try (Runner runner = runner(Runner.builder().clock(clock))) {
            runner.run(() -> {
                stubborn.add(createTask(ShutdownTest::refuse, "stubborn"));
                sleep(0).await();
            });
        }
        assertEquals(Duration.ofSeconds(10), clock.elapsed(), "the default grace");
        assertFalse(stubborn.getFirst().isDone());
        assertEquals(1, reported.size(), messages()::toString);
        LoopError error = reported.getFirst();
        assertTrue(error.message().contains("stubborn"), error::message);
        assertTrue(error.message().contains("did not end within 10 s"), error::message);
        assertSame(stubborn.getFirst(), error.source());
        StackTraceElement[] stack = error.exception().getStackTrace();
        assertEquals("refuse", stack[0].getMethodName(), () -> Arrays.toString(stack));
    }

    private static void refuse() {
        while (true) {
            try {
                sleep(LONG).await();
            } catch (CancelledError e) {
                // Refuses.
            }
        }
    }

    @Test
    void aTaskThatSpinsAndRefusesIsAbandonedThoughTheClockStandsStill() {
        try (Runner runner = runner(Runner.builder().clock(clock).shutdownGrace(Duration.ofMillis(50)))) {
            runner.run(() -> {
                createTask(
                        () -> {
                            while (true) {
                                try {
                                    sleep(0).await();
                                } catch (CancelledError e) {
                                    log.add("refused");
                                }
                            }
                        },
                        "spinner");
                sleep(0).await();
            });
        }
        assertEquals(List.of("refused"), log);
        assertEquals(1, reported.size(), messages()::toString);
        assertTrue(messages().getFirst().contains("spinner"), messages()::toString);
    }

    @Test
    void theOthersAreWaitedForThoughOneRefuses() {
        try (Runner runner = runner(Runner.builder().clock(clock))) {
            runner.run(() -> {
                createTask(ShutdownTest::refuse);
                createTask(() -> {
                    try {
                        sleep(LONG).await();
                    } finally {
                        sleep(Duration.ofSeconds(9)).await();
                        log.add("cleaned up");
                    }
                });
                sleep(0).await();
            });
        }
        assertEquals(List.of("cleaned up"), log);
        assertEquals(1, reported.size());
    }

    @Test
    void whatIsToRunAtTheCloseRunsWhenNoTaskIsLeft() {
        List<String> log = new ArrayList<>();
        List<LoopError> reports = new ArrayList<>();
        try (Runner runner =
                Runner.builder().clock(new VirtualClock()).handleSignals(false).build()) {
            runner.run(() -> {
                Loop loop = Asyncio.getRunningLoop();
                loop.setExceptionHandler(reports::add);
                Runnable taken = () -> log.add("taken back");
                loop.callAtClose(taken);
                loop.callAtClose(() -> {
                    throw new IllegalStateException("a bug");
                });
                loop.callAtClose(() -> log.add("closed"));
                loop.removeAtClose(taken);
                Asyncio.createTask(() -> {
                    try {
                        Asyncio.sleep(100).await();
                    } finally {
                        log.add("task");
                    }
                });
            });
            assertEquals(List.of(), log);
        }
        assertEquals(List.of("task", "closed"), log);
        assertEquals(1, reports.size());
        assertEquals("Exception at the close of the loop", reports.getFirst().message());
    }
}
