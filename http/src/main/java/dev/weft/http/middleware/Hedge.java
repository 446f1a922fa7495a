package dev.weft.http.middleware;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.CheckReturnValue;
import dev.weft.http.message.ClientRequest;
import dev.weft.http.message.ClientResponse;
import dev.weft.http.message.Key;
import dev.weft.http.message.Middleware;
import java.time.Duration;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Sends a second copy of a request whose answer is late, and takes the answer that comes first; the other copy is cancelled. It cuts off
 * the slowest answers at the price of some more load, which a {@link RetryBudget} limits. For the exchange ring, outside of
 * {@link RateLimit}, so that copies keep the limits too.
 *
 * <p>Late is what takes longer than 95 of 100 answers of that origin did, once 20 are known, or than a fixed time. Only requests that the
 * server may see twice are hedged: idempotent methods, or those with an {@code Idempotency-Key}, whose body is replayable. An answer with
 * a status of 500 or more, or 429, or a failure, does not win while another copy is under way; if none does better, the last one counts.
 *
 * <p>Confined to the loop that uses it first; sessions of that loop may share it. Source: Dean and Barroso, "The Tail at Scale", 2013.
 */
@CheckReturnValue
public final class Hedge implements Middleware {
    /** Which copy of a request it is: 0 for the first; of the request that was sent, and so of its response and exception. */
    public static final Key<Integer> COPY = Key.of("hedgeCopy", 0);

    private final LoopClock clock = new LoopClock("Hedge");
    private final Builder settings;
    private final PerKey<Latencies> latencies = new PerKey<>(origin -> new Latencies(clock.nanos()));

    private Hedge(Builder settings) {
        this.settings = settings;
    }

    /** Hedges what takes longer than a fixed time. */
    public static Hedge after(Duration delay) {
        return builder().after(delay).build();
    }

    /** Hedges what takes longer than most answers of the origin did; as it is by default. */
    public static Hedge standard() {
        return builder().build();
    }

    /** Sets what is different from the default. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public ClientResponse handle(ClientRequest request, Next next) {
        if (!request.isReplayable() || !settings.which.test(request)) {
            return next.send(request);
        }
        String origin = request.url().origin();
        long now = clock.nanos();
        ClientRequest counted = settings.budget.count(request, now);
        Latencies known = latencies.of(origin, now);
        Duration delay = delay(known);
        if (delay == null) {
            return measured(counted, next, known);
        }
        HedgedCall.Plan plan = new HedgedCall.Plan(
                delay,
                settings.copies,
                settings.good,
                () -> settings.budget.spend(origin, clock.nanos()),
                took -> note(known, took));
        return new HedgedCall(counted, next, plan).run();
    }

    private ClientResponse measured(ClientRequest request, Next next, Latencies known) {
        long start = clock.nanos();
        ClientResponse response = next.send(request);
        try {
            if (settings.good.test(response)) {
                note(known, Duration.ofNanos(clock.nanos() - start));
            }
            return response;
        } catch (Throwable e) {
            response.close();
            throw e;
        }
    }

    /** How long to wait for the first copy; null if too little is known to say. */
    private @Nullable Duration delay(Latencies known) {
        if (settings.fixed != null) {
            return settings.fixed;
        }
        if (known.size() < settings.minSamples) {
            return null;
        }
        Duration usual = Duration.ofNanos(known.quantile(settings.part));
        return usual.compareTo(settings.least) < 0 ? settings.least : usual;
    }

    private void note(Latencies known, Duration took) {
        if (settings.fixed == null) {
            known.add(took.toNanos(), clock.nanos());
        }
    }

    /** How many origins something is known of. */
    int size() {
        return latencies.size();
    }

    /** Collects the settings. */
    public static final class Builder {
        private @Nullable Duration fixed;
        private double part = 0.95;
        private int minSamples = 20;
        private Duration least = Duration.ofMillis(10);
        private int copies = 2;
        private Predicate<ClientRequest> which = Repeats::mayRepeat;
        private Predicate<ClientResponse> good = response -> response.status() < 500 && response.status() != 429;
        private RetryBudget budget = RetryBudget.standard();

        private Builder() {}

        private Builder(Builder other) {
            fixed = other.fixed;
            part = other.part;
            minSamples = other.minSamples;
            least = other.least;
            copies = other.copies;
            which = other.which;
            good = other.good;
            budget = other.budget;
        }

        /** The next copy is sent when this has passed since the last. */
        @CanIgnoreReturnValue
        public Builder after(Duration delay) {
            fixed = delay;
            return this;
        }

        /**
         * The next copy is sent when this part of the last 100 answers of the origin would have come, but not before {@code least}. By
         * default 0.95, and 10 ms.
         *
         * @param rate above 0 and below 1
         * @param samples so many answers must be known before anything is hedged; 20 by default, at most 100
         * @param shortest a copy is not sent sooner
         */
        @CanIgnoreReturnValue
        public Builder afterMost(double rate, int samples, Duration shortest) {
            fixed = null;
            part = rate;
            minSamples = samples;
            least = shortest;
            return this;
        }

        /** How many copies there may be, the first included; 2 by default. */
        @CanIgnoreReturnValue
        public Builder copies(int most) {
            copies = most;
            return this;
        }

        /** Which requests are hedged, if their body is replayable; those that the server may see twice by default. */
        @CanIgnoreReturnValue
        public Builder which(Predicate<ClientRequest> requests) {
            which = requests;
            return this;
        }

        /** Which answers, by their head, win at once; another is closed unless no copy is under way that may be better. */
        @CanIgnoreReturnValue
        public Builder good(Predicate<ClientResponse> answers) {
            good = answers;
            return this;
        }

        /** How much may be sent beyond what was asked for; may be shared with {@link Retry}. */
        @CanIgnoreReturnValue
        public Builder budget(RetryBudget shared) {
            budget = shared;
            return this;
        }

        /**
         * The middleware; the builder may go on.
         *
         * @throws IllegalArgumentException if a number or a time is out of its range
         */
        public Hedge build() {
            boolean inRange = part > 0 && part < 1 && minSamples >= 1 && minSamples <= 100 && copies >= 1;
            if (!inRange || least.isNegative() || (fixed != null && fixed.isNegative())) {
                throw new IllegalArgumentException(
                        "a hedge after " + (fixed == null ? part + " of " + minSamples : fixed)
                                + ", not before " + least + ", with " + copies
                                + " copies: the part must be between 0 and 1, the samples 1 to 100, the copies 1 or more, no time negative");
            }
            return new Hedge(new Builder(this));
        }
    }
}
