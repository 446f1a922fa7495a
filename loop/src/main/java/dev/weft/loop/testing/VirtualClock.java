package dev.weft.loop.testing;

import dev.weft.loop.Clock;
import java.time.Duration;

/**
 * A clock that stands still while anything runs, and jumps to the next timer when the loop would wait: an hour of sleeping
 * takes microseconds. While another thread works for the loop (a blocking call, say) it does not jump.
 *
 * <p>Real sockets keep real time: what is still in the kernel when the clock jumps arrives after the jump. One clock serves one
 * loop at a time. {@link #elapsed()} may be read from any thread.
 *
 * <p>Source: trio's {@code MockClock(autojump_threshold=0)}.
 */
public final class VirtualClock implements Clock {
    private volatile long nanos;

    /** A clock that shows zero. */
    public VirtualClock() {}

    /** The virtual time that has passed since the clock was made. */
    public Duration elapsed() {
        return Duration.ofNanos(nanos);
    }

    @Override
    public long nanoTime() {
        return nanos;
    }

    @Override
    public boolean isVirtual() {
        return true;
    }

    @Override
    public long idle(long deadlineNanos, boolean workOutside) {
        if (workOutside || deadlineNanos == Long.MAX_VALUE) {
            return Long.MAX_VALUE;
        }
        nanos = Math.max(nanos, deadlineNanos);
        return 0;
    }
}
