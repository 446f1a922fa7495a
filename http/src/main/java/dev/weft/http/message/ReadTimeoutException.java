package dev.weft.http.message;

import java.time.Duration;

/** The server was silent for too long. */
public final class ReadTimeoutException extends RequestTimeoutException {
    private static final long serialVersionUID = 1;

    private final long bytesReceived;

    /** Says how far the request was, how long it was silent, the limit, and how much of the body came before. */
    public ReadTimeoutException(
            ClientRequest request, Phase phase, Duration elapsed, Duration limit, long bytesReceived) {
        super(request, "read", phase, elapsed, limit);
        this.bytesReceived = bytesReceived;
    }

    /** How much of the body had come, in bytes on the wire. */
    public long bytesReceived() {
        return bytesReceived;
    }
}
