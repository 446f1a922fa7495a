package dev.weft.http.exchange;

import dev.weft.http.message.Phase;
import dev.weft.http.message.Timings;
import dev.weft.loop.Loop;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How long an exchange was in each phase. Confined to the loop. */
// An ordinal is an index here, never kept.
@SuppressWarnings("EnumOrdinal")
final class PhaseClock {
    private static final Phase[] PHASES = Phase.values();

    private final Loop loop;
    /** Of the phases it has left; null while it is in the first one, where thousands may wait. */
    private long @Nullable [] nanos;

    private Phase phase = Phase.POOL;
    private int seen;
    private long since;

    PhaseClock(Loop loop) {
        this.loop = loop;
        this.since = loop.nanoTime();
    }

    Phase phase() {
        return phase;
    }

    /** When it came to the phase it is in. */
    long since() {
        return since;
    }

    /** It is in this phase now. */
    void at(Phase next) {
        seen |= 1 << next.ordinal();
        if (next != phase) {
            long now = loop.nanoTime();
            leave(now - since);
            since = now;
            phase = next;
        }
    }

    private void leave(long spent) {
        long[] sums = nanos;
        if (sums == null) {
            sums = new long[PHASES.length];
            nanos = sums;
        }
        sums[phase.ordinal()] += spent;
    }

    /** The sums so far; the total is the caller's. */
    Timings timings(Duration total) {
        return new Timings(
                sum(Phase.POOL), sum(Phase.DNS), sum(Phase.CONNECT), sum(Phase.TLS), sum(Phase.FIRST_BYTE), total);
    }

    private @Nullable Duration sum(Phase of) {
        if ((seen & (1 << of.ordinal())) == 0) {
            return null;
        }
        long running = of == phase ? loop.nanoTime() - since : 0;
        return Duration.ofNanos((nanos == null ? 0 : nanos[of.ordinal()]) + running);
    }
}
