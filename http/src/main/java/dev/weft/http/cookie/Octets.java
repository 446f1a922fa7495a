package dev.weft.http.cookie;

import java.nio.charset.StandardCharsets;

/** Text as the RFC looks at it, octet by octet; text here is what the octets are in UTF-8. Pure. */
final class Octets {
    private Octets() {}

    /** Without the blanks and tabs at both ends: the white space of RFC 6265bis, and no other. */
    static String strip(String text) {
        int start = 0;
        int end = text.length();
        while (start < end && isBlank(text.charAt(start))) {
            start++;
        }
        while (end > start && isBlank(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(start, end);
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    /** Whether a control character but tab is in it. */
    static boolean holdsControl(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c < ' ' && c != '\t') || c == 0x7f) {
                return true;
            }
        }
        return false;
    }

    static boolean exceeds(String text, int limitBytes) {
        // A character is at least one octet, and at most three.
        return text.length() > limitBytes
                || (text.length() > limitBytes / 3 && text.getBytes(StandardCharsets.UTF_8).length > limitBytes);
    }
}
