package dev.weft.http.connect;

import dev.weft.http.wire.Wire;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What a request has of a connection: the whole, or one of its streams, until {@link #end}. Confined to the loop. */
public final class Lease {
    private final Connection connection;
    private final Route route;
    private final Wire wire;
    private final boolean reused;
    private final Connector connector;
    private @Nullable Consumer<String> closeListener;
    private boolean ended;

    Lease(Connection connection, Route route, Wire wire, boolean reused, Connector connector) {
        this.connection = connection;
        this.route = route;
        this.wire = wire;
        this.reused = reused;
        this.connector = connector;
    }

    /** Which one. */
    public Connection connection() {
        return connection;
    }

    /** What the request is sent by. */
    public Wire wire() {
        return wire;
    }

    /** Whether the connection had served before, or was idle, so that the server may have closed it meanwhile. */
    public boolean reused() {
        return reused;
    }

    /** The server said that this connection is not for this request, and it may be for others: it gets no more of its kind. */
    public void misdirected() {
        connector.misdirected(connection, route);
    }

    /** Who is told, once, why the connection is closed: until the lease ends, and after it until the connection has another request. */
    public void whenClosed(Consumer<String> told) {
        closeListener = told;
        connection.whenClosed(told);
    }

    /**
     * Gives it back, once.
     *
     * @param spoiled why the request did not come to its good end, or nothing can come after it; null if all is well
     */
    public void end(@Nullable String spoiled) {
        if (ended) {
            return;
        }
        ended = true;
        if (spoiled != null && !connection.isShared()) {
            connection.closes(spoiled);
            wire.abort();
            connector.discard(connection);
            return;
        }
        if (spoiled != null) {
            wire.abort();
        }
        connector.release(connection, wire.keepAlive());
        if (closeListener != null) {
            connection.forget(closeListener);
        }
    }

    /** What came over it was broken: after its end the connection serves nobody else, unless it does so by now. */
    public void distrust() {
        connector.discardIdle(connection);
    }
}
