package dev.weft.http.h1;

import dev.weft.http.message.HeaderLimits;
import dev.weft.http.message.Headers;
import dev.weft.http.wire.FieldText;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Header or trailer fields as their lines come in: RFC 9112 section 5. Folded lines are unfolded, no space may stand before a colon.
 *
 * <p>Confined to its connection; no I/O. Texts that the section before it had in the same place are used again: servers say the same of each
 * answer, but for the date.
 */
final class FieldSection {
    private HeaderLimits limits = HeaderLimits.DEFAULT;
    private Headers.Builder fields = Headers.builder();
    /** Those of the last section that had any. */
    private Headers last = Headers.empty();

    private int count;
    private long bytes;
    /** The field whose lines may not be over yet; null before the first one. */
    private @Nullable String name;
    /** Its value, a character for each byte. */
    private String value = "";

    private boolean folded;

    /** Begins a section of which so many bytes of the limit are used up. */
    void begin(HeaderLimits within, long usedBytes) {
        limits = within;
        fields = Headers.builder();
        count = 0;
        bytes = usedBytes;
        name = null;
    }

    /** How much of the limit is used up. */
    long bytes() {
        return bytes;
    }

    /** How many bytes the next line may have. */
    long room() {
        return limits.totalBytes() - bytes;
    }

    /**
     * Takes the next line, which is not empty.
     *
     * @param counted how many bytes it counts for
     * @throws IllegalArgumentException if it is no field, or one too many
     * @throws TooLongHttpHeaderException if they are too long together
     */
    void add(byte[] line, int length, int counted) {
        count(counted);
        if (name != null && isBlank(line[0])) {
            value = value + ' ' + string(line, 0, length).strip();
            folded = true;
            return;
        }
        end();
        int colon = 0;
        while (colon < length && line[colon] != ':' && !isBlank(line[colon])) {
            colon++;
        }
        if (colon == length) {
            throw new IllegalArgumentException("a header line has no colon");
        }
        if (colon == 0 || line[colon] != ':') {
            throw new IllegalArgumentException("a header name is empty, or a space follows it");
        }
        int start = colon + 1;
        while (start < length && isBlank(line[start])) {
            start++;
        }
        int end = length;
        while (end > start && isBlank(line[end - 1])) {
            end--;
        }
        boolean again = count < last.size();
        name = text(line, 0, colon, again ? last.name(count) : "");
        value = text(line, start, end, again ? last.value(count) : "");
        folded = false;
        if (++count > limits.fields()) {
            throw new IllegalArgumentException("more than " + limits.fields() + " header fields, at " + name);
        }
    }

    private void count(int more) {
        bytes += more;
        if (bytes > limits.totalBytes()) {
            throw new TooLongHttpHeaderException();
        }
    }

    private void end() {
        String ended = name;
        if (ended == null) {
            return;
        }
        int size = ended.length() + value.length();
        if (size > limits.fieldBytes()) {
            throw new IllegalArgumentException(
                    "the header " + ended + " has " + size + " bytes, the limit is " + limits.fieldBytes());
        }
        if (folded && ended.equalsIgnoreCase("Content-Length")) {
            throw new IllegalArgumentException("the Content-Length stands on two lines");
        }
        fields.add(ended, FieldText.of(ended, value));
        name = null;
    }

    /**
     * The fields, once the empty line has come.
     *
     * @param counted how many bytes that counts for
     * @throws IllegalArgumentException if the last one is none
     */
    Headers whole(int counted) {
        count(counted);
        end();
        Headers whole = fields.build();
        if (whole.size() > 0) {
            last = whole;
        }
        return whole;
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }

    private static String text(byte[] line, int from, int to, String before) {
        return isText(line, from, to, before) ? before : string(line, from, to);
    }

    private static String string(byte[] line, int from, int to) {
        return new String(line, from, to - from, StandardCharsets.ISO_8859_1);
    }

    /** Whether bytes are all ASCII, and are this text. */
    static boolean isText(byte[] line, int from, int to, String text) {
        if (to - from != text.length()) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (line[from + i] != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
