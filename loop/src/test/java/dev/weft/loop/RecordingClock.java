package dev.weft.loop;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A clock that notes what deadline the loop would wait for, answers what the test says, and moves only by hand. */
final class RecordingClock implements Clock {
    /** What {@link #idle} was asked, in order. */
    final List<Long> deadlines = new ArrayList<>();

    long answer;
    private volatile long nanos;

    void advance(Duration time) {
        nanos += time.toNanos();
    }

    @Override
    public long nanoTime() {
        return nanos;
    }

    @Override
    public long idle(long deadlineNanos, boolean workOutside) {
        deadlines.add(deadlineNanos);
        return answer;
    }
}
