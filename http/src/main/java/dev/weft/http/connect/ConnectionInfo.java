package dev.weft.http.connect;

import dev.weft.http.message.ClientRequest;
import dev.weft.http.message.HttpVersion;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a connection at one moment.
 *
 * @param route the way it goes
 * @param state what it is doing
 * @param version what is spoken on it; null until that is agreed on
 * @param nanos for how long it has been doing so
 * @param served how many requests it has been given
 * @param requests how many of them hold it
 * @param holder the request that it is made for, or that alone may hold it; null if it is idle, or shared
 */
public record ConnectionInfo(
        Route route,
        Connection.State state,
        @Nullable HttpVersion version,
        long nanos,
        int served,
        int requests,
        @Nullable ClientRequest holder) {}
