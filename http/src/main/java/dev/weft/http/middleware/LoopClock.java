package dev.weft.http.middleware;

import dev.weft.loop.Asyncio;
import dev.weft.loop.Loop;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The loop that a middleware belongs to, the first that used it, and that loop's time. Any thread may ask; only the loop's gets an answer. */
final class LoopClock {
    private static final Duration LONGEST = Duration.ofNanos(1L << 61);

    private final String owner;
    private final AtomicReference<@Nullable Loop> bound = new AtomicReference<>();

    /** For a middleware; its name is for messages. */
    LoopClock(String owner) {
        this.owner = owner;
    }

    /**
     * The loop.
     *
     * @throws IllegalStateException if this thread runs none, or another one
     */
    Loop loop() {
        Loop here = Asyncio.getRunningLoop();
        Loop first = bound.get();
        if (first != here && (first != null || !bound.compareAndSet(null, here))) {
            throw new IllegalStateException("this " + owner + " belongs to another loop, " + bound.get()
                    + ": sessions of different loops need one each");
        }
        return here;
    }

    /** A duration in nanoseconds; what is longer than 73 years is that long, so that a sum of two does not overflow. */
    static long nanos(Duration duration) {
        return duration.compareTo(LONGEST) >= 0 ? 1L << 61 : duration.toNanos();
    }

    /** The time of the loop in nanoseconds; see {@link #loop()} for what it throws. */
    long nanos() {
        return loop().time().toNanos();
    }
}
