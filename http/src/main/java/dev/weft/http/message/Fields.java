package dev.weft.http.message;

/** What may stand in a method, a header name and a header value: RFC 9110 sections 5.1, 5.5 and 9.1. Pure. */
final class Fields {
    private static final AsciiSet TOKEN = AsciiSet.alphanumericAnd("!#$%&'*+-.^_`|~");

    private Fields() {}

    static String name(String name) {
        if (!isToken(name)) {
            throw new IllegalArgumentException("header name " + quote(name) + " is not a token of RFC 9110");
        }
        return name;
    }

    static String value(String name, String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if ((c < ' ' && c != '\t') || c == 0x7f) {
                throw new IllegalArgumentException("the value of header " + name + " holds the control character "
                        + String.format("U+%04X", (int) c) + " at " + i);
            }
        }
        return value.strip();
    }

    static String method(String method) {
        if (!isToken(method)) {
            throw new IllegalArgumentException("method " + quote(method) + " is not a token of RFC 9110");
        }
        return method;
    }

    static boolean isToken(String text) {
        return !text.isEmpty() && TOKEN.containsAll(text);
    }

    /** Whether a value, read as a comma-separated list, has this item, in any case. */
    static boolean hasItem(String value, String item) {
        int from = 0;
        while (true) {
            int comma = value.indexOf(',', from);
            int start = from;
            int end = comma < 0 ? value.length() : comma;
            while (start < end && Character.isWhitespace(value.charAt(start))) {
                start++;
            }
            while (start < end && Character.isWhitespace(value.charAt(end - 1))) {
                end--;
            }
            if (end - start == item.length() && value.regionMatches(true, start, item, 0, item.length())) {
                return true;
            }
            if (comma < 0) {
                return false;
            }
            from = comma + 1;
        }
    }

    static boolean isDigits(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 128) {
                return false;
            }
        }
        return true;
    }

    static boolean isTokenChar(char c) {
        return TOKEN.contains(c);
    }

    static boolean isAlphanumeric(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }

    /** The text in quotes, with what cannot be seen spelled out. */
    static String quote(String text) {
        StringBuilder shown = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c == 0x7f) {
                shown.append(String.format("\\u%04X", (int) c));
            } else {
                shown.append(c);
            }
        }
        return shown.append('"').toString();
    }
}
