package dev.weft.http.middleware;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.CheckReturnValue;
import dev.weft.http.message.ClientRequest;
import dev.weft.http.message.ClientResponse;
import dev.weft.http.message.Key;
import dev.weft.http.message.Middleware;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Function;

/**
 * Keeps to a rate, a delay and a number of requests at once, for each origin. For the exchange ring: every hop and every attempt counts.
 *
 * <p>Who has to wait stands in line: by {@link #PRIORITY}, then first come first served. A request holds its place until its answer's body
 * was read or the answer was closed, not only until the head came. The wait comes before the client's own limits of time for pool and
 * connecting begin to count; the total one and the deadline of the task's scope end it. {@link #WAITED} tells of it.
 *
 * <p>It learns, unless told not to: an answer of 429 or 503 halves the rate and the number at once, and with {@code Retry-After} stops the
 * whole line for that long; each success gives a little back. A host that shows nothing any more is forgotten.
 *
 * <p>Confined to the loop that uses it first; sessions of that loop may share it. Sources: aiohttp issue 3184, aiothrottle; RFC 6585.
 */
@CheckReturnValue
public final class RateLimit implements Middleware {
    /** Whose turn comes first: the higher number; 0 unless it is set. As long as higher ones wait, lower ones do. */
    public static final Key<Integer> PRIORITY = Key.of("rateLimitPriority", 0);

    /** How long the request stood in line; of the request that was sent, and so of its response and exception. */
    public static final Key<Duration> WAITED = Key.of("rateLimitWaited", Duration.ZERO);

    private final LoopClock clock = new LoopClock("RateLimit");
    private final Function<? super ClientRequest, String> key;
    private final Function<String, Limits> limits;
    private final boolean adaptive;
    private final Duration longestPause;
    private final PerKey<Gate> gates = new PerKey<>(this::gate);

    private RateLimit(Builder builder) {
        this.key = builder.key;
        this.limits = builder.limits;
        this.adaptive = builder.adaptive;
        this.longestPause = builder.longestPause;
    }

    /**
     * What is allowed. Immutable.
     *
     * @param requests within a time; 0 for no limit
     * @param per that time
     * @param burst how many of them may come at once after a quiet time; 1: they are spread evenly
     * @param concurrency how many may be under way at once; 0 for no limit
     * @param delay between the starts of two requests, at least
     */
    public record Limits(int requests, Duration per, int burst, int concurrency, Duration delay) {
        private static final Limits NONE = new Limits(0, Duration.ofSeconds(1), 1, 0, Duration.ZERO);

        /**
         * Checks the limits.
         *
         * @throws IllegalArgumentException if a number or a time is out of its range
         */
        public Limits {
            if (requests < 0 || burst < 1 || concurrency < 0 || delay.isNegative() || !per.isPositive()) {
                throw new IllegalArgumentException(
                        requests + " requests in " + per + ", " + burst + " in a burst, "
                                + concurrency + " at once, " + delay
                                + " between them: none may be negative; a burst is 1 or more, and the time of a rate more than zero");
            }
        }

        /** No limit, but what answers of 429 and 503 ask for. */
        public static Limits none() {
            return NONE;
        }

        /** The same with a rate. */
        public Limits rate(int most, Duration within) {
            return new Limits(most, within, burst, concurrency, delay);
        }

        /** The same with another burst. */
        public Limits burst(int most) {
            return new Limits(requests, per, most, concurrency, delay);
        }

        /** The same with another number at once; 0 for no limit. */
        public Limits concurrency(int most) {
            return new Limits(requests, per, burst, most, delay);
        }

        /** The same with another delay, as {@code Crawl-delay} of {@code robots.txt} asks for. */
        public Limits delay(Duration least) {
            return new Limits(requests, per, burst, concurrency, least);
        }
    }

    /**
     * Figures of one key at one moment.
     *
     * @param active requests whose answers are not read or closed yet
     * @param waiting requests in line
     * @param concurrency how many may be under way at once now; {@link Integer#MAX_VALUE} for no limit
     * @param perSecond how many may start within a second now; infinite for no limit
     * @param pausedFor how long the host wants to be left alone still
     */
    public record Stats(int active, int waiting, int concurrency, double perSecond, Duration pausedFor) {}

    /** The same limits for every origin. */
    public static RateLimit of(Limits limits) {
        return builder().limits(limits).build();
    }

    /** Sets limits and how they are kept. */
    public static Builder builder() {
        return new Builder();
    }

    private Gate gate(String name) {
        return new Gate(clock, new Throttle(limits.apply(name), adaptive, longestPause, clock.nanos()));
    }

    @Override
    public ClientResponse handle(ClientRequest request, Next next) {
        Gate gate = gates.of(key.apply(request), clock.nanos());
        long asked = clock.nanos();
        gate.enter(request.attribute(PRIORITY));
        long started = clock.nanos();
        ClientResponse response;
        try {
            response = next.send(started == asked ? request : request.with(WAITED, Duration.ofNanos(started - asked)));
        } catch (Throwable e) {
            gate.leave();
            throw e;
        }
        gate.answered(started, response.status(), RetryAfter.of(response.headers(), Instant.now()));
        return WatchedBody.watch(response, gate::leave);
    }

    /** What is known of a key. On the loop. */
    public Stats stats(String name) {
        Gate gate = gates.peek(name);
        return (gate == null ? gate(name) : gate).stats();
    }

    /** How many keys something is known of. */
    int size() {
        return gates.size();
    }

    /** Collects the settings. */
    public static final class Builder {
        private Function<? super ClientRequest, String> key =
                request -> request.url().origin();
        private Function<String, Limits> limits = name -> Limits.none();
        private boolean adaptive = true;
        private Duration longestPause = Duration.ofMinutes(5);

        private Builder() {}

        /** What is allowed for every key. */
        @CanIgnoreReturnValue
        public Builder limits(Limits all) {
            return limits(name -> all);
        }

        /** What is allowed for each key; asked when a key comes up, and again once it was forgotten. */
        @CanIgnoreReturnValue
        public Builder limits(Function<String, Limits> each) {
            limits = each;
            return this;
        }

        /** What requests are counted by; the origin, as {@code https://example.com}, by default. */
        @CanIgnoreReturnValue
        public Builder key(Function<? super ClientRequest, String> of) {
            key = of;
            return this;
        }

        /** Whether answers of 429 and 503 change what is allowed, and their {@code Retry-After} stops the line; true by default. */
        @CanIgnoreReturnValue
        public Builder adaptive(boolean value) {
            adaptive = value;
            return this;
        }

        /** The longest that a {@code Retry-After} stops a line; 5 minutes by default. */
        @CanIgnoreReturnValue
        public Builder longestPause(Duration longest) {
            longestPause = longest;
            return this;
        }

        /** The middleware; the builder may go on. */
        public RateLimit build() {
            return new RateLimit(this);
        }
    }
}
