package dev.weft.http.middleware;

import dev.weft.http.middleware.CircuitBreaker.State;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Whether requests to a host are let through: closed, until too many of them fail; open for a while; then half open, for a few on trial.
 * Pure; time is the caller's, in nanoseconds. Every request that is let through ends once.
 *
 * <p>Each change begins an era. What was let through in an earlier one says nothing of this one. Source: resilience4j's
 * {@code CircuitBreaker}.
 */
final class Circuit implements PerKey.State {
    private final Rule rule;
    private final RollingWindow window;
    private State state = State.CLOSED;
    private long era;
    private long openUntil;
    /** Requests of this era that have not ended. */
    private int current;
    /** Requests of this era that have stood their trial. */
    private int stood;
    /** Requests of any era that have not ended. */
    private int underWay;

    /**
     * When it opens and closes.
     *
     * @param windowNanos what is looked back on
     * @param minCalls with fewer in the window it stays closed
     * @param failureRate it opens at this part of them, as 0.5
     * @param openNanos how long it is open
     * @param probes how many must succeed, and are let through at once, before it closes
     */
    record Rule(long windowNanos, int minCalls, double failureRate, long openNanos, int probes) {}

    /** What became of a request. */
    enum Verdict {
        OK,
        FAILED,
        /** It was cancelled, or failed for a reason that says nothing of the host. */
        NONE
    }

    Circuit(Rule rule) {
        this.rule = rule;
        this.window = new RollingWindow(rule.windowNanos);
    }

    /** Lets a request through, in an era, to be told to {@link #end}; null if not. */
    @Nullable
    Long enter(long now) {
        if (state == State.OPEN && now >= openUntil) {
            turn(State.HALF_OPEN);
        }
        if (state == State.OPEN || (state == State.HALF_OPEN && current + stood >= rule.probes)) {
            return null;
        }
        current++;
        underWay++;
        return era;
    }

    /** A request of an era has ended. */
    void end(long began, Verdict verdict, long now) {
        underWay--;
        if (began != era) {
            return;
        }
        current--;
        if (verdict == Verdict.NONE) {
            return;
        }
        boolean failed = verdict == Verdict.FAILED;
        if (state == State.HALF_OPEN) {
            if (failed) {
                open(now);
            } else if (++stood >= rule.probes) {
                turn(State.CLOSED);
            }
            return;
        }
        window.add(now);
        if (failed) {
            window.mark(now);
            long calls = window.count(now);
            if (calls >= rule.minCalls && window.marks(now) >= rule.failureRate * calls) {
                open(now);
            }
        }
    }

    private void open(long now) {
        turn(State.OPEN);
        openUntil = now + rule.openNanos;
    }

    private void turn(State to) {
        state = to;
        era++;
        current = 0;
        stood = 0;
        window.clear();
    }

    State state(long now) {
        return state == State.OPEN && now >= openUntil ? State.HALF_OPEN : state;
    }

    /** The time until requests are let through; zero if that does not depend on time. */
    Duration retryIn(long now) {
        return state == State.OPEN && now < openUntil ? Duration.ofNanos(openUntil - now) : Duration.ZERO;
    }

    @Override
    public boolean isIdle(long now) {
        return underWay == 0
                && switch (state) {
                    case CLOSED -> window.count(now) == 0;
                    // Nobody has come to try it for as long again.
                    case OPEN, HALF_OPEN -> now - openUntil > rule.openNanos;
                };
    }
}
