package dev.weft.http.h1;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.internal.StringUtil;
import org.jspecify.annotations.Nullable;

/**
 * The chunks of one body, up to the last one: RFC 9112 section 7.1. There may be space behind a size, which servers pad it with, white
 * space in extensions, which the RFC has recipients take, and chunks of 2 GiB or more. Line ends are CR LF and nothing else.
 *
 * <p>Confined to its connection; no I/O.
 */
final class Chunks {
    private static final byte CR = '\r';
    private static final byte LF = '\n';

    /** Beyond this one more digit is no size that fits a long. */
    private static final long MOST_BEFORE_A_DIGIT = Long.MAX_VALUE >> 4;

    private final int lineBytes;
    private State state = State.SIZE;
    /** Bytes of this chunk that are still to come. */
    private long left;

    private enum State {
        SIZE,
        DATA,
        DATA_END,
        LAST
    }

    /** Before the first one; no line of sizes and extensions may be longer. */
    Chunks(int lineBytes) {
        this.lineBytes = lineBytes;
    }

    /** Whether the size of the last one, 0, was read. */
    boolean isLast() {
        return state == State.LAST;
    }

    /**
     * The next piece of data, retained; null if the next bytes hold none, or it takes more of them. To be called until it does not read on.
     *
     * @throws IllegalArgumentException if that is no chunk
     * @throws TooLongHttpLineException if the line before one is too long
     */
    @Nullable
    ByteBuf next(ByteBuf in) {
        if (state == State.DATA_END && in.readableBytes() >= 2) {
            if (in.readByte() != CR || in.readByte() != LF) {
                throw new IllegalArgumentException("no line end stands behind the data of a chunk");
            }
            state = State.SIZE;
        }
        if (state == State.SIZE) {
            readSize(in);
        }
        if (state != State.DATA || !in.isReadable()) {
            return null;
        }
        int size = (int) Math.min(left, in.readableBytes());
        left -= size;
        if (left == 0) {
            state = State.DATA_END;
        }
        return in.readRetainedSlice(size);
    }

    private void readSize(ByteBuf in) {
        int start = in.readerIndex();
        int length = in.bytesBefore(LF);
        if (length > lineBytes || (length < 0 && in.readableBytes() > lineBytes)) {
            throw new TooLongHttpLineException();
        }
        if (length < 0) {
            return;
        }
        if (length == 0 || in.getByte(start + length - 1) != CR) {
            throw new IllegalArgumentException("the line before a chunk ends in LF without CR");
        }
        left = size(in, start, start + length - 1);
        state = left == 0 ? State.LAST : State.DATA;
        in.skipBytes(length + 1);
    }

    /** The size that stands from {@code start} to {@code end}; of extensions it is checked that no line end hides in them. */
    private static long size(ByteBuf line, int start, int end) {
        long size = 0;
        int at = start;
        for (int digit = digit(line, at, end); digit >= 0; digit = digit(line, ++at, end)) {
            if (size > MOST_BEFORE_A_DIGIT) {
                throw new IllegalArgumentException("the size of a chunk has too many digits");
            }
            size = (size << 4) + digit;
        }
        boolean any = at > start;
        while (at < end && (line.getByte(at) == ' ' || line.getByte(at) == '\t')) {
            at++;
        }
        if (!any || (at < end && line.getByte(at) != ';')) {
            throw new IllegalArgumentException("the size of a chunk is no hexadecimal number");
        }
        for (; at < end; at++) {
            int b = line.getUnsignedByte(at);
            if ((b < ' ' && b != '\t') || b == 0x7f) {
                throw new IllegalArgumentException("a control character stands in the extension of a chunk");
            }
        }
        return size;
    }

    private static int digit(ByteBuf line, int at, int end) {
        return at < end ? StringUtil.decodeHexNibble(line.getByte(at)) : -1;
    }
}
