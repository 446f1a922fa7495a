package dev.weft.loop;

import org.jspecify.annotations.Nullable;

/**
 * What runs inside a scope, in the calling task, and may talk to the scope.
 *
 * @param <S> the scope: a {@link Timeout} or a {@link TaskGroup}
 * @param <T> what it gives
 * @param <X> the checked exception it may end with; {@link RuntimeException} when there is none
 */
@FunctionalInterface
public interface ScopeBody<S, T extends @Nullable Object, X extends Exception> {
    /**
     * Does the work, awaiting as it likes.
     *
     * @throws X if the work fails with it
     */
    T call(S scope) throws X;
}
