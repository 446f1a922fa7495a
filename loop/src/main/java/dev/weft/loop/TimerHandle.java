package dev.weft.loop;

import java.time.Duration;

/**
 * A callback with a deadline, from {@link Loop#callLater} or {@link Loop#callAt}. A cancelled one is released at once.
 *
 * <p>Source: {@code asyncio.TimerHandle}.
 */
public final class TimerHandle extends Handle {
    final long deadlineNanos;
    /** Order of registration, which decides among equal deadlines. */
    final long sequence;
    /** Place in {@link Timers}, or {@link Timers#ABSENT}. */
    int index = Timers.ABSENT;

    TimerHandle(Loop loop, Runnable callback, Context context, long deadlineNanos, long sequence) {
        super(loop, callback, context);
        this.deadlineNanos = deadlineNanos;
        this.sequence = sequence;
    }

    /** When it is due, by {@link Loop#time()}. */
    public Duration when() {
        return Duration.ofNanos(deadlineNanos);
    }

    @Override
    public void cancel() {
        super.cancel();
        loop.forget(this);
    }

    boolean isBefore(TimerHandle other) {
        return deadlineNanos < other.deadlineNanos
                || (deadlineNanos == other.deadlineNanos && sequence < other.sequence);
    }
}
