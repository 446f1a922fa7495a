package dev.weft.http.connect;

import dev.weft.http.message.ClientRequest;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a connection at one moment.
 *
 * @param route the way it goes
 * @param state what it is doing
 * @param nanos for how long it has been doing so
 * @param served how many requests it has been given
 * @param holder the request that it is made for, or that holds it; null if it is idle
 */
public record ConnectionInfo(
        Route route,
        Connection.State state,
        long nanos,
        int served,
        @Nullable ClientRequest holder) {}
