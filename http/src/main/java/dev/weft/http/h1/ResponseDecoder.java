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
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Netty's parser, told which request it answers, and stricter where RFC 9112 is: exactly three digits of status, no space before
 * the colon of a header. Chunks are {@link Chunks}'. Bytes that come when no answer is due close the connection.
 */
final class ResponseDecoder extends HttpResponseDecoder {
    private static final int TLS_ALERT = 0x15;
    private static final int TLS_HANDSHAKE = 0x16;

    /** What Netty's parser is told of the chunks: that the last one has come. */
    private static final ByteBuf LAST_CHUNK =
            Unpooled.unreleasableBuffer(Unpooled.copiedBuffer("0\r\n", StandardCharsets.US_ASCII));

    private final IntConsumer onPacket;
    private final HeaderLimits limits;
    private int fields;
    private String lastField = "";
    private boolean expecting;
    private boolean toHead;
    private long received;
    private int firstByte = -1;
    /** Those of the body; null unless that is chunked. */
    private @Nullable Chunks chunks;

    ResponseDecoder(IntConsumer onPacket, HeaderLimits limits) {
        super(new HttpDecoderConfig()
                .setMaxInitialLineLength(limits.lineBytes())
                .setMaxHeaderSize(limits.totalBytes())
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

    HeaderLimits limits() {
        return limits;
    }

    /** The name of the field that was read last: what an error is about. */
    String lastField() {
        return lastField;
    }

    /** The head is whole: what follows are trailers, which are counted on their own. */
    void headEnded() {
        fields = 0;
        lastField = "";
    }

    /** An answer is due from now on. */
    void expect(boolean answerToHead) {
        expecting = true;
        headEnded();
        toHead = answerToHead;
        received = 0;
        firstByte = -1;
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
        } else if (chunks == null || chunks.isLast()) {
            super.decode(ctx, in, out);
            chunks = chunks == null ? chunksOf(out) : chunks;
        } else {
            decode(chunks, ctx, in, out);
        }
    }

    /** Of the head that has just been read, if it is one and its body is chunked. */
    private @Nullable Chunks chunksOf(List<Object> out) {
        return !out.isEmpty()
                        && out.getLast() instanceof HttpMessage head
                        && head.decoderResult().isSuccess()
                        && HttpUtil.isTransferEncodingChunked(head)
                ? new Chunks(limits.lineBytes())
                : null;
    }

    private void decode(Chunks body, ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
        try {
            ByteBuf data = body.next(in);
            if (data != null) {
                out.add(new DefaultHttpContent(data));
            }
        } catch (IllegalArgumentException | TooLongFrameException e) {
            in.skipBytes(in.readableBytes());
            HttpContent failed = new DefaultLastHttpContent(Unpooled.EMPTY_BUFFER);
            failed.setDecoderResult(DecoderResult.failure(e));
            out.add(failed);
            return;
        }
        if (body.isLast()) {
            super.decode(ctx, LAST_CHUNK.duplicate(), out);
        }
    }

    @Override
    protected boolean isContentAlwaysEmpty(HttpMessage message) {
        return toHead || super.isContentAlwaysEmpty(message);
    }

    @Override
    protected HttpMessage createMessage(String[] startLine) {
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
        lastField = name.toString();
        if (++fields > limits.fields()) {
            throw new TooLongHttpHeaderException("more than " + limits.fields() + " header fields, at " + lastField);
        }
        return name;
    }
}
