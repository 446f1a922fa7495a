package dev.weft.http.middleware;

import dev.weft.http.message.ResponseHead;
import java.time.Instant;
import java.util.List;

/**
 * An answer that a {@link CacheStore} keeps. Key and variant together are its name: there is one entry of each.
 *
 * <p>Immutable, as long as nobody writes to the body. It holds nothing of the request but a digest.
 *
 * @param key the URL it was asked for, without user information and fragment
 * @param variant a digest of what selects between the answers of one URL
 * @param vary the names, in lower case and sorted, of the request's fields that are part of the variant
 * @param head its head, without what belongs to the connection and without {@code Set-Cookie}
 * @param requested when the request was sent
 * @param received when the head came
 * @param body the whole body, content coding undone if the request had asked for that; not to be written to
 */
@SuppressWarnings("ArrayRecordComponent") // entries are compared by name, never by content
public record CacheEntry(
        String key,
        String variant,
        List<String> vary,
        ResponseHead head,
        Instant requested,
        Instant received,
        byte[] body) {
    /**
     * Copies the list, not the body.
     *
     * @throws IllegalArgumentException if the variant is not of 32 hexadecimal digits in lower case
     */
    public CacheEntry {
        if (variant.length() != 32
                || !variant.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
            throw new IllegalArgumentException("the variant " + variant + " is not of 32 hexadecimal digits");
        }
        vary = List.copyOf(vary);
    }

    /** The same with a body. */
    CacheEntry withBody(byte[] other) {
        return new CacheEntry(key, variant, vary, head, requested, received, other);
    }

    /** About how many bytes it takes in memory. */
    long weight() {
        long weight = 512L + 2L * key.length() + body.length;
        for (var field : head.headers()) {
            weight += 64 + field.getKey().length() + field.getValue().length();
        }
        return weight;
    }
}
