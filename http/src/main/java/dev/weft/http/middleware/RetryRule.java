package dev.weft.http.middleware;

import dev.weft.http.message.BeforeSendFailure;
import dev.weft.http.message.ClientException;
import dev.weft.http.message.ClientRequest;
import dev.weft.http.message.ClientResponse;
import dev.weft.http.message.ClientResponseException;
import dev.weft.http.message.Headers;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Whether a request is sent again, and after what wait. Pure.
 *
 * @param attempts how often it is sent at most
 * @param mayRepeat which requests the server may see twice
 */
record RetryRule(
        int attempts, Set<RetryCause> causes, Set<Integer> statuses, Predicate<ClientRequest> mayRepeat, Waits waits) {
    /** With these the server says that it did not act on the request: RFC 9110 section 15.5.9, RFC 8470 section 5.2, RFC 6585 section 4. */
    private static final Set<Integer> NOT_ACTED_ON = Set.of(408, 425, 429);

    /**
     * How long the waits are.
     *
     * @param base the longest before the second attempt; doubles with each
     * @param cap what it doubles up to
     * @param longestRetryAfter a server that wants a longer one is obeyed by giving up
     */
    record Waits(Duration base, Duration cap, Duration longestRetryAfter) {
        /** Full jitter: anything up to the longest. Source: "Exponential Backoff And Jitter", AWS Architecture Blog, 2015. */
        Duration backoff(int attempt, double random) {
            double longest = Math.min((double) LoopClock.nanos(cap), LoopClock.nanos(base) * Math.pow(2, attempt - 1));
            return Duration.ofNanos((long) (longest * random));
        }
    }

    /**
     * Checks the number of attempts.
     *
     * @throws IllegalArgumentException if it is less than 1
     */
    RetryRule {
        if (attempts < 1) {
            throw new IllegalArgumentException(attempts + " attempts: there must be 1 at least, which is no retry");
        }
    }

    /** The same with another number of attempts. */
    RetryRule withAttempts(int most) {
        return new RetryRule(most, causes, statuses, mayRepeat, waits);
    }

    /**
     * How an attempt ended: with an answer or a failure.
     *
     * @param request what was answered, or failed: after a redirect another than what was sent; null if that is not known
     * @param status 0 for a failure
     */
    record Outcome(
            @Nullable ClientRequest request,
            int status,
            Headers headers,
            @Nullable ClientException failure) {
        static Outcome of(ClientResponse response) {
            return new Outcome(response.request(), response.status(), response.headers(), null);
        }

        static Outcome of(ClientException failure) {
            return failure instanceof ClientResponseException answer
                    ? new Outcome(answer.request(), answer.status(), answer.headers(), answer)
                    : new Outcome(failure.request(), 0, Headers.empty(), failure);
        }
    }

    /**
     * What else it depends on.
     *
     * @param attempt how often it was sent
     * @param left until the deadline, null if there is none
     * @param now the time of day
     * @param random at least 0 and less than 1
     */
    record Moment(int attempt, @Nullable Duration left, Instant now, double random) {}

    /** The pause before it is sent again; null if the outcome is final. */
    @Nullable
    Duration pause(ClientRequest request, Outcome outcome, Moment moment) {
        RetryCause cause = cause(outcome);
        if (cause == null
                || !causes.contains(cause)
                || moment.attempt >= attempts
                || !request.isReplayable()
                || !(wasNotActedOn(request, outcome) || mayRepeat.test(request))) {
            return null;
        }
        Duration pause = waits.backoff(moment.attempt, moment.random);
        Duration asked = outcome.failure instanceof CircuitOpenException open
                ? open.retryIn()
                : RetryAfter.of(outcome.headers, moment.now);
        if (asked != null) {
            if (asked.compareTo(waits.longestRetryAfter) > 0) {
                return null;
            }
            // Those who were told the same moment come one after another.
            pause = pause.plus(asked);
        }
        return moment.left != null && pause.compareTo(moment.left) >= 0 ? null : pause;
    }

    private @Nullable RetryCause cause(Outcome outcome) {
        ClientException failure = outcome.failure;
        if (failure == null || failure instanceof ClientResponseException) {
            return statuses.contains(outcome.status) ? RetryCause.STATUS : null;
        }
        return RetryCause.of(failure);
    }

    /** Whether the server has done nothing for this request. Of a later hop, as behind a redirect, that says nothing: the first one was done. */
    private static boolean wasNotActedOn(ClientRequest request, Outcome outcome) {
        ClientRequest last = outcome.request;
        // Their text: credentials in a URL have become a header on the way.
        boolean sameHop = last != null
                && last.method().equals(request.method())
                && last.url().toString().equals(request.url().toString());
        return sameHop && (outcome.failure instanceof BeforeSendFailure || NOT_ACTED_ON.contains(outcome.status));
    }
}
