package dev.weft.loop.net;

import com.google.errorprone.annotations.CheckReturnValue;
import dev.weft.loop.Asyncio;
import dev.weft.loop.Awaitable;
import dev.weft.loop.Loop;
import dev.weft.loop.net.channel.Addresses;
import dev.weft.loop.net.channel.Dialer;
import dev.weft.loop.net.channel.Listener;
import dev.weft.loop.net.channel.TlsChannels;
import dev.weft.loop.net.dial.ConnectOptions;
import dev.weft.loop.net.dial.Tls;
import io.netty.channel.Channel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens connections and starts servers, over TCP, TLS and Unix sockets. Everything here is cold: nothing happens before it is awaited,
 * in a task. Awaiting throws a {@link dev.weft.loop.net.dial.ConnectionException} when it does not work.
 *
 * <p>Source: {@code asyncio.open_connection}, {@code asyncio.start_server} and their Unix forms.
 */
@CheckReturnValue
public final class Streams {
    private static final Logger LOG = LoggerFactory.getLogger(Streams.class);

    private Streams() {}

    /** Connects over plain TCP; see {@link #openConnection(String, int, ConnectOptions)}. */
    public static Awaitable<Connection, RuntimeException> openConnection(String host, int port) {
        return openConnection(host, port, ConnectOptions.DEFAULT);
    }

    /**
     * Connects to a host. Its addresses are tried in turn, IPv6 and IPv4 alternating, each 250 ms after the one before or when that
     * one fails; the first that answers is taken and the others are closed (Happy Eyeballs, RFC 8305). There is no time limit but the
     * scope's.
     *
     * @param host a name, or an address in digits
     */
    public static Awaitable<Connection, RuntimeException> openConnection(
            String host, int port, ConnectOptions options) {
        Objects.requireNonNull(host, "host");
        Objects.requireNonNull(options, "options");
        return () -> {
            Loop loop = Asyncio.getRunningLoop();
            Channel channel =
                    Dialer.dial(host, port, options, opened -> Wire.attach(loop, opened, options.limitBytes()));
            return connection(channel, new Connection.Peer(Addresses.text(host, port), host, port, null));
        };
    }

    /** Connects to a Unix socket; see {@link #openUnixConnection(Path, ConnectOptions)}. */
    public static Awaitable<Connection, RuntimeException> openUnixConnection(Path path) {
        return openUnixConnection(path, ConnectOptions.DEFAULT);
    }

    /** Connects to a Unix socket. Of the options, those on addresses do not count; TLS needs a server name. */
    public static Awaitable<Connection, RuntimeException> openUnixConnection(Path path, ConnectOptions options) {
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(options, "options");
        return () -> {
            Loop loop = Asyncio.getRunningLoop();
            Channel channel = Dialer.dial(path, options, opened -> Wire.attach(loop, opened, options.limitBytes()));
            return connection(channel, new Connection.Peer(path.toString(), options.serverName(), -1, null));
        };
    }

    private static Connection connection(Channel channel, Connection.Peer peer) {
        return Connection.of(Wire.of(channel), peer, new Throwable("the connection was opened here"));
    }

    /** Listens for plain TCP connections; see {@link #startServer(ConnectionHandler, String, int, ServerOptions)}. */
    public static Awaitable<Server, RuntimeException> startServer(
            ConnectionHandler handler, @Nullable String host, int port) {
        return startServer(handler, host, port, ServerOptions.DEFAULT);
    }

    /**
     * Listens on every address of a host.
     *
     * @param handler runs as a task for every connection
     * @param host a name, an address in digits, or null for all of this machine's addresses
     * @param port 0 for any that is free, another one for each address of the host
     */
    public static Awaitable<Server, RuntimeException> startServer(
            ConnectionHandler handler, @Nullable String host, int port, ServerOptions options) {
        Objects.requireNonNull(handler, "handler");
        Objects.requireNonNull(options, "options");
        return () -> {
            List<InetSocketAddress> addresses = host == null
                    ? List.of(new InetSocketAddress(port))
                    : Dialer.resolve(host, port, ConnectOptions.DEFAULT);
            Server server = server(handler, options);
            try {
                for (InetSocketAddress address : addresses) {
                    Channel channel = Listener.listen(address, options.backlog(), server::accept);
                    server.addListener(channel, channel.localAddress());
                }
            } catch (Throwable e) {
                server.close();
                throw e;
            }
            return server;
        };
    }

    private static Server server(ConnectionHandler handler, ServerOptions options) {
        Tls tls = options.tls();
        if (tls != null) {
            TlsChannels.prepareServer(tls);
        }
        return new Server(handler, options);
    }

    /** Listens on a Unix socket; see {@link #startUnixServer(ConnectionHandler, Path, ServerOptions)}. */
    public static Awaitable<Server, RuntimeException> startUnixServer(ConnectionHandler handler, Path path) {
        return startUnixServer(handler, path, ServerOptions.DEFAULT);
    }

    /**
     * Listens on a Unix socket. A socket that an earlier server left there is removed first, and this one's when it is closed.
     *
     * @param handler runs as a task for every connection
     */
    public static Awaitable<Server, RuntimeException> startUnixServer(
            ConnectionHandler handler, Path path, ServerOptions options) {
        Objects.requireNonNull(handler, "handler");
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(options, "options");
        return () -> {
            Server server = server(handler, options);
            try {
                Channel channel = Listener.listen(path, options.backlog(), server::accept);
                server.addListener(channel, UnixDomainSocketAddress.of(path));
                Object identity = identity(path);
                server.cleanUp(() -> removeSocket(path, identity));
            } catch (Throwable e) {
                server.close();
                throw e;
            }
            return server;
        };
    }

    private static @Nullable Object identity(Path path) {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                    .fileKey();
        } catch (IOException e) {
            return null;
        }
    }

    /** Removes the socket, unless another server has put its own there meanwhile. */
    private static void removeSocket(Path path, @Nullable Object identity) {
        try {
            if (identity != null && identity.equals(identity(path))) {
                Files.delete(path);
            }
        } catch (NoSuchFileException e) {
            // Somebody else has removed it.
        } catch (IOException e) {
            LOG.warn("cannot remove the socket {}", path, e);
        }
    }
}
