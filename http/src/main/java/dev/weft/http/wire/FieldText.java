package dev.weft.http.wire;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** What the bytes of a field's value stand for, in every version. Pure; takes bytes as a text that has a character for each. */
public final class FieldText {
    private FieldText() {}

    /** The value of a field. */
    public static String of(String name, String bytes) {
        if (isAscii(bytes)) {
            return bytes;
        }
        return name.equalsIgnoreCase("Location") ? escaped(bytes) : of(bytes);
    }

    /** UTF-8 if the bytes make it, else ISO-8859-1. */
    public static String of(String bytes) {
        if (isAscii(bytes)) {
            return bytes;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.getBytes(StandardCharsets.ISO_8859_1)))
                    .toString();
        } catch (CharacterCodingException e) {
            return bytes;
        }
    }

    /** A reference to where the answer leads, each byte that no URL may hold percent-encoded: the bytes are what counts. */
    private static String escaped(String bytes) {
        StringBuilder ascii = new StringBuilder(bytes.length());
        for (int i = 0; i < bytes.length(); i++) {
            char c = bytes.charAt(i);
            if (c < 128) {
                ascii.append(c);
            } else {
                ascii.append('%');
                HexFormat.of().withUpperCase().toHexDigits(ascii, (byte) c);
            }
        }
        return ascii.toString();
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 128) {
                return false;
            }
        }
        return true;
    }
}
