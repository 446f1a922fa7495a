package dev.weft.http.message;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a server or proxy asks for: one challenge of {@code WWW-Authenticate} or {@code Proxy-Authenticate}. Immutable.
 *
 * <p>The reader is RFC 9110 section 11's, and takes what servers write beyond it: a value that is neither token nor quoted goes to the next
 * comma or space, empty list items are skipped, a string without its closing quote goes to the end. Of a parameter that comes twice the
 * first counts. What cannot be read ends that header; what was read before it holds.
 *
 * @param scheme in lower case, as {@code digest}
 * @param token what some schemes have instead of parameters, as base64; null for none
 * @param parameters by name in lower case, quotes and escapes undone
 */
record Challenge(String scheme, @Nullable String token, Map<String, String> parameters) {
    /** The challenges of all these headers, in their order. Throws nothing, whatever they hold. */
    static List<Challenge> parse(List<String> headers) {
        List<Challenge> all = new ArrayList<>();
        for (String header : headers) {
            Reader reader = new Reader(header);
            for (Challenge next = reader.challenge(); next != null; next = reader.challenge()) {
                all.add(next);
            }
        }
        return all;
    }

    /** The parameters of a header that has nothing else, as {@code Authentication-Info}. */
    static Map<String, String> parameters(String header) {
        return new Reader(header).parameters();
    }

    /** A parameter by its name in lower case; null if it is not there. */
    @Nullable
    String parameter(String name) {
        return parameters.get(name);
    }

    /** Goes once through a header's value. */
    private static final class Reader {
        private final String text;
        private int at;

        Reader(String text) {
            this.text = text;
        }

        @Nullable
        Challenge challenge() {
            skip(", \t");
            String scheme = token();
            if (scheme.isEmpty()) {
                return null;
            }
            boolean spaced = at < text.length() && isBlank(text.charAt(at));
            if (at < text.length() && !spaced && text.charAt(at) != ',') {
                return null;
            }
            skip(" \t");
            String token68 = spaced ? token68() : null;
            Map<String, String> parameters = spaced && token68 == null ? parameters() : Map.of();
            return new Challenge(scheme.toLowerCase(Locale.ROOT), token68, parameters);
        }

        /** As many as there are; what follows is another challenge, or cannot be read. */
        Map<String, String> parameters() {
            Map<String, String> parameters = new LinkedHashMap<>();
            while (true) {
                int start = at;
                skip(", \t");
                String name = token();
                skip(" \t");
                if (name.isEmpty() || at == text.length() || text.charAt(at) != '=') {
                    at = start;
                    return parameters;
                }
                at++;
                skip(" \t");
                parameters.putIfAbsent(name.toLowerCase(Locale.ROOT), value());
                skip(" \t");
                if (at < text.length() && text.charAt(at) != ',') {
                    at = text.length();
                }
            }
        }

        private String value() {
            if (at < text.length() && text.charAt(at) == '"') {
                return quoted();
            }
            int start = at;
            while (at < text.length() && text.charAt(at) != ',' && !isBlank(text.charAt(at))) {
                at++;
            }
            return text.substring(start, at);
        }

        private String quoted() {
            StringBuilder value = new StringBuilder();
            for (at++; at < text.length() && text.charAt(at) != '"'; at++) {
                if (text.charAt(at) == '\\' && at + 1 < text.length()) {
                    at++;
                }
                value.append(text.charAt(at));
            }
            at = Math.min(at + 1, text.length());
            return value.toString();
        }

        private String token() {
            int start = at;
            while (at < text.length() && Fields.isTokenChar(text.charAt(at))) {
                at++;
            }
            return text.substring(start, at);
        }

        /** Only if nothing but the next comma or the end comes behind it: a parameter begins the same way. */
        private @Nullable String token68() {
            int end = at;
            while (end < text.length()
                    && (Fields.isAlphanumeric(text.charAt(end)) || "-._~+/".indexOf(text.charAt(end)) >= 0)) {
                end++;
            }
            int letters = end;
            while (end < text.length() && text.charAt(end) == '=') {
                end++;
            }
            int start = at;
            int behind = end;
            while (behind < text.length() && isBlank(text.charAt(behind))) {
                behind++;
            }
            if (letters == start || (behind < text.length() && text.charAt(behind) != ',')) {
                return null;
            }
            at = behind;
            return text.substring(start, end);
        }

        private void skip(String which) {
            while (at < text.length() && which.indexOf(text.charAt(at)) >= 0) {
                at++;
            }
        }

        private static boolean isBlank(char c) {
            return c == ' ' || c == '\t';
        }
    }
}
