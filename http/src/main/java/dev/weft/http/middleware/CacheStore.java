package dev.weft.http.middleware;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Where a {@link Cache} keeps its answers. What holds of every store: an entry is whole or not there; entries go when they have not been
 * used for longest, as soon as there are more bytes than the store may have.
 *
 * <p>Called by tasks of any loop; methods may await, none blocks the loop. What they throw, the cache takes for "not there", and logs.
 */
public interface CacheStore {
    /**
     * The entry of a key that a rule selects, null if there is none; of several the one received last. Finding it is using it.
     *
     * @param selects pure; may be called on another thread
     */
    @Nullable
    CacheEntry find(String key, Predicate<CacheEntry> selects);

    /** Keeps an entry, in the place of the one of the same key and variant. One that is larger than the store is not kept. */
    void put(CacheEntry entry);

    /** Forgets all variants of a key. */
    void remove(String key);

    /** Forgets everything. */
    void clear();

    /** What it holds now. */
    Usage usage();

    /**
     * What a store holds.
     *
     * @param entries how many answers
     * @param bytes about how many bytes they take
     */
    record Usage(long entries, long bytes) {}

    /**
     * A store in memory.
     *
     * @throws IllegalArgumentException if {@code maxBytes} is below 1
     */
    static CacheStore memory(long maxBytes) {
        return new MemoryStore(checked(maxBytes));
    }

    /**
     * A store of files in a directory, which is made when it is first needed, for its owner alone. It outlives the program, and several
     * programs may use it at once. Files that are damaged are removed when they are met. Nothing else of the directory is touched.
     *
     * @throws IllegalArgumentException if {@code maxBytes} is below 1
     */
    static CacheStore disk(Path directory, long maxBytes) {
        return new DiskStore(directory, checked(maxBytes), InstantSource.system());
    }

    private static long checked(long maxBytes) {
        if (maxBytes < 1) {
            throw new IllegalArgumentException("a cache of " + maxBytes + " bytes: it must be 1 or more");
        }
        return maxBytes;
    }
}
