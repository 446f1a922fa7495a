package dev.weft.http.middleware;

import java.util.Arrays;

/** How long the last answers of a host took. Pure; times are the caller's, in nanoseconds. */
final class Latencies implements PerKey.State {
    private static final int KEPT = 100;
    private static final long MEMORY_NANOS = 10L * 60 * 1_000_000_000;

    private final long[] last = new long[KEPT];
    private long count;
    private long lastUsed;

    /** Nothing known, at a moment. */
    Latencies(long now) {
        lastUsed = now;
    }

    /** An answer took so long, or at least so long. */
    void add(long nanos, long now) {
        last[(int) (count++ % KEPT)] = nanos;
        lastUsed = now;
    }

    /** How many are known; no more than are kept. */
    int size() {
        return (int) Math.min(count, KEPT);
    }

    /** What that part of the known ones took at most, as 0.95; there must be one. Source: nearest rank. */
    long quantile(double part) {
        long[] sorted = Arrays.copyOf(last, size());
        Arrays.sort(sorted);
        return sorted[Math.max(0, (int) Math.ceil(part * sorted.length) - 1)];
    }

    @Override
    public boolean isIdle(long now) {
        return now - lastUsed > MEMORY_NANOS;
    }
}
