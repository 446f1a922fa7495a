package dev.weft.loop;

/** {@link System#nanoTime()}, counted from when the class was loaded so that it is never negative. */
final class SystemClock implements Clock {
    private static final long ORIGIN = System.nanoTime();

    @Override
    public long nanoTime() {
        return System.nanoTime() - ORIGIN;
    }

    @Override
    public long idle(long deadlineNanos, boolean workOutside) {
        return deadlineNanos == Long.MAX_VALUE ? Long.MAX_VALUE : Math.max(0, deadlineNanos - nanoTime());
    }
}
