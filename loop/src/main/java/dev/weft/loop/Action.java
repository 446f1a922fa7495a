package dev.weft.loop;

/**
 * A coroutine without a value: what {@code () -> { ... }} is where nothing is returned.
 *
 * @param <X> the checked exception it may end with; {@link RuntimeException} when there is none
 */
@FunctionalInterface
public interface Action<X extends Exception> {
    /**
     * Does the work, awaiting as it likes.
     *
     * @throws X if the work fails with it
     */
    void run() throws X;
}
