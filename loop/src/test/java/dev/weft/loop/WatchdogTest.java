package dev.weft.loop;

import static dev.weft.loop.Asyncio.createTask;
import static dev.weft.loop.Asyncio.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A step that holds the loop is logged while it does: each of these steps waits until it reads of itself in the log. On the
 * machine's clock.
 */
@Timeout(60)
class WatchdogTest {
    private static final String HELD = "has been held for";

    @Test
    void aTaskThatBlocksItsThreadIsLoggedWithItsStackWhileItIsStuck() {
        try (CapturedLog log = new CapturedLog()) {
            Asyncio.run(() ->
                    createTask(() -> blockUntil(log.expect(HELD)), "blocker").await());
            assertTrue(log.text().contains("one step of blocker"), log::text);
            assertTrue(log.text().contains("at dev.weft.loop.WatchdogTest.blockUntil(WatchdogTest.java:"), log::text);
        }
    }

    private static void blockUntil(CountDownLatch logged) {
        Elsewhere.await(logged);
    }

    @Test
    void aTaskThatComputesIsLoggedToo() {
        try (CapturedLog log = new CapturedLog()) {
            Asyncio.run(() ->
                    createTask(() -> computeUntil(log.expect(HELD)), "thinker").await());
            assertTrue(log.text().contains("one step of thinker"), log::text);
            assertTrue(log.text().contains("WatchdogTest.computeUntil(WatchdogTest.java:"), log::text);
        }
    }

    private static void computeUntil(CountDownLatch logged) {
        long end = System.nanoTime() + Elsewhere.PATIENCE_SECONDS * 1_000_000_000;
        while (logged.getCount() > 0) {
            if (System.nanoTime() > end) {
                throw new AssertionError("nobody noticed");
            }
            Thread.onSpinWait();
        }
    }

    @Test
    void aCallbackIsLoggedToo() {
        try (CapturedLog log = new CapturedLog()) {
            Asyncio.run(() -> {
                Asyncio.getRunningLoop().callSoon(() -> blockUntil(log.expect(HELD)));
                sleep(0).await();
            });
            assertTrue(log.text().contains("WatchdogTest.blockUntil(WatchdogTest.java:"), log::text);
        }
    }

    /** With a limit of its own, in a process of its own, where the log can be read to its end. */
    static final class Program {
        public static void main(String[] args) throws Exception {
            Asyncio.run(() -> {
                CountDownLatch wake = new CountDownLatch(1);
                Elsewhere.start(() -> {
                    // Five times as long as a step may take.
                    Thread.sleep(250);
                    wake.countDown();
                });
                createTask(() -> blockUntil(wake), "stuck").await();
            });
            System.out.println("end");
        }
    }

    private static List<String> outputOf(String limit) {
        try (ChildJvm child = ChildJvm.start(Program.class, List.of("-Dweft.watchdog.millis=" + limit), Map.of())) {
            assertEquals(0, child.end(), child.lines()::toString);
            assertTrue(child.lines().contains("end"), child.lines()::toString);
            return child.lines();
        }
    }

    private static long reports(List<String> lines) {
        return lines.stream().filter(line -> line.contains(HELD)).count();
    }

    @Test
    void oneStepIsLoggedOnceHoweverLongItIsStuck() {
        List<String> lines = outputOf("50");
        assertEquals(
                1,
                lines.stream()
                        .filter(line -> line.contains("one step of stuck"))
                        .count(),
                lines::toString);
    }

    @Test
    void aLoopThatWaitsIsInNoStep() {
        try (BackgroundLoop background = Loop.start()) {
            Loop loop = background.loop();
            assertTrue(background.submit(loop::stepUnderWay).join() > 0);
            long end = System.nanoTime() + Elsewhere.PATIENCE_SECONDS * 1_000_000_000;
            while (loop.stepUnderWay() != 0) {
                assertTrue(System.nanoTime() < end, "an idle loop seems to be held");
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void zeroTurnsItOff() {
        assertEquals(0, reports(outputOf("0")));
    }
}
