package dev.weft.http.websocket.frame;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;

/**
 * Netty's decoder of frames: tells of every packet, and leaves Close frames to {@link CloseCodes}, which is stricter. It answers nothing
 * itself: what is against the rules is an exception for the handler behind it. On the loop's thread.
 */
final class FrameDecoder extends WebSocket13FrameDecoder {
    private final Runnable onPacket;

    /**
     * A decoder of what a server sends.
     *
     * @param extensions whether a frame may be compressed
     * @param frameLimit the largest payload, in bytes
     */
    FrameDecoder(boolean extensions, int frameLimit, Runnable onPacket) {
        super(WebSocketDecoderConfig.newBuilder()
                .expectMaskedFrames(false)
                .allowMaskMismatch(false)
                .allowExtensions(extensions)
                .maxFramePayloadLength(frameLimit)
                .closeOnProtocolViolation(false)
                .build());
        this.onPacket = onPacket;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object packet) throws Exception {
        onPacket.run();
        super.channelRead(ctx, packet);
    }

    @Override
    protected void checkCloseFrameBody(ChannelHandlerContext ctx, ByteBuf payload) {}
}
