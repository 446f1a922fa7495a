package dev.weft.http.middleware;

import dev.weft.loop.Future;
import dev.weft.loop.TimerHandle;
import java.time.Duration;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Where the requests to one host wait for their turn: by priority, then first come first served. Confined to the loop.
 *
 * <p>While somebody waits, either a timer is set for the first one's turn, or a request is under way whose end calls it. Who is called
 * has its permit already, and relies on the loop's promise that a task whose future has its value gets it, whatever cancellation comes
 * after.
 */
final class Gate implements PerKey.State {
    /** What a host made of its limits is remembered that long after the last request. */
    private static final long MEMORY_NANOS = Duration.ofMinutes(10).toNanos();

    private final LoopClock clock;
    private final Throttle throttle;
    private final TreeSet<Waiter> line = new TreeSet<>();
    private long arrivals;
    private long lastUsed;
    private @Nullable TimerHandle timer;

    Gate(LoopClock clock, Throttle throttle) {
        this.clock = clock;
        this.throttle = throttle;
        this.lastUsed = clock.nanos();
    }

    private record Waiter(int priority, long arrival, Future<@Nullable Void> turn) implements Comparable<Waiter> {
        @Override
        public int compareTo(Waiter other) {
            return priority == other.priority
                    ? Long.compare(arrival, other.arrival)
                    : Integer.compare(other.priority, priority);
        }
    }

    /** Waits for a permit; does not suspend if nobody waits and there is one. */
    void enter(int priority) {
        long now = clock.nanos();
        lastUsed = now;
        if (line.isEmpty() && throttle.admit(now) == 0) {
            return;
        }
        Waiter waiter = new Waiter(priority, arrivals++, clock.loop().createFuture());
        line.add(waiter);
        callNext();
        try {
            waiter.turn.await();
        } finally {
            // Only who was cancelled is in line still.
            if (line.remove(waiter) && line.isEmpty()) {
                disarm();
            }
        }
    }

    /** Gives a permit back. */
    void leave() {
        throttle.release();
        callNext();
    }

    /** The head of an answer came. */
    void answered(long startedAt, int status, @Nullable Duration retryAfter) {
        throttle.answered(startedAt, clock.nanos(), status, retryAfter);
    }

    private void callNext() {
        disarm();
        while (!line.isEmpty()) {
            Waiter first = line.first();
            long wait = first.turn.isDone() ? 0 : throttle.admit(clock.nanos());
            if (wait == Long.MAX_VALUE) {
                return;
            }
            if (wait > 0) {
                timer = clock.loop().callLater(Duration.ofNanos(wait), this::callNext);
                return;
            }
            line.remove(first);
            if (!first.turn.isDone()) {
                first.turn.setResult(null);
            }
        }
    }

    private void disarm() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }

    /** Its figures now. */
    RateLimit.Stats stats() {
        return new RateLimit.Stats(
                throttle.active(),
                (int) line.stream().filter(waiter -> !waiter.turn.isDone()).count(),
                throttle.limit(),
                throttle.perSecond(),
                Duration.ofNanos(throttle.pausedFor(clock.nanos())));
    }

    @Override
    public boolean isIdle(long now) {
        return throttle.active() == 0
                && line.isEmpty()
                && (throttle.isAsNew(now) || (throttle.pausedFor(now) == 0 && now - lastUsed > MEMORY_NANOS));
    }
}
