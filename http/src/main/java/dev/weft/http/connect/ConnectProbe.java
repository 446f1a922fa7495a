package dev.weft.http.connect;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import java.net.SocketAddress;

/** Tells a {@link ConnectListener} of the connection that a channel makes; put first into the pipeline where somebody listens. On the loop's thread. */
final class ConnectProbe extends ChannelOutboundHandlerAdapter {
    private final ConnectListener listener;

    ConnectProbe(ConnectListener listener) {
        this.listener = listener;
    }

    @Override
    public void connect(ChannelHandlerContext ctx, SocketAddress remote, SocketAddress local, ChannelPromise promise) {
        listener.onConnect(remote);
        promise.addListener(outcome -> listener.onConnected(remote, outcome.cause()));
        ctx.connect(remote, local, promise);
        ctx.pipeline().remove(this);
    }
}
