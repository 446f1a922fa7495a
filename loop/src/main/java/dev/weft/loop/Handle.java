package dev.weft.loop;

import org.jspecify.annotations.Nullable;

/**
 * A callback that {@link Loop#callSoon} queued. Runs at most once.
 *
 * <p>{@link #cancel()} may be called from any thread. Source: {@code asyncio.Handle}.
 */
public sealed class Handle permits TimerHandle, ThreadsafeHandle {
    final Loop loop;
    final Context context;
    private volatile @Nullable Runnable callback;
    private volatile boolean cancelled;

    /** Where it was queued, in debug mode. */
    final @Nullable Throwable origin;

    Handle(Loop loop, Runnable callback, Context context) {
        this.origin = loop.debug ? new Throwable("queued here") : null;
        this.loop = loop;
        this.callback = callback;
        this.context = context;
    }

    /** Drops the callback; without effect when it has run or was cancelled before. */
    public void cancel() {
        if (callback != null) {
            cancelled = true;
            callback = null;
        }
    }

    /** Whether it was cancelled before it ran. */
    public boolean isCancelled() {
        return cancelled;
    }

    /** Runs the callback, once. Called by the loop in the context of this handle. */
    void execute() {
        Runnable run = callback;
        if (run == null) {
            return;
        }
        callback = null;
        try {
            run.run();
        } catch (Throwable e) {
            loop.stopIfFatal(e);
            loop.callExceptionHandler(LoopError.inCallback("Exception in callback " + run, e, this));
        }
    }

    @Override
    public String toString() {
        Runnable run = callback;
        return cancelled ? "<Handle cancelled>" : "<Handle " + (run == null ? "done" : run) + ">";
    }
}
