package dev.weft.http.h2;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Asks a server that is silent whether it is there, while it owes an answer. On the loop's thread. One timer at a time, which looks at the clock
 * when it fires: a byte that comes costs a look at the clock, no timer.
 */
final class Health {
    private final EventExecutor loop;
    private final H2Terms terms;
    private final Owner owner;
    private @Nullable ScheduledFuture<?> timer;
    private long heardNanos;
    private boolean asked;

    /** The connection it looks after. */
    interface Owner {
        /** Whether the server owes an answer. */
        boolean isBusy();

        /** Asks the server for a sign of life. */
        void ping();

        /** It gave none in time. */
        void dead();
    }

    Health(EventExecutor loop, H2Terms terms, Owner owner) {
        this.loop = loop;
        this.terms = terms;
        this.owner = owner;
    }

    /** The server owes an answer from now on. */
    void begin() {
        if (timer == null && !terms.pingAfter().isZero()) {
            heard();
            check(terms.pingAfter().toNanos());
        }
    }

    /** Something came from the server. */
    void heard() {
        heardNanos = loop.ticker().nanoTime();
        asked = false;
    }

    /** The connection is closed. */
    void end() {
        if (timer != null) {
            timer.cancel(false);
        }
    }

    private void check(long nanos) {
        timer = loop.schedule(this::look, nanos, TimeUnit.NANOSECONDS);
    }

    private void look() {
        timer = null;
        if (!owner.isBusy()) {
            return;
        }
        if (asked) {
            owner.dead();
            return;
        }
        long silent = loop.ticker().nanoTime() - heardNanos;
        long left = terms.pingAfter().toNanos() - silent;
        if (left > 0) {
            check(left);
        } else {
            asked = true;
            owner.ping();
            check(terms.pingTimeout().toNanos());
        }
    }
}
