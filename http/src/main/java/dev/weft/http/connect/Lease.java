package dev.weft.http.connect;

import dev.weft.http.wire.Wire;
import org.jspecify.annotations.Nullable;

/**
 * What a request has of a connection: the whole, or one of its streams, until {@link #end}. Confined to the loop.
 *
 * @param connection which one
 * @param wire what the request is sent by
 * @param reused whether the connection had served before, so that the server may have closed it meanwhile
 * @param connector who gave it
 */
public record Lease(Connection connection, Wire wire, boolean reused, Connector connector) {
    /**
     * Gives it back, once.
     *
     * @param spoiled why the request did not come to its good end, or nothing can come after it; null if all is well
     */
    public void end(@Nullable String spoiled) {
        if (spoiled == null) {
            connector.release(connection, wire.keepAlive());
        } else {
            connection.closes(spoiled);
            wire.abort();
            connector.discard(connection);
        }
    }

    /** What came over it was broken: after its end the connection serves nobody else, unless it does so by now. */
    public void distrust() {
        connector.discardIdle(connection);
    }
}
