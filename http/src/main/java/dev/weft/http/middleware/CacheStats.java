package dev.weft.http.middleware;

/**
 * What a {@link Cache} has done since it was made.
 *
 * @param hits answers that were fresh
 * @param misses answers that came over the network, to be stored or not; and those of {@code only-if-cached} that were not there
 * @param revalidated answers of which the server said that they still hold
 * @param stale answers that were stale, and used because the request or the server allowed it
 * @param bypassed requests that are not for a cache
 * @param stored answers that were written to the store, those of the background included
 * @param failures how often the store failed
 */
public record CacheStats(
        long hits, long misses, long revalidated, long stale, long bypassed, long stored, long failures) {}
