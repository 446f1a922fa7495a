package dev.weft.http.websocket.frame;

import java.util.Arrays;

/** The bytes of a message as they come together, up to a limit. Confined to the loop. */
final class Gathered {
    private static final int START_BYTES = 256;

    private final int limit;
    private byte[] bytes;
    private int size;

    /**
     * None yet.
     *
     * @param expected about how many there will be
     */
    Gathered(int limit, int expected) {
        this.limit = limit;
        this.bytes = new byte[Math.min(Math.max(expected, START_BYTES), limit) + 1];
    }

    void append(byte[] more) throws Violation {
        if (more.length > limit - size) {
            throw tooBig(limit);
        }
        if (more.length > bytes.length - size) {
            bytes = Arrays.copyOf(bytes, Math.max(size + more.length, doubled()) + 1);
        }
        System.arraycopy(more, 0, bytes, size, more.length);
        size += more.length;
    }

    private int doubled() {
        return (int) Math.min(bytes.length * 2L, limit);
    }

    /** Where the next bytes go. */
    byte[] array() {
        return bytes;
    }

    int size() {
        return size;
    }

    /** How many bytes there is room for: one at least, and one more than the limit allows at most. */
    int room() {
        if (size == bytes.length) {
            bytes = Arrays.copyOf(bytes, doubled() + 1);
        }
        return bytes.length - size;
    }

    /** So many bytes were put behind the others. */
    void added(int count) throws Violation {
        size += count;
        if (size > limit) {
            throw tooBig(limit);
        }
    }

    static Violation tooBig(int limit) {
        return new Violation(CloseCodes.TOO_BIG, "a message has more than " + limit + " bytes");
    }
}
