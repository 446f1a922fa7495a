package dev.weft.loop.net.channel;

import dev.weft.loop.poll.Transport;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.socket.nio.NioChannelOption;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The JDK's socket options as Netty's. */
final class SocketOptions {
    private static final Map<SocketOption<?>, ChannelOption<?>> EVERYWHERE = Map.of(
            StandardSocketOptions.TCP_NODELAY, ChannelOption.TCP_NODELAY,
            StandardSocketOptions.SO_KEEPALIVE, ChannelOption.SO_KEEPALIVE,
            StandardSocketOptions.SO_RCVBUF, ChannelOption.SO_RCVBUF,
            StandardSocketOptions.SO_SNDBUF, ChannelOption.SO_SNDBUF,
            StandardSocketOptions.SO_REUSEADDR, ChannelOption.SO_REUSEADDR,
            StandardSocketOptions.SO_LINGER, ChannelOption.SO_LINGER,
            StandardSocketOptions.IP_TOS, ChannelOption.IP_TOS);

    private SocketOptions() {}

    /**
     * Adds options for TCP channels to a bootstrap. A value that the system refuses is logged, when a channel is made.
     *
     * @throws IllegalArgumentException if this system does not know one
     */
    static void add(Bootstrap bootstrap, Transport transport, Map<SocketOption<?>, Object> options) {
        options.forEach((option, value) -> {
            ChannelOption<?> known = of(transport, option);
            if (known == null) {
                throw new IllegalArgumentException("this system does not know the socket option " + option.name());
            }
            add(bootstrap, known, value);
        });
    }

    @SuppressWarnings("unchecked") // ConnectOptions takes values of the option's own type, and Netty's are the same
    private static void add(Bootstrap bootstrap, ChannelOption<?> option, Object value) {
        bootstrap.option((ChannelOption<Object>) option, value);
    }

    private static @Nullable ChannelOption<?> of(Transport transport, SocketOption<?> option) {
        ChannelOption<?> common = EVERYWHERE.get(option);
        if (common != null) {
            return common;
        }
        return switch (transport) {
            case NIO -> NioChannelOption.of(option);
            case EPOLL -> linux(option.name());
            case KQUEUE -> null;
        };
    }

    /** Those of {@code jdk.net.ExtendedSocketOptions}, by name: the module may not be there. */
    private static @Nullable ChannelOption<?> linux(String name) {
        return switch (name) {
            case "TCP_KEEPIDLE" -> EpollChannelOption.TCP_KEEPIDLE;
            case "TCP_KEEPINTERVAL" -> EpollChannelOption.TCP_KEEPINTVL;
            case "TCP_KEEPCOUNT" -> EpollChannelOption.TCP_KEEPCNT;
            case "TCP_QUICKACK" -> EpollChannelOption.TCP_QUICKACK;
            default -> null;
        };
    }
}
