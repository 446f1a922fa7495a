package dev.weft.http.h2;

import java.time.Duration;

/**
 * How HTTP/2 connections are used.
 *
 * @param maxStreams most requests at a time on one connection, whatever the server allows beyond
 * @param pingAfter after this long without a byte from a server that owes an answer, it is asked whether it is there; zero: it is not
 * @param pingTimeout how long it may take to answer that
 */
public record H2Terms(int maxStreams, Duration pingAfter, Duration pingTimeout) {
    /** What holds where nothing is set: 100 streams as browsers and curl have, 15 s of silence, 15 s for the answer. */
    public static final H2Terms STANDARD = new H2Terms(100, Duration.ofSeconds(15), Duration.ofSeconds(15));

    /** Most requests at a time on a connection of which the server has not said yet. Source: Go's client. */
    static final int BEFORE_SETTINGS = 100;
}
