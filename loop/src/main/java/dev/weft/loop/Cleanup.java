package dev.weft.loop;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Waiting for tasks to end that may not be given up: cleanup that owns them cannot leave them running. */
final class Cleanup {
    private Cleanup() {}

    /**
     * Waits until all have ended, also when the calling task is cancelled meanwhile: then they are cancelled once more.
     *
     * @return the cancellation that came meanwhile, for the caller to throw; null if none did
     */
    static @Nullable CancelledError waitFor(Collection<? extends Future<?>> futures) {
        CancelledError cancelled = null;
        while (futures.stream().anyMatch(future -> !future.isDone())) {
            try {
                Asyncio.wait(futures).await();
            } catch (CancelledError e) {
                cancelled = e;
                futures.forEach(future -> future.cancel(e.reason()));
            }
        }
        return cancelled;
    }
}
