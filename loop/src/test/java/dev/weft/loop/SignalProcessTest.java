package dev.weft.loop;

import static dev.weft.loop.Asyncio.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real processes that get real signals: C054 and C056. */
@Timeout(60)
class SignalProcessTest {
    /** What the processes run. */
    static final class Program {
        public static void main(String[] args) {
            try {
                Asyncio.run(() -> {
                    switch (args[0]) {
                        case "polite" -> polite();
                        case "careless" -> polite();
                        case "stuck in cleanup" -> stuckInCleanup();
                        default -> stuck();
                    }
                });
            } catch (SignalInterrupt e) {
                System.out.println(e.getMessage());
                if (args[0].equals("careless")) {
                    throw e;
                }
                System.exit(e.exitCode());
            }
        }

        private static void polite() {
            System.out.println("ready");
            try {
                sleep(Duration.ofDays(1)).await();
            } finally {
                sleep(0).await();
                System.out.println("cleaned up");
            }
        }

        private static void stuckInCleanup() {
            System.out.println("ready");
            try {
                sleep(Duration.ofDays(1)).await();
            } finally {
                System.out.println("stuck");
                blockForEver();
            }
        }

        private static void stuck() {
            System.out.println("ready");
            blockForEver();
        }

        private static void blockForEver() {
            while (true) {
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                    System.out.println("an interrupt does not help");
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"INT,130", "TERM,143"})
    void c054_theFirstSignalCancelsMain(String signal, int exitCode) {
        try (ChildJvm child = ChildJvm.start(Program.class, "polite")) {
            child.awaitLine("ready");
            child.signal(signal);
            assertEquals(exitCode, child.end());
            assertEquals(List.of("ready", "cleaned up", "interrupted by SIG" + signal), child.lines());
        }
    }

    @Test
    void c054_aProgramThatDoesNotCatchItEndsWithItsTrace() {
        try (ChildJvm child = ChildJvm.start(Program.class, "careless")) {
            child.awaitLine("ready");
            child.signal("TERM");
            assertEquals(1, child.end());
            assertTrue(
                    child.lines().stream().anyMatch(line -> line.contains("dev.weft.loop.SignalInterrupt")),
                    child.lines()::toString);
        }
    }

    @ParameterizedTest
    @CsvSource({"INT,130", "TERM,143"})
    void c056_theSecondSignalEndsTheProcessAtOnceThoughCleanupBlocks(String signal, int exitCode) {
        try (ChildJvm child = ChildJvm.start(Program.class, "stuck in cleanup")) {
            child.awaitLine("ready");
            child.signal(signal);
            child.awaitLine("stuck");
            child.signal(signal);
            assertEquals(exitCode, child.end());
            assertFalse(child.lines().contains("cleaned up"));
        }
    }

    @Test
    void c056_theSecondSignalEndsAProcessThatNeverNoticedTheFirst() {
        try (ChildJvm child = ChildJvm.start(Program.class, "stuck")) {
            child.awaitLine("ready");
            // Two kinds, for two of one kind may arrive as one. Which is handled first is the JVM's choice.
            child.signal("INT");
            child.signal("TERM");
            assertTrue(Set.of(130, 143).contains(child.end()), child.lines()::toString);
        }
    }
}
