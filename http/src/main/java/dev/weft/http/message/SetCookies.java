package dev.weft.http.message;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Names and values of {@code Set-Cookie} headers: the pair before the first semicolon, RFC 6265 section 5.2. Pure. */
final class SetCookies {
    private SetCookies() {}

    /** By name in their order, of several with one name the last; what has no name is left out. */
    static Map<String, String> pairs(List<String> values) {
        Map<String, String> pairs = new LinkedHashMap<>();
        for (String value : values) {
            int end = value.indexOf(';');
            String pair = end < 0 ? value : value.substring(0, end);
            int equals = pair.indexOf('=');
            String name = equals < 0 ? "" : pair.substring(0, equals).strip();
            if (!name.isEmpty()) {
                pairs.put(name, pair.substring(equals + 1).strip());
            }
        }
        return java.util.Collections.unmodifiableMap(pairs);
    }
}
