package dev.weft.loop;

/**
 * What runs inside a scope, in the calling task, and gives no value.
 *
 * @param <S> the scope: a {@link Timeout} or a {@link TaskGroup}
 * @param <X> the checked exception it may end with; {@link RuntimeException} when there is none
 */
@FunctionalInterface
public interface ScopeAction<S, X extends Exception> {
    /**
     * Does the work, awaiting as it likes.
     *
     * @throws X if the work fails with it
     */
    void run(S scope) throws X;
}
