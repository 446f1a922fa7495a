package dev.weft.loop;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A scope with a deadline, entered by {@link Asyncio#timeout}. At the deadline it cancels the task that runs it; when its body
 * ends by that cancellation, and by no other, the scope throws {@link TimeoutException} in its place.
 *
 * <p>Confined to the loop; {@link #when()} and {@link #expired()} may be read by any thread. Source: {@code asyncio.Timeout}.
 */
public final class Timeout {
    private final Task<?> task;
    /** The scope around this one, null if there is none. */
    private final @Nullable Timeout outer;

    /** How many requests to cancel the task it had heard of before: those are nothing new. */
    private final int heardBefore;

    /** Our own request, once the deadline has passed. */
    private @Nullable CancelReason request;

    private final @Nullable Duration delay;
    private volatile State state = State.ENTERED;
    private @Nullable TimerHandle timer;
    private @Nullable Handle overdue;
    private volatile long deadlineNanos = Long.MAX_VALUE;

    private enum State {
        ENTERED,
        EXPIRING,
        EXPIRED,
        EXITED
    }

    private Timeout(Task<?> task, @Nullable Duration delay) {
        this.task = task;
        this.delay = delay;
        this.outer = task.scope;
        this.heardBefore = task.heardCancels();
    }

    /**
     * Runs a body with a deadline.
     *
     * @param when the moment by the loop's clock, {@link Long#MAX_VALUE} for none
     * @param delay what the caller asked for, for the message
     */
    static <T extends @Nullable Object, X extends Exception> T call(
            long when, @Nullable Duration delay, ScopeBody<? super Timeout, T, X> body) throws X {
        Timeout scope = new Timeout(Loop.runningTask("timeout"), delay);
        scope.task.scope = scope;
        scope.arm(when);
        T result;
        try {
            result = body.call(scope);
        } catch (Throwable error) {
            scope.exit(error);
            throw Outcome.<X>sneakyThrow(error);
        }
        scope.exit(null);
        return result;
    }

    /** When it fires, by {@link Loop#time()}; null if never. */
    public @Nullable Duration when() {
        return deadlineNanos == Long.MAX_VALUE ? null : Duration.ofNanos(deadlineNanos);
    }

    /** Whether it has fired. */
    public boolean expired() {
        return state == State.EXPIRING || state == State.EXPIRED;
    }

    /**
     * Moves the deadline.
     *
     * @param when the moment by {@link Loop#time()}, null for never
     * @throws IllegalStateException if the scope has fired or was left, or this thread does not run the loop
     */
    public void reschedule(@Nullable Duration when) {
        task.loop.checkActive("reschedule");
        if (state != State.ENTERED) {
            String now = switch (state) {
                case EXPIRING -> "expiring";
                case EXPIRED -> "expired";
                default -> "finished";
            };
            throw new IllegalStateException("Cannot change state of " + now + " Timeout");
        }
        disarm();
        arm(when == null ? Long.MAX_VALUE : Loop.nanos(when));
    }

    /** The earliest deadline of this scope and those around it, {@link Long#MAX_VALUE} if none has one. */
    long effectiveDeadlineNanos() {
        long earliest = Long.MAX_VALUE;
        for (Timeout scope = this; scope != null; scope = scope.outer) {
            // A task may outlive a scope it was started in, if its owner does.
            if (scope.state == State.ENTERED || scope.state == State.EXPIRING) {
                earliest = Math.min(earliest, scope.deadlineNanos);
            }
        }
        return earliest;
    }

    private void arm(long when) {
        deadlineNanos = when;
        if (when == Long.MAX_VALUE) {
            return;
        }
        Loop loop = task.loop;
        if (when <= loop.nanoTime()) {
            overdue = loop.callSoon(this::expire);
        } else {
            timer = loop.callAtNanos(when, this::expire);
        }
    }

    private void disarm() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
        if (overdue != null) {
            overdue.cancel();
            overdue = null;
        }
    }

    private void expire() {
        state = State.EXPIRING;
        disarm();
        CancelReason own =
                new CancelReason(CancelReason.Kind.DEADLINE, "the deadline of a timeout passed", task.name());
        request = own;
        task.cancel(own);
    }

    /** Leaves the scope; throws if its own cancellation ended the body. */
    private void exit(@Nullable Throwable error) {
        disarm();
        task.scope = outer;
        CancelReason own = request;
        if (own == null) {
            state = State.EXITED;
            return;
        }
        state = State.EXPIRED;
        task.uncancel(own);
        if (error instanceof CancelledError interruption) {
            CancelReason other = task.cancelledSince(heardBefore);
            if (other != null) {
                throw interruption.because(other);
            }
            throw TimeoutException.after(delay, error);
        }
        if (error != null) {
            // The error replaces the timeout, and keeps it in sight.
            error.addSuppressed(TimeoutException.after(delay, null));
        }
    }
}
