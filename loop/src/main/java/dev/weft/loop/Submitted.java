package dev.weft.loop;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A task of a loop as other threads see it. Cancelling it cancels the task; a cancelled task cancels it. It ends with its loop at
 * the latest: nobody waits for a loop that is closed.
 */
final class Submitted<T extends @Nullable Object> extends CompletableFuture<T> {
    private final Loop loop;
    private volatile @Nullable Future<? extends T> future;

    Submitted(Loop loop) {
        this.loop = loop;
    }

    /** Follows a future; called on its loop. */
    void follow(Future<? extends T> source) {
        future = source;
        if (isCancelled()) {
            source.cancel();
        }
        source.addDoneCallback(this::take);
    }

    /** Takes over how a future ended. Any thread. */
    void take(Future<? extends T> done) {
        loop.paid(this);
        CancelReason reason = done.cancelReason();
        Throwable error = reason == null ? done.exception() : null;
        if (reason != null) {
            Throwable cancelled = new CancellationException(String.valueOf(reason.message()));
            completeExceptionally(cancelled);
        } else if (error != null) {
            completeExceptionally(error);
        } else {
            complete(done.result());
        }
    }

    /** Its loop is closed. */
    void abandon() {
        loop.paid(this);
        completeExceptionally(new IllegalStateException("the loop was closed before this had ended"));
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        boolean cancelled = super.cancel(mayInterruptIfRunning);
        loop.paid(this);
        Future<? extends T> source = future;
        if (cancelled && source != null) {
            source.cancel();
        }
        return cancelled;
    }

    /** Stages made of this one are ordinary ones. */
    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return new CompletableFuture<>();
    }
}
