package dev.weft.http.exchange;

import dev.weft.http.message.ClientTimeout.LowSpeed;
import dev.weft.loop.Loop;
import dev.weft.loop.TimerHandle;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Tells when a body comes too slowly, over one window of time after another. Confined to the loop. */
final class SpeedWatch {
    private final Loop loop;
    private final LowSpeed limit;
    private final LongSupplier received;
    private final BooleanSupplier asking;
    private final OnSlow onSlow;
    private @Nullable TimerHandle timer;
    private long before;
    private long since;
    private boolean heldBack;

    /** What happens then. */
    @FunctionalInterface
    interface OnSlow {
        void after(long bytes, Duration elapsed, LowSpeed limit);
    }

    private SpeedWatch(Loop loop, LowSpeed limit, LongSupplier received, BooleanSupplier asking, OnSlow onSlow) {
        this.loop = loop;
        this.limit = limit;
        this.received = received;
        this.asking = asking;
        this.onSlow = onSlow;
    }

    /**
     * A watch that stands still; null if there is no limit.
     *
     * @param asking whether the network is being read now: a window in which it was held back does not count
     */
    static @Nullable SpeedWatch of(
            Loop loop, @Nullable LowSpeed limit, LongSupplier received, BooleanSupplier asking, OnSlow onSlow) {
        return limit == null || limit.bytesPerSecond() == 0
                ? null
                : new SpeedWatch(loop, limit, received, asking, onSlow);
    }

    void start() {
        before = received.getAsLong();
        since = loop.nanoTime();
        heldBack = !asking.getAsBoolean();
        timer = loop.callLater(limit.time(), this::check);
    }

    /** The network is held back: this window does not count. */
    void heldBack() {
        heldBack = true;
    }

    void stop() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }

    private void check() {
        Duration elapsed = Duration.ofNanos(loop.nanoTime() - since);
        long bytes = received.getAsLong() - before;
        if (!heldBack && asking.getAsBoolean() && bytes < limit.bytesPerSecond() * (elapsed.toNanos() / 1e9)) {
            timer = null;
            onSlow.after(bytes, elapsed, limit);
        } else {
            start();
        }
    }
}
