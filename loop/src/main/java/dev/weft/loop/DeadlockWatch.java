package dev.weft.loop;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Looks for tasks that wait for each other in a circle, when nothing will happen by itself any more. A look costs as much as there are
 * tasks, so it is not taken before every wait. Confined to the loop.
 */
final class DeadlockWatch {
    private static final long EVERY_NANOS = Duration.ofMillis(50).toNanos();

    private final Loop loop;
    /** When to look again. */
    private long nextLook = System.nanoTime();
    /** The tasks of the last one that was reported. */
    private List<Task<?>> reported = List.of();

    DeadlockWatch(Loop loop) {
        this.loop = loop;
    }

    /**
     * Looks, if it is time to.
     *
     * @return how long to wait before the next look, in nanoseconds
     */
    long look() {
        long now = System.nanoTime();
        if (nextLook - now > 0) {
            return nextLook - now;
        }
        report();
        long end = System.nanoTime();
        nextLook = end + Math.max(EVERY_NANOS, 100 * (end - now));
        return Long.MAX_VALUE;
    }

    /** Tells of a circle of tasks, once for the same one. */
    void report() {
        List<Task<?>> circle = Deadlock.circle(loop.tasks);
        if (!circle.isEmpty() && !circle.equals(reported)) {
            String names = circle.stream().map(Task::name).collect(Collectors.joining(" waits for "));
            Task<?> first = circle.getFirst();
            loop.callExceptionHandler(new LoopError(
                    "Dead-lock: " + names + " waits for " + first.name() + "\n" + Dump.of(loop), null, first));
        }
        reported = circle;
    }
}
