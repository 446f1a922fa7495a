package dev.weft.http.message;

import java.time.Duration;

/** The server was silent for too long. */
public final class ReadTimeoutException extends RequestTimeoutException {
    private static final long serialVersionUID = 1;

    /** Says how far the request was, how long that took, and the limit. */
    public ReadTimeoutException(ClientRequest request, Phase phase, Duration elapsed, Duration limit) {
        super(request, "read", phase, elapsed, limit);
    }
}
