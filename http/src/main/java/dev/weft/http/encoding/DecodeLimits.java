package dev.weft.http.encoding;

/**
 * How much may become of few bytes: the guard against bodies that are made to decompress to very much. Pure; any thread.
 *
 * <p>Why the defaults: text, logs and JSON have a ratio of 5 to 60, seldom 100, while deflate can reach 1032 and br and zstd much
 * more; Apache httpd's mod_deflate draws the line at 200 too. Something small may well be almost empty (a table of zeros, a
 * generated page), and does no harm either: the ratio counts only beyond the first 4 MiB.
 *
 * @param maxRatio the most decoded bytes for each received one, at least 1
 * @param freeBytes up to so many decoded bytes the ratio does not matter, at least 0
 * @param maxBytes the most decoded bytes whatever the ratio, at least 1
 */
public record DecodeLimits(int maxRatio, long freeBytes, long maxBytes) {
    /** Ratio 200 beyond 4 MiB, no limit of size: a large file is as good as a small one. */
    public static final DecodeLimits DEFAULT = new DecodeLimits(200, 4 << 20, Long.MAX_VALUE);

    /** No limit at all. */
    public static final DecodeLimits NONE = new DecodeLimits(Integer.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE);

    /**
     * Checks the limits.
     *
     * @throws IllegalArgumentException if one is out of its range
     */
    public DecodeLimits {
        if (maxRatio < 1) {
            throw new IllegalArgumentException("maxRatio is " + maxRatio + ": it must be 1 or more");
        }
        if (freeBytes < 0) {
            throw new IllegalArgumentException("freeBytes is " + freeBytes + ": it must be 0 or more");
        }
        if (maxBytes < 1) {
            throw new IllegalArgumentException("maxBytes is " + maxBytes + ": it must be 1 or more");
        }
    }

    /**
     * Looks at what has come so far.
     *
     * @param wireBytes how many bytes were received and used up
     * @param decodedBytes how many were made of them
     * @throws DecodeLimitException if those are too many
     */
    public void check(long wireBytes, long decodedBytes) throws DecodeLimitException {
        if (decodedBytes > maxBytes) {
            throw new DecodeLimitException("it has more than " + maxBytes + " bytes when decoded, the limit");
        }
        // The same as decodedBytes > wireBytes * maxRatio, without overflow.
        if (decodedBytes > freeBytes && (decodedBytes - 1) / maxRatio >= wireBytes) {
            throw new DecodeLimitException(
                    "it has more than " + freeBytes + " bytes when decoded and more than " + maxRatio
                            + " for each byte received, the limit: it is meant to fill memory or disk, or the limit is too low for it");
        }
    }
}
