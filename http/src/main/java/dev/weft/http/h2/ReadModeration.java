package dev.weft.http.h2;

import java.time.Duration;

/**
 * How many short answers are waited for before they are read, where many requests are under way on one connection and the server answers them fast:
 * what a network card does with its interrupts. Without it a client that is faster than the server reads, and sends, for two or three at a time,
 * which costs both of them more.
 *
 * <p>Pure: it decides, and is told the time.
 */
final class ReadModeration {
    /** How long an answer may wait for others. */
    static final Duration PATIENCE = Duration.ofNanos(400_000);

    /** Where fewer requests than that are under way, whoever made the last ones may be waiting for just those answers. */
    private static final int MANY = 32;

    /** Measured with 64 requests under way: 8 take half as much of the work away, 24 no more, and with 32 the server waits for us. */
    private static final int AT_A_TIME = 16;

    /** The system's buffer is large enough for that. */
    private static final int MOST_BYTES = 32 << 10;

    /** After a wait in vain, and one more, and so on. */
    private static final int MOST_SKIPS = 1023;

    private long lastNanos;
    private boolean waiting;
    private int skips;
    private int lastSkips;

    /**
     * Decides about the next read, behind one.
     *
     * @param bytes how many it gave
     * @param answers how many began with it
     * @param underWay how many requests have no whole answer yet
     * @return how many bytes are to have come, or {@link #PATIENCE} to have passed, before the next one
     */
    int read(long bytes, long answers, int underWay, long nowNanos) {
        long tookNanos = nowNanos - lastNanos;
        lastNanos = nowNanos;
        if (waiting) {
            lastSkips = tookNanos < PATIENCE.toNanos() ? 0 : Math.min(2 * lastSkips + 1, MOST_SKIPS);
            skips = lastSkips;
        }
        // Twice as fast as needed, so that the wait ends with the answers.
        waiting = answers > 0 && underWay >= MANY && 2 * AT_A_TIME * tookNanos <= answers * PATIENCE.toNanos();
        if (waiting && skips > 0) {
            skips--;
            waiting = false;
        }
        return waiting ? (int) Math.min(bytes * AT_A_TIME / answers, MOST_BYTES) : 1;
    }
}
