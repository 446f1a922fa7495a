package dev.weft.http.exchange;

import dev.weft.loop.Loop;
import dev.weft.loop.TimerHandle;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells when nothing came for too long, while something was asked for. A packet costs a look at the clock; the timer itself moves once
 * per limit. Confined to the loop.
 */
final class SilenceTimer {
    private final Loop loop;
    private final Duration limit;
    private final BooleanSupplier asking;
    private final OnSilence onSilence;
    private @Nullable TimerHandle timer;
    private long last;

    /** What happens then. */
    @FunctionalInterface
    interface OnSilence {
        void after(Duration silence, Duration limit);
    }

    /**
     * A timer that stands still.
     *
     * @param asking whether something is asked for now: while the network is held back, silence is nobody's fault
     */
    SilenceTimer(Loop loop, Duration limit, BooleanSupplier asking, OnSilence onSilence) {
        this.loop = loop;
        this.limit = limit;
        this.asking = asking;
        this.onSilence = onSilence;
    }

    /** One for a limit; null for none. */
    static @Nullable SilenceTimer of(Loop loop, @Nullable Duration limit, BooleanSupplier asking, OnSilence onSilence) {
        return limit == null ? null : new SilenceTimer(loop, limit, asking, onSilence);
    }

    void start() {
        if (timer == null) {
            last = loop.nanoTime();
            timer = loop.callLater(limit, this::check);
        }
    }

    /** Counts from now: something came, or is asked for again. */
    void touch() {
        last = loop.nanoTime();
    }

    void stop() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }

    private void check() {
        if (!asking.getAsBoolean()) {
            touch();
        }
        Duration silence = Duration.ofNanos(loop.nanoTime() - last);
        if (silence.compareTo(limit) >= 0) {
            timer = null;
            onSilence.after(silence, limit);
        } else {
            timer = loop.callLater(limit.minus(silence), this::check);
        }
    }
}
