package dev.weft.http.cookie;

import java.util.HashSet;
import java.util.Set;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** The value of the {@code Cookie} header of a request, put together. Pure; any thread. Source: aiohttp's {@code update_cookies}. */
public final class CookieHeader {
    private CookieHeader() {}

    /**
     * Both lists of cookies in one: first the first, then what is in the second under names that the first does not have.
     *
     * @param first the value of a Cookie header, or null for no cookies
     * @param second the value of a Cookie header, or null for no cookies
     * @return the value of a Cookie header; null if both are null, or hold nothing
     */
    public static @Nullable String merge(@Nullable String first, @Nullable String second) {
        if (first == null || second == null) {
            return first == null ? second : first;
        }
        StringJoiner merged = new StringJoiner("; ");
        Set<String> names = new HashSet<>();
        for (String pair : first.split(";", -1)) {
            String cookie = Octets.strip(pair);
            if (!cookie.isEmpty()) {
                names.add(name(cookie));
                merged.add(cookie);
            }
        }
        for (String pair : second.split(";", -1)) {
            String cookie = Octets.strip(pair);
            if (!cookie.isEmpty() && !names.contains(name(cookie))) {
                merged.add(cookie);
            }
        }
        return merged.length() == 0 ? null : merged.toString();
    }

    private static String name(String cookie) {
        int equals = cookie.indexOf('=');
        return equals < 0 ? "" : Octets.strip(cookie.substring(0, equals));
    }
}
