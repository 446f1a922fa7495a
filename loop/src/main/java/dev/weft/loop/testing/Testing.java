package dev.weft.loop.testing;

import com.google.errorprone.annotations.CheckReturnValue;
import dev.weft.loop.Asyncio;
import dev.weft.loop.Awaitable;
import dev.weft.loop.Loop;
import org.jspecify.annotations.Nullable;

/** What tests wait for. */
public final class Testing {
    private Testing() {}

    /**
     * Waits until every other task of the loop waits for something that is not there, and no call runs on another thread for the
     * loop. Timers do not fire meanwhile on a {@link VirtualClock}. Source: trio's {@code wait_all_tasks_blocked}.
     */
    @CheckReturnValue
    public static Awaitable<@Nullable Void, RuntimeException> waitAllTasksBlocked() {
        return () -> {
            Loop loop = Asyncio.getRunningLoop();
            do {
                Asyncio.sleep(0).await();
            } while (loop.metrics().ready() > 0 || loop.metrics().outside() > 0);
            return null;
        };
    }
}
