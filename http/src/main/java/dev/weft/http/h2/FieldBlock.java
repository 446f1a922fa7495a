package dev.weft.http.h2;

import dev.weft.http.message.HeaderLimits;
import dev.weft.http.message.Headers;
import dev.weft.http.message.ResponseHead;
import dev.weft.http.wire.FieldText;
import io.netty.util.AsciiString;
import java.util.Arrays;
import java.util.Set;

/**
 * What a block of fields says, checked: RFC 9113 sections 8.1 to 8.3. Pure; each method throws {@link IllegalArgumentException} for what makes a
 * message malformed.
 */
final class FieldBlock {
    /** What RFC 9113 section 6.5.2 counts for each field besides its octets. */
    static final int OVERHEAD = 32;

    /** What a field counts for besides, so that limits are the same in all versions. */
    private static final int SEPARATOR = ": ".length();

    /** What is of a connection, not of a message: section 8.2.2. */
    private static final Set<String> OF_CONNECTION =
            Set.of("connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade");

    private FieldBlock() {}

    /**
     * The head of an answer.
     *
     * @param last the block of the answer before it, as this gave it: what both say in the same place is taken from there, since servers say the
     *     same of each answer, but for the date
     */
    static ResponseHead head(ReceivedFields fields, HeaderLimits limits, ReceivedFields last) {
        if (fields.size() == 0 || !":status".contentEquals(fields.name(0))) {
            throw new IllegalArgumentException(
                    fields.status() == null ? "it has no :status" : ":status is not its first field");
        }
        int status = status(fields.value(0).toString());
        Headers regular = regular(fields, 1, limits, last);
        fields.readAs(regular);
        return new ResponseHead(status, "", "HTTP/2", regular);
    }

    /** The fields behind a body. */
    static Headers trailers(ReceivedFields fields, HeaderLimits limits) {
        return regular(fields, 0, limits, new ReceivedFields());
    }

    /** How many bytes a block counts for. */
    static long size(ReceivedFields fields) {
        long size = 0;
        for (int i = 0; i < fields.size(); i++) {
            size += fields.name(i).length() + fields.value(i).length() + OVERHEAD;
        }
        return size;
    }

    private static int status(String digits) {
        boolean digital = digits.length() == 3;
        for (int i = 0; i < digits.length(); i++) {
            digital &= digits.charAt(i) >= '0' && digits.charAt(i) <= '9';
        }
        if (!digital || digits.charAt(0) == '0') {
            throw new IllegalArgumentException("its :status is no number of three digits: " + digits);
        }
        return Integer.parseInt(digits);
    }

    private static Headers regular(ReceivedFields fields, int from, HeaderLimits limits, ReceivedFields last) {
        if (fields.size() - from > limits.fields()) {
            throw new IllegalArgumentException(
                    "more than " + limits.fields() + " header fields, at " + fields.name(from + limits.fields()));
        }
        check(fields, from, limits);
        Headers before = last.headers();
        if (isSame(fields, from, last)) {
            return before;
        }
        Headers.Builder regular = Headers.builder();
        for (int i = from; i < fields.size(); i++) {
            int place = i - from;
            boolean again = place < before.size() && isSame(fields.name(i), last.name(i));
            if (again && isSame(fields.value(i), last.value(i))) {
                regular.add(before, place);
                continue;
            }
            String name = again ? before.name(place) : name(fields.name(i));
            regular.add(name, value(name, fields.value(i)));
        }
        return regular.build();
    }

    private static void check(ReceivedFields fields, int from, HeaderLimits limits) {
        long total = 0;
        for (int i = from; i < fields.size(); i++) {
            int size = fields.name(i).length() + fields.value(i).length();
            total += size + SEPARATOR;
            if (size > limits.fieldBytes()) {
                throw new IllegalArgumentException("the header " + name(fields.name(i)) + " has " + size
                        + " bytes, the limit is " + limits.fieldBytes());
            }
            if (total > limits.totalBytes()) {
                throw new IllegalArgumentException(
                        "the header fields have more than " + limits.totalBytes() + " bytes");
            }
        }
    }

    private static boolean isSame(ReceivedFields fields, int from, ReceivedFields last) {
        if (fields.size() != last.size() || last.headers().size() != last.size() - from) {
            return false;
        }
        // What differs is rather at the end: dates, lengths and tags stand behind what the server says of itself.
        for (int i = fields.size() - 1; i >= from; i--) {
            if (!isSame(fields.value(i), last.value(i)) || !isSame(fields.name(i), last.name(i))) {
                return false;
            }
        }
        return true;
    }

    /** Whether these are the same octets: without their hashes, which nobody else asks for. */
    @SuppressWarnings("ReferenceEquality") // what HPACK has in its tables is the same object
    private static boolean isSame(CharSequence received, CharSequence before) {
        return received == before
                || (received instanceof AsciiString now
                        && before instanceof AsciiString then
                        && Arrays.equals(
                                now.array(),
                                now.arrayOffset(),
                                now.arrayOffset() + now.length(),
                                then.array(),
                                then.arrayOffset(),
                                then.arrayOffset() + then.length()));
    }

    private static String name(CharSequence received) {
        String name = received.toString();
        if (name.startsWith(":")) {
            throw new IllegalArgumentException("the field " + name + " has no place here");
        }
        for (int i = 0; i < name.length(); i++) {
            if (name.charAt(i) >= 'A' && name.charAt(i) <= 'Z') {
                throw new IllegalArgumentException("the name of the field " + name + " is not in lower case");
            }
        }
        if (OF_CONNECTION.contains(name)) {
            throw misplaced(name);
        }
        return name;
    }

    private static IllegalArgumentException misplaced(String name) {
        return new IllegalArgumentException("the field " + name + " does not belong into HTTP/2");
    }

    private static String value(String name, CharSequence received) {
        String value = received.toString();
        if (!value.isEmpty() && (isBlank(value.charAt(0)) || isBlank(value.charAt(value.length() - 1)))) {
            throw new IllegalArgumentException("a field begins or ends with white space");
        }
        if (name.equals("te") && !value.equals("trailers")) {
            throw misplaced(name);
        }
        return FieldText.of(name, value);
    }

    private static boolean isBlank(char character) {
        return character == ' ' || character == '\t';
    }
}
