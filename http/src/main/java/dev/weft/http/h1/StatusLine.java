package dev.weft.http.h1;

import dev.weft.http.wire.FieldText;
import java.nio.charset.StandardCharsets;

/**
 * The first line of an answer: RFC 9112 section 4. Pure.
 *
 * @param text as it came, a character for each byte
 * @param version {@code HTTP/1.} and a digit
 * @param reason empty if there is none
 */
record StatusLine(String text, String version, int status, String reason) {
    /** None yet. */
    static final StatusLine NONE = new StatusLine("", "", 0, "");

    /**
     * Reads one.
     *
     * @param last what came before on this connection: mostly it is the same
     * @throws IllegalArgumentException if it is none, says what is wrong
     */
    static StatusLine parse(byte[] bytes, int from, int to, StatusLine last) {
        return FieldSection.isText(bytes, from, to, last.text)
                ? last
                : parse(new String(bytes, from, to - from, StandardCharsets.ISO_8859_1));
    }

    private static StatusLine parse(String text) {
        int versionEnd = blank(text, 0);
        int statusStart = word(text, versionEnd);
        int statusEnd = blank(text, statusStart);
        String version = text.substring(0, versionEnd);
        if (version.length() != 8 || !version.startsWith("HTTP/1.") || !isDigit(version.charAt(7))) {
            throw new IllegalArgumentException("the version is " + version + ", not HTTP/1.1 or HTTP/1.0");
        }
        String code = text.substring(statusStart, statusEnd);
        if (code.length() != 3 || code.charAt(0) == '0' || !isDigits(code)) {
            throw new IllegalArgumentException("the status is not three digits: " + code);
        }
        String reason = FieldText.of(text.substring(word(text, statusEnd)).stripTrailing());
        for (int i = 0; i < reason.length(); i++) {
            char c = reason.charAt(i);
            if ((c < ' ' && c != '\t') || c == 0x7f) {
                throw new IllegalArgumentException("the reason holds a control character");
            }
        }
        return new StatusLine(text, version, Integer.parseInt(code), reason);
    }

    private static int blank(String text, int from) {
        int at = from;
        while (at < text.length() && !isBlank(text.charAt(at))) {
            at++;
        }
        return at;
    }

    private static int word(String text, int from) {
        int at = from;
        while (at < text.length() && isBlank(text.charAt(at))) {
            at++;
        }
        return at;
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    private static boolean isDigits(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!isDigit(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
