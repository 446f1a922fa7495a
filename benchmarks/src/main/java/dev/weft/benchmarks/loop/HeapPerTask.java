package dev.weft.benchmarks.loop;

import static dev.weft.loop.Asyncio.createTask;
import static dev.weft.loop.Asyncio.getRunningLoop;
import static dev.weft.loop.Asyncio.sleep;

import dev.weft.loop.Future;
import dev.weft.loop.Loop;
import dev.weft.loop.Runner;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Measures memory, in the heap that is used after a collection: per task of 100,000 that each wait for a future of their own (the
 * future included), and retained per timer after a million were scheduled and cancelled. The argument is the carrier; prints one
 * line of JSON.
 *
 * <p>Needs a collector that moves everything together ({@code -XX:+UseSerialGC -XX:MarkSweepAlwaysCompactCount=1}) and no watchdog,
 * which a collection would alarm ({@code -Dweft.watchdog.millis=0}).
 */
public final class HeapPerTask {
    /** More than one, for a compiled frame takes less room than an interpreted one; the figure is the median. */
    private static final int ROUNDS = 9;

    private static final int TASKS = 100_000;
    private static final int TIMERS = 1_000_000;
    private static final MemoryMXBean MEMORY = ManagementFactory.getMemoryMXBean();

    private HeapPerTask() {}

    /** Measures on the carrier {@code args[0]}. */
    public static void main(String[] args) {
        try (Runner runner =
                Runner.builder().carrier(args[0]).handleSignals(false).build()) {
            double[] perTask = new double[ROUNDS];
            for (int i = 0; i < ROUNDS; i++) {
                perTask[i] = runner.run(HeapPerTask::bytesPerTask);
            }
            Arrays.sort(perTask);
            double perTimer = runner.run(HeapPerTask::bytesPerTimer);
            System.out.printf(
                    "{\"carrier\": \"%s\", \"heapPerTask\": %.1f, \"heapPerTimer\": %.3f}%n",
                    args[0], perTask[ROUNDS / 2], perTimer);
        }
    }

    private static double bytesPerTask() {
        Loop loop = getRunningLoop();
        List<Future<@Nullable Void>> gates = new ArrayList<>(TASKS);
        long before = used();
        for (int i = 0; i < TASKS; i++) {
            Future<@Nullable Void> gate = loop.createFuture();
            gates.add(gate);
            createTask(gate::await);
        }
        letAllRun();
        long after = used();
        gates.forEach(gate -> gate.setResult(null));
        letAllRun();
        return (double) (after - before) / TASKS;
    }

    private static void letAllRun() {
        sleep(Duration.ZERO).await();
        sleep(Duration.ZERO).await();
    }

    private static double bytesPerTimer() {
        Loop loop = getRunningLoop();
        Duration delay = Duration.ofMinutes(5);
        long before = used();
        for (int i = 0; i < TIMERS; i++) {
            loop.callLater(delay, () -> {}).cancel();
        }
        return (double) (used() - before) / TIMERS;
    }

    private static long used() {
        for (int i = 0; i < 3; i++) {
            MEMORY.gc();
        }
        return MEMORY.getHeapMemoryUsage().getUsed();
    }
}
