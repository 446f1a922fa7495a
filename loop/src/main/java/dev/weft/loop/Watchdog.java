package dev.weft.loop;

import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at every loop that runs, twice in the time a step may take; a loop that is in the same step for that long is logged with
 * the stack of what holds it, once per step, while it is stuck. One daemon thread for all loops; it costs a loop one counter per
 * step. Longer than {@code weft.watchdog.millis} (default 500; 0 turns it off) is too long.
 */
final class Watchdog {
    private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);
    private static final long LIMIT_NANOS = TimeUnit.MILLISECONDS.toNanos(Long.getLong("weft.watchdog.millis", 500));
    private static final List<WeakReference<Loop>> LOOPS = new CopyOnWriteArrayList<>();

    private Watchdog() {}

    private static final class Holder {
        static {
            Thread thread = new Thread(Watchdog::watch, "weft-watchdog");
            thread.setDaemon(true);
            thread.start();
        }

        static void touch() {}
    }

    /** Begins to look at a loop. */
    static void add(Loop loop) {
        if (LIMIT_NANOS > 0) {
            LOOPS.add(new WeakReference<>(loop));
            Holder.touch();
        }
    }

    /** Ends to look at a loop. */
    static void remove(Loop loop) {
        LOOPS.removeIf(seen -> seen.get() == null || seen.refersTo(loop));
    }

    private record Look(long step, long since, boolean reported) {}

    private static void watch() {
        Map<Loop, Look> looks = new WeakHashMap<>();
        while (true) {
            LockSupport.parkNanos(LIMIT_NANOS / 2);
            for (WeakReference<Loop> seen : LOOPS) {
                Loop loop = seen.get();
                if (loop != null) {
                    looks.compute(loop, (same, before) -> look(loop, before));
                }
            }
        }
    }

    private static Look look(Loop loop, @Nullable Look before) {
        long step = loop.stepUnderWay();
        long now = System.nanoTime();
        if (before == null || step == 0 || before.step() != step) {
            return new Look(step, now, false);
        }
        if (before.reported() || now - before.since() < LIMIT_NANOS) {
            return before;
        }
        report(loop, now - before.since());
        return new Look(step, before.since(), true);
    }

    private static void report(Loop loop, long nanos) {
        Thread holder = loop.holder();
        StringBuilder stack = new StringBuilder();
        for (StackTraceElement frame : holder.getStackTrace()) {
            stack.append("\n    at ").append(frame);
        }
        LOG.warn(
                "{} has been held for {} ms by one step of {}: nothing else of it runs. Blocking work goes to toThread().{}",
                loop,
                TimeUnit.NANOSECONDS.toMillis(nanos),
                holder.getName().isEmpty() ? holder : holder.getName(),
                stack);
    }
}
