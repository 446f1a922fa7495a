package dev.weft.http.middleware;

import dev.weft.http.message.ClientRequest;
import dev.weft.http.message.Key;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How much more load than was asked for may be put on an origin: when a server goes down, retries must not be what keeps it down. Counts
 * the requests of each origin and what was sent beyond them, over a window of time.
 *
 * <p>One budget may be shared by {@link Retry} and {@link Hedge}, and by the sessions of several loops. Any thread. Source: reqwest's
 * {@code retry} module, Finagle's {@code RetryBudget}.
 */
public final class RetryBudget {
    /** The budget that has counted a request. */
    private static final Key<@Nullable RetryBudget> COUNTED = Key.of("retryBudget", null);

    private static final Duration WINDOW = Duration.ofSeconds(10);

    private final double ratio;
    private final double free;
    private final PerKey<Spending> origins;

    private RetryBudget(double ratio, double perSecond, Duration window) {
        this.ratio = ratio;
        this.free = perSecond * window.toNanos() / 1e9;
        this.origins = new PerKey<>(origin -> new Spending(new RollingWindow(window.toNanos())));
    }

    /** What was sent to one origin; the marks of the window are what was beyond the requests. */
    private record Spending(RollingWindow window) implements PerKey.State {
        @Override
        public boolean isIdle(long now) {
            return window.count(now) == 0 && window.marks(now) == 0;
        }
    }

    /** A new budget: 20 % beyond the requests of the last ten seconds, and one a second besides. */
    public static RetryBudget standard() {
        return of(0.2, 1, WINDOW);
    }

    /** A budget that is never used up. */
    public static RetryBudget unlimited() {
        return of(0, Double.POSITIVE_INFINITY, WINDOW);
    }

    /**
     * A new budget.
     *
     * @param ratio of the requests of the window, as 0.2; 0 or more
     * @param perSecond so many besides, whatever the requests are; 0 or more
     * @param window what is looked back on, at least a millisecond
     * @throws IllegalArgumentException if one is out of its range
     */
    public static RetryBudget of(double ratio, double perSecond, Duration window) {
        if (!(ratio >= 0) || !(perSecond >= 0)) {
            throw new IllegalArgumentException("a budget of " + ratio + " of the requests and " + perSecond
                    + " per second: both must be 0 or more");
        }
        if (window.compareTo(Duration.ofMillis(1)) < 0) {
            throw new IllegalArgumentException("the window of a budget is " + window + ": it must be 1 ms or more");
        }
        return new RetryBudget(ratio, perSecond, window);
    }

    /** Counts a request that was asked for, once, however many middlewares share the budget; gives it as it is to be sent on. */
    ClientRequest count(ClientRequest request, long now) {
        if (request.attribute(COUNTED) == this) {
            return request;
        }
        count(request.url().origin(), now);
        return request.with(COUNTED, this);
    }

    synchronized void count(String origin, long now) {
        origins.of(origin, now).window.add(now);
    }

    /** Takes the right to send once more; false if the budget is used up. */
    synchronized boolean spend(String origin, long now) {
        RollingWindow window = origins.of(origin, now).window;
        if (window.marks(now) + 1 > free + ratio * window.count(now)) {
            return false;
        }
        window.mark(now);
        return true;
    }

    /** How many origins something is known of. */
    synchronized int size() {
        return origins.size();
    }
}
