package dev.weft.http.h2;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * The end of a connection that is broken: behind the last word nothing more is sent, and what still comes is taken in until the server closes too, for
 * a moment at most. Closed with something unread, TCP sends a reset, at which a server stops before it has read why. Source: RFC 9112 section
 * 9.6. On the loop's thread.
 */
final class Farewell {
    private Farewell() {}

    /** Ends what is sent once the last word is, and closes when the server has, or the time is over. */
    static void after(ChannelFuture lastWord, ChannelHandlerContext ctx, int mostMillis) {
        Future<?> patience = ctx.executor().schedule(() -> ctx.close(), mostMillis, TimeUnit.MILLISECONDS);
        ctx.channel().closeFuture().addListener(closed -> patience.cancel(false));
        lastWord.addListener(said -> endOutput(ctx));
    }

    private static void endOutput(ChannelHandlerContext ctx) {
        Channel channel = ctx.channel();
        SslHandler tls = ctx.pipeline().get(SslHandler.class);
        if (!(channel instanceof DuplexChannel duplex)) {
            ctx.close();
        } else if (tls == null) {
            duplex.shutdownOutput();
        } else {
            tls.closeOutbound().addListener(goodbye -> duplex.shutdownOutput());
        }
    }
}
