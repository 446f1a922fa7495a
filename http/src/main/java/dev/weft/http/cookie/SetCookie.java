package dev.weft.http.cookie;

import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The value of one {@code Set-Cookie} field, taken apart and not yet judged. Of an attribute that is there twice the last one counts;
 * unknown ones, and those with more than 1024 octets, are not there at all. Pure; filled by {@link #parse}, afterwards only
 * read. Source: RFC 6265bis section 5.6.
 */
final class SetCookie {
    static final int MAX_ATTRIBUTE_BYTES = 1024;

    final String name;
    final String value;
    /** In lower case, without the dot before it. */
    @Nullable
    String domain;
    /** As it is written: it need not be a path. */
    @Nullable
    String path;
    /** Seconds from now. */
    @Nullable
    Long maxAge;

    @Nullable
    Instant expires;

    boolean secure;
    boolean httpOnly;
    boolean partitioned;
    SameSite sameSite = SameSite.DEFAULT;

    private SetCookie(String name, String value) {
        this.name = name;
        this.value = value;
    }

    static SetCookie parse(String text) {
        int semicolon = endOfPart(text, 0);
        String pair = text.substring(0, semicolon);
        int equals = pair.indexOf('=');
        SetCookie cookie = new SetCookie(
                equals < 0 ? "" : Octets.strip(pair.substring(0, equals)), Octets.strip(pair.substring(equals + 1)));
        while (semicolon < text.length()) {
            int start = semicolon + 1;
            semicolon = endOfPart(text, start);
            cookie.attribute(text.substring(start, semicolon));
        }
        return cookie;
    }

    private static int endOfPart(String text, int start) {
        int semicolon = text.indexOf(';', start);
        return semicolon < 0 ? text.length() : semicolon;
    }

    private void attribute(String part) {
        int equals = part.indexOf('=');
        String attribute = Octets.strip(equals < 0 ? part : part.substring(0, equals));
        String text = equals < 0 ? "" : Octets.strip(part.substring(equals + 1));
        if (Octets.exceeds(text, MAX_ATTRIBUTE_BYTES)) {
            return;
        }
        switch (attribute.toLowerCase(Locale.ROOT)) {
            case "expires" -> {
                Instant date = CookieDate.parse(text);
                expires = date == null ? expires : date;
            }
            case "max-age" -> {
                Long seconds = seconds(text);
                maxAge = seconds == null ? maxAge : seconds;
            }
            case "domain" -> domain = (text.startsWith(".") ? text.substring(1) : text).toLowerCase(Locale.ROOT);
            case "path" -> path = text;
            case "secure" -> secure = true;
            case "httponly" -> httpOnly = true;
            case "partitioned" -> partitioned = true;
            case "samesite" -> sameSite = sameSite(text);
            default -> {
                // The first pair alone is the cookie: what follows is an attribute, and this is one of a future or a
                // mistake.
            }
        }
    }

    /** The seconds of Max-Age, those beyond the range of a long as its end; null if it is no whole number. */
    private static @Nullable Long seconds(String text) {
        String digits = text.startsWith("-") ? text.substring(1) : text;
        if (digits.isEmpty() || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return null;
        }
        try {
            return Long.valueOf(text);
        } catch (NumberFormatException e) {
            return text.startsWith("-") ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
    }

    private static SameSite sameSite(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "strict" -> SameSite.STRICT;
            case "lax" -> SameSite.LAX;
            case "none" -> SameSite.NONE;
            default -> SameSite.DEFAULT;
        };
    }
}
