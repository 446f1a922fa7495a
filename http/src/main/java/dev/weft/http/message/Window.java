package dev.weft.http.message;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Bytes that came and were not read yet: one array, filled at its end, emptied at its start. Pure; for one thread. */
final class Window {
    private static final byte[] NONE = new byte[0];
    private static final int LONGEST = Integer.MAX_VALUE - 8;
    /** An empty window gives an array back that is larger than this. */
    private static final int KEEP_BYTES = 256 << 10;

    private byte[] bytes = NONE;
    private int start;
    private int end;

    int size() {
        return end - start;
    }

    /** Copies all that remains in the buffer. */
    void append(ByteBuffer more) {
        int length = more.remaining();
        reserve(length);
        more.get(bytes, end, length);
        end += length;
    }

    private void reserve(int more) {
        if (bytes.length - end >= more) {
            return;
        }
        long needed = (long) size() + more;
        if (needed > LONGEST) {
            throw new IllegalStateException("more than 2 GiB are waiting to be read");
        }
        // Moving is worth it only if it frees half of the array: else it might be done for every few bytes.
        byte[] target = needed <= bytes.length / 2
                ? bytes
                : new byte[(int) Math.min(LONGEST, Math.max(needed, 2L * bytes.length))];
        System.arraycopy(bytes, start, target, 0, size());
        end -= start;
        start = 0;
        bytes = target;
    }

    /** The byte at an index counted from the first unread one. */
    byte at(int index) {
        return bytes[start + index];
    }

    /** Takes bytes out, fewer if there are not so many. */
    byte[] take(int most) {
        int length = Math.min(most, size());
        byte[] taken = Arrays.copyOfRange(bytes, start, start + length);
        skip(length);
        return taken;
    }

    /** Takes bytes out without copying them: what is given is valid until more are appended. */
    ByteBuffer lend(int most) {
        int length = Math.min(most, size());
        ByteBuffer lent = ByteBuffer.wrap(bytes, start, length).slice().asReadOnlyBuffer();
        skip(length);
        return lent;
    }

    /** Takes bytes out into an array, fewer if there are not so many; gives how many. */
    int take(byte[] target, int offset, int most) {
        int length = Math.min(most, size());
        System.arraycopy(bytes, start, target, offset, length);
        skip(length);
        return length;
    }

    void skip(int length) {
        start += length;
        if (start == end) {
            clear();
        }
    }

    void clear() {
        start = 0;
        end = 0;
        if (bytes.length > KEEP_BYTES) {
            bytes = NONE;
        }
    }

    /** Where a sequence begins, at an index or behind it; -1 if it is not there. */
    int indexOf(byte[] sequence, int from) {
        int last = size() - sequence.length;
        for (int i = from; i <= last; i++) {
            if (startsWith(sequence, i, sequence.length)) {
                return i;
            }
        }
        return -1;
    }

    /** Whether the first bytes of a sequence are at an index. */
    boolean startsWith(byte[] sequence, int index, int length) {
        int from = start + index;
        return length <= size() - index
                && bytes[from] == sequence[0]
                && Arrays.equals(bytes, from, from + length, sequence, 0, length);
    }
}
