package dev.weft.http.h1;

import dev.weft.http.message.HeaderLimits;
import dev.weft.http.message.Headers;
import dev.weft.http.message.ResponseHead;
import dev.weft.http.wire.ResponseFields;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.util.List;
import java.util.Objects;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads answers: RFC 9112. For each it gives a {@link ResponseHead}, then, unless that is an interim one, the body in pieces, as
 * {@link ByteBuf}s, and its trailers, as {@link Headers}, empty where there are none; or else a {@link Malformed}. Behind a 101 it gives bytes
 * as they come.
 *
 * <p>Our own because Netty's makes some twenty objects of a head of eight lines, and takes what the RFC does not. Line ends of a bare LF are
 * taken in heads and trailers, not between {@link Chunks}. Bytes that come when no answer is due close the connection.
 *
 * <p>The file is long because the way through an answer is one machine.
 */
final class ResponseDecoder extends ByteToMessageDecoder {
    private static final byte LF = '\n';
    private static final byte CR = '\r';
    private static final byte[] START = {'H', 'T', 'T', 'P', '/'};
    private static final int TLS_ALERT = 0x15;
    private static final int TLS_HANDSHAKE = 0x16;
    private static final int NOT_WHOLE = -1;
    private static final int TOO_LONG = -2;
    /** Most heads fit. */
    private static final int USUAL_ROOM = 256;
    /** Room for longer lines is not kept. */
    private static final int MOST_ROOM = 1024;

    private final IntConsumer onPacket;
    private final FieldSection fields = new FieldSection();
    private HeaderLimits limits = HeaderLimits.DEFAULT;
    private State state = State.STATUS;
    private boolean expecting;
    private boolean toHead;
    private long received;
    private int firstByte = -1;
    /** What was looked at of what came: up to {@link #end}, from where the reader stood. */
    private byte[] seen = new byte[USUAL_ROOM];

    /** Where the line that was taken begins there, and where the next one does. */
    private int start;

    private int next;
    private int end;

    private StatusLine statusLine = StatusLine.NONE;
    /** Whether the start of a status line was seen; and how many bytes of blank lines came before it. */
    private boolean begun;

    private int blankBytes;
    /** What the head says of the length of the body, or -1; and how much of it is to come. */
    private long length = -1;

    private long left;
    /** Those of the body, where it comes in some. */
    private @Nullable Chunks chunks;

    private enum State {
        STATUS,
        FIELDS,
        SIZED,
        CHUNKED,
        TRAILERS,
        TO_THE_END,
        SWITCHED
    }

    /** Says that an answer is none. */
    record Malformed(Throwable cause) {}

    /** Without an answer that is due. */
    ResponseDecoder(IntConsumer onPacket) {
        this.onPacket = onPacket;
    }

    /** Those of the answer that is due. */
    HeaderLimits limits() {
        return limits;
    }

    /** An answer is due from now on. */
    void expect(boolean answerToHead, HeaderLimits within) {
        expecting = true;
        limits = within;
        toHead = answerToHead;
        received = 0;
        firstByte = -1;
        length = -1;
        due();
    }

    private void due() {
        state = State.STATUS;
        begun = false;
        blankBytes = 0;
    }

    /** The answer is whole. */
    void ended() {
        expecting = false;
    }

    /** How many bytes came since the answer is due. */
    long received() {
        return received;
    }

    /** What the head that came last says of the length of its body; -1 if nothing. */
    long length() {
        return length;
    }

    /** Whether what came looks like TLS. */
    boolean looksLikeTls() {
        return firstByte == TLS_ALERT || firstByte == TLS_HANDSHAKE;
    }

    /** Bytes that are not parsed yet. */
    int buffered() {
        return actualReadableBytes();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
        if (message instanceof ByteBuf bytes) {
            if (received == 0 && bytes.isReadable()) {
                firstByte = bytes.getUnsignedByte(bytes.readerIndex());
            }
            received += bytes.readableBytes();
            onPacket.accept(bytes.readableBytes());
        }
        super.channelRead(ctx, message);
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        if (!expecting) {
            in.skipBytes(in.readableBytes());
            ctx.close();
            return;
        }
        try {
            next(in, out);
        } catch (IllegalArgumentException | TooLongFrameException e) {
            in.skipBytes(in.readableBytes());
            out.add(new Malformed(e));
        }
    }

    private void next(ByteBuf in, List<Object> out) {
        next = 0;
        end = 0;
        switch (state) {
            case STATUS -> {
                if (begun || begins(in)) {
                    status(in, out);
                }
            }
            case FIELDS -> head(in, out);
            case SIZED -> sized(in, out);
            case CHUNKED -> chunk(Objects.requireNonNull(chunks), in, out);
            case TRAILERS -> trailers(in, out);
            case TO_THE_END, SWITCHED -> out.add(in.readRetainedSlice(in.readableBytes()));
        }
    }

    /**
     * Skips blank lines; whether a status line stands behind them, as far as it is there. What is none fails at its first byte: not every
     * stranger ever sends a line end.
     */
    private boolean begins(ByteBuf in) {
        while (in.isReadable() && isLineEnd(in.getByte(in.readerIndex()))) {
            in.skipBytes(1);
            if (++blankBytes > limits.lineBytes()) {
                throw new TooLongHttpLineException("it is nothing but line ends");
            }
        }
        int size = Math.min(in.readableBytes(), START.length);
        for (int i = 0; i < size; i++) {
            if (in.getByte(in.readerIndex() + i) != START[i]) {
                throw new IllegalArgumentException("it does not begin with \"HTTP/\"");
            }
        }
        begun = size == START.length;
        return begun;
    }

    private static boolean isLineEnd(byte b) {
        return b == CR || b == LF;
    }

    private void status(ByteBuf in, List<Object> out) {
        int size = line(in, limits.lineBytes());
        if (size == TOO_LONG) {
            throw new TooLongHttpLineException();
        }
        if (size >= 0) {
            statusLine = StatusLine.parse(seen, start, start + size, statusLine);
            fields.begin(limits, 0);
            state = State.FIELDS;
            head(in, out);
        }
    }

    private void head(ByteBuf in, List<Object> out) {
        Headers all = fields(in, 0);
        if (all == null) {
            return;
        }
        int status = statusLine.status();
        length = ResponseFields.length(all);
        boolean chunked = ResponseHeads.isChunked(all);
        boolean hasBody = !toHead && status >= 200 && status != 204 && status != 304;
        if (chunked && hasBody) {
            ResponseHeads.checkChunks(statusLine, length);
        }
        out.add(ResponseHeads.of(statusLine, all, length, chunked && !hasBody));
        if (status == 101) {
            state = State.SWITCHED;
        } else if (status < 200) {
            due();
        } else if (!hasBody || length == 0) {
            end(Headers.empty(), out);
        } else if (chunked) {
            state = State.CHUNKED;
            chunks = new Chunks(limits.lineBytes());
        } else {
            state = length < 0 ? State.TO_THE_END : State.SIZED;
            left = length;
        }
    }

    private void sized(ByteBuf in, List<Object> out) {
        int size = (int) Math.min(left, in.readableBytes());
        left -= size;
        out.add(in.readRetainedSlice(size));
        if (left == 0) {
            end(Headers.empty(), out);
        }
    }

    private void chunk(Chunks body, ByteBuf in, List<Object> out) {
        ByteBuf data = body.next(in);
        if (data != null) {
            out.add(data);
        }
        if (body.isLast()) {
            fields.begin(limits, fields.bytes());
            state = State.TRAILERS;
        }
    }

    private void trailers(ByteBuf in, List<Object> out) {
        // Their line ends count too: a trailer costs what it weighs.
        Headers all = fields(in, 2);
        if (all != null) {
            end(ResponseFields.trailers(all), out);
        }
    }

    private void end(Headers trailers, List<Object> out) {
        out.add(trailers);
        due();
    }

    /** Reads lines up to the empty one; the fields if that has come. */
    private @Nullable Headers fields(ByteBuf in, int lineEndBytes) {
        while (true) {
            int known = fields.addKnown(seen, next, end, lineEndBytes);
            if (known >= 0) {
                taken(in, next + known + 2);
                continue;
            }
            int size = line(in, fields.room());
            if (size == TOO_LONG) {
                throw new TooLongHttpHeaderException();
            }
            if (size == NOT_WHOLE) {
                return null;
            }
            if (size == 0) {
                if (seen.length > MOST_ROOM) {
                    seen = new byte[USUAL_ROOM];
                }
                return fields.whole(lineEndBytes);
            }
            fields.add(seen, start, start + size, size + lineEndBytes);
        }
    }

    /** Takes the next line; gives its size, without its end, or {@link #NOT_WHOLE}, or {@link #TOO_LONG}. */
    private int line(ByteBuf in, long most) {
        int lineEnd = lineEnd(in, most);
        if (lineEnd < 0) {
            return in.readableBytes() - 1L > most ? TOO_LONG : NOT_WHOLE;
        }
        start = next;
        taken(in, lineEnd + 1);
        int size = lineEnd > start && seen[lineEnd - 1] == CR ? lineEnd - 1 - start : lineEnd - start;
        return size > most ? TOO_LONG : size;
    }

    private void taken(ByteBuf in, int to) {
        in.skipBytes(to - next);
        next = to;
    }

    /** Where the next line ends in {@link #seen}; -1 if its end has not come, or is too far away. */
    private int lineEnd(ByteBuf in, long most) {
        while (true) {
            for (int i = next; i < end; i++) {
                if (seen[i] == LF) {
                    return i;
                }
            }
            int size = end - next;
            if (size == in.readableBytes() || size - 1L > most) {
                return -1;
            }
            if (size == seen.length) {
                seen = new byte[2 * size];
            }
            next = 0;
            end = Math.min(in.readableBytes(), seen.length);
            in.getBytes(in.readerIndex(), seen, 0, end);
        }
    }

    @Override
    protected void decodeLast(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
        super.decodeLast(ctx, in, out);
        if (expecting && state == State.TO_THE_END) {
            end(Headers.empty(), out);
        } else if (expecting && state == State.FIELDS) {
            out.add(new Malformed(new PrematureChannelClosureException("the head is not whole")));
        }
    }
}
