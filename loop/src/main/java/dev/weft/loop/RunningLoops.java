package dev.weft.loop;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The loops of this process that run. Few, and rarely changed: looking through them is how a thread finds the one it runs, without a
 * thread-local for each of ten thousand tasks.
 */
final class RunningLoops {
    private static final AtomicReference<Loop[]> ALL = new AtomicReference<>(new Loop[0]);

    private RunningLoops() {}

    /** The one that the calling thread runs, in a task or a callback; null if it runs none. */
    static @Nullable Loop current() {
        for (Loop loop : ALL.get()) {
            if (loop.isActive()) {
                return loop;
            }
        }
        return null;
    }

    static void add(Loop loop) {
        ALL.updateAndGet(loops -> {
            Loop[] more = Arrays.copyOf(loops, loops.length + 1);
            more[loops.length] = loop;
            return more;
        });
    }

    static void remove(Loop loop) {
        ALL.updateAndGet(
                loops -> Arrays.stream(loops).filter(other -> other != loop).toArray(Loop[]::new));
    }
}
