package dev.weft.http.middleware;

import dev.weft.http.message.Headers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;

/**
 * The directives of {@code Cache-Control}: RFC 9111 section 5.2. Pure, immutable. Names are compared without regard to case; what is malformed is
 * read as the stricter of its meanings, never as an error.
 */
final class Directives {
    /** What larger numbers of seconds are taken for: RFC 9111 section 1.2.2. */
    private static final long LONGEST_SECONDS = 1L << 31;

    private final Map<String, List<String>> values;

    private Directives(Map<String, List<String>> values) {
        this.values = values;
    }

    /** Those of an answer. */
    static Directives ofResponse(Headers headers) {
        return parse(headers.all("Cache-Control"));
    }

    /** Those of a request; {@code Pragma: no-cache} stands for the directive where there is no {@code Cache-Control}: section 5.4. */
    static Directives ofRequest(Headers headers) {
        if (!headers.contains("Cache-Control") && headers.hasToken("Pragma", "no-cache")) {
            return parse(List.of("no-cache"));
        }
        return parse(headers.all("Cache-Control"));
    }

    private static Directives parse(List<String> lines) {
        Map<String, List<String>> values = new HashMap<>();
        for (String line : lines) {
            for (String item : split(line)) {
                int equals = item.indexOf('=');
                String name = (equals < 0 ? item : item.substring(0, equals)).strip();
                String value =
                        equals < 0 ? "" : unquoted(item.substring(equals + 1).strip());
                if (!name.isEmpty()) {
                    values.computeIfAbsent(name.toLowerCase(Locale.ROOT), same -> new ArrayList<>(1))
                            .add(value);
                }
            }
        }
        return new Directives(values);
    }

    /** The items of a list; a comma between quotes separates nothing. */
    private static List<String> split(String line) {
        List<String> items = new ArrayList<>();
        boolean quoted = false;
        int start = 0;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '\\' && quoted) {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == ',' && !quoted) {
                items.add(line.substring(start, i));
                start = i + 1;
            }
        }
        items.add(line.substring(start));
        return items;
    }

    private static String unquoted(String value) {
        boolean quoted = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
        return quoted ? value.substring(1, value.length() - 1) : value;
    }

    /** Whether a directive is there, with whatever argument. */
    boolean has(String name) {
        return values.containsKey(name);
    }

    /** Whether a directive is there without an argument. */
    boolean isBare(String name) {
        return values.getOrDefault(name, List.of()).contains("");
    }

    /** The seconds of a directive, empty if it is not there. The least if it is there more than once, 0 if it is no number: section 4.2.1. */
    OptionalLong seconds(String name) {
        return values.getOrDefault(name, List.of()).stream()
                .mapToLong(Directives::number)
                .min();
    }

    private static long number(String text) {
        if (text.isEmpty() || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return 0;
        }
        return text.length() > 10 ? LONGEST_SECONDS : Math.min(Long.parseLong(text), LONGEST_SECONDS);
    }
}
