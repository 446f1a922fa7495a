package dev.weft.http.websocket.frame;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Text and its bytes, where nothing may be replaced: RFC 6455 section 8.1. Pure. */
final class Utf8 {
    private static final char REPLACEMENT = '\ufffd';

    private Utf8() {}

    /** The text of the first bytes of an array. */
    static String decode(byte[] bytes, int length) throws CharacterCodingException {
        // The JDK's lenient decoder is several times as fast as its strict one, and shows where it replaced something.
        String text = new String(bytes, 0, length, StandardCharsets.UTF_8);
        if (text.indexOf(REPLACEMENT) < 0) {
            return text;
        }
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes, 0, length))
                .toString();
    }

    /**
     * The bytes of a text.
     *
     * @throws IllegalArgumentException if half of a surrogate pair stands alone in it
     */
    static byte[] encode(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                if (!Character.isHighSurrogate(text.charAt(i))
                        || i + 1 == text.length()
                        || !Character.isLowSurrogate(text.charAt(i + 1))) {
                    throw new IllegalArgumentException(String.format(
                            "the text has no UTF-8: at %d stands half of a surrogate pair, U+%04X",
                            i, (int) text.charAt(i)));
                }
                i++;
            }
        }
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
