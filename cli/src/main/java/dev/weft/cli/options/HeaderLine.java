package dev.weft.cli.options;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A header field as it was given.
 *
 * @param name its name
 * @param value its value, empty too; null: the client is not to send one of its own accord
 */
public record HeaderLine(String name, @Nullable String value) {
    /**
     * Reads {@code Name: value}, {@code Name:} or {@code Name;}.
     *
     * @throws IllegalArgumentException if it is none of these; the value is not shown
     */
    static HeaderLine parse(String line) {
        int colon = line.indexOf(':');
        if (colon < 0 && line.endsWith(";")) {
            return new HeaderLine(name(line.substring(0, line.length() - 1)), "");
        }
        if (colon < 0) {
            throw new IllegalArgumentException("no colon in it: a header is 'Name: value', or @FILE");
        }
        String value = line.substring(colon + 1).strip();
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if ((c < ' ' && c != '\t') || c == 0x7f) {
                throw new IllegalArgumentException("the value of " + name(line.substring(0, colon))
                        + " has a control character, which no header may have");
            }
        }
        return new HeaderLine(name(line.substring(0, colon)), value.isEmpty() ? null : value);
    }

    private static String name(String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("no name before the colon: a header is 'Name: value', or @FILE");
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean token = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (!token && "!#$%&'*+-.^_`|~".indexOf(c) < 0) {
                throw new IllegalArgumentException(
                        "what stands before the colon is no header's name: letters, digits and - as a rule");
            }
        }
        return text;
    }

    /** Whether its value lets others act in the name of who sends it, as far as its name tells. */
    boolean isSecret() {
        String lower = name.toLowerCase(Locale.ROOT);
        for (String word : new String[] {"auth", "cookie", "token", "key", "secret", "password"}) {
            if (lower.contains(word)) {
                return true;
            }
        }
        return false;
    }

    /** The name alone: values may be secrets. */
    @Override
    public String toString() {
        return name;
    }
}
