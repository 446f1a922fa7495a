package dev.weft.http.message;

import java.time.Duration;

/** The TLS handshake took longer than its limit. Nothing of the request was sent. */
public final class TlsTimeoutException extends RequestTimeoutException implements BeforeSendFailure {
    private static final long serialVersionUID = 1;

    /** Says how far the request was, how long that took, and the limit. */
    public TlsTimeoutException(ClientRequest request, Phase phase, Duration elapsed, Duration limit) {
        super(request, "TLS", phase, elapsed, limit);
    }
}
