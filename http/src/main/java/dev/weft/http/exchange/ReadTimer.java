package dev.weft.http.exchange;

import dev.weft.loop.Loop;
import dev.weft.loop.TimerHandle;
import java.time.Duration;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells when nothing came for too long, while something was asked for. A packet costs a look at the clock; the timer itself moves once
 * per limit. Confined to the loop.
 */
final class ReadTimer {
    private final Loop loop;
    private final Duration limit;
    private final BooleanSupplier asking;
    private final BiConsumer<Duration, Duration> onSilence;
    private @Nullable TimerHandle timer;
    private Duration last = Duration.ZERO;

    /**
     * A timer that stands still.
     *
     * @param asking whether the network is being read now: while it is held back, silence is nobody's fault
     * @param onSilence gets the silence and the limit
     */
    ReadTimer(Loop loop, Duration limit, BooleanSupplier asking, BiConsumer<Duration, Duration> onSilence) {
        this.loop = loop;
        this.limit = limit;
        this.asking = asking;
        this.onSilence = onSilence;
    }

    void start() {
        if (timer == null) {
            last = loop.time();
            timer = loop.callLater(limit, this::check);
        }
    }

    /** Counts from now: something came, or is asked for again. */
    void touch() {
        last = loop.time();
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
        Duration silence = loop.time().minus(last);
        if (silence.compareTo(limit) >= 0) {
            timer = null;
            onSilence.accept(silence, limit);
        } else {
            timer = loop.callLater(limit.minus(silence), this::check);
        }
    }
}
