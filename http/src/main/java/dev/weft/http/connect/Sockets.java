package dev.weft.http.connect;

import dev.weft.http.message.AddressPolicy;
import dev.weft.http.message.BlockedAddressException;
import dev.weft.http.message.Phase;
import dev.weft.loop.Loop;
import dev.weft.loop.net.DnsResolver;
import dev.weft.loop.net.channel.Dialer;
import dev.weft.loop.net.channel.Netty;
import dev.weft.loop.net.dial.ConnectFailedException;
import dev.weft.loop.net.dial.Resolver;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelOption;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * From a host to a socket that is connected to it: name, policy, one address beside another. Run by the task that needs it; whatever ends the
 * task's wait closes what was begun. Confined to the loop.
 */
final class Sockets {
    private static final int SMALLEST_READ = 1024;
    private static final int FIRST_READ = 8 * 1024;
    private static final int LARGEST_READ = 256 * 1024;

    private final Loop loop;
    private final ConnectorSettings settings;
    private final LookUps lookUps;
    private final AddressMemory memory = new AddressMemory();

    Sockets(Loop loop, ConnectorSettings settings) {
        this.loop = loop;
        this.settings = settings;
        this.lookUps = new LookUps(loop, settings.connect());
    }

    /**
     * A channel that is connected to a host, or to the Unix socket that stands for all of them.
     *
     * @param initializer adds the handlers, of every channel that is tried
     * @throws dev.weft.http.message.ClientConnectorException if nobody took the connection
     * @throws BlockedAddressException if no address is allowed
     */
    Channel connect(Patience wait, Origin peer, Consumer<Channel> initializer) {
        ConnectListener told = wait.listener();
        Consumer<Channel> all = opened -> {
            configure(opened.config());
            if (told != null) {
                opened.pipeline().addFirst(new ConnectProbe(told));
            }
            initializer.accept(opened);
        };
        String unixSocket = settings.unixSocket();
        return unixSocket == null
                ? connect(wait, peer, addresses(wait, peer), all)
                : connectUnix(wait, unixSocket, all);
    }

    void clearDnsCache() {
        Resolver given = settings.connect().resolver();
        (given == null ? DnsResolver.system() : given).clear();
        memory.clear();
    }

    private static void configure(ChannelConfig config) {
        // Reads happen on credit.
        config.setOption(ChannelOption.AUTO_READ, false);
        // A server that refuses an upload half-way answers first: a failed write must not close what is still to be
        // read.
        config.setOption(ChannelOption.AUTO_CLOSE, false);
        config.setOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT);
        config.setOption(
                ChannelOption.RECVBUF_ALLOCATOR,
                new AdaptiveRecvByteBufAllocator(SMALLEST_READ, FIRST_READ, LARGEST_READ));
    }

    private Channel connect(
            Patience wait, Origin peer, List<InetSocketAddress> addresses, Consumer<Channel> initializer) {
        Channel channel;
        try {
            channel = Child.await(
                    loop,
                    wait,
                    Phase.CONNECT,
                    () -> Dialer.connect(peer.toString(), addresses, settings.connect(), initializer),
                    Netty::abort);
        } catch (ConnectFailedException e) {
            memory.tried(addresses, null, loop.nanoTime());
            throw ConnectFailures.of(wait.request(), peer.toString(), addresses, e.getSuppressed());
        }
        memory.tried(addresses, winner(channel), loop.nanoTime());
        return channel;
    }

    /** Null if it was closed meanwhile. */
    private static @Nullable InetSocketAddress winner(Channel channel) {
        return channel.remoteAddress() instanceof InetSocketAddress address ? address : null;
    }

    private Channel connectUnix(Patience wait, String path, Consumer<Channel> initializer) {
        try {
            return Child.await(loop, wait, Phase.CONNECT, () -> Dialer.connect(path, initializer), Netty::abort);
        } catch (ConnectFailedException e) {
            throw ConnectFailures.of(wait.request(), path, List.of(), e.getSuppressed());
        }
    }

    /** The addresses of a host that may be connected to, in the order to try them. */
    List<InetSocketAddress> addresses(Patience wait, Origin peer) {
        return memory.order(allowed(wait, peer.host(), lookUps.of(wait, peer)), loop.nanoTime());
    }

    private List<InetSocketAddress> allowed(Patience wait, String host, List<InetSocketAddress> found) {
        AddressPolicy policy = settings.policy();
        if (policy.isOpen()) {
            return found;
        }
        List<InetSocketAddress> allowed = new ArrayList<>();
        BlockedAddressException first = null;
        for (InetSocketAddress address : found) {
            String objection = policy.objection(address.getAddress());
            if (objection == null) {
                allowed.add(address);
            } else if (first == null) {
                first = blocked(wait, address, host, objection);
            }
        }
        if (allowed.isEmpty() && first != null) {
            throw first;
        }
        return allowed;
    }

    /**
     * Checks what is known of the host of a request before its addresses are: its port, and its address if it is in digits, which a proxy would
     * be given.
     *
     * @throws BlockedAddressException if it may not be connected to
     */
    void checkTarget(Patience wait) {
        AddressPolicy policy = settings.policy();
        if (policy.isOpen() || settings.unixSocket() != null) {
            return;
        }
        Origin target = Origin.of(wait.request().url());
        String objection = policy.objection(target.port());
        if (objection != null) {
            throw blocked(wait, null, target.toString(), objection);
        }
        if (Dialer.isLiteral(target.host())) {
            allowed(wait, target.toString(), lookUps.of(wait, target));
        }
    }

    private static BlockedAddressException blocked(
            Patience wait, @Nullable InetSocketAddress address, String host, String objection) {
        return new BlockedAddressException(wait.request(), address, "cannot connect to " + host + ": " + objection);
    }

    /**
     * The address of a host in digits, for a proxy that is to be given one: an IPv4 address if there is one, since every proxy knows those.
     *
     * @throws dev.weft.http.message.DnsException if it has none
     * @throws BlockedAddressException if none is allowed
     */
    InetAddress addressForProxy(Patience wait, Origin target) {
        List<InetSocketAddress> allowed = allowed(wait, target.host(), lookUps.of(wait, target));
        return allowed.stream()
                .map(InetSocketAddress::getAddress)
                .filter(Inet4Address.class::isInstance)
                .findFirst()
                .orElseGet(() -> allowed.getFirst().getAddress());
    }
}
