package dev.weft.loop;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether the flight recorder is told, decided once per loop. Where it is not, no class of module jdk.jfr is loaded: that would
 * cost a tenth of a second at the start of a process, and the module may not be there.
 */
final class JfrTicks {
    private final @Nullable JfrListener listener;
    private @Nullable Object tick;
    private long stepsBefore;

    private JfrTicks(@Nullable JfrListener listener) {
        this.listener = listener;
    }

    /** As wanted; null means if a recording runs already. */
    static JfrTicks of(@Nullable Boolean wanted) {
        boolean there = ModuleLayer.boot().findModule("jdk.jfr").isPresent();
        boolean tell = there && (wanted == null ? Recording.isUnderWay() : wanted);
        return new JfrTicks(tell ? new JfrListener() : null);
    }

    private static final class Recording {
        static boolean isUnderWay() {
            return jdk.jfr.FlightRecorder.isInitialized();
        }
    }

    /** Whether the flight recorder is told. */
    boolean isTold() {
        return listener != null;
    }

    void addTo(List<TaskListener> listeners) {
        if (listener != null) {
            listeners.add(listener);
        }
    }

    /** A tick begins; takes how many steps the loop has run. */
    void begin(long steps) {
        if (listener != null) {
            stepsBefore = steps;
            tick = JfrListener.beginTick();
        }
    }

    void end(long steps) {
        if (tick != null) {
            JfrListener.tick(steps - stepsBefore, tick);
            tick = null;
        }
    }
}
