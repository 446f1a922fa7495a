package dev.weft.http.middleware;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Tells bytes that people can read from those they cannot. Pure. */
final class TextBytes {
    private TextBytes() {}

    /** UTF-8; see {@link #text(ByteBuffer, Charset)}. */
    static @Nullable String text(ByteBuffer bytes) {
        return text(bytes, StandardCharsets.UTF_8);
    }

    /**
     * The text that these bytes are in a charset, if encoding it gives the same bytes again and it holds no control characters but tab and line
     * ends; else null. The buffer's position stays.
     */
    static @Nullable String text(ByteBuffer bytes, Charset charset) {
        try {
            CharBuffer decoded = charset.newDecoder().decode(bytes.duplicate());
            for (int i = 0; i < decoded.length(); i++) {
                char c = decoded.charAt(i);
                if ((c < ' ' && c != '\t' && c != '\n' && c != '\r') || c == 0x7f) {
                    return null;
                }
            }
            String text = decoded.toString();
            return charset.canEncode() && Arrays.equals(text.getBytes(charset), copy(bytes)) ? text : null;
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    /** What remains of a buffer, whose position stays. */
    static byte[] copy(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.duplicate().get(copy);
        return copy;
    }
}
