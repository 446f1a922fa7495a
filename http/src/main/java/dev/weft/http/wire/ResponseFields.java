package dev.weft.http.wire;

import dev.weft.http.message.Headers;
import dev.weft.http.message.ResponseHead;

/** What holds for the fields of an answer in every version: RFC 9110. Pure. */
public final class ResponseFields {
    /** Interim answers before the real one; more is an attack. */
    private static final int MOST_INTERIM = 32;

    private ResponseFields() {}

    /**
     * The length that {@code Content-Length} says; -1 if there is none.
     *
     * @throws IllegalArgumentException if it says none that can be, or several
     */
    public static long length(Headers fields) {
        long length = -1;
        for (int i = 0; i < fields.size(); i++) {
            if (fields.name(i).equalsIgnoreCase("Content-Length")) {
                length = length(fields.value(i), length);
            }
        }
        return length;
    }

    private static long length(String value, long before) {
        if (value.indexOf(',') < 0) {
            return same(number(value), before);
        }
        long length = before;
        for (String item : value.split(",", -1)) {
            length = same(number(item.strip()), length);
        }
        return length;
    }

    private static long same(long length, long before) {
        if (before >= 0 && length != before) {
            throw new IllegalArgumentException("the Content-Length is " + before + ", and " + length + " too");
        }
        return length;
    }

    private static long number(String digits) {
        boolean number = !digits.isEmpty();
        for (int i = 0; i < digits.length(); i++) {
            number &= digits.charAt(i) >= '0' && digits.charAt(i) <= '9';
        }
        try {
            if (number) {
                return Long.parseLong(digits);
            }
        } catch (NumberFormatException e) {
            // More digits than any length has.
        }
        throw new IllegalArgumentException("the Content-Length is no number that can be: " + digits);
    }

    /**
     * Checks an answer before the real one; {@code count} is how many there were.
     *
     * @throws IllegalArgumentException if it changes the protocol, or there are too many
     */
    public static void checkInterim(ResponseHead head, int count) {
        if (head.status() == 101) {
            throw new IllegalArgumentException("it switches to another protocol");
        }
        if (count > MOST_INTERIM) {
            throw new IllegalArgumentException("more than " + MOST_INTERIM + " interim answers");
        }
    }

    /** The fields behind a body, without those that belong to a head: RFC 9110 section 6.5.1. */
    public static Headers trailers(Headers fields) {
        return without(without(without(fields, "Content-Length"), "Transfer-Encoding"), "Trailer");
    }

    private static Headers without(Headers fields, String name) {
        return fields.contains(name) ? fields.toBuilder().remove(name).build() : fields;
    }
}
