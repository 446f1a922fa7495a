package dev.weft.http.message;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link ClientListener} is told about: a request of the program, and which of the requests that are sent for it. The signals of one
 * attempt come with one and the same object; those of one call with one and the same {@link #id()}.
 *
 * <p>Confined to the loop of the session; the fields of a call that is over stay as they were. Source: aiohttp's
 * {@code trace_request_ctx} and {@code trace_config_ctx}.
 */
public final class CallInfo {
    private static final AtomicLong CALLS = new AtomicLong();

    private final long id;
    private final ClientRequest request;
    private final int hop;
    private final int attempt;
    private final LongSupplier clock;
    private final long startNanos;

    private CallInfo(long id, ClientRequest request, int hop, int attempt, LongSupplier clock, long startNanos) {
        this.id = id;
        this.request = request;
        this.hop = hop;
        this.attempt = attempt;
        this.clock = clock;
        this.startNanos = startNanos;
    }

    /**
     * Of a call that begins now; made by the client, and by tests of listeners.
     *
     * @param clock gives the time in nanoseconds, from any origin
     */
    public static CallInfo begin(ClientRequest request, LongSupplier clock) {
        return new CallInfo(CALLS.incrementAndGet(), request, 0, 0, clock, clock.getAsLong());
    }

    /** The same call, sending this request now. */
    public CallInfo sending(ClientRequest sent, int onHop, int asAttempt) {
        return new CallInfo(id, sent, onHop, asAttempt, clock, startNanos);
    }

    /** The number of the call, which no other one of this process has; counted from 1. */
    public long id() {
        return id;
    }

    /** The request as it is sent on this hop; before that, as the program made it. */
    public ClientRequest request() {
        return request;
    }

    /** An attribute of the request; its key's fallback if it is not set. */
    public <T extends @Nullable Object> T attribute(Key<T> key) {
        return request.attribute(key);
    }

    /** 1 for the request itself, 2 for where it was redirected to, and so on; 0 for the call as a whole. */
    public int hop() {
        return hop;
    }

    /** Which attempt of the hop it is, counted from 1; 0 for the call as a whole. */
    public int attempt() {
        return attempt;
    }

    /** The time now on the loop's clock, in nanoseconds from any origin: for differences. Never goes back. */
    public long nanoTime() {
        return clock.getAsLong();
    }

    /** The time since the call began. */
    public Duration elapsed() {
        return Duration.ofNanos(clock.getAsLong() - startNanos);
    }

    /** As {@code call 7: GET http://host/ (hop 1, attempt 2)}. */
    @Override
    public String toString() {
        String place = hop == 0 ? "" : " (hop " + hop + ", attempt " + attempt + ")";
        return "call " + id + ": " + request + place;
    }
}
