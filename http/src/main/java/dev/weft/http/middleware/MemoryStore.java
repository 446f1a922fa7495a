package dev.weft.http.middleware;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A cache in memory. Any thread: what it does under its lock is short and never waits. Invariant: {@code bytes} is the sum of the weights. */
final class MemoryStore implements CacheStore {
    private final long maxBytes;
    /** Key and variant to entry, the one not used for longest first. */
    private final LinkedHashMap<Name, CacheEntry> entries = new LinkedHashMap<>(16, 0.75f, true);
    /** Key to its entries by variant. */
    private final Map<String, Map<String, CacheEntry>> byKey = new HashMap<>();

    private long bytes;

    MemoryStore(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    private record Name(String key, String variant) {
        static Name of(CacheEntry entry) {
            return new Name(entry.key(), entry.variant());
        }
    }

    @Override
    public synchronized @Nullable CacheEntry find(String key, Predicate<CacheEntry> selects) {
        CacheEntry found = null;
        for (CacheEntry entry : byKey.getOrDefault(key, Map.of()).values()) {
            boolean newer = found == null || entry.received().isAfter(found.received());
            if (newer && selects.test(entry)) {
                found = entry;
            }
        }
        return found == null ? null : entries.get(Name.of(found));
    }

    @Override
    public synchronized void put(CacheEntry entry) {
        take(Name.of(entry));
        if (entry.weight() > maxBytes) {
            return;
        }
        entries.put(Name.of(entry), entry);
        byKey.computeIfAbsent(entry.key(), same -> new HashMap<>(2)).put(entry.variant(), entry);
        bytes += entry.weight();
        while (bytes > maxBytes) {
            Map.Entry<Name, CacheEntry> oldest = entries.pollFirstEntry();
            forget(oldest.getKey(), oldest.getValue());
        }
    }

    @Override
    public synchronized void remove(String key) {
        for (String variant : Map.copyOf(byKey.getOrDefault(key, Map.of())).keySet()) {
            take(new Name(key, variant));
        }
    }

    private void take(Name name) {
        CacheEntry entry = entries.remove(name);
        if (entry != null) {
            forget(name, entry);
        }
    }

    private void forget(Name name, CacheEntry entry) {
        bytes -= entry.weight();
        byKey.computeIfPresent(name.key(), (key, variants) -> {
            variants.remove(name.variant());
            return variants.isEmpty() ? null : variants;
        });
    }

    @Override
    public synchronized void clear() {
        entries.clear();
        byKey.clear();
        bytes = 0;
    }

    @Override
    public synchronized Usage usage() {
        return new Usage(entries.size(), bytes);
    }
}
