package dev.weft.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weft.loop.testing.VirtualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs a coroutine on the virtual clock, and checks what structured code promises: when the coroutine ends, no task but its own
 * is alive, its cancel count is zero, and nothing was reported to the exception handler. A dead-lock ends the run at once.
 */
final class Virtual {
    private Virtual() {}

    /** Runs it; gives the virtual time it took. */
    static <X extends Exception> Duration virtually(Action<X> main) throws X {
        List<LoopError> reports = new ArrayList<>();
        Duration took = virtually(reports, () -> {
            main.run();
            assertNothingLeft();
        });
        assertEquals(List.of(), reports, "reports to the exception handler");
        return took;
    }

    /** Runs it with no check at the end but for dead-locks; what the exception handler is told goes to a list. */
    static <X extends Exception> Duration virtually(List<LoopError> reports, Action<X> main) throws X {
        Watched clock = new Watched();
        try (Runner runner = Runner.builder().clock(clock).build()) {
            runner.run(() -> {
                Asyncio.getRunningLoop().setExceptionHandler(reports::add);
                main.run();
            });
        }
        return clock.clock.elapsed();
    }

    /** The running task is the only one, and nobody's request to cancel it is open. */
    static void assertNothingLeft() {
        Task<?> task = Loop.runningTask("assertNothingLeft");
        assertEquals(List.of(task), Asyncio.allTasks(), "tasks that are alive");
        assertEquals(0, task.cancelling(), "open requests to cancel " + task);
    }

    /** The time since the loop was made, in milliseconds. */
    static long millis() {
        return Asyncio.getRunningLoop().time().toMillis();
    }

    /** Never ends by itself. */
    static void forever() {
        Asyncio.getRunningLoop().createFuture().await();
    }

    /** Waits; if it is cancelled meanwhile, cleans up for a time that no cancellation cuts short, and goes on being cancelled. */
    static void withCleanup(double seconds, double cleanupSeconds) {
        try {
            Asyncio.sleep(seconds).await();
        } catch (CancelledError e) {
            Asyncio.sleep(cleanupSeconds).await();
            throw e;
        }
    }

    /** Waits; if it is cancelled meanwhile, fails instead. */
    static void failingCleanup(double seconds, String message) {
        try {
            Asyncio.sleep(seconds).await();
        } finally {
            Boom.now(message);
        }
    }

    /** The virtual clock, but where it would wait for ever it says so. */
    private static final class Watched implements Clock {
        private final VirtualClock clock = new VirtualClock();

        @Override
        public long nanoTime() {
            return clock.nanoTime();
        }

        @Override
        public boolean isVirtual() {
            return true;
        }

        @Override
        public long idle(long deadlineNanos, boolean workOutside) {
            if (deadlineNanos == Long.MAX_VALUE && !workOutside) {
                throw new AssertionError("dead-lock: nothing is ready, and no timer is set");
            }
            return clock.idle(deadlineNanos, workOutside);
        }
    }
}
