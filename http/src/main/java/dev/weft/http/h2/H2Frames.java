package dev.weft.http.h2;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import java.nio.charset.StandardCharsets;

/** Brings what Netty read of an HTTP/2 connection to the stream, or the connection, it is for. On the loop's thread. */
final class H2Frames extends Http2FrameAdapter {
    private static final int MOST_DETAILS = 200;

    private final H2Connection connection;

    H2Frames(H2Connection connection) {
        this.connection = connection;
    }

    @Override
    public int onDataRead(ChannelHandlerContext ctx, int streamId, ByteBuf data, int padding, boolean end)
            throws Http2Exception {
        int bytes = data.readableBytes();
        connection.onReceived(bytes);
        H2Stream stream = connection.stream(streamId);
        if (stream == null) {
            return bytes + padding;
        }
        try {
            return stream.onData(data, padding, end);
        } catch (IllegalArgumentException e) {
            throw malformed(streamId, e);
        }
    }

    @Override
    public void onHeadersRead(ChannelHandlerContext ctx, int streamId, Http2Headers headers, int padding, boolean end)
            throws Http2Exception {
        H2Stream stream = connection.stream(streamId);
        if (stream == null) {
            return;
        }
        try {
            stream.onFields((ReceivedFields) headers, end);
        } catch (IllegalArgumentException e) {
            throw malformed(streamId, e);
        }
    }

    @Override
    public void onHeadersRead(
            ChannelHandlerContext ctx,
            int streamId,
            Http2Headers headers,
            int streamDependency,
            short weight,
            boolean exclusive,
            int padding,
            boolean end)
            throws Http2Exception {
        onHeadersRead(ctx, streamId, headers, padding, end);
    }

    private static Http2Exception malformed(int streamId, IllegalArgumentException e) {
        return Http2Exception.streamError(streamId, Http2Error.PROTOCOL_ERROR, e, "%s", e.getMessage());
    }

    @Override
    public void onRstStreamRead(ChannelHandlerContext ctx, int streamId, long errorCode) {
        H2Stream stream = connection.stream(streamId);
        if (stream != null) {
            stream.onReset(errorCode);
        }
    }

    @Override
    public void onSettingsRead(ChannelHandlerContext ctx, Http2Settings settings) throws Http2Exception {
        connection.onQuestion();
        connection.onSettings(settings);
    }

    @Override
    public void onPingRead(ChannelHandlerContext ctx, long data) throws Http2Exception {
        connection.onQuestion();
    }

    @Override
    public void onPingAckRead(ChannelHandlerContext ctx, long data) {
        connection.onPingAnswered(data);
    }

    @Override
    public void onGoAwayRead(ChannelHandlerContext ctx, int lastStreamId, long errorCode, ByteBuf debugData) {
        String details = debugData.toString(
                debugData.readerIndex(), Math.min(MOST_DETAILS, debugData.readableBytes()), StandardCharsets.UTF_8);
        connection.onGoAway(lastStreamId, errorCode, printable(details));
    }

    /** What a server says goes into messages: without what a terminal acts upon. */
    private static String printable(String text) {
        StringBuilder printable = new StringBuilder();
        text.codePoints().map(c -> Character.isISOControl(c) ? '.' : c).forEach(printable::appendCodePoint);
        return printable.toString();
    }
}
