package dev.weft.loop.net.channel;

import dev.weft.loop.Awaitable;
import dev.weft.loop.net.dial.ConnectOptions;
import dev.weft.loop.poll.Poller;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One connection to one address. A cancelled attempt closes its socket. */
record ConnectAttempt(
        Bootstrap bootstrap, SocketAddress remote, @Nullable SocketAddress local)
        implements Awaitable<Channel, IOException> {
    /**
     * To a TCP address.
     *
     * @throws IllegalArgumentException if the options have a socket option that this system does not know
     */
    static ConnectAttempt tcp(
            Poller poller, InetSocketAddress remote, ConnectOptions options, Consumer<Channel> initializer) {
        Bootstrap bootstrap = bootstrap(poller, poller.transport().socketChannel(), initializer);
        bootstrap.option(ChannelOption.TCP_NODELAY, true);
        SocketOptions.add(bootstrap, poller.transport(), options.socketOptions());
        return new ConnectAttempt(bootstrap, remote, options.localAddress());
    }

    /** To a Unix socket. */
    static ConnectAttempt unix(Poller poller, SocketAddress remote, Consumer<Channel> initializer) {
        return new ConnectAttempt(bootstrap(poller, poller.transport().unixChannel(), initializer), remote, null);
    }

    private static Bootstrap bootstrap(Poller poller, Class<? extends Channel> type, Consumer<Channel> initializer) {
        return new Bootstrap()
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
    }

    @Override
    public Channel await() throws IOException {
        ChannelFuture connecting = bootstrap.connect(remote, local);
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
}
