package dev.weft.http.message;

import java.time.Duration;

/** The network took nothing of the request for longer than the limit. */
public final class WriteTimeoutException extends RequestTimeoutException {
    private static final long serialVersionUID = 1;

    /** Says how far the request was, how long that took, and the limit. */
    public WriteTimeoutException(ClientRequest request, Phase phase, Duration elapsed, Duration limit) {
        super(request, "write", phase, elapsed, limit);
    }
}
