package dev.weft.http.connect;

import dev.weft.http.message.ClientRequest;
import dev.weft.http.message.Proxy;
import dev.weft.loop.net.channel.TlsChannels;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import java.util.function.Consumer;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** A connection: being made, held by one request, or idle in the pool. Confined to the loop. */
public final class Connection {
    private final Route route;
    private @Nullable Channel channel;
    private State state = State.DIALLING;
    private long sinceNanos;
    private int served;
    private boolean reused;
    private @Nullable ClientRequest holder;
    private @Nullable Consumer<String> closeListener;
    /** When it is to be closed if it is still idle then, in nanoseconds of the loop's time. */
    private long idleDeadlineNanos;

    /** What a connection is doing. */
    public enum State {
        /** It is being made for a request. */
        DIALLING,
        /** A request holds it. */
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

    /** Whether it was idle before, so that the server may have closed it meanwhile. */
    public boolean isReused() {
        return reused;
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

    /** Who is told, once, why it is closed; null for nobody. Takes the place of who was told before. */
    public void whenClosed(@Nullable Consumer<String> told) {
        closeListener = told;
    }

    /** It is about to be closed, or is closed, for a reason for people; the first one counts. */
    public void closes(String reason) {
        Consumer<String> told = closeListener;
        closeListener = null;
        if (told != null) {
            told.accept(reason);
        }
    }

    State state() {
        return state;
    }

    void opened(Channel made) {
        channel = made;
    }

    void lend(ClientRequest to, long nowNanos) {
        become(State.LEASED, nowNanos);
        holder = to;
        served++;
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

    long idleDeadlineNanos() {
        return idleDeadlineNanos;
    }

    ConnectionInfo info(long nowNanos) {
        return new ConnectionInfo(route, state, nowNanos - sinceNanos, served, holder);
    }

    @Override
    public String toString() {
        return route + " " + state;
    }
}
