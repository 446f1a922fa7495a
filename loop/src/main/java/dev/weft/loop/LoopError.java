package dev.weft.loop;

import org.jspecify.annotations.Nullable;

/**
 * What the exception handler of a loop is told: something failed where nobody waits for it.
 *
 * @param message what happened, in a sentence
 * @param exception what was thrown, null if nothing was
 * @param source the future or task it concerns, null for a callback
 */
public record LoopError(
        String message,
        @Nullable Throwable exception,
        @Nullable Future<?> source) {}
