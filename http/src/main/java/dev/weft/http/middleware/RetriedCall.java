package dev.weft.http.middleware;

import dev.weft.http.message.ClientException;
import dev.weft.http.message.ClientRequest;
import dev.weft.http.message.ClientResponse;
import dev.weft.http.message.ClientTimeout;
import dev.weft.http.message.Middleware.Next;
import dev.weft.http.message.Options;
import dev.weft.loop.Asyncio;
import dev.weft.loop.Loop;
import dev.weft.loop.TimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One call of {@link Retry}, over its attempts. Run by the task that made the call; an answer is held by this or by the caller, never by
 * nobody.
 */
final class RetriedCall {
    /** An answer that is given up is read to its end if that is so near: the connection is worth it. */
    private static final int SMALL_BYTES = 16 * 1024;

    private static final Duration DRAIN_TIME = Duration.ofSeconds(1);

    private final Retry policy;
    private final RetryRule rule;
    private final ClientRequest request;
    private final Next next;
    private final Loop loop = Asyncio.getRunningLoop();
    private final @Nullable Duration end;
    private final List<Attempt> earlier = new ArrayList<>();

    RetriedCall(Retry policy, RetryRule rule, ClientRequest request, Next next) {
        this.policy = policy;
        this.rule = rule;
        this.request = policy.budget().count(request, loop.time().toNanos());
        this.next = next;
        Duration total = ClientTimeout.finite(
                request.attribute(Options.TIMEOUT).over(ClientTimeout.DEFAULT).total());
        this.end = total == null ? null : loop.time().plus(total);
    }

    ClientResponse run() {
        while (true) {
            Duration start = loop.time();
            ClientResponse response;
            try {
                response = next.send(earlier.isEmpty() ? request : request.with(Retry.HISTORY, List.copyOf(earlier)));
            } catch (ClientException e) {
                Duration pause = pause(RetryRule.Outcome.of(e));
                if (pause == null) {
                    throw withEarlier(e);
                }
                waitAfter(new Attempt(earlier.size() + 1, 0, e, loop.time().minus(start), pause), null);
                continue;
            }
            Duration pause;
            try {
                pause = pause(RetryRule.Outcome.of(response));
            } catch (Throwable e) {
                response.close();
                throw e;
            }
            if (pause == null) {
                return response;
            }
            waitAfter(
                    new Attempt(
                            earlier.size() + 1,
                            response.status(),
                            null,
                            loop.time().minus(start),
                            pause),
                    response);
        }
    }

    private @Nullable Duration pause(RetryRule.Outcome outcome) {
        RetryRule.Moment moment = new RetryRule.Moment(
                earlier.size() + 1,
                left(),
                policy.wallClock().instant(),
                policy.random().nextDouble());
        Duration pause = rule.pause(request, outcome, moment);
        // The budget comes last: only what is really sent costs something.
        return pause != null && policy.budget().spend(origin(), loop.time().toNanos()) ? pause : null;
    }

    /** The time until the deadline of the request or of the scope the task is in; null for none. */
    private @Nullable Duration left() {
        Duration scope = Asyncio.deadline().orElse(null);
        Duration earliest = end == null || (scope != null && scope.compareTo(end) < 0) ? scope : end;
        return earliest == null ? null : earliest.minus(loop.time());
    }

    private void waitAfter(Attempt attempt, @Nullable ClientResponse givenUp) {
        Duration until = loop.time().plus(attempt.pause());
        earlier.add(attempt);
        if (givenUp != null) {
            discard(givenUp, until);
        }
        policy.listener().accept(request, attempt);
        Asyncio.sleep(until.minus(loop.time())).await();
    }

    private void discard(ClientResponse response, Duration until) {
        try (response) {
            if (response.contentLength().orElse(Long.MAX_VALUE) <= SMALL_BYTES) {
                Duration limit = loop.time().plus(DRAIN_TIME);
                Asyncio.<@Nullable Void, RuntimeException>timeoutAt(
                        limit.compareTo(until) < 0 ? limit : until, scope -> {
                            for (var _ : response.content()) {}
                            return null;
                        });
            }
        } catch (ClientException | TimeoutException e) {
            // Only the connection was to be saved.
        }
    }

    private ClientException withEarlier(ClientException last) {
        for (Attempt attempt : earlier) {
            ClientException failure = attempt.failure();
            // The same one is what several callers got that waited for one flight, or what a body fails with each time.
            if (failure != null
                    && !failure.equals(last)
                    && !List.of(last.getSuppressed()).contains(failure)) {
                last.addSuppressed(failure);
            }
        }
        return last;
    }

    private String origin() {
        return request.url().origin();
    }
}
