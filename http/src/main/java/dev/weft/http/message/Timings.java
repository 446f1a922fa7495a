package dev.weft.http.message;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where the time of a request went, on the loop's clock; null for what did not happen. What was done for each hop is summed up
 * over the attempts of the last one.
 *
 * @param queue the wait for a free connection
 * @param dns the look-up of the name
 * @param connect the TCP connection
 * @param tls the TLS handshake
 * @param firstByte from the sent request to the head of the answer
 * @param total from the start of the request until now, or to the end of the body
 */
public record Timings(
        @Nullable Duration queue,
        @Nullable Duration dns,
        @Nullable Duration connect,
        @Nullable Duration tls,
        @Nullable Duration firstByte,
        @Nullable Duration total) {
    /** Nothing is known. */
    public static final Timings NONE = new Timings(null, null, null, null, null, null);
}
