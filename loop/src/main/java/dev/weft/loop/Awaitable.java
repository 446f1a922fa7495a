package dev.weft.loop;

import org.jspecify.annotations.Nullable;

/**
 * Anything a task can wait for: a lambda or a request (cold: nothing happens until it is awaited), a {@link Future} or
 * {@link Task} (hot: under way). A lambda {@code () -> fetch(a)} is a coroutine object: awaited, it is a plain call;
 * given to {@link Asyncio#createTask} or {@link Asyncio#gather} it becomes a task.
 *
 * <p>Source: asyncio's <em>awaitable</em> objects.
 *
 * @param <T> what it gives
 * @param <X> the checked exception it may end with; {@link RuntimeException} when there is none
 */
@FunctionalInterface
public interface Awaitable<T extends @Nullable Object, X extends Exception> {
    /**
     * Waits for the outcome. Inside a task this is the only place where the task gives up the loop; it does not give it up
     * when the outcome is there already.
     *
     * @return the value
     * @throws X if the work fails with it
     * @throws CancelledError if the calling task or what it waits for was cancelled
     */
    T await() throws X;
}
