package dev.weft.loop.net.channel;

import dev.weft.loop.Asyncio;
import dev.weft.loop.Awaitable;
import dev.weft.loop.RaceResult;
import dev.weft.loop.net.dial.ConnectFailedException;
import dev.weft.loop.net.dial.ConnectOptions;
import dev.weft.loop.net.dial.ResolveException;
import dev.weft.loop.net.dial.Resolver;
import dev.weft.loop.net.dial.Tls;
import dev.weft.loop.poll.Poller;
import dev.weft.loop.poll.Transport;
import io.netty.channel.Channel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Makes connections, as channels of the running loop: look the name up, race its addresses, agree on TLS. The steps can be had one
 * by one. If the calling task is cancelled, or a step fails, nothing stays open.
 *
 * <p>The initializer is called on the loop for every channel that is tried, before it is connected; it adds the handlers, behind
 * TLS. Source: asyncio's {@code create_connection}.
 */
public final class Dialer {
    private Dialer() {}

    /**
     * A channel that is connected to a host, through TLS if the options say so.
     *
     * @throws dev.weft.loop.net.dial.ConnectionException if a step fails
     */
    public static Channel dial(String host, int port, ConnectOptions options, Consumer<Channel> initializer) {
        Tls tls = options.tls();
        if (tls != null) {
            TlsChannels.prepareClient(tls);
        }
        List<InetSocketAddress> addresses = resolve(host, port, options);
        String peer = Addresses.text(host, port);
        if (tls == null) {
            return connect(peer, addresses, options, initializer);
        }
        String given = options.serverName();
        String serverName = given == null ? host : given;
        Channel channel = connect(peer, addresses, options, opened -> {
            TlsChannels.addClient(opened, tls, serverName, port);
            initializer.accept(opened);
        });
        TlsChannels.handshake(channel, peer);
        return channel;
    }

    /**
     * A channel that is connected to a Unix socket, through TLS if the options say so; then they must name the server.
     *
     * @throws dev.weft.loop.net.dial.ConnectionException if a step fails
     */
    public static Channel dial(Path path, ConnectOptions options, Consumer<Channel> initializer) {
        Tls tls = options.tls();
        String serverName = options.serverName();
        if (tls != null && serverName == null) {
            throw new IllegalArgumentException(
                    "TLS over the Unix socket " + path + " needs a server name in the options: a path is none");
        }
        if (tls != null) {
            TlsChannels.prepareClient(tls);
        }
        Channel channel = connect(path.toString(), opened -> {
            if (tls != null && serverName != null) {
                TlsChannels.addClient(opened, tls, serverName, -1);
            }
            initializer.accept(opened);
        });
        if (tls != null) {
            TlsChannels.handshake(channel, path.toString());
        }
        return channel;
    }

    /**
     * A channel that is connected to a Unix socket.
     *
     * @param name its path, or {@code @} and a name in Linux's abstract namespace
     * @throws ConnectFailedException if nobody listens there
     */
    public static Channel connect(String name, Consumer<Channel> initializer) {
        Poller poller = Asyncio.getRunningLoop().poller();
        return alone(ConnectAttempt.unix(poller, unixAddress(poller.transport(), name), initializer), name);
    }

    private static SocketAddress unixAddress(Transport transport, String name) {
        // Only Linux has these, and only epoll takes them.
        return transport == Transport.EPOLL && name.startsWith("@")
                ? new DomainSocketAddress("\0" + name.substring(1))
                : transport.unixAddress(Path.of(name));
    }

    /**
     * The addresses of a host in the order to try them. Digits are not looked up.
     *
     * @throws ResolveException if there is none, or none that the options allow
     */
    public static List<InetSocketAddress> resolve(String host, int port, ConnectOptions options) {
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("no such port: " + port);
        }
        List<InetAddress> found = isLiteral(host)
                ? List.of(InetAddress.ofLiteral(host))
                : resolver(options).resolve(host).await();
        List<InetAddress> usable =
                found.stream().filter(address -> allowed(address, options)).toList();
        if (usable.isEmpty()) {
            String problem = host + " has no address that the options allow (family " + options.family()
                    + ", local address " + options.localAddress() + "): " + found;
            throw new ResolveException(problem, new UnknownHostException(problem), false);
        }
        return Addresses.interleave(usable).stream()
                .map(address -> new InetSocketAddress(address, port))
                .toList();
    }

    /** Whether a host is an address in digits. Forms of IPv4 that only some systems read (octal, one number) count as names. */
    public static boolean isLiteral(String host) {
        if (host.indexOf(':') < 0) {
            return NetUtil.isValidIpV4Address(host);
        }
        try {
            return InetAddress.ofLiteral(host) != null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static Resolver resolver(ConnectOptions options) {
        Resolver given = options.resolver();
        return given == null ? DnsSettings.SYSTEM.resolver() : given;
    }

    private static boolean allowed(InetAddress address, ConnectOptions options) {
        InetSocketAddress local = options.localAddress();
        boolean reachable = local == null
                || local.getAddress().isAnyLocalAddress()
                || local.getAddress().getClass() == address.getClass();
        return reachable && options.family().matches(address);
    }

    /**
     * A channel that is connected to the first of several addresses that takes it (Happy Eyeballs, RFC 8305).
     *
     * @param peer what the addresses are those of, for messages
     * @throws ConnectFailedException if none does
     */
    public static Channel connect(
            String peer, List<InetSocketAddress> addresses, ConnectOptions options, Consumer<Channel> initializer) {
        Poller poller = Asyncio.getRunningLoop().poller();
        List<ConnectAttempt> attempts = new ArrayList<>();
        for (InetSocketAddress address : addresses) {
            attempts.add(ConnectAttempt.tcp(poller, address, options, initializer));
        }
        return attempts.size() == 1 ? alone(attempts.getFirst(), peer) : race(attempts, peer, options);
    }

    /** Without a race there is no need of a task. */
    private static Channel alone(ConnectAttempt attempt, String peer) {
        try {
            return attempt.await();
        } catch (IOException e) {
            throw new ConnectFailedException("cannot connect to " + peer + ": " + Netty.reason(e), List.of(e));
        }
    }

    private static Channel race(List<ConnectAttempt> attempts, String peer, ConnectOptions options) {
        List<Channel> connected = new ArrayList<>();
        List<Awaitable<Channel, IOException>> racers = new ArrayList<>();
        for (ConnectAttempt attempt : attempts) {
            racers.add(() -> {
                Channel channel = attempt.await();
                connected.add(channel);
                return channel;
            });
        }
        Channel winner = null;
        try {
            RaceResult<Channel> result =
                    Asyncio.staggeredRace(racers, options.happyEyeballsDelay()).await();
            winner = result.value();
            if (winner == null) {
                throw failed(peer, result.errors());
            }
            return winner;
        } finally {
            // A second one may have connected in the same tick as the winner, or as the race was cancelled.
            for (Channel channel : connected) {
                if (!channel.equals(winner)) {
                    Netty.abort(channel);
                }
            }
        }
    }

    private static ConnectFailedException failed(String peer, List<Throwable> failures) {
        List<IOException> errors = failures.stream().map(Netty::ioException).toList();
        List<String> reasons = errors.stream().map(Netty::reason).toList();
        return new ConnectFailedException(
                "cannot connect to " + peer + ", all " + errors.size() + " addresses failed: "
                        + String.join("; ", reasons),
                errors);
    }
}
