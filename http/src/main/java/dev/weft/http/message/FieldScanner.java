package dev.weft.http.message;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * A cursor over the value of a header field that has parameters: RFC 9110 sections 5.6.4 and 5.6.6. Forgiving: what is malformed
 * is passed over, it never throws. Pure; for one thread.
 */
final class FieldScanner {
    private final String text;
    private int at;

    FieldScanner(String text) {
        this.text = text;
    }

    boolean atEnd() {
        return at == text.length();
    }

    void skipSpace() {
        while (at < text.length() && isSpace(text.charAt(at))) {
            at++;
        }
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t';
    }

    /** Whether this is the next character, which is then passed. */
    boolean take(char expected) {
        boolean there = at < text.length() && text.charAt(at) == expected;
        at += there ? 1 : 0;
        return there;
    }

    /** What stands before the next of these characters, or the end, without space around it; the cursor is then at it. */
    String until(String stops) {
        int start = at;
        while (at < text.length() && stops.indexOf(text.charAt(at)) < 0) {
            at++;
        }
        return text.substring(start, at).strip();
    }

    /** The content of the quoted string at the cursor; to the end, if it is never closed. */
    private String quoted() {
        StringBuilder content = new StringBuilder();
        at++;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '"') {
                break;
            }
            boolean escape = c == '\\' && at < text.length();
            content.append(escape ? text.charAt(at++) : c);
        }
        return content.toString();
    }

    /**
     * The parameters at the cursor, each behind a semicolon, names in lower case; of several with one name the first. A value without
     * quotes may hold spaces.
     *
     * @param ends characters that end the list, where the cursor is then
     */
    Map<String, String> parameters(String ends) {
        Map<String, String> found = new LinkedHashMap<>();
        String stops = ";" + ends;
        while (true) {
            // Behind a value there may be what belongs to nothing.
            until(stops);
            if (!take(';')) {
                return found;
            }
            String name = until("=" + stops).toLowerCase(Locale.ROOT);
            String value = take('=') ? value(stops) : "";
            if (!name.isEmpty()) {
                found.putIfAbsent(name, value);
            }
        }
    }

    private String value(String stops) {
        skipSpace();
        boolean isQuoted = at < text.length() && text.charAt(at) == '"';
        return isQuoted ? quoted() : until(stops);
    }
}
