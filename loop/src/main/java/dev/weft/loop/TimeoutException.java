package dev.weft.loop;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The time of a {@link Asyncio#timeout} scope, or of {@link Asyncio#waitFor} or {@link Asyncio#asCompleted}, was over. Its cause
 * is the {@link CancelledError} that shows where the work was interrupted. Source: Python's {@code TimeoutError}.
 */
public final class TimeoutException extends RuntimeException {
    private static final long serialVersionUID = 1;

    TimeoutException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    static TimeoutException after(@Nullable Duration delay, @Nullable Throwable cause) {
        return new TimeoutException(delay == null ? "timed out" : "timed out after " + Text.seconds(delay), cause);
    }
}
