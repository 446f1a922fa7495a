package dev.weft.loop.net;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/** Bytes that came and were not read yet: one array, filled at the end, emptied at the start. */
final class ByteQueue {
    private static final byte[] NONE = new byte[0];
    private static final int LONGEST = Integer.MAX_VALUE - 8;
    /** An empty queue gives an array back that is larger than this. */
    private static final int KEEP_BYTES = 256 * 1024;

    private byte[] bytes = NONE;
    private int start;
    private int end;

    int size() {
        return end - start;
    }

    void append(ByteBuf more) {
        int length = more.readableBytes();
        reserve(length);
        more.readBytes(bytes, end, length);
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

    /** Takes bytes out, fewer if there are not so many. */
    byte[] take(int most) {
        int length = Math.min(most, size());
        byte[] taken = Arrays.copyOfRange(bytes, start, start + length);
        skip(length);
        return taken;
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

    /** Where a sequence begins, at an offset or behind it; -1 if it is not there. */
    int indexOf(byte[] sequence, int offset) {
        int last = size() - sequence.length;
        for (int i = offset; i <= last; i++) {
            if (startsWith(sequence, i)) {
                return i;
            }
        }
        return -1;
    }

    /** Whether a sequence is at an offset. */
    boolean startsWith(byte[] sequence, int offset) {
        int from = start + offset;
        return sequence.length <= size() - offset
                && bytes[from] == sequence[0]
                && Arrays.equals(bytes, from, from + sequence.length, sequence, 0, sequence.length);
    }
}
