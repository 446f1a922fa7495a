package dev.weft.loop;

import static dev.weft.loop.Asyncio.createTask;
import static dev.weft.loop.Asyncio.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** SIGINT and SIGTERM inside this process: C054 to C057. What ends the process is in {@link SignalProcessTest}. */
class SignalsTest {
    private static final Duration LONG = Duration.ofDays(1);

    private final Runner runner = Runner.builder().handleSignals(true).build();
    private final List<String> log = new ArrayList<>();

    @AfterEach
    void close() {
        runner.close();
    }

    private static void assumePossible(String signal) {
        assumeFalse(signal.equals("INT") && SunSignals.interruptIsIgnored(), "SIGINT is ignored in this process");
    }

    @ParameterizedTest
    @ValueSource(strings = {"INT", "TERM"})
    void c054_whileMainSpins(String signal) {
        assumePossible(signal);
        SignalInterrupt error = assertThrows(
                SignalInterrupt.class,
                () -> runner.run(() -> {
                    SunSignals.raise(signal);
                    while (true) {
                        sleep(0).await();
                    }
                }));
        assertEquals(signal, error.signal());
        assertEquals(signal.equals("INT") ? 130 : 143, error.exitCode());
        assertEquals("interrupted by SIG" + signal, error.getMessage());
        CancelledError cause = (CancelledError) error.getCause();
        assertEquals(CancelReason.Kind.INTERRUPT, cause.reason().kind());
        assertEquals("SIG" + signal, cause.reason().message());
    }

    @ParameterizedTest
    @ValueSource(strings = {"INT", "TERM"})
    void c054_whileMainWaitsTheFutureIsCancelled(String signal) {
        assumePossible(signal);
        List<Future<?>> awaited = new ArrayList<>();
        assertThrows(
                SignalInterrupt.class,
                () -> runner.run(() -> {
                    Future<String> never = Asyncio.getRunningLoop().createFuture();
                    awaited.add(never);
                    // The loop is on its way to sleep when the signal comes.
                    Asyncio.getRunningLoop().callSoon(() -> SunSignals.raise(signal));
                    never.await();
                }));
        assertTrue(awaited.getFirst().isCancelled());
    }

    @Test
    void c054_mainMayCleanUp() {
        assertThrows(
                SignalInterrupt.class,
                () -> runner.run(() -> {
                    try {
                        SunSignals.raise("TERM");
                        sleep(LONG).await();
                    } finally {
                        sleep(0).await();
                        log.add("cleaned up");
                    }
                }));
        assertEquals(List.of("cleaned up"), log);
    }

    @Test
    void c054_mainMayGoOn() {
        String result = runner.run(() -> {
            try {
                SunSignals.raise("TERM");
                sleep(LONG).await();
                return "slept";
            } catch (CancelledError e) {
                return "saved";
            }
        });
        assertEquals("saved", result);
    }

    @Test
    void c054_anErrorOfTheCleanupIsThrownInItsPlace() {
        assertThrows(
                IllegalArgumentException.class,
                () -> runner.run(() -> {
                    try {
                        SunSignals.raise("TERM");
                        sleep(LONG).await();
                    } catch (CancelledError e) {
                        throw new IllegalArgumentException("while cleaning up", e);
                    }
                }));
    }

    @Test
    void c054_otherTasksAreLeftToTheShutdown() {
        try (Runner own = Runner.builder().handleSignals(true).build()) {
            assertThrows(
                    SignalInterrupt.class,
                    () -> own.run(() -> {
                        createTask(() -> {
                            try {
                                sleep(LONG).await();
                            } catch (CancelledError e) {
                                log.add(e.reason().kind().toString());
                                throw e;
                            }
                        });
                        sleep(0).await();
                        SunSignals.raise("TERM");
                        sleep(LONG).await();
                    }));
            assertEquals(List.of(), log);
        }
        assertEquals(List.of("SHUTDOWN"), log);
    }

    @Test
    void c055_aMainThatWasCancelledAlreadyIsCancelledAndNotInterrupted() {
        assertThrows(
                CancelledError.class,
                () -> runner.run(() -> {
                    Task<?> main = Asyncio.currentTask();
                    CountDownLatch raised = new CountDownLatch(1);
                    Elsewhere.start(() -> {
                        SunSignals.raise("TERM");
                        raised.countDown();
                    });
                    Elsewhere.await(raised);
                    main.cancel("by hand");
                    while (main.cancelling() < 2) {
                        try {
                            sleep(0).await();
                        } catch (CancelledError e) {
                            log.add("cancelled");
                        }
                    }
                    throw new CancelledError(CancelReason.request("both came"), null);
                }));
    }

    @Test
    void theNextRunIsNotInterrupted() {
        assertThrows(
                SignalInterrupt.class,
                () -> runner.run(() -> {
                    SunSignals.raise("TERM");
                    sleep(LONG).await();
                }));
        assertEquals("again", runner.run(() -> {
            sleep(0).await();
            return "again";
        }));
    }

    @ParameterizedTest
    @ValueSource(strings = {"INT", "TERM"})
    void afterTheRunTheHandlersAreAsBefore(String signal) {
        Object before = SunSignals.current(signal);
        runner.run(() -> {
            assumePossible(signal);
            assertFalse(before.toString().equals(SunSignals.current(signal).toString()), "not installed");
        });
        assertEquals(before.toString(), SunSignals.current(signal).toString());
    }

    @Test
    void c057_aHandlerOfTheProgramIsLeftAlone() {
        CountDownLatch handled = new CountDownLatch(1);
        Object own = SunSignals.handler(handled::countDown);
        Object before = SunSignals.handle("TERM", own);
        try {
            assertEquals("done", runner.run(() -> {
                assertSame(own, SunSignals.current("TERM"));
                SunSignals.raise("TERM");
                Elsewhere.await(handled);
                sleep(0).await();
                return "done";
            }));
            assertSame(own, SunSignals.current("TERM"));
        } finally {
            SunSignals.handle("TERM", before);
        }
    }

    @Test
    void withoutTheOptionNothingIsInstalled() {
        String before = SunSignals.current("TERM").toString();
        try (Runner deaf = Runner.builder().handleSignals(false).build()) {
            assertEquals(before, deaf.run(() -> SunSignals.current("TERM").toString()));
        }
    }

    @Test
    void aLoopThatIsNotOnTheMainThreadInstallsNothing() {
        String before = SunSignals.current("TERM").toString();
        try (BackgroundLoop background = Loop.start()) {
            assertEquals(
                    before,
                    background
                            .submit(() -> SunSignals.current("TERM").toString())
                            .join());
        }
    }
}
