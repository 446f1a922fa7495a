package dev.weft.http.message;

import java.time.Duration;

/** The limit for a whole request, its body included, passed. */
public final class TotalTimeoutException extends RequestTimeoutException {
    private static final long serialVersionUID = 1;

    /** Says how far the request was, how long that took, and the limit. */
    public TotalTimeoutException(ClientRequest request, Phase phase, Duration elapsed, Duration limit) {
        super(request, "total", phase, elapsed, limit);
    }

    /** The same, and who holds the connections; with its own punctuation before it, empty if there is nothing to say. */
    public TotalTimeoutException(ClientRequest request, Phase phase, Duration elapsed, Duration limit, String holders) {
        super(request, "total", phase, elapsed, limit, holders);
    }
}
