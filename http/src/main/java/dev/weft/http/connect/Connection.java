package dev.weft.http.connect;

import dev.weft.http.message.ClientRequest;
import dev.weft.http.message.HttpVersion;
import dev.weft.http.message.Proxy;
import dev.weft.http.wire.HttpConnection;
import dev.weft.loop.net.channel.TlsChannels;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** A connection: being made, held by one request or shared by several, or idle in the pool. Confined to the loop. */
public final class Connection {
    private final Route route;
    private @Nullable Channel channel;
    private @Nullable HttpConnection http;
    private State state = State.DIALLING;
    private long sinceNanos;
    private int served;
    private boolean reused;
    private int streams;
    private boolean promised;
    private @Nullable ClientRequest holder;
    /** Of the requests that hold it; when it is idle, of the one that held it last. */
    private final Set<Consumer<String>> closeListeners = new LinkedHashSet<>(2);
    /** When it is to be closed if it is still idle then, in nanoseconds of the loop's time. */
    private long idleDeadlineNanos;

    /** What a connection is doing. */
    public enum State {
        /** It is being made for a request. */
        DIALLING,
        /** One request holds it, or several. */
        LEASED,
        /** It waits for a request. */
        IDLE,
        /** It is closed, or is being closed. */
        CLOSED
    }

    /** One that is being made for a request. */
    Connection(Route route, ClientRequest holder, long nowNanos) {
        this.route = route;
        this.holder = holder;
        this.sinceNanos = nowNanos;
    }

    /** The way it goes. */
    public Route route() {
        return route;
    }

    /** The channel, with the protocol's handlers in its pipeline. */
    public Channel channel() {
        if (channel == null) {
            throw new AssertionError("there is no connection to " + route + " yet");
        }
        return channel;
    }

    /** Whether it was idle before, or has served another request, so that the server may have closed it meanwhile. */
    boolean isReused() {
        return reused;
    }

    /** What is spoken on it. */
    HttpConnection http() {
        if (http == null) {
            throw new AssertionError("there is no connection to " + route + " yet");
        }
        return http;
    }

    /** Whether several requests may hold it: the end of one is nothing to the others. */
    public boolean isShared() {
        return http != null && http.isShared();
    }

    /** The proxy that requests are given to whole, with absolute URLs and {@link ProxyHeaders}; null if they go to the server itself. */
    public @Nullable Proxy forwardProxy() {
        return route.isForward() ? route.proxy() : null;
    }

    /** The TLS session with the server; null if what it is sent is in the clear, be it through TLS with a proxy. */
    public @Nullable SSLSession tls() {
        SslHandler handler = route.tls() == null ? null : TlsChannels.of(channel());
        return handler == null ? null : handler.engine().getSession();
    }

    /** Tells this one, once, why it is closed, until {@link #forget}. */
    void whenClosed(Consumer<String> told) {
        closeListeners.add(told);
    }

    /** Does not tell this one any more, unless it is the last that held it. */
    void forget(Consumer<String> told) {
        if (streams > 0) {
            closeListeners.remove(told);
        }
    }

    /** It is about to be closed, or is closed, for a reason for people; the first one counts. */
    void closes(String reason) {
        List<Consumer<String>> told = List.copyOf(closeListeners);
        closeListeners.clear();
        told.forEach(one -> one.accept(reason));
    }

    State state() {
        return state;
    }

    void opened(Channel made) {
        channel = made;
        http = HttpConnection.of(made);
    }

    /** It is somebody's who does not know yet. */
    void promise() {
        promised = true;
    }

    /** Whether it is somebody's who does not know yet. */
    boolean isPromised() {
        return promised;
    }

    void lend(ClientRequest to, long nowNanos) {
        promised = false;
        if (streams++ == 0 && state != State.CLOSED) {
            become(State.LEASED, nowNanos);
            closeListeners.clear();
        }
        holder = isShared() ? null : to;
        reused |= isShared();
        served++;
    }

    /** A request is done with it. */
    void returned() {
        streams -= streams > 0 ? 1 : 0;
    }

    /** Whether requests hold it, or it was made and nobody has it yet; it may have been closed behind their backs. */
    boolean isHeld() {
        return state == State.LEASED || state == State.DIALLING;
    }

    void idle(long nowNanos, long deadlineNanos) {
        become(State.IDLE, nowNanos);
        reused = true;
        holder = null;
        idleDeadlineNanos = deadlineNanos;
    }

    void closed(long nowNanos) {
        become(State.CLOSED, nowNanos);
        holder = null;
    }

    private void become(State next, long nowNanos) {
        state = next;
        sinceNanos = nowNanos;
    }

    boolean isActive() {
        return channel != null && channel.isActive();
    }

    /** Whether it takes a request, as far as can be told from here. */
    boolean isUsable() {
        return isActive() && http().retired() == null;
    }

    long idleDeadlineNanos() {
        return idleDeadlineNanos;
    }

    ConnectionInfo info(long nowNanos) {
        HttpVersion version = http == null ? null : http.version();
        return new ConnectionInfo(route, state, version, nowNanos - sinceNanos, served, streams, holder);
    }

    @Override
    public String toString() {
        return route + " " + state;
    }
}
