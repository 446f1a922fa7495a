package dev.weft.http.middleware;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.CheckReturnValue;
import dev.weft.http.message.ClientRequest;
import dev.weft.http.message.ClientResponse;
import dev.weft.http.message.Key;
import dev.weft.http.message.Middleware;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Sends a request again that failed for a reason that may pass. For the call ring. By default three attempts; waits grow exponentially,
 * with full jitter; {@code Retry-After} is obeyed; a {@link RetryBudget} for each origin keeps retries from being a load of their own.
 *
 * <p>Failures with which nothing was sent, and the statuses 408, 425 and 429, are tried again whatever the method is; other failures and
 * statuses only if the server may see the request twice: idempotent methods, and those with an {@code Idempotency-Key}. A request whose
 * body is not replayable is sent once. Nothing is tried again once its answer was given out.
 *
 * <p>It never sleeps past the deadline, which is the earlier one of the scope that the task is in and the total timeout, counted from the
 * first attempt: if the next attempt would begin after it, the last answer or failure is final. The last failure has those before it as
 * {@linkplain Throwable#getSuppressed() suppressed}; {@link #HISTORY} tells of answers too.
 *
 * <p>Any thread; may be shared by sessions. Source: aiohttp_retry, urllib3's {@code Retry}.
 */
@CheckReturnValue
public final class Retry implements Middleware {
    /** The attempts before this one, the first one first; of each request that is sent again, and so of its response and exception. */
    public static final Key<List<Attempt>> HISTORY = Key.of("retryHistory", List.of());

    /** How often this request is sent at most, in place of what the policy says; 1: it is not sent again. Null: what the policy says. */
    public static final Key<@Nullable Integer> ATTEMPTS = Key.of("retryAttempts", null);

    private final RetryRule rule;
    private final RetryBudget budget;
    private final RandomGenerator random;
    private final InstantSource wallClock;
    private final @Nullable Supplier<String> idempotencyKeys;
    private final BiConsumer<ClientRequest, Attempt> listener;

    private Retry(Builder builder) {
        this.rule = new RetryRule(
                builder.attempts,
                builder.causes,
                builder.statuses,
                builder.mayRepeat,
                new RetryRule.Waits(builder.base, builder.cap, builder.longestRetryAfter));
        this.budget = builder.budget;
        this.random = builder.random;
        this.wallClock = builder.wallClock;
        this.idempotencyKeys = builder.idempotencyKeys;
        this.listener = builder.listener;
    }

    /** The policy as it is by default. */
    public static Retry standard() {
        return builder().build();
    }

    /** Sets what is different from the default. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public ClientResponse handle(ClientRequest request, Next next) {
        Integer attempts = request.attribute(ATTEMPTS);
        return new RetriedCall(this, attempts == null ? rule : rule.withAttempts(attempts), keyed(request), next).run();
    }

    private ClientRequest keyed(ClientRequest request) {
        return idempotencyKeys == null || Repeats.mayRepeat(request)
                ? request
                : request.withHeader(Repeats.IDEMPOTENCY_KEY, idempotencyKeys.get());
    }

    RetryBudget budget() {
        return budget;
    }

    RandomGenerator random() {
        return random;
    }

    InstantSource wallClock() {
        return wallClock;
    }

    BiConsumer<ClientRequest, Attempt> listener() {
        return listener;
    }

    /** Collects the settings of a policy. */
    public static final class Builder {
        private int attempts = 3;
        private Set<RetryCause> causes = EnumSet.allOf(RetryCause.class);
        private Set<Integer> statuses = Set.of(408, 425, 429, 502, 503, 504);
        private Predicate<ClientRequest> mayRepeat = Repeats::mayRepeat;
        private Duration base = Duration.ofMillis(500);
        private Duration cap = Duration.ofSeconds(20);
        private Duration longestRetryAfter = Duration.ofMinutes(1);
        private RetryBudget budget = RetryBudget.standard();
        private RandomGenerator random = () -> ThreadLocalRandom.current().nextLong();
        private InstantSource wallClock = InstantSource.system();
        private @Nullable Supplier<String> idempotencyKeys;
        private BiConsumer<ClientRequest, Attempt> listener = (request, attempt) -> {};

        private Builder() {}

        /** How often a request is sent at most; 3 by default, 1 for no retry. */
        @CanIgnoreReturnValue
        public Builder attempts(int most) {
            attempts = most;
            return this;
        }

        /** What is tried again; by default everything there is. */
        @CanIgnoreReturnValue
        public Builder causes(RetryCause... which) {
            Set<RetryCause> some = EnumSet.noneOf(RetryCause.class);
            some.addAll(Arrays.asList(which));
            causes = some;
            return this;
        }

        /** Which statuses are tried again; by default 408, 425, 429, 502, 503 and 504. */
        @CanIgnoreReturnValue
        public Builder statuses(Integer... which) {
            statuses = Set.copyOf(Arrays.asList(which));
            return this;
        }

        /**
         * Which requests the server may see twice; by default GET, HEAD, OPTIONS, TRACE, PUT, DELETE and QUERY, and what has an
         * {@code Idempotency-Key}.
         */
        @CanIgnoreReturnValue
        public Builder mayRepeat(Predicate<ClientRequest> which) {
            mayRepeat = which;
            return this;
        }

        /**
         * The wait before the second attempt is a random part of {@code base}, by default 500 ms; it doubles with each attempt, up to
         * {@code cap}, by default 20 s.
         *
         * @throws IllegalArgumentException if the base is negative, or more than the cap
         */
        @CanIgnoreReturnValue
        public Builder backoff(Duration longestFirst, Duration longest) {
            if (longestFirst.isNegative() || longestFirst.compareTo(longest) > 0) {
                throw new IllegalArgumentException("a backoff from " + longestFirst + " to " + longest
                        + ": the first must be 0 or more, the last not less than the first");
            }
            base = longestFirst;
            cap = longest;
            return this;
        }

        /** The longest {@code Retry-After} that is waited for; an answer that asks for more is final. One minute by default. */
        @CanIgnoreReturnValue
        public Builder longestRetryAfter(Duration longest) {
            longestRetryAfter = longest;
            return this;
        }

        /** How much may be sent beyond what was asked for; a {@linkplain RetryBudget#standard() standard} one of its own by default. */
        @CanIgnoreReturnValue
        public Builder budget(RetryBudget shared) {
            budget = shared;
            return this;
        }

        /** Where the jitter comes from; a seeded one makes the waits repeatable. */
        @CanIgnoreReturnValue
        public Builder random(RandomGenerator generator) {
            random = generator;
            return this;
        }

        /** The time of day, for a {@code Retry-After} that is a date in an answer without {@code Date}; the system's by default. */
        @CanIgnoreReturnValue
        public Builder wallClock(InstantSource clock) {
            wallClock = clock;
            return this;
        }

        /** Gives each request with a method that is not idempotent, and without one, an {@code Idempotency-Key}: a random UUID in quotes. */
        @CanIgnoreReturnValue
        public Builder idempotencyKey() {
            return idempotencyKey(() -> "\"" + UUID.randomUUID() + "\"");
        }

        /** The same with keys of the program's own; the supplier is asked once for each such request, not for its attempts. */
        @CanIgnoreReturnValue
        public Builder idempotencyKey(Supplier<String> keys) {
            idempotencyKeys = keys;
            return this;
        }

        /** Is told of each attempt that is followed by another, before the wait; in the task that sends the request. */
        @CanIgnoreReturnValue
        public Builder onRetry(BiConsumer<ClientRequest, Attempt> told) {
            listener = told;
            return this;
        }

        /**
         * The policy; the builder may go on.
         *
         * @throws IllegalArgumentException if there is not one attempt at least
         */
        public Retry build() {
            return new Retry(this);
        }
    }
}
