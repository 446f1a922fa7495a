package dev.weft.http.download;

import org.jspecify.annotations.Nullable;

/**
 * A {@code Content-Range} in bytes. Pure. Source: RFC 9110 section 14.4.
 *
 * @param start of the part, in the whole; -1 if it says only how long the whole is, as with 416
 * @param end of the part, not included
 * @param total the length of the whole; -1 if it is not told
 */
record ContentRange(long start, long end, long total) {
    private static final String UNIT = "bytes ";

    /** Reads it strictly; null if it is malformed, of another unit, or impossible. */
    static @Nullable ContentRange parse(String value) {
        String text = value.strip();
        int slash = text.indexOf('/');
        if (slash < 0 || !text.regionMatches(true, 0, UNIT, 0, UNIT.length())) {
            return null;
        }
        String range = text.substring(UNIT.length(), slash);
        String whole = text.substring(slash + 1);
        long total = whole.equals("*") ? -1 : Numbers.decimal(whole);
        if (total < 0 && !whole.equals("*")) {
            return null;
        }
        if (range.equals("*")) {
            return total < 0 ? null : new ContentRange(-1, -1, total);
        }
        int dash = range.indexOf('-');
        long first = dash < 0 ? -1 : Numbers.decimal(range.substring(0, dash));
        long last = dash < 0 ? -1 : Numbers.decimal(range.substring(dash + 1));
        boolean possible = first >= 0 && last >= first && last < Long.MAX_VALUE && (total < 0 || last < total);
        return possible ? new ContentRange(first, last + 1, total) : null;
    }
}
