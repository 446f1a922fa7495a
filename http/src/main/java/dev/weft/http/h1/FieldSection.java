package dev.weft.http.h1;

import dev.weft.http.message.HeaderLimits;
import dev.weft.http.message.Headers;
import dev.weft.http.wire.FieldText;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Header or trailer fields as their lines come in: RFC 9112 section 5. Folded lines are unfolded, no space may stand before a colon.
 *
 * <p>Confined to its connection; no I/O. Lines, and texts, that the section before it had in the same place are not read again: servers say the
 * same of each answer, but for the date.
 */
final class FieldSection {
    /** As many lines as most answers have. */
    private static final int ROOM = 16;

    /** Names that are looked for in each answer: one object each, which is found without a look at its characters. */
    private static final Map<String, String> USUAL = Stream.of(
                    "Connection",
                    "Content-Encoding",
                    "Content-Length",
                    "Keep-Alive",
                    "Location",
                    "Set-Cookie",
                    "Transfer-Encoding")
            .collect(Collectors.toMap(name -> name, name -> name));

    private HeaderLimits limits = HeaderLimits.DEFAULT;
    private Headers.Builder fields = Headers.builder();
    /** Those of the last section that had any. */
    private Headers last = Headers.empty();
    /** The lines that they came in, by their places; null where that is not all there is to it. */
    private final byte[] @Nullable [] lines = new byte[ROOM][];

    private int count;
    private long bytes;
    /** The field whose lines may not be over yet; null before the first one. */
    private @Nullable String name;
    /** Its value, a character for each byte. */
    private String value = "";

    private boolean folded;
    /** Whether the field is as the last section had it in its place. */
    private boolean same;

    /** Begins a section of which so many bytes of the limit are used up. */
    void begin(HeaderLimits within, long usedBytes) {
        if (count > 0) {
            // One that broke off has overwritten lines.
            last = Headers.empty();
        }
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
     * Takes the next line if the last section had it in its place; gives its size without its end, -1 if it is another one, or is not there whole.
     *
     * @param lineEndBytes how many bytes it counts for besides
     * @throws IllegalArgumentException if it is one too many
     * @throws TooLongHttpHeaderException if they are too long together
     */
    int addKnown(byte[] bytes, int from, int to, int lineEndBytes) {
        byte[] known = count < Math.min(last.size(), ROOM) ? lines[count] : null;
        int end = known == null ? to : from + known.length;
        if (known == null
                || end + 1 >= to
                || bytes[end] != '\r'
                || bytes[end + 1] != '\n'
                || !Arrays.equals(known, 0, known.length, bytes, from, end)) {
            return -1;
        }
        count(known.length + lineEndBytes);
        end();
        same = true;
        begin(last.name(count), last.value(count));
        return known.length;
    }

    /**
     * Takes the next line, which is not empty.
     *
     * @param counted how many bytes it counts for
     * @throws IllegalArgumentException if it is no field, or one too many
     * @throws TooLongHttpHeaderException if they are too long together
     */
    void add(byte[] bytes, int from, int to, int counted) {
        count(counted);
        if (name != null && isBlank(bytes[from])) {
            value = value + ' ' + string(bytes, from, to).strip();
            folded = true;
            same = false;
            return;
        }
        end();
        same = false;
        read(bytes, from, to);
    }

    private void begin(String fieldName, String fieldValue) {
        name = fieldName;
        value = fieldValue;
        folded = false;
        if (++count > limits.fields()) {
            throw new IllegalArgumentException("more than " + limits.fields() + " header fields, at " + name);
        }
    }

    private void read(byte[] bytes, int from, int to) {
        int colon = from;
        while (colon < to && bytes[colon] != ':' && !isBlank(bytes[colon])) {
            colon++;
        }
        if (colon == to) {
            throw new IllegalArgumentException("a header line has no colon");
        }
        if (colon == from || bytes[colon] != ':') {
            throw new IllegalArgumentException("a header name is empty, or a space follows it");
        }
        int start = colon + 1;
        while (start < to && isBlank(bytes[start])) {
            start++;
        }
        int end = to;
        while (end > start && isBlank(bytes[end - 1])) {
            end--;
        }
        boolean again = count < last.size();
        if (count < ROOM) {
            lines[count] = Arrays.copyOfRange(bytes, from, to);
        }
        String read = text(bytes, from, colon, again ? last.name(count) : "");
        begin(USUAL.getOrDefault(read, read), text(bytes, start, end, again ? last.value(count) : ""));
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
        if (same) {
            fields.add(last, count - 1);
        } else {
            String text = FieldText.of(ended, value);
            fields.add(ended, text);
            if (count <= ROOM && (folded || !text.equals(value))) {
                lines[count - 1] = null;
            }
        }
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
        count = 0;
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
