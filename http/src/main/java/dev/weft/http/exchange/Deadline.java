package dev.weft.http.exchange;

import dev.weft.loop.Loop;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * When a request began, and when it is to be over: one for all that is sent for it, retries included.
 *
 * @param startNanos on the loop's clock
 * @param limit the total timeout, null for none
 */
record Deadline(long startNanos, @Nullable Duration limit) {
    static Deadline from(Loop loop, @Nullable Duration limit) {
        return new Deadline(loop.nanoTime(), limit);
    }

    /** The moment on the loop's clock; null if there is none. */
    @Nullable
    Duration at() {
        return limit == null ? null : Duration.ofNanos(startNanos).plus(limit);
    }

    long elapsedNanos(Loop loop) {
        return loop.nanoTime() - startNanos;
    }

    Duration elapsed(Loop loop) {
        return Duration.ofNanos(elapsedNanos(loop));
    }
}
