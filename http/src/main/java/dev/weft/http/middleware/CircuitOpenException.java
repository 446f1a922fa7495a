package dev.weft.http.middleware;

import dev.weft.http.message.BeforeSendFailure;
import dev.weft.http.message.ClientException;
import dev.weft.http.message.ClientRequest;
import java.time.Duration;

/** A {@link CircuitBreaker} let the request not through: too many before it failed. Nothing was sent. */
public final class CircuitOpenException extends ClientException implements BeforeSendFailure {
    private static final long serialVersionUID = 1;

    private final String key;
    private final Duration retryIn;

    /** Says for which key, and when requests are let through again. */
    CircuitOpenException(ClientRequest request, String key, Duration retryIn) {
        super(
                request,
                "too many requests to " + key + " failed; "
                        + (retryIn.isZero()
                                ? "the first ones after a pause are under way"
                                : "none is sent for another " + retryIn.toMillis() + " ms"),
                null);
        this.key = key;
        this.retryIn = retryIn;
    }

    /** What the circuit is for, an origin by default. */
    public String key() {
        return key;
    }

    /** The time until requests are let through again; zero if a few are on trial now. */
    public Duration retryIn() {
        return retryIn;
    }
}
