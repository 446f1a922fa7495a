package dev.weft.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weft.loop.testing.VirtualClock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A virtual clock stands still while another thread works, and moves on when that ends, however close to the loop's wait it does. */
@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WorkOutsideTest {
    /** The work ends after the loop has asked for it, and before it waits; its end queues nothing, for it was cancelled. */
    @Test
    void workThatEndsJustBeforeTheLoopWaits() {
        Queue<Runnable> submitted = new ArrayDeque<>();
        VirtualClock time = new VirtualClock();
        Clock clock = new Clock() {
            @Override
            public long nanoTime() {
                return time.nanoTime();
            }

            @Override
            public boolean isVirtual() {
                return true;
            }

            @Override
            public long idle(long deadlineNanos, boolean workOutside) {
                Runnable work = submitted.poll();
                if (work != null) {
                    runElsewhere(work);
                }
                return time.idle(deadlineNanos, workOutside);
            }
        };
        try (Runner runner = Runner.builder().clock(clock).handleSignals(false).build()) {
            runner.run(() -> {
                Future<?> work = Asyncio.getRunningLoop().runInExecutor(submitted::add, () -> null);
                work.cancel();
                Asyncio.sleep(Duration.ofSeconds(1)).await();
            });
        }
        assertEquals(Duration.ofSeconds(1), time.elapsed());
    }

    private static void runElsewhere(Runnable work) {
        Thread thread = Thread.ofPlatform().start(work);
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
