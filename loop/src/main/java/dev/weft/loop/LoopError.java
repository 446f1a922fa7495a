package dev.weft.loop;

import org.jspecify.annotations.Nullable;

/**
 * What the exception handler of a loop is told: something failed where nobody waits for it.
 *
 * @param message what happened, in a sentence
 * @param exception what was thrown, null if nothing was
 * @param source the future or task it concerns, null if none
 * @param handle the callback it concerns, null if none
 * @param origin in debug mode the stack of where the future, task or callback was created; else null
 */
public record LoopError(
        String message,
        @Nullable Throwable exception,
        @Nullable Future<?> source,
        @Nullable Handle handle,
        @Nullable Throwable origin) {
    LoopError(String message, @Nullable Throwable exception, @Nullable Future<?> source) {
        this(message, exception, source, null, source == null ? null : source.origin);
    }

    static LoopError inCallback(String message, Throwable exception, Handle handle) {
        return new LoopError(message, exception, null, handle, handle.origin);
    }

    /** Of a failure whose future nobody has any more. */
    static LoopError unretrieved(Outcome.Failed failed) {
        return new LoopError(failed.who + " exception was never retrieved", failed.error, null, null, failed.origin);
    }
}
