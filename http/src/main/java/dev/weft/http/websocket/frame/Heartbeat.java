package dev.weft.http.websocket.frame;

import dev.weft.loop.Loop;
import dev.weft.loop.TimerHandle;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks for a sign of life after some silence, and tells if none comes for half as long again. Any byte is one. A packet costs a look at the
 * clock; the timer moves by itself. Confined to the loop. Source: aiohttp's {@code heartbeat}.
 */
final class Heartbeat {
    private final Loop loop;
    private final Duration interval;
    private final BooleanSupplier reading;
    private final Runnable ping;
    private final Runnable lost;
    private @Nullable TimerHandle timer;
    private long last;
    private boolean asked;

    /**
     * One that stands still.
     *
     * @param reading whether the network is read now: while it is held back, silence is nobody's fault
     * @param ping asks for a sign of life
     * @param lost is told that none came
     */
    Heartbeat(Loop loop, Duration interval, BooleanSupplier reading, Runnable ping, Runnable lost) {
        this.loop = loop;
        this.interval = interval;
        this.reading = reading;
        this.ping = ping;
        this.lost = lost;
    }

    void start() {
        touch();
        timer = loop.callLater(interval, this::check);
    }

    /** Something came, or the network is read again. */
    void touch() {
        last = loop.nanoTime();
        asked = false;
    }

    void stop() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }

    private void check() {
        if (!reading.getAsBoolean()) {
            touch();
        }
        if (asked) {
            timer = null;
            lost.run();
            return;
        }
        Duration silence = Duration.ofNanos(loop.nanoTime() - last);
        Duration left = interval.minus(silence);
        if (left.isPositive()) {
            timer = loop.callLater(left, this::check);
        } else {
            asked = true;
            timer = loop.callLater(interval.dividedBy(2), this::check);
            ping.run();
        }
    }
}
