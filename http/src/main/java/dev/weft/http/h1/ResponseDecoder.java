package dev.weft.http.h1;

import dev.weft.http.message.HeaderLimits;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpMessageDecoderResult;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.AsciiString;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Netty's parser, told which request it answers, and stricter where RFC 9112 is: exactly three digits of status, no space before
 * the colon of a header. Chunks are {@link Chunks}'. Bytes that come when no answer is due close the connection.
 */
final class ResponseDecoder extends HttpResponseDecoder {
    private static final Pattern VERSION = Pattern.compile("HTTP/1\\.[0-9]");
    private static final byte[] START = {'H', 'T', 'T', 'P', '/'};
    private static final int TLS_ALERT = 0x15;
    private static final int TLS_HANDSHAKE = 0x16;

    /** What Netty's parser is told of the chunks: that the last one has come. */
    private static final ByteBuf LAST_CHUNK =
            Unpooled.unreleasableBuffer(Unpooled.copiedBuffer("0\r\n", StandardCharsets.US_ASCII));

    private final IntConsumer onPacket;
    private final HeaderLimits limits;
    private int fields;
    private boolean expecting;
    private boolean toHead;
    private long received;
    private int firstByte = -1;
    /** Whether a status line has begun; and how many bytes of blank lines came before it. */
    private boolean begun;

    private int blankBytes;
    /** Those of the body; null unless that is chunked. */
    private @Nullable Chunks chunks;
    /** Bytes of head and trailers, those the limit is for. */
    private int fieldBytes;

    ResponseDecoder(IntConsumer onPacket, HeaderLimits limits) {
        super(new HttpDecoderConfig()
                // One more than the limits: what is as long as allowed must not be refused while its LF is under way.
                .setMaxInitialLineLength(oneMore(limits.lineBytes()))
                .setMaxHeaderSize(oneMore(limits.totalBytes()))
                .setMaxChunkSize(Integer.MAX_VALUE)
                .setAllowDuplicateContentLengths(true)
                // Line ends of a bare LF are taken in the head and in trailers, not between chunks.
                .setStrictLineParsing(false)
                // Our own headers check names and values.
                .setHeadersFactory(DefaultHttpHeadersFactory.headersFactory().withValidation(false))
                .setTrailersFactory(DefaultHttpHeadersFactory.trailersFactory().withValidation(false)));
        this.onPacket = onPacket;
        this.limits = limits;
    }

    private static int oneMore(int limit) {
        return limit == Integer.MAX_VALUE ? limit : limit + 1;
    }

    HeaderLimits limits() {
        return limits;
    }

    /** The head is whole: what follows are trailers, which are counted on their own. */
    void headEnded() {
        fields = 0;
    }

    /** An answer is due from now on. */
    void expect(boolean answerToHead) {
        expecting = true;
        headEnded();
        toHead = answerToHead;
        received = 0;
        firstByte = -1;
        begun = false;
        blankBytes = 0;
        chunks = null;
    }

    /** The answer is whole. */
    void ended() {
        expecting = false;
    }

    /** How many bytes came since the answer is due. */
    long received() {
        return received;
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
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
        if (!expecting) {
            in.skipBytes(in.readableBytes());
            ctx.close();
        } else if (chunks != null && !chunks.isLast()) {
            decode(chunks, ctx, in, out);
        } else if (chunks != null) {
            trailers(ctx, in, out);
        } else if (begun || begins(in, out)) {
            super.decode(ctx, in, out);
            headIn(out);
        }
    }

    /**
     * Skips blank lines; whether a status line stands behind them, as far as it is there. What is none fails at its first byte: not every
     * stranger ever sends a line end.
     */
    private boolean begins(ByteBuf in, List<Object> out) {
        while (in.isReadable() && isLineEnd(in.getByte(in.readerIndex()))) {
            in.skipBytes(1);
            if (++blankBytes > limits.lineBytes()) {
                fail(in, out, createInvalidMessage(), new TooLongHttpLineException("it is nothing but line ends"));
                return false;
            }
        }
        int size = Math.min(in.readableBytes(), START.length);
        for (int i = 0; i < size; i++) {
            if (in.getByte(in.readerIndex() + i) != START[i]) {
                Exception cause = new IllegalArgumentException("it does not begin with \"HTTP/\"");
                fail(in, out, createInvalidMessage(), cause);
                return false;
            }
        }
        begun = size == START.length;
        return begun;
    }

    private static boolean isLineEnd(byte b) {
        return b == '\r' || b == '\n';
    }

    /** Looks at the head that has just been read, if it is one: what comes behind it. */
    private void headIn(List<Object> out) {
        if (!out.isEmpty()
                && out.getFirst() instanceof HttpResponse head
                && head.decoderResult().isSuccess()) {
            HttpMessageDecoderResult sizes = (HttpMessageDecoderResult) head.decoderResult();
            fieldBytes = sizes.headerSize();
            if (sizes.initialLineLength() > limits.lineBytes()) {
                head.setDecoderResult(DecoderResult.failure(new TooLongHttpLineException()));
            } else if (fieldBytes > limits.totalBytes()) {
                head.setDecoderResult(DecoderResult.failure(new TooLongHttpHeaderException()));
            }
            int status = head.status().code();
            // Behind a 101 comes another protocol.
            begun = status >= 200 || status == 101;
            if (status >= 200 && out.size() == 1 && HttpUtil.isTransferEncodingChunked(head)) {
                chunks = new Chunks(limits.lineBytes());
            }
        }
    }

    private void decode(Chunks body, ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
        try {
            ByteBuf data = body.next(in);
            if (data != null) {
                out.add(new DefaultHttpContent(data));
            }
        } catch (IllegalArgumentException | TooLongFrameException e) {
            fail(in, out, new DefaultLastHttpContent(Unpooled.EMPTY_BUFFER), e);
            return;
        }
        if (body.isLast()) {
            super.decode(ctx, LAST_CHUNK.duplicate(), out);
        }
    }

    private void trailers(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
        int before = in.readerIndex();
        super.decode(ctx, in, out);
        fieldBytes += in.readerIndex() - before;
        if (!out.isEmpty() && fieldBytes > limits.totalBytes()) {
            ReferenceCountUtil.release(out.removeLast());
            fail(in, out, new DefaultLastHttpContent(Unpooled.EMPTY_BUFFER), new TooLongHttpHeaderException());
        }
    }

    private static void fail(ByteBuf in, List<Object> out, HttpObject failed, Exception cause) {
        in.skipBytes(in.readableBytes());
        failed.setDecoderResult(DecoderResult.failure(cause));
        out.add(failed);
    }

    @Override
    protected boolean isContentAlwaysEmpty(HttpMessage message) {
        return toHead || super.isContentAlwaysEmpty(message);
    }

    @Override
    protected HttpMessage createMessage(String[] startLine) {
        String version = startLine[0];
        if (!VERSION.matcher(version).matches()) {
            throw new IllegalArgumentException("the version is " + version + ", not HTTP/1.1 or HTTP/1.0");
        }
        String code = startLine[1];
        if (code.length() != 3 || !code.chars().allMatch(c -> c >= '0' && c <= '9') || code.charAt(0) == '0') {
            throw new IllegalArgumentException("the status is not three digits: " + code);
        }
        return super.createMessage(startLine);
    }

    @Override
    protected AsciiString splitHeaderName(byte[] line, int start, int length) {
        if (length == 0 || line[start + length] != ':') {
            throw new IllegalArgumentException("a header name is empty, or a space follows it");
        }
        AsciiString name = super.splitHeaderName(line, start, length);
        if (++fields > limits.fields()) {
            throw new IllegalArgumentException("more than " + limits.fields() + " header fields, at " + name);
        }
        return name;
    }
}
