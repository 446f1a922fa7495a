package dev.weft.http.download;

import dev.weft.http.message.Headers;
import dev.weft.http.message.HttpDate;
import dev.weft.http.message.HttpUrl;
import dev.weft.http.message.ResponseHead;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What tells one representation from another. Pure; any thread. Source: RFC 9110 section 8.8.
 *
 * <p>A strong entity tag changes whenever a byte does. A {@code Last-Modified} does so only if it was at least a second old when it was sent
 * (section 8.8.2.2): within one second a file may change twice. Nothing else is a reason to join bytes of two answers.
 */
final class Validators {
    /** Only what is long obsolete writes years with two digits; they are taken for 1977 to 2076. */
    private static final Instant ERA = Instant.parse("2026-01-01T00:00:00Z");

    private Validators() {}

    /** What representation an answer gives, whole (200) or in part (206). */
    static Origin origin(HttpUrl url, ResponseHead head) {
        Headers headers = head.headers();
        return new Origin(
                url,
                etag(headers),
                only(headers, "Last-Modified"),
                strongTime(headers) != null,
                coding(headers),
                length(head));
    }

    /** The length of the whole, as an answer tells it, in bytes; -1 if it does not. */
    static long length(ResponseHead head) {
        if (head.status() == 206) {
            String value = only(head.headers(), "Content-Range");
            ContentRange range = value == null ? null : ContentRange.parse(value);
            return range == null ? -1 : range.total();
        }
        String length = only(head.headers(), "Content-Length");
        return length == null ? -1 : Numbers.decimal(length);
    }

    /** The entity tag of an answer as it was sent; null if it has none, or two that differ. */
    static @Nullable String etag(Headers headers) {
        return only(headers, "ETag");
    }

    /** The content coding of an answer; null for none. */
    static @Nullable String coding(Headers headers) {
        List<String> all = headers.all("Content-Encoding");
        String joined = String.join(", ", all).strip();
        return joined.isEmpty() || joined.equalsIgnoreCase("identity") ? null : joined;
    }

    /** The value of a field that may be there once; null if it is not there, empty, or there with two values. */
    static @Nullable String only(Headers headers, String name) {
        String found = null;
        for (String value : headers.all(name)) {
            String text = value.strip();
            if (found != null && !found.equals(text)) {
                return null;
            }
            found = text;
        }
        return found == null || found.isEmpty() ? null : found;
    }

    /** Whether an entity tag is well-formed and not weak. */
    static boolean isStrong(String etag) {
        int last = etag.length() - 1;
        if (last < 1 || etag.charAt(0) != '"' || etag.charAt(last) != '"') {
            return false;
        }
        for (int i = 1; i < last; i++) {
            char c = etag.charAt(i);
            if (c <= ' ' || c == '"' || c == 0x7f) {
                return false;
            }
        }
        return true;
    }

    /**
     * The time of an answer's {@code Last-Modified} if it is a strong validator, else null. It is the time its file gets: with any other, a file
     * could be taken for one that it is not.
     */
    static @Nullable Instant strongTime(Headers headers) {
        Instant modified = time(only(headers, "Last-Modified"));
        Instant sent = time(only(headers, "Date"));
        return modified != null && sent != null && !modified.plusSeconds(1).isAfter(sent) ? modified : null;
    }

    /** What a date of a header field says; null if it says nothing. */
    static @Nullable Instant time(@Nullable String date) {
        return date == null ? null : HttpDate.parse(date, ERA);
    }

    /** The value of {@code If-Range} with which the rest is asked for; null if nothing may be joined to what is there. */
    static @Nullable String ifRange(Origin origin) {
        return origin.etag() != null && isStrong(origin.etag()) ? origin.etag() : ifRangeDate(origin);
    }

    /** The same as a date, for servers that do not take their own entity tag; null if the date is not strong. */
    static @Nullable String ifRangeDate(Origin origin) {
        return origin.dateIsStrong() ? origin.lastModified() : null;
    }

    /** Why two cannot be the same representation, in words; null if nothing speaks against it. */
    static @Nullable String difference(Origin one, Origin other) {
        if (differ(one.etag(), other.etag())) {
            return "the entity tag was " + one.etag() + " and is " + other.etag();
        }
        if (one.length() >= 0 && other.length() >= 0 && one.length() != other.length()) {
            return "the length was " + one.length() + " and is " + other.length();
        }
        return differ(one.lastModified(), other.lastModified())
                ? "it was modified " + one.lastModified() + " and now " + other.lastModified()
                : null;
    }

    private static boolean differ(@Nullable String one, @Nullable String other) {
        return one != null && other != null && !one.equals(other);
    }

    /** Whether two are the same byte for byte: a strong validator says so, and nothing speaks against it. */
    static boolean sameRepresentation(Origin one, Origin other) {
        if (difference(one, other) != null || !sameCoding(one, other)) {
            return false;
        }
        boolean byTag = one.etag() != null && other.etag() != null && isStrong(one.etag());
        boolean byDate = one.lastModified() != null
                && other.lastModified() != null
                && one.dateIsStrong()
                && other.dateIsStrong()
                && one.length() == other.length();
        return byTag || byDate;
    }

    /** Whether two are coded in the same way: a range counts the bytes of the coded whole. */
    static boolean sameCoding(Origin one, Origin other) {
        return one.coding() == null ? other.coding() == null : one.coding().equalsIgnoreCase(other.coding());
    }

    /** What of a URL says where a file is: not its query, which is another one each time where URLs are signed, nor its fragment. */
    static HttpUrl place(HttpUrl url) {
        return url.withQuery(null).withFragment(null).withoutUserInfo();
    }

    /** Whether two URLs name one place. What is there may still have changed. */
    static boolean samePlace(HttpUrl one, HttpUrl other) {
        return place(one).equals(place(other));
    }
}
