package dev.weft.loop;

import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * How a {@link Future} ended, as its state field holds it: null while pending, the value itself, or one of these for what is
 * not a plain value.
 */
sealed interface Outcome {
    /** The value null. */
    enum Null implements Outcome {
        VALUE
    }

    /** A failure, made where it happens. Holds no reference to its future, whose collection it outlives. Knows whether anybody has looked at it, so that the loop can report those nobody did. */
    final class Failed implements Outcome {
        final Throwable error;
        final String who;
        /** The context variables where it failed, for the report. */
        final Context context;
        /** Where the future was created, in debug mode. */
        final @Nullable Throwable origin;

        private volatile boolean retrieved;

        Failed(Throwable error, Future<?> future) {
            this.error = error;
            this.who = future.describe();
            this.context = Context.current();
            this.origin = future.origin;
        }

        /** Notes that somebody looked; true the first time. */
        boolean retrieve() {
            boolean first = !retrieved;
            retrieved = true;
            return first;
        }
    }

    /** A cancellation, and the error that ended the task's body if it was one. */
    record Cancelled(CancelReason reason, @Nullable CancelledError interrupted) implements Outcome {
        CancelledError error() {
            return new CancelledError(reason, interrupted);
        }
    }

    static Object ofValue(@Nullable Object value) {
        return value == null ? Null.VALUE : value;
    }

    /** What awaiting throws for an error: unchecked ones as themselves, checked ones as the cause of a completion exception. */
    static RuntimeException rethrow(Throwable error) {
        if (error instanceof RuntimeException unchecked) {
            throw unchecked;
        }
        if (error instanceof Error unchecked) {
            throw unchecked;
        }
        throw new CompletionException(error);
    }

    /** Throws an error as it is, whatever its type. */
    @SuppressWarnings("unchecked") // the cast is erased: the caller declares what its body may throw
    static <X extends Throwable> RuntimeException sneakyThrow(Throwable error) throws X {
        throw (X) error;
    }
}
