package dev.weft.loop;

import org.jspecify.annotations.Nullable;

/**
 * A coroutine that takes an argument: what {@link Asyncio#gather(Iterable, CoroutineFunction)} runs for every item. Source:
 * asyncio's <em>coroutine function</em>.
 *
 * @param <A> the argument
 * @param <T> what comes of it
 */
@FunctionalInterface
public interface CoroutineFunction<A extends @Nullable Object, T extends @Nullable Object> {
    /**
     * Does the work for one argument, awaiting as it likes.
     *
     * @throws Exception if the work fails with it
     */
    T apply(A argument) throws Exception;
}
