package dev.weft.http.middleware;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * When the next request to a host may start: rate, delay, how many at once, and what the host's answers make of them. Pure; time is the
 * caller's, in nanoseconds. Sources: the rate is the generic cell rate algorithm (ITU-T I.371), the adaptation is that of congestion
 * windows (RFC 5681): half at once, back in small steps.
 */
final class Throttle {
    private static final double LEAST_SHARE = 1.0 / 64;
    private static final double STEP = 1.0 / 64;
    /** A year or so: what is longer is that long, and sums of a few do not overflow. */
    private static final long LONGEST = 1L << 55;

    private final boolean adaptive;
    private final long longestPause;
    /** Between two requests at the full rate; 0 for no limit. */
    private final long interval;

    private final int burst;
    private final long delay;
    private final double mostAtOnce;

    /** The part of rate and delay that is used. */
    private double share = 1;
    /** So many at once are allowed now; infinite if there is no limit. */
    private double atOnce;

    private int active;
    /** When the next request would start if there were no bursts. */
    private long due;
    /** The delay is over then. */
    private long next;

    private long pausedUntil;
    private long lastCut;

    /** Nothing has been sent. */
    Throttle(RateLimit.Limits limits, boolean adaptive, Duration longestPause, long now) {
        this.adaptive = adaptive;
        this.longestPause = clamped(longestPause);
        this.interval = limits.requests() == 0 ? 0 : clamped(limits.per()) / limits.requests();
        this.burst = limits.burst();
        this.delay = clamped(limits.delay());
        this.mostAtOnce = limits.concurrency() == 0 ? Double.POSITIVE_INFINITY : limits.concurrency();
        this.atOnce = mostAtOnce;
        this.due = now;
        this.next = now;
        this.pausedUntil = now;
        this.lastCut = now - 1;
    }

    /** 0 if a request starts now; else how long it has to wait at least, {@link Long#MAX_VALUE}: until another one ends. */
    long admit(long now) {
        if (active >= limit()) {
            return Long.MAX_VALUE;
        }
        long spacing = stretched(interval);
        long start = Math.max(Math.max(pausedUntil, next), due - saved());
        if (start > now) {
            return start - now;
        }
        active++;
        due = Math.max(due, now) + spacing;
        next = now + stretched(delay);
        return 0;
    }

    /** A request is over, its body included. */
    void release() {
        active--;
    }

    /** The head of an answer came, to a request that started then. */
    void answered(long startedAt, long now, int status, @Nullable Duration retryAfter) {
        if (!adaptive) {
            return;
        }
        // What was under way when the limit was cut says nothing of the new one.
        boolean counts = startedAt > lastCut;
        if (status == 429 || status == 503) {
            if (retryAfter != null) {
                pausedUntil = Math.max(pausedUntil, now + Math.min(clamped(retryAfter), longestPause));
            }
            if (counts) {
                cut(now);
            }
        } else if (status < 500 && counts) {
            share = Math.min(1, share + STEP);
            // One more for every so many that succeed.
            atOnce = Math.min(mostAtOnce, atOnce + 1 / atOnce);
        }
    }

    private void cut(long now) {
        lastCut = now;
        if (isPaced()) {
            share = Math.max(LEAST_SHARE, share / 2);
            // No burst, whatever was saved up for one.
            due = Math.max(due, now + saved());
        }
        if (mostAtOnce < Double.POSITIVE_INFINITY || !isPaced()) {
            atOnce = Math.max(1, Math.min(atOnce, active) / 2);
        }
    }

    /** How far ahead of its turn a request may start: the rest of a burst. */
    private long saved() {
        return (long) Math.min((double) LONGEST, (burst - 1.0) * stretched(interval));
    }

    private static long clamped(Duration duration) {
        return Math.min(LoopClock.nanos(duration), LONGEST);
    }

    private boolean isPaced() {
        return interval > 0 || delay > 0;
    }

    private long stretched(long nanos) {
        return share == 1 ? nanos : (long) (nanos / share);
    }

    /** How many may be under way at once; {@link Integer#MAX_VALUE} for no limit. */
    int limit() {
        return (int) atOnce;
    }

    /** How many requests start within a second, at most; infinite for no limit. */
    double perSecond() {
        long spacing = Math.max(stretched(interval), stretched(delay));
        return spacing == 0 ? Double.POSITIVE_INFINITY : 1e9 / spacing;
    }

    int active() {
        return active;
    }

    /** How long the host wants to be left alone still; 0 if it does not. */
    long pausedFor(long now) {
        return Math.max(0, pausedUntil - now);
    }

    /** Whether a new one would do the same. */
    boolean isAsNew(long now) {
        return active == 0 && share == 1 && atOnce == mostAtOnce && Math.max(Math.max(due, next), pausedUntil) <= now;
    }
}
