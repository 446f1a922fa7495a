package dev.weft.http.middleware;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.CheckReturnValue;
import dev.weft.http.message.BlockedAddressException;
import dev.weft.http.message.ClientException;
import dev.weft.http.message.ClientRequest;
import dev.weft.http.message.ClientResponse;
import dev.weft.http.message.Middleware;
import dev.weft.http.message.NonReplayableBodyException;
import dev.weft.http.message.Phase;
import dev.weft.http.message.PoolTimeoutException;
import dev.weft.http.message.RequestTimeoutException;
import dev.weft.http.message.SessionClosedException;
import dev.weft.http.message.UploadException;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Stops sending to an origin most of whose requests failed of late, for a while; then lets a few through on trial, and all if those
 * succeed. Meanwhile requests fail at once, with {@link CircuitOpenException}. For the exchange ring, outside of {@link RateLimit}.
 *
 * <p>By default it opens for 30 s when half of at least 20 requests within 30 s failed, and lets 3 through on trial. A request has failed
 * when its status is 500 or more, or when it ended with an exception of the network or the server; the head decides, the body does not
 * count. A request that is cancelled says nothing.
 *
 * <p>Confined to the loop that uses it first; sessions of that loop may share it. Sources: Nygard, "Release It!"; resilience4j.
 */
@CheckReturnValue
public final class CircuitBreaker implements Middleware {
    private final LoopClock clock = new LoopClock("CircuitBreaker");
    private final Function<? super ClientRequest, String> key;
    private final Predicate<ClientResponse> badAnswer;
    private final Predicate<ClientException> badFailure;
    private final PerKey<Circuit> circuits;

    private CircuitBreaker(Builder builder) {
        this.key = builder.key;
        this.badAnswer = builder.badAnswer;
        this.badFailure = builder.badFailure;
        Circuit.Rule rule = builder.rule();
        this.circuits = new PerKey<>(name -> new Circuit(rule));
    }

    /** Whether requests are let through. */
    public enum State {
        /** All are. */
        CLOSED,
        /** None is. */
        OPEN,
        /** A few are, on trial. */
        HALF_OPEN
    }

    /** A breaker as it is by default. */
    public static CircuitBreaker standard() {
        return builder().build();
    }

    /** Sets what is different from the default. */
    public static Builder builder() {
        return new Builder();
    }

    /** How the circuit of a key is; one that is not known is closed. On the loop. */
    public State state(String name) {
        Circuit circuit = circuits.peek(name);
        return circuit == null ? State.CLOSED : circuit.state(clock.nanos());
    }

    @Override
    public ClientResponse handle(ClientRequest request, Next next) {
        String name = key.apply(request);
        long now = clock.nanos();
        Circuit circuit = circuits.of(name, now);
        Long era = circuit.enter(now);
        if (era == null) {
            throw new CircuitOpenException(request, name, circuit.retryIn(now));
        }
        Circuit.Verdict verdict = Circuit.Verdict.NONE;
        try {
            ClientResponse response = next.send(request);
            verdict = verdict(response);
            return response;
        } catch (ClientException e) {
            verdict = badFailure.test(e) ? Circuit.Verdict.FAILED : Circuit.Verdict.NONE;
            throw e;
        } finally {
            circuit.end(era, verdict, clock.nanos());
        }
    }

    private Circuit.Verdict verdict(ClientResponse response) {
        try {
            return badAnswer.test(response) ? Circuit.Verdict.FAILED : Circuit.Verdict.OK;
        } catch (Throwable e) {
            response.close();
            throw e;
        }
    }

    /** Whether it is the network's or the server's fault, as far as that can be told. */
    private static boolean isFaultOfTheOther(ClientException failure) {
        return switch (failure) {
            case UploadException _, NonReplayableBodyException _ -> false;
            case BlockedAddressException _, SessionClosedException _, CircuitOpenException _ -> false;
            case PoolTimeoutException _ -> false;
            case RequestTimeoutException late -> late.phase() != Phase.POOL;
            default -> true;
        };
    }

    /** How many keys something is known of. */
    int size() {
        return circuits.size();
    }

    /** Collects the settings. */
    public static final class Builder {
        private Function<? super ClientRequest, String> key =
                request -> request.url().origin();
        private Predicate<ClientResponse> badAnswer = response -> response.status() >= 500;
        private Predicate<ClientException> badFailure = CircuitBreaker::isFaultOfTheOther;
        private Duration window = Duration.ofSeconds(30);
        private int minCalls = 20;
        private double failureRate = 0.5;
        private Duration openFor = Duration.ofSeconds(30);
        private int probes = 3;

        private Builder() {}

        /** What circuits are for; the origin, as {@code https://example.com}, by default. */
        @CanIgnoreReturnValue
        public Builder key(Function<? super ClientRequest, String> of) {
            key = of;
            return this;
        }

        /** Which answers are failures, by their head; those with a status of 500 or more by default. */
        @CanIgnoreReturnValue
        public Builder badAnswer(Predicate<ClientResponse> which) {
            badAnswer = which;
            return this;
        }

        /**
         * Which exceptions are failures; the others say nothing. By default those that are not the program's own doing, as its body, its
         * limits or the end of its session are.
         */
        @CanIgnoreReturnValue
        public Builder badFailure(Predicate<ClientException> which) {
            badFailure = which;
            return this;
        }

        /** How far is looked back; 30 s by default. */
        @CanIgnoreReturnValue
        public Builder window(Duration length) {
            window = length;
            return this;
        }

        /** With fewer requests in the window the circuit stays closed; 20 by default. */
        @CanIgnoreReturnValue
        public Builder minCalls(int least) {
            minCalls = least;
            return this;
        }

        /** The part of the requests of the window that fails when the circuit opens, above 0, at most 1; 0.5 by default. */
        @CanIgnoreReturnValue
        public Builder failureRate(double rate) {
            failureRate = rate;
            return this;
        }

        /** How long the circuit is open; 30 s by default. */
        @CanIgnoreReturnValue
        public Builder openFor(Duration time) {
            openFor = time;
            return this;
        }

        /** How many requests are let through then, and must succeed; 3 by default. */
        @CanIgnoreReturnValue
        public Builder probes(int count) {
            probes = count;
            return this;
        }

        private Circuit.Rule rule() {
            return new Circuit.Rule(LoopClock.nanos(window), minCalls, failureRate, LoopClock.nanos(openFor), probes);
        }

        /**
         * The breaker; the builder may go on.
         *
         * @throws IllegalArgumentException if a number or a time is out of its range
         */
        public CircuitBreaker build() {
            if (!window.isPositive()
                    || minCalls < 1
                    || !(failureRate > 0 && failureRate <= 1)
                    || !openFor.isPositive()
                    || probes < 1) {
                throw new IllegalArgumentException("a circuit with a window of " + window + ", " + minCalls
                        + " calls at least, a failure rate of " + failureRate + ", open for " + openFor + ", "
                        + probes
                        + " probes: times must be more than zero, counts 1 or more, the rate above 0 and at most 1");
            }
            return new CircuitBreaker(this);
        }
    }
}
