package dev.weft.http.message;

import java.time.Duration;

/** A limit of time passed. Which one is the class; how far the request was then is {@link #phase()}. */
public sealed class RequestTimeoutException extends ClientException
        permits TotalTimeoutException,
                PoolTimeoutException,
                ConnectTimeoutException,
                TlsTimeoutException,
                WriteTimeoutException,
                FirstByteTimeoutException,
                ReadTimeoutException,
                LowSpeedException {
    private static final long serialVersionUID = 1;

    private final Phase phase;
    private final Duration elapsed;
    private final Duration limit;

    RequestTimeoutException(ClientRequest request, String which, Phase phase, Duration elapsed, Duration limit) {
        this(request, which, phase, elapsed, limit, "");
    }

    /** Takes what there is to say besides, with its own punctuation before it. */
    RequestTimeoutException(
            ClientRequest request, String which, Phase phase, Duration elapsed, Duration limit, String more) {
        super(
                request,
                which + " timeout of " + seconds(limit) + " passed, " + phase.words() + " (" + seconds(elapsed)
                        + " after it began to count)" + more,
                null);
        this.phase = phase;
        this.elapsed = elapsed;
        this.limit = limit;
    }

    private static String seconds(Duration duration) {
        return String.format("%.3g s", duration.toNanos() / 1e9);
    }

    /** How far the request was. */
    public final Phase phase() {
        return phase;
    }

    /** The time since the limit began to count. */
    public final Duration elapsed() {
        return elapsed;
    }

    /** The limit. */
    public final Duration limit() {
        return limit;
    }
}
