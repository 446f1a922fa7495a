package dev.weft.http.message;

import java.time.Duration;

/** The limit for making a connection (name, TCP, TLS) passed. Nothing of the request was sent. */
public final class ConnectTimeoutException extends RequestTimeoutException implements BeforeSendFailure {
    private static final long serialVersionUID = 1;

    /** Says how far the request was, how long that took, and the limit. */
    public ConnectTimeoutException(ClientRequest request, Phase phase, Duration elapsed, Duration limit) {
        super(request, "connect", phase, elapsed, limit);
    }
}
