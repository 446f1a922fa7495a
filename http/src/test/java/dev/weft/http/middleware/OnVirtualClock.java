package dev.weft.http.middleware;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weft.loop.Action;
import dev.weft.loop.Asyncio;
import dev.weft.loop.Loop;
import dev.weft.loop.LoopError;
import dev.weft.loop.Runner;
import dev.weft.loop.testing.Testing;
import dev.weft.loop.testing.VirtualClock;
import java.util.ArrayList;
import java.util.List;

/** Runs a test on a loop with a clock that jumps; whatever the test did, no task, no timer and no unseen failure may be left of it. */
final class OnVirtualClock {
    private OnVirtualClock() {}

    /** Runs it; gives the virtual time it took, in milliseconds. */
    static long run(Action<?> test) throws Exception {
        VirtualClock clock = new VirtualClock();
        List<LoopError> reports = new ArrayList<>();
        try (Runner runner = Runner.builder().clock(clock).build()) {
            runner.run(() -> {
                Loop loop = Asyncio.getRunningLoop();
                loop.setExceptionHandler(reports::add);
                Asyncio.createTask(test).await();
                Testing.waitAllTasksBlocked().await();
                assertEquals(List.of(Asyncio.currentTask()), Asyncio.allTasks(), "tasks that are alive");
                assertEquals(0, loop.metrics().timers(), "timers");
            });
        }
        assertEquals(List.of(), reports);
        return clock.elapsed().toMillis();
    }

    /** The time since the loop was made, in milliseconds. */
    static long millis() {
        return Asyncio.getRunningLoop().time().toMillis();
    }
}
