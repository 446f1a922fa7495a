package dev.weft.http.download;

import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Counts the tries of one download, and says how long to wait before the next. Tries that brought the file further do not count: a download
 * that advances is never given up. Confined to the loop; time is the caller's.
 */
final class Tries {
    /** So many more bytes than ever before are a success. Fewer are not: a server that gives a byte each time must not be asked for ever. */
    private static final long PROGRESS_BYTES = 64 << 10;

    private final Limits limits;
    private final RandomGenerator random;
    private int attempt = 1;
    private int retries;
    private long mostBytes;

    /**
     * How often, and how long.
     *
     * @param retries tries in a row that get no further, after the first
     * @param longest no try begins when so much time has passed since the start
     * @param firstWait the longest wait before the first retry; doubles with each
     * @param longestWait what it doubles up to
     * @param longestRetryAfter a server that wants a longer one is obeyed by giving up
     */
    record Limits(
            int retries, Duration longest, Duration firstWait, Duration longestWait, Duration longestRetryAfter) {}

    Tries(Limits limits, RandomGenerator random) {
        this.limits = limits;
        this.random = random;
    }

    /**
     * A try has failed.
     *
     * @param bytes of the file that are there
     * @param elapsed since the download began
     * @return how long to wait; null if that was the last try
     */
    @Nullable
    Duration failed(Trouble trouble, long bytes, Duration elapsed) {
        Duration asked = trouble.retryAfter();
        boolean advanced = bytes >= mostBytes + PROGRESS_BYTES;
        mostBytes = Math.max(mostBytes, bytes);
        if (advanced) {
            attempt = 1;
        } else if (attempt > limits.retries) {
            return null;
        } else {
            attempt++;
        }
        if (limits.retries == 0 || (asked != null && asked.compareTo(limits.longestRetryAfter) > 0)) {
            return null;
        }
        Duration wait = advanced ? Duration.ZERO : backoff(attempt - 1);
        if (asked != null) {
            // Those who were told the same moment come one after another.
            wait = wait.plus(asked);
        }
        if (elapsed.plus(wait).compareTo(limits.longest) >= 0) {
            return null;
        }
        retries++;
        return wait;
    }

    /** Full jitter: anything up to the longest. Source: "Exponential Backoff And Jitter", AWS Architecture Blog, 2015. */
    private Duration backoff(int retry) {
        double longest =
                Math.min((double) limits.longestWait.toNanos(), limits.firstWait.toNanos() * Math.pow(2, retry - 1));
        return Duration.ofNanos((long) (longest * random.nextDouble()));
    }

    /** The number of this try, from 1. */
    int attempt() {
        return attempt;
    }

    /** How many there are at most. */
    int attempts() {
        return limits.retries + 1;
    }

    /** How often a request was sent again. */
    int retries() {
        return retries;
    }

    /** Bytes that were there from an earlier run are no progress. */
    void startsWith(long bytes) {
        mostBytes = Math.max(mostBytes, bytes);
    }
}
