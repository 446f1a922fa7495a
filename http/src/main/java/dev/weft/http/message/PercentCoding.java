package dev.weft.http.message;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HexFormat;

/** Percent-encoding of what is illegal in the parts of a URL, RFC 3986 sections 2 and 3; paths and queries are never decoded. Pure. */
final class PercentCoding {
    private static final AsciiSet UNRESERVED = AsciiSet.alphanumericAnd("-._~");
    private static final AsciiSet SEGMENT = AsciiSet.alphanumericAnd("-._~!$&'()*+,;=:@/");
    private static final AsciiSet QUERY = AsciiSet.alphanumericAnd("-._~!$&'()*+,;=:@/?");
    private static final AsciiSet EXTENDED = AsciiSet.alphanumericAnd("!#$&+-.^_`|~");
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private PercentCoding() {}

    static String path(String path) {
        String legal = escapedPath(path);
        if (legal.isEmpty()) {
            return "/";
        }
        return legal.contains("/.") ? withoutDots(legal) : legal;
    }

    /** A path as it is but for what is illegal; its dots stay. */
    static String escapedPath(String path) {
        return escape(path, SEGMENT);
    }

    static String query(String query) {
        return escape(query, QUERY);
    }

    static String fragment(String fragment) {
        return escape(fragment, QUERY);
    }

    /** A name or value of a query: everything but letters, digits and {@code -._~} is encoded, a space as {@code +}. */
    static String parameter(String text) {
        StringBuilder encoded = new StringBuilder(text.length() + 16);
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            if (c == ' ') {
                encoded.append('+');
            } else {
                append(encoded, c, UNRESERVED);
            }
        }
        return encoded.toString();
    }

    static int utf8Length(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    /** A parameter's value with a charset, RFC 8187 section 3.2.1, without the charset's name. */
    static String extended(String text) {
        StringBuilder encoded = new StringBuilder(text.length() + 16);
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            append(encoded, (char) (b & 0xff), EXTENDED);
        }
        return encoded.toString();
    }

    /** The bytes that a text stands for, percent-encoding undone; a percent sign without two hexadecimal digits is one. */
    static byte[] decode(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int size = 0;
        for (int i = 0; i < bytes.length; size++) {
            boolean triple = bytes[i] == '%' && i + 2 < bytes.length && isHex(bytes[i + 1]) && isHex(bytes[i + 2]);
            bytes[size] = triple
                    ? (byte) (HexFormat.fromHexDigit(bytes[i + 1]) << 4 | HexFormat.fromHexDigit(bytes[i + 2]))
                    : bytes[i];
            i += triple ? 3 : 1;
        }
        return Arrays.copyOf(bytes, size);
    }

    private static String escape(String text, AsciiSet legal) {
        if (legal.containsAll(text)) {
            return text;
        }
        StringBuilder escaped = new StringBuilder(text.length() + 16);
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < bytes.length; i++) {
            char c = (char) (bytes[i] & 0xff);
            boolean triple = c == '%' && i + 2 < bytes.length && isHex(bytes[i + 1]) && isHex(bytes[i + 2]);
            if (triple) {
                escaped.append(c);
            } else {
                append(escaped, c, legal);
            }
        }
        return escaped.toString();
    }

    private static void append(StringBuilder to, char c, AsciiSet legal) {
        if (legal.contains(c)) {
            to.append(c);
        } else {
            to.append('%');
            HEX.toHexDigits(to, (byte) c);
        }
    }

    private static boolean isHex(byte b) {
        return HexFormat.isHexDigit(b);
    }

    /** RFC 3986 section 5.2.4; only literal dots, an encoded one is a name like any other. */
    private static String withoutDots(String path) {
        Deque<String> kept = new ArrayDeque<>();
        String[] segments = path.substring(1).split("/", -1);
        for (int i = 0; i < segments.length; i++) {
            boolean last = i == segments.length - 1;
            switch (segments[i]) {
                case "." -> {
                    if (last) {
                        kept.add("");
                    }
                }
                case ".." -> {
                    kept.pollLast();
                    if (last) {
                        kept.add("");
                    }
                }
                default -> kept.add(segments[i]);
            }
        }
        return "/" + String.join("/", kept);
    }
}
