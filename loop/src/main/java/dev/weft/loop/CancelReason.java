package dev.weft.loop;

import org.jspecify.annotations.Nullable;

/**
 * Why something was cancelled, and by whom. It travels with the {@link CancelledError} from {@code cancel} to everyone who
 * awaits.
 *
 * @param kind what sort of event it was
 * @param message what {@link Future#cancel(Object)} was given, any object; null if nothing was
 * @param by the name of the task that asked, null if it was no task
 */
public record CancelReason(
        Kind kind, @Nullable Object message, @Nullable String by) {
    /** What sort of event cancels. */
    public enum Kind {
        /** Somebody called {@code cancel}. */
        REQUEST,
        /** The deadline of a scope passed. */
        DEADLINE,
        /** Another task of the same scope failed. */
        SIBLING_FAILED,
        /** Another attempt of the same race won. */
        LOST_RACE,
        /** The scope it belonged to was left or cancelled. */
        SCOPE_CLOSED,
        /** The loop is shutting down. */
        SHUTDOWN,
        /** The process was asked to stop, or the waiting thread was interrupted. */
        INTERRUPT
    }

    static CancelReason request(@Nullable Object message) {
        return of(Kind.REQUEST, message);
    }

    static CancelReason of(Kind kind, @Nullable Object message) {
        Loop loop = Loop.current();
        Task<?> by = loop == null ? null : loop.currentTask();
        return new CancelReason(kind, message, by == null ? null : by.name());
    }
}
