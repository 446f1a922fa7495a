package dev.weft.http.message;

import java.time.Duration;

/** The body came slower than {@link ClientTimeout.LowSpeed} allows. */
public final class LowSpeedException extends RequestTimeoutException {
    private static final long serialVersionUID = 1;

    private final long bytesPerSecond;

    /** Says how slow it was: {@code bytes} within the time. */
    public LowSpeedException(ClientRequest request, long bytes, Duration elapsed, ClientTimeout.LowSpeed limit) {
        super(request, "low speed (" + bytes + " bytes came)", Phase.BODY, elapsed, limit.time());
        this.bytesPerSecond = limit.bytesPerSecond();
    }

    /** The speed that is asked for at least. */
    public long bytesPerSecond() {
        return bytesPerSecond;
    }
}
