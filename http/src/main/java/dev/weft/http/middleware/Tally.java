package dev.weft.http.middleware;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts for {@link CacheStats}. Any thread. */
final class Tally {
    private final ConcurrentHashMap<Cache.Status, LongAdder> byStatus = new ConcurrentHashMap<>();
    private final LongAdder stored = new LongAdder();
    private final LongAdder failures = new LongAdder();

    void count(Cache.Status status) {
        byStatus.computeIfAbsent(status, same -> new LongAdder()).increment();
    }

    void stored() {
        stored.increment();
    }

    void failed() {
        failures.increment();
    }

    private long of(Cache.Status status) {
        LongAdder count = byStatus.get(status);
        return count == null ? 0 : count.sum();
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
