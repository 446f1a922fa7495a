package dev.weft.loop;

/**
 * The time a loop lives by: its timers, its deadlines and Netty's timers read it. Replaced in tests by
 * {@link dev.weft.loop.testing.VirtualClock}.
 */
public interface Clock {
    /** The machine's monotonic clock. */
    Clock SYSTEM = new SystemClock();

    /** Nanoseconds since some fixed moment; never negative, never going back. */
    long nanoTime();

    /**
     * The loop has nothing to run: how long may it wait for I/O? Called on the loop's thread only. A clock that is not the
     * machine's may move itself to the deadline here, and answer 0.
     *
     * @param deadlineNanos when the next timer is due, by this clock; {@link Long#MAX_VALUE} if there is none
     * @param workOutside whether other threads work on something for this loop
     * @return real nanoseconds; {@link Long#MAX_VALUE} to wait without a bound
     */
    long idle(long deadlineNanos, boolean workOutside);

    /** Whether {@link #idle} may move the time, so that the loop first looks whether I/O is ready. */
    default boolean isVirtual() {
        return false;
    }
}
