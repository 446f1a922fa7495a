package dev.weft.loop.net;

import com.google.errorprone.annotations.CheckReturnValue;
import dev.weft.loop.Asyncio;
import dev.weft.loop.Awaitable;
import dev.weft.loop.CancelledError;
import dev.weft.loop.Future;
import dev.weft.loop.Loop;
import dev.weft.loop.LoopError;
import dev.weft.loop.Task;
import dev.weft.loop.net.channel.Addresses;
import dev.weft.loop.net.channel.TlsChannels;
import dev.weft.loop.net.dial.Tls;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Accepts connections, and runs a task for each, with the context variables of whoever started the server. It belongs to its loop:
 * its methods are for code that runs there. It serves until it is closed, also if nobody refers to it.
 *
 * <p>Source: {@code asyncio.Server}.
 */
@CheckReturnValue
public final class Server implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Server.class);

    private final Loop loop = Asyncio.getRunningLoop();
    private final Throwable started = new Throwable("accepted by the server that was started here");
    private final ConnectionHandler handler;
    private final ServerOptions options;
    private final List<Channel> listeners = new ArrayList<>();
    private final List<SocketAddress> addresses = new ArrayList<>();
    private final Set<Wire> clients = new LinkedHashSet<>();
    private final List<Wire> accepted = new ArrayList<>();
    private final Signal finished = new Signal(loop);
    private Future<@Nullable Void> arrival = loop.createFuture();
    private Runnable cleanUp = () -> {};
    private boolean closed;
    private @Nullable Future<@Nullable Void> forever;

    Server(ConnectionHandler handler, ServerOptions options) {
        this.handler = handler;
        this.options = options;
        awaitArrivals();
    }

    /** Takes over a channel that listens; its address as it is to be shown. */
    void addListener(Channel channel, SocketAddress address) {
        listeners.add(channel);
        addresses.add(address);
    }

    /** Sets what runs once, when the server stops listening. */
    void cleanUp(Runnable action) {
        cleanUp = action;
    }

    // ---- accepting

    /** Prepares a channel that was accepted. On the loop's own thread. */
    void accept(Channel channel) {
        if (closed) {
            channel.close();
            return;
        }
        Tls tls = options.tls();
        if (tls != null) {
            TlsChannels.addServer(channel, tls);
        }
        Wire wire = Wire.attach(loop, channel, options.limitBytes());
        clients.add(wire);
        wire.whenGone(() -> forget(wire));
        SslHandler secured = TlsChannels.of(channel);
        if (secured == null) {
            arrived(wire);
            return;
        }
        secured.handshakeFuture().addListener(agreed -> {
            if (agreed.isSuccess()) {
                arrived(wire);
            } else {
                LOG.debug("no TLS with {}", channel.remoteAddress(), agreed.cause());
            }
        });
    }

    private void arrived(Wire wire) {
        accepted.add(wire);
        if (!arrival.isDone()) {
            arrival.setResult(null);
        }
    }

    /**
     * Starts tasks from a callback: it has the context variables of the server's start, as the one before it had; the channel's own
     * thread has none.
     */
    private void awaitArrivals() {
        arrival = loop.createFuture();
        arrival.addDoneCallback(some -> {
            List<Wire> batch = List.copyOf(accepted);
            accepted.clear();
            awaitArrivals();
            batch.forEach(this::serve);
        });
    }

    private void serve(Wire wire) {
        String peer = peerText(wire.channel());
        Connection connection = Connection.of(wire, new Connection.Peer(peer, null, -1, this), started);
        Task<@Nullable Void> task = Asyncio.createTask(() -> handler.handle(connection), "connection from " + peer);
        task.addDoneCallback(served -> served(served, wire, peer));
    }

    private String peerText(Channel channel) {
        SocketAddress address = channel.remoteAddress();
        return address instanceof InetSocketAddress tcp ? Addresses.text(tcp) : "a client of " + localAddress();
    }

    private void served(Future<?> task, Wire wire, String peer) {
        Throwable error = task.isCancelled() ? null : task.exception();
        if (error != null) {
            loop.callExceptionHandler(new LoopError(
                    "Unhandled exception in the handler of the connection from " + peer, error, task, null, null));
        }
        if (error != null || task.isCancelled()) {
            wire.close();
        }
    }

    private void forget(Wire wire) {
        clients.remove(wire);
        checkFinished();
    }

    private void checkFinished() {
        if (closed && clients.isEmpty() && !finished.hasFired()) {
            finished.fire();
        }
    }

    // ---- the owner's side

    /** The first address it listens on; with the port that was chosen if 0 was asked for. */
    public SocketAddress localAddress() {
        return localAddresses().getFirst();
    }

    /** The addresses it listens on: a name may have several. */
    public List<SocketAddress> localAddresses() {
        return List.copyOf(addresses);
    }

    /** The port of the first address. Fails with {@link IllegalStateException} on a Unix socket, which has none. */
    public int port() {
        if (localAddress() instanceof InetSocketAddress tcp) {
            return tcp.getPort();
        }
        throw new IllegalStateException("a Unix socket has no port: " + localAddress());
    }

    /** Whether it listens. */
    public boolean isServing() {
        return !closed;
    }

    /** Stops listening. Connections stay; this does not wait for them, see {@link #waitClosed}. */
    @Override
    public void close() {
        checkLoop();
        if (closed) {
            return;
        }
        closed = true;
        listeners.forEach(Channel::close);
        cleanUp.run();
        Future<@Nullable Void> serving = forever;
        if (serving != null) {
            serving.cancel("the server was closed");
        }
        checkFinished();
    }

    /** Closes every connection: what was written to it is sent first. Does not wait. */
    public void closeClients() {
        checkLoop();
        List.copyOf(clients).forEach(Wire::close);
    }

    /** Closes every connection at once. */
    public void abortClients() {
        checkLoop();
        List.copyOf(clients).forEach(Wire::abort);
    }

    /** Waits until the server is closed and its last connection is gone. */
    public Awaitable<@Nullable Void, RuntimeException> waitClosed() {
        return () -> {
            checkLoop();
            finished.await();
            return null;
        };
    }

    /**
     * Waits until the task is cancelled, then closes the server and its connections, and waits for them; that is how it ends. Closing
     * the server cancels it too.
     *
     * @throws IllegalStateException (the awaiting) if the server is closed or another task waits here
     */
    public Awaitable<@Nullable Void, RuntimeException> serveForever() {
        return () -> {
            checkLoop();
            if (closed || forever != null) {
                throw new IllegalStateException(
                        this + (closed ? " is closed" : " is already being awaited on serveForever()"));
            }
            Future<@Nullable Void> serving = loop.createFuture();
            forever = serving;
            try {
                return serving.await();
            } catch (CancelledError e) {
                shutDown();
                throw e;
            } finally {
                forever = null;
            }
        };
    }

    private void shutDown() {
        close();
        closeClients();
        finished.await();
    }

    private void checkLoop() {
        if (Asyncio.getRunningLoop() != loop) {
            throw new IllegalStateException("the server belongs to another loop than the one that runs here");
        }
    }

    @Override
    public String toString() {
        return "<Server " + (closed ? "closed" : "on " + localAddresses()) + ", " + clients.size() + " clients>";
    }
}
