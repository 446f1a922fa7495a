package dev.weft.loop;

import java.time.Duration;

/**
 * How long ticks took, in buckets that double: 64 counters, no allocation when recording. A percentile is the upper end of its
 * bucket. Confined to the loop.
 */
final class LagHistogram {
    private final long[] buckets = new long[64];
    private long count;
    private long maxNanos;

    void record(long nanos) {
        buckets[64 - Long.numberOfLeadingZeros(Math.max(nanos, 0))]++;
        count++;
        maxNanos = Math.max(maxNanos, nanos);
    }

    long count() {
        return count;
    }

    Duration max() {
        return Duration.ofNanos(maxNanos);
    }

    Duration percentile(double fraction) {
        long below = 0;
        for (int bucket = 0; bucket < buckets.length; bucket++) {
            below += buckets[bucket];
            if (below > 0 && below >= fraction * count) {
                long end = bucket == 0 ? 0 : (1L << bucket) - 1;
                return Duration.ofNanos(Math.min(end, maxNanos));
            }
        }
        return Duration.ZERO;
    }
}
