package dev.weft.loop;

import static dev.weft.loop.Asyncio.createTask;
import static dev.weft.loop.Asyncio.sleep;
import static dev.weft.loop.Logged.assertContains;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.loop.testing.VirtualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** 2.C: debug mode. */
class DebugModeTest {
    private static Runner.Builder debugging() {
        return Runner.builder().clock(new VirtualClock()).handleSignals(false).debug(true);
    }

    private static boolean mentions(Throwable origin, String method) {
        return Arrays.stream(origin.getStackTrace())
                .anyMatch(frame -> frame.getMethodName().contains(method));
    }

    @Test
    void c037_aSlowStepIsLoggedWithItsNameAndTime() {
        try (Runner runner = debugging().slowCallbackDuration(Duration.ZERO).build()) {
            String text = Logged.during(() -> runner.run(() -> {
                createTask(() -> {}, "the-task");
                sleep(0).await();
            }));
            assertContains(text, "Executing <Task the-task", "took 0.0", "seconds");
            text = Logged.during(() -> {
                runner.loop().callSoon(new Runnable() {
                    @Override
                    public void run() {}

                    @Override
                    public String toString() {
                        return "the-callback";
                    }
                });
                runner.loop().stop();
                runner.loop().runForever();
            });
            assertContains(text, "Executing <Handle the-callback>", "took 0.0");
        }
    }

    @Test
    void c037_aQuickStepIsNot() {
        try (Runner runner =
                debugging().slowCallbackDuration(Duration.ofHours(1)).build()) {
            assertEquals("", Logged.during(() -> runner.run(() -> sleep(0).await())));
        }
    }

    @Test
    void c039_theSystemPropertyTurnsItOnAndAnArgumentWins() {
        String before = System.getProperty("weft.debug");
        System.setProperty("weft.debug", "true");
        try (Runner byProperty = Runner.builder().build();
                Runner byArgument = Runner.builder().debug(false).build()) {
            assertTrue(byProperty.loop().debug);
            assertFalse(byArgument.loop().debug);
        } finally {
            if (before == null) {
                System.clearProperty("weft.debug");
            } else {
                System.setProperty("weft.debug", before);
            }
        }
        try (Runner without = Runner.builder().build()) {
            assertEquals(Boolean.parseBoolean(System.getenv("WEFT_DEBUG")), without.loop().debug);
        }
    }

    private static Task<Void> createdHere() {
        return createTask(() -> {
            throw new IllegalStateException("boom");
        });
    }

    @Test
    void c040_tasksAndFuturesKnowWhereTheyWereCreated() {
        try (Runner runner = debugging().build()) {
            runner.run(() -> {
                Task<Void> task = createdHere();
                assertTrue(mentions(task.origin, "createdHere"));
                Future<Integer> future = runner.loop().createFuture();
                assertTrue(mentions(future.origin, "c040_tasksAndFutures"));
                sleep(0).await();
                task.exception();
            });
        }
        try (Runner runner = debugging().debug(false).build()) {
            assertNull(runner.loop().createFuture().origin);
        }
    }

    @Test
    void c031_theReportOfAFailedCallbackKnowsWhereItWasQueued() {
        List<LoopError> reported = new ArrayList<>();
        try (Runner runner = debugging().build()) {
            runner.loop().setExceptionHandler(reported::add);
            runner.run(() -> {
                queuedHere(runner.loop());
                sleep(0).await();
            });
        }
        assertEquals(1, reported.size());
        assertTrue(mentions(reported.getFirst().origin(), "queuedHere"));
    }

    private static void queuedHere(Loop loop) {
        loop.callSoon(() -> {
            throw new IllegalStateException("boom");
        });
    }

    @Test
    void c036_theReportOfATaskNobodyLookedAtKnowsWhereItWasCreated() {
        List<LoopError> reported = new ArrayList<>();
        try (Runner runner = debugging().build()) {
            runner.loop().setExceptionHandler(reported::add);
            runner.run(() -> {
                createdHere();
                sleep(0).await();
            });
        }
        assertEquals(1, reported.size());
        assertTrue(mentions(reported.getFirst().origin(), "createdHere"));
    }

    @Test
    void theLoopSaysWhetherItIsOn() {
        for (boolean on : new boolean[] {true, false}) {
            try (Runner runner = Runner.builder()
                    .clock(new VirtualClock())
                    .handleSignals(false)
                    .debug(on)
                    .jfr(!on)
                    .build()) {
                assertEquals(on, runner.loop().isDebug());
                assertEquals(!on, runner.loop().isRecorded());
            }
        }
    }
}
