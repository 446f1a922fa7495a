package dev.weft.http.websocket.frame;

import dev.weft.http.websocket.WsMessage;
import dev.weft.http.websocket.frame.Incoming.Kind;
import dev.weft.http.websocket.frame.Incoming.Piece;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import org.jspecify.annotations.Nullable;

/** The channel's end of a WebSocket: tells its {@link Life} what comes, as plain arrays, so that no buffer can leak. On the loop's thread. */
final class FrameHandler extends SimpleChannelInboundHandler<WebSocketFrame> {
    private static final int RSV1 = 4;

    private final Life life;
    private @Nullable Throwable broken;

    FrameHandler(Life life) {
        this.life = life;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, WebSocketFrame frame) {
        byte[] payload = ByteBufUtil.getBytes(frame.content());
        try {
            take(frame, payload);
        } catch (Violation e) {
            life.onViolation(e);
        }
    }

    private void take(WebSocketFrame frame, byte[] payload) throws Violation {
        switch (frame) {
            case TextWebSocketFrame text -> data(text, Kind.TEXT, payload);
            case BinaryWebSocketFrame binary -> data(binary, Kind.BINARY, payload);
            case PingWebSocketFrame ping -> {
                checkReserved(ping, 0);
                life.onPing(payload);
            }
            case PongWebSocketFrame pong -> {
                checkReserved(pong, 0);
                life.onPong(payload);
            }
            case CloseWebSocketFrame close -> {
                checkReserved(close, 0);
                WsMessage.Close message = CloseCodes.read(payload);
                life.onClose(message);
            }
            default -> data(frame, Kind.CONTINUATION, payload);
        }
    }

    private void data(WebSocketFrame frame, Kind kind, byte[] payload) throws Violation {
        checkReserved(frame, kind == Kind.CONTINUATION ? 0 : RSV1);
        life.onPiece(new Piece(kind, frame.rsv() == RSV1, frame.isFinalFragment(), payload));
    }

    /** Without an extension Netty's decoder allows none of the bits; with one, all. */
    private static void checkReserved(WebSocketFrame frame, int allowed) throws Violation {
        if ((frame.rsv() & ~allowed) != 0) {
            throw new Violation(
                    CloseCodes.PROTOCOL_ERROR,
                    "a frame has reserved bits set that have no meaning there: " + frame.rsv());
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (life.readsOn()) {
            ctx.read();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof CorruptedWebSocketFrameException violation) {
            life.onViolation(new Violation(violation.closeStatus().code(), String.valueOf(violation.getMessage())));
        } else {
            broken = cause;
            ctx.close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        life.onLost(broken);
    }
}
