package dev.weft.loop;

import org.jspecify.annotations.Nullable;

/** What composition needs to know of futures. */
final class Futures {
    private Futures() {}

    /** The future itself, or a new task for anything cold (asyncio's {@code ensure_future}). */
    @SuppressWarnings("unchecked") // a Future only gives its values out
    static <T extends @Nullable Object> Future<T> ensure(Loop loop, Awaitable<? extends T, ?> awaitable) {
        if (awaitable instanceof Future<?> future) {
            if (future.loop != loop) {
                return (Future<T>) loop.mirror(future);
            }
            return (Future<T>) future;
        }
        return loop.createTask(awaitable);
    }

    /** How a done future failed: its exception, or a cancelled error; null if it has a value. Counts as looking at it. */
    static @Nullable Throwable failure(Future<?> done) {
        CancelReason reason = done.cancelReason();
        return reason == null ? done.exception() : new CancelledError(reason, null);
    }
}
