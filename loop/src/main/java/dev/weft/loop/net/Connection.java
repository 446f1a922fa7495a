package dev.weft.loop.net;

import dev.weft.loop.Asyncio;
import dev.weft.loop.net.channel.TlsChannels;
import dev.weft.loop.net.dial.ConnectionException;
import dev.weft.loop.net.dial.Tls;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.handler.ssl.SslHandler;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * A connection: what asyncio gives as the pair of a reader and a writer. It belongs to its loop; its methods are for code that runs
 * there. Closed by {@link #close}; one that is dropped unclosed is reported to the loop's exception handler, with the place that
 * opened it, and closed.
 */
public final class Connection implements AutoCloseable {
    private final Wire wire;
    private final Peer peer;
    private final StreamReader reader;
    private final StreamWriter writer;

    /**
     * Who is at the other end.
     *
     * @param text its address or host, for messages
     * @param host the name it was dialed by, null if it was not
     * @param port the port it was dialed at
     * @param acceptedBy the server that took the connection, null on the side that dialed
     */
    record Peer(
            String text,
            @Nullable String host,
            int port,
            @Nullable Server acceptedBy) {}

    private Connection(Wire wire, Peer peer) {
        this.wire = wire;
        this.peer = peer;
        reader = new StreamReader(this, wire);
        writer = new StreamWriter(this, wire);
    }

    /**
     * A connection on a wire, watched for being dropped.
     *
     * @param opened where it was opened, for the report
     */
    static Connection of(Wire wire, Peer peer, Throwable opened) {
        Connection connection = new Connection(wire, peer);
        LeakWatch.watch(connection, wire, peer.text(), opened);
        return connection;
    }

    /** What the other side sends. */
    public StreamReader reader() {
        return reader;
    }

    /** What goes to the other side. */
    public StreamWriter writer() {
        return writer;
    }

    /** This side's address. */
    public SocketAddress localAddress() {
        Server server = peer.acceptedBy();
        // The socket of a Unix server was moved to its path and does not know.
        return server != null && server.localAddress() instanceof UnixDomainSocketAddress path
                ? path
                : address(wire.channel().localAddress());
    }

    /** The other side's address. */
    public SocketAddress remoteAddress() {
        return address(wire.channel().remoteAddress());
    }

    /** Netty's address of a Unix socket as the JDK's; others are the JDK's already. */
    private static SocketAddress address(SocketAddress address) {
        return address instanceof DomainSocketAddress unix ? UnixDomainSocketAddress.of(unix.path()) : address;
    }

    /** The TLS session, with the certificates; null on a plain connection. */
    public @Nullable SSLSession tlsSession() {
        SslHandler tls = TlsChannels.of(wire.channel());
        return tls == null ? null : tls.engine().getSession();
    }

    /** The application protocol that TLS agreed on (ALPN); null if there is none. */
    public @Nullable String applicationProtocol() {
        SslHandler tls = TlsChannels.of(wire.channel());
        return tls == null ? null : tls.applicationProtocol();
    }

    /**
     * Closes the connection: sends what was written, says goodbye if it is secured, and waits for that, in a task. If the task is
     * cancelled meanwhile the connection is aborted. In a callback it does not wait.
     *
     * @throws ConnectionException if something that was written could not be sent
     */
    @Override
    public void close() {
        wire.checkLoop();
        wire.close();
        if (Asyncio.currentTask() == null) {
            return;
        }
        try {
            wire.awaitGone();
        } catch (Throwable e) {
            wire.abort();
            throw e;
        }
        ConnectionException loss = wire.loss();
        if (loss != null && wire.hasUnsent()) {
            throw loss;
        }
    }

    /** Closes the connection at once: what was not sent is dropped, and nothing is waited for. */
    public void abort() {
        wire.checkLoop();
        wire.abort();
    }

    void secure(Tls tls, @Nullable String serverName) {
        wire.checkLoop();
        String name = serverName == null ? peer.host() : serverName;
        if (peer.acceptedBy() != null) {
            TlsChannels.prepareServer(tls);
            wire.secure(TlsChannels.server(wire.channel(), tls), peer.text());
        } else if (name == null) {
            throw new IllegalArgumentException("startTls to " + peer.text() + " needs a server name");
        } else {
            TlsChannels.prepareClient(tls);
            wire.secure(TlsChannels.client(wire.channel(), tls, name, peer.port()), peer.text());
        }
    }

    Wire wire() {
        return wire;
    }

    @Override
    public String toString() {
        String state = wire.isGone() ? "closed" : wire.isClosing() ? "closing" : "open";
        return "<Connection " + (peer.acceptedBy() == null ? "to " : "from ") + peer.text() + " " + state + ">";
    }
}
