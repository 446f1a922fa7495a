package dev.weft.http.message;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Text out of bytes: a byte order mark decides and is dropped, then the charset given, then UTF-8. Pure. */
final class TextCoding {
    private TextCoding() {}

    static String decode(byte[] bytes, @Nullable Charset charset) {
        Mark mark = Mark.of(bytes, charset == null ? StandardCharsets.UTF_8 : charset);
        return new String(bytes, mark.length, bytes.length - mark.length, mark.charset);
    }

    /**
     * The same, but malformed input is an error.
     *
     * @throws DecodeException that says in which charset it is malformed
     */
    static String decodeStrict(ClientRequest request, byte[] bytes, Charset charset) {
        Mark mark = Mark.of(bytes, charset);
        try {
            return mark.charset
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, mark.length, bytes.length - mark.length))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new DecodeException(request, "the body is not valid " + mark.charset, e);
        }
    }

    /** The charset of a text: what a byte order mark says, else the one given. */
    static Charset charset(byte[] bytes, Charset otherwise) {
        return Mark.of(bytes, otherwise).charset;
    }

    /** The first bytes of an array as UTF-8 if they are, else as ISO-8859-1. */
    static String utf8OrLatin1(byte[] bytes, int length) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, 0, length))
                    .toString();
        } catch (CharacterCodingException e) {
            return new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
        }
    }

    /** A line without its end, and where it is the first one in UTF-8 without its byte order mark. */
    static String line(byte[] line, Charset charset, boolean isFirst) {
        int start = isFirst && charset.equals(StandardCharsets.UTF_8) && startsWith(line, 0xef, 0xbb, 0xbf) ? 3 : 0;
        int end = line.length;
        if (end > start && line[end - 1] == '\n') {
            end -= end - 1 > start && line[end - 2] == '\r' ? 2 : 1;
        }
        return new String(line, start, end - start, charset);
    }

    /** The charset, and how long the mark is that says so. */
    private record Mark(Charset charset, int length) {
        static Mark of(byte[] bytes, Charset otherwise) {
            if (startsWith(bytes, 0xef, 0xbb, 0xbf)) {
                return new Mark(StandardCharsets.UTF_8, 3);
            }
            if (startsWith(bytes, 0xfe, 0xff)) {
                return new Mark(StandardCharsets.UTF_16BE, 2);
            }
            if (startsWith(bytes, 0xff, 0xfe)) {
                return new Mark(StandardCharsets.UTF_16LE, 2);
            }
            return new Mark(otherwise, 0);
        }
    }

    /** Whether a text can be shown on one line or several, as it is. */
    static boolean isPrintable(String text) {
        return text.chars().noneMatch(c -> (Character.isISOControl(c) && !Character.isWhitespace(c)) || c == 0xfffd);
    }

    static boolean isBlank(byte[] bytes) {
        for (byte b : bytes) {
            if (b != ' ' && b != '\t' && b != '\r' && b != '\n') {
                return false;
            }
        }
        return true;
    }

    private static boolean startsWith(byte[] bytes, int... mark) {
        if (bytes.length < mark.length) {
            return false;
        }
        for (int i = 0; i < mark.length; i++) {
            if ((bytes[i] & 0xff) != mark[i]) {
                return false;
            }
        }
        return true;
    }
}
