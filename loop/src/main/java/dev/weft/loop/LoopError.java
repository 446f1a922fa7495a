package dev.weft.loop;

import org.jspecify.annotations.Nullable;

/**
 * What the exception handler of a loop is told: something failed where nobody waits for it.
 *
 * @param message what happened, in a sentence
 * @param exception what was thrown, null if nothing was
 * @param source the future or task it concerns, null if none
 * @param handle the callback it concerns, null if none
 */
public record LoopError(
        String message,
        @Nullable Throwable exception,
        @Nullable Future<?> source,
        @Nullable Handle handle) {
    LoopError(String message, @Nullable Throwable exception, @Nullable Future<?> source) {
        this(message, exception, source, null);
    }

    /** In debug mode the stack of where the future, task or callback was created; else null. */
    public @Nullable Throwable origin() {
        if (source != null) {
            return source.origin;
        }
        return handle == null ? null : handle.origin;
    }
}
