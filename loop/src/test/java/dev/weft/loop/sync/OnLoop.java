package dev.weft.loop.sync;

import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.weft.loop.Action;
import dev.weft.loop.Asyncio;
import dev.weft.loop.CancelledError;
import dev.weft.loop.Runner;
import dev.weft.loop.Task;
import dev.weft.loop.TimerHandle;
import dev.weft.loop.testing.VirtualClock;
import java.time.Duration;
import java.util.Objects;

/** Runs tests on a loop with a virtual clock, on which a dead-lock ends after an hour that takes no time. */
final class OnLoop {
    private OnLoop() {}

    /** Runs it; gives the virtual time it took. */
    static Duration run(Action<RuntimeException> main) {
        VirtualClock clock = new VirtualClock();
        try (Runner runner = Runner.builder().clock(clock).handleSignals(false).build()) {
            runner.run(() -> {
                Task<?> task = Objects.requireNonNull(Asyncio.currentTask());
                TimerHandle guard = Asyncio.getRunningLoop()
                        .callLater(Duration.ofHours(1), () -> task.cancel("dead-locked: waited for an hour"));
                try {
                    main.run();
                } finally {
                    guard.cancel();
                }
            });
        }
        return clock.elapsed();
    }

    /** Lets everything that is ready run, so many times. */
    static void ticks(int count) {
        for (int i = 0; i < count; i++) {
            Asyncio.sleep(0).await();
        }
    }

    static void assertCancelled(Task<?> task) {
        assertThrows(CancelledError.class, task::await);
    }

    /** Awaits it, whatever comes of it. */
    static void ended(Task<?> task) {
        Asyncio.wait(java.util.List.of(task)).await();
    }
}
