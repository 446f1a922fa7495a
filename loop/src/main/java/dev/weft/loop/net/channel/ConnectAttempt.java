package dev.weft.loop.net.channel;

import dev.weft.loop.Awaitable;
import dev.weft.loop.poll.Poller;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannel;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One connection to one address. A cancelled attempt closes its socket. */
record ConnectAttempt(
        Poller poller,
        SocketAddress remote,
        @Nullable SocketAddress local,
        Class<? extends Channel> type,
        Consumer<Channel> initializer)
        implements Awaitable<Channel, IOException> {
    @Override
    public Channel await() throws IOException {
        ChannelFuture connecting = bootstrap().connect(remote, local);
        try {
            Netty.join(connecting);
        } catch (Throwable e) {
            Netty.abort(connecting.channel());
            throw e;
        }
        Throwable failure = connecting.cause();
        if (failure != null) {
            throw Netty.ioException(failure);
        }
        return connecting.channel();
    }

    private Bootstrap bootstrap() {
        Bootstrap bootstrap = new Bootstrap()
                .group(poller.eventLoop())
                .channel(type)
                // asyncio has no time limit of its own: scopes do.
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0)
                .disableResolver()
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        initializer.accept(channel);
                    }
                });
        return SocketChannel.class.isAssignableFrom(type)
                ? bootstrap.option(ChannelOption.TCP_NODELAY, true)
                : bootstrap;
    }
}
