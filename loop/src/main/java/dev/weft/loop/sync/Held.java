package dev.weft.loop.sync;

import org.jspecify.annotations.Nullable;

/**
 * A lock or permit that is given back at the end of a try block: {@code try (var held = lock.hold().await()) { ... }}. Used on
 * the loop. Source: asyncio's {@code async with lock}.
 */
public final class Held implements AutoCloseable {
    private @Nullable Runnable release;

    Held(Runnable release) {
        this.release = release;
    }

    /**
     * Gives it back; without effect the second time.
     *
     * @throws IllegalStateException if it was given back behind this object's back, or on a thread that does not run the loop
     */
    @Override
    public void close() {
        Runnable open = release;
        if (open != null) {
            open.run();
            release = null;
        }
    }
}
