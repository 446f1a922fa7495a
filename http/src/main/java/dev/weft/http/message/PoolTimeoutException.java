package dev.weft.http.message;

import java.time.Duration;

/** The limit for waiting for a connection of the pool passed. Nothing of the request was sent. */
public final class PoolTimeoutException extends RequestTimeoutException implements BeforeSendFailure {
    private static final long serialVersionUID = 1;

    /** Says how far the request was, how long that took, and the limit. */
    public PoolTimeoutException(ClientRequest request, Phase phase, Duration elapsed, Duration limit) {
        super(request, "pool", phase, elapsed, limit);
    }

    /** The same, and who holds the connections; with its own punctuation before it, empty if there is nothing to say. */
    public PoolTimeoutException(ClientRequest request, Phase phase, Duration elapsed, Duration limit, String holders) {
        super(request, "pool", phase, elapsed, limit, holders);
    }
}
