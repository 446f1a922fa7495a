package dev.weft.http.message;

import java.time.Duration;

/** The request was sent, and no head of an answer came within the limit. */
public final class FirstByteTimeoutException extends RequestTimeoutException {
    private static final long serialVersionUID = 1;

    /** Says how far the request was, how long that took, and the limit. */
    public FirstByteTimeoutException(ClientRequest request, Phase phase, Duration elapsed, Duration limit) {
        super(request, "first byte", phase, elapsed, limit);
    }
}
