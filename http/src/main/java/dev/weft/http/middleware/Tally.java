package dev.weft.http.middleware;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/** Counts for {@link CacheStats}. Any thread. */
final class Tally {
    private final AtomicLongArray byStatus = new AtomicLongArray(Cache.Status.values().length);
    private final LongAdder stored = new LongAdder();
    private final LongAdder failures = new LongAdder();

    void count(Cache.Status status) {
        byStatus.incrementAndGet(status.ordinal());
    }

    void stored() {
        stored.increment();
    }

    void failed() {
        failures.increment();
    }

    private long of(Cache.Status status) {
        return byStatus.get(status.ordinal());
    }

    CacheStats stats() {
        return new CacheStats(
                of(Cache.Status.HIT),
                of(Cache.Status.MISS),
                of(Cache.Status.REVALIDATED),
                of(Cache.Status.STALE),
                of(Cache.Status.BYPASS),
                stored.sum(),
                failures.sum());
    }
}
