package dev.weft.cli.input;

import com.google.errorprone.annotations.CheckReturnValue;
import dev.weft.cli.input.Glob.Part;
import java.util.ArrayList;
import java.util.List;

/** Reads a pattern once, from its beginning to its end. Any one thread. */
final class GlobParser {
    /** More digits do not fit into a number. */
    private static final int MOST_DIGITS = 18;

    private final String pattern;
    private final List<Part> parts = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();
    private int at;

    GlobParser(String pattern) {
        this.pattern = pattern;
    }

    /**
     * The pieces of the pattern.
     *
     * @throws IllegalArgumentException if it is malformed
     */
    List<Part> parts() {
        while (at < pattern.length()) {
            char c = pattern.charAt(at);
            switch (c) {
                case '\\' -> escaped("[]{}");
                case '{' -> choice();
                case '[' -> range();
                case '}', ']' -> throw wrong(at, "'" + c + "' closes nothing");
                default -> {
                    text.append(c);
                    at++;
                }
            }
        }
        endText();
        return List.copyOf(parts);
    }

    /** A backslash makes one of these marks a character like others; before anything else it is one itself. */
    private void escaped(String marks) {
        boolean escapes = at + 1 < pattern.length() && marks.indexOf(pattern.charAt(at + 1)) >= 0;
        text.append(pattern.charAt(escapes ? at + 1 : at));
        at += escapes ? 2 : 1;
    }

    private void endText() {
        if (!text.isEmpty()) {
            parts.add(new Part.Text(text.toString()));
            text.setLength(0);
        }
    }

    private void choice() {
        endText();
        int start = at++;
        List<String> texts = new ArrayList<>();
        while (true) {
            if (at == pattern.length()) {
                throw wrong(start, "'{' is not closed");
            }
            char c = pattern.charAt(at);
            switch (c) {
                case '\\' -> escaped("[]{},\\");
                case '{', '[' -> throw wrong(at, "'" + c + "' inside braces; braces hold texts only");
                case ',', '}' -> {
                    texts.add(text.toString());
                    text.setLength(0);
                    at++;
                    if (c == '}') {
                        add(start, texts);
                        return;
                    }
                }
                default -> {
                    text.append(c);
                    at++;
                }
            }
        }
    }

    private void add(int start, List<String> texts) {
        if (texts.size() == 1 && texts.getFirst().isEmpty()) {
            throw wrong(start, "nothing between the braces");
        }
        parts.add(new Part.Choice(texts));
    }

    private void range() {
        int end = pattern.indexOf(']', at);
        if (end < 0) {
            throw wrong(at, "'[' is not closed");
        }
        String inside = pattern.substring(at + 1, end);
        if (inside.isEmpty() || isAddress(inside)) {
            text.append(pattern, at, end + 1);
        } else {
            endText();
            parts.add(range(inside));
        }
        at = end + 1;
    }

    /** Whether it is an IPv6 address: hexadecimal digits with at least two colons, as no range has. */
    private static boolean isAddress(String inside) {
        int zone = inside.indexOf('%');
        int end = zone < 0 ? inside.length() : zone;
        int colons = 0;
        for (int i = 0; i < end; i++) {
            char c = inside.charAt(i);
            colons += c == ':' ? 1 : 0;
            if (c != ':' && c != '.' && (Character.digit(c, 16) < 0 || c > 'f')) {
                return false;
            }
        }
        return colons >= 2;
    }

    private Part range(String inside) {
        int dash = inside.indexOf('-');
        int colon = inside.indexOf(':', Math.max(dash, 0));
        String from = inside.substring(0, Math.max(dash, 0));
        String to = inside.substring(dash + 1, colon < 0 ? inside.length() : colon);
        long step = colon < 0 ? 1 : number(inside.substring(colon + 1));
        if (step < 1) {
            throw wrong(at, "'[" + inside + "]': the step is no number from 1");
        }
        if (isLetter(from) && isLetter(to)) {
            return letters(from.charAt(0), to.charAt(0), step);
        }
        long first = number(from);
        long last = number(to);
        if (first < 0 || last < 0) {
            throw wrong(at, "'[" + inside + "]' is no range as [1-100], [001-100:2] or [a-z]");
        }
        if (last < first) {
            throw wrong(at, "'[" + inside + "]' ends before it begins");
        }
        return new Part.Numbers(first, step, (last - first) / step + 1, from.startsWith("0") ? from.length() : 0);
    }

    private Part letters(char from, char to, long step) {
        if (to < from || Character.isUpperCase(from) != Character.isUpperCase(to)) {
            throw wrong(at, "'[" + from + "-" + to + "]' is no range of letters of one case, the first in front");
        }
        // A step beyond the alphabet leaves the first letter.
        int effective = (int) Math.min(step, 26);
        return new Part.Letters(from, effective, (to - from) / effective + 1);
    }

    private static boolean isLetter(String text) {
        return text.length() == 1 && Character.isLetter(text.charAt(0)) && text.charAt(0) < 0x80;
    }

    /** The number that the digits are; -1 if they are something else, or too many. */
    private static long number(String digits) {
        if (digits.isEmpty() || digits.length() > MOST_DIGITS) {
            return -1;
        }
        long number = 0;
        for (int i = 0; i < digits.length(); i++) {
            char c = digits.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            number = number * 10 + (c - '0');
        }
        return number;
    }

    @CheckReturnValue
    private IllegalArgumentException wrong(int where, String what) {
        return new IllegalArgumentException("'" + pattern + "' at character " + (where + 1) + ": " + what
                + " (--no-glob takes [ ] { } as they are)");
    }
}
