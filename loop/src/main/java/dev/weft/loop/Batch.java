package dev.weft.loop;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs what is in a loop's ready queue: ticks, one after another, until there is nothing to run, the poller is asked for, or I/O has
 * waited long enough. Going to the carrier's thread and back, and asking the system for I/O, cost more than a tick does.
 *
 * <p>On a carrier that is not the loop's thread it asks the system itself, and gives the loop back when there has been nothing to do for a
 * moment: only the loop's thread may wait for long.
 *
 * <p>Confined to the loop, on the thread the carrier gives it; {@link #stepUnderWay()} is for the watchdog.
 */
final class Batch implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Loop.class);
    /** How long I/O may be kept waiting while there is something to run: some fifty task switches. */
    private static final long POLL_NANOS = 50_000;

    /** How long a carrier of the JDK is kept at most, but for a last wait: other virtual threads wait for it. */
    private static final long HOLD_NANOS = 10_000_000;

    /** How long a carrier of the JDK waits for I/O at most. A trip costs some 10 us. */
    private static final long WAIT_NANOS = 1_000_000;

    /**
     * The same while I/O comes: there is some long before, and to wait for less than the system's tick (4 ms on most) sets a timer of its own,
     * which costs more than the wait.
     */
    private static final long WAIT_UNDER_LOAD_NANOS = 5_000_000;

    private final Loop loop;
    private final ArrayDeque<Object> ready;
    private final LagHistogram lag = new LagHistogram();
    private final JfrTicks jfr;
    private final boolean debug;
    private final long slowNanos;
    private final @Nullable Random shuffle;

    /** Counts what was run. The watchdog reads it without a lock. */
    private long steps;

    /** Whether the last wait on a carrier of the JDK ended with I/O. */
    private boolean underLoad;

    private boolean running;
    /** How much of the queue belongs to the tick that runs. */
    private int left;

    /** Whether the step that runs is one of the queue's own, behind which the next one may follow at once. */
    private boolean mayPassOn;

    private @Nullable Throwable fatal;

    Batch(Loop loop, ArrayDeque<Object> ready, Runner.Builder options, JfrTicks jfr) {
        this.loop = loop;
        this.ready = ready;
        this.jfr = jfr;
        this.debug = options.debug;
        this.slowNanos = Loop.nanos(options.slowCallback);
        this.shuffle = options.shuffleSeed == null ? null : new Random(options.shuffleSeed);
    }

    @Override
    public void run() {
        loop.take();
        running = true;
        try {
            long begin = System.nanoTime();
            ticks(begin);
            while (loop.carrier().isElsewhere() && findsMore(begin)) {
                ticks(System.nanoTime());
            }
        } catch (Throwable e) {
            fatal = e;
        }
        running = false;
        loop.giveBack();
    }

    private void ticks(long start) {
        long end = start;
        do {
            long before = end;
            tick();
            end = System.nanoTime();
            lag.record(end - before);
            loop.collectReady();
        } while (end - start < POLL_NANOS
                && !ready.isEmpty()
                && mayGoOn()
                && !loop.poller().isWoken());
    }

    /** Looks for I/O, and waits for it a little, until something is to be run. */
    private boolean findsMore(long begin) {
        boolean found = true;
        while (found && mayGoOn() && System.nanoTime() - begin < HOLD_NANOS) {
            found = loop.poller().poll(0);
            loop.collectReady();
            if (!found && ready.isEmpty() && !loop.hasVirtualTime()) {
                Thread.yield(); // to virtual threads that are to run on this carrier
                found = loop.poller().poll(Math.min(underLoad ? WAIT_UNDER_LOAD_NANOS : WAIT_NANOS, loop.untilTimer()));
                underLoad = found;
                loop.collectReady();
            }
            if (!ready.isEmpty()) {
                return true;
            }
        }
        return false;
    }

    private boolean mayGoOn() {
        return !loop.isStopping() && fatal == null;
    }

    /** Runs exactly what is queued now. */
    private void tick() {
        jfr.begin(steps);
        shuffle();
        for (left = ready.size(); left > 0; left--) {
            steps++;
            if (debug) {
                runTimed(ready.remove());
            } else {
                runOne(ready.remove());
            }
        }
        loop.context = Context.EMPTY;
        jfr.end(steps);
    }

    /** In tests that ask for it: what is queued runs in any order. */
    private void shuffle() {
        if (shuffle != null) {
            List<Object> order = new ArrayList<>(ready);
            Collections.shuffle(order, shuffle);
            ready.clear();
            ready.addAll(order);
        }
    }

    /**
     * Begins the step that comes next, if it is that of a task which has run before: for a carrier whose coroutine has ended its own step.
     *
     * @return what is to be resumed; null if something else comes
     */
    @Nullable
    Coroutine enterNext() {
        if (!mayPassOn || left <= 1 || !(ready.peek() instanceof Task<?> task)) {
            return null;
        }
        Coroutine next = task.enterAgain();
        if (next != null) {
            ready.remove();
            left--;
            steps++;
        }
        return next;
    }

    private void runOne(Object next) {
        if (next instanceof Task<?> task) {
            mayPassOn = !debug;
            task.step();
            mayPassOn = false;
        } else {
            Handle handle = (Handle) next;
            loop.context = handle.context;
            handle.execute();
        }
    }

    private void runTimed(Object next) {
        String name = next.toString();
        long start = System.nanoTime();
        runOne(next);
        long nanos = System.nanoTime() - start;
        if (nanos >= slowNanos) {
            LOG.warn("Executing {} took {} seconds", name, String.format(Locale.ROOT, "%.3f", nanos / 1e9));
        }
    }

    /** Whether a tick runs now. */
    boolean isRunning() {
        return running;
    }

    /** Lets two tasks run next, within this tick. */
    void runNext(Task<?> first, Task<?> second) {
        ready.addFirst(second);
        ready.addFirst(first);
        left += 2;
    }

    /** The number of the step that runs now, 0 if none does. Any thread; a guess. */
    long stepUnderWay() {
        return running ? steps : 0;
    }

    long steps() {
        return steps;
    }

    LagHistogram lag() {
        return lag;
    }

    /** What the JVM itself could not do ends the run, and is thrown by it, whoever caught it first. */
    void stopIfFatal(Throwable error) {
        if (Loop.isFatal(error)) {
            fatal = error;
        }
    }

    void rethrowFatal() {
        Throwable error = fatal;
        if (error != null) {
            fatal = null;
            throw Outcome.<RuntimeException>sneakyThrow(error);
        }
    }
}
