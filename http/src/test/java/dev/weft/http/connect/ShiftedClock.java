package dev.weft.http.connect;

import dev.weft.loop.Clock;
import java.time.Duration;

/** The machine's clock, which a test can put forward: for time limits on real sockets. */
final class ShiftedClock implements Clock {
    private final long start = System.nanoTime();
    private long shift;

    void advance(Duration time) {
        shift += time.toNanos();
    }

    @Override
    public long nanoTime() {
        return System.nanoTime() - start + shift;
    }

    @Override
    public long idle(long deadlineNanos, boolean workOutside) {
        return deadlineNanos == Long.MAX_VALUE ? Long.MAX_VALUE : Math.max(0, deadlineNanos - nanoTime());
    }
}
