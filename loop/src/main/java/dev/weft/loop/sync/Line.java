package dev.weft.loop.sync;

import dev.weft.loop.Future;
import dev.weft.loop.Loop;
import java.util.LinkedHashSet;
import org.jspecify.annotations.Nullable;

/**
 * Tasks that wait in line, first come, first served, each to be handed a value. Confined to the loop.
 *
 * <p>Relies on the loop's promise that a task whose future has its value gets that value, whatever cancellation comes after:
 * so whoever is {@linkplain #call called} runs and takes what it was called for. A cancelled task's place is dead at once and
 * is passed over, so there is never a call to hand on.
 */
final class Line<T extends @Nullable Object> {
    /** Places nobody has called yet; cancelled ones stay until their task runs, or until they are at the head. */
    private final LinkedHashSet<Future<T>> waiting = new LinkedHashSet<>();
    /** How many were called and have not run since. */
    private int called;

    /** Waits, at the end of the line, until called; gives the value of the call. */
    T stand(Loop loop) {
        Future<T> place = loop.createFuture();
        waiting.add(place);
        try {
            return place.await();
        } finally {
            waiting.remove(place);
            if (place.isDone() && !place.isCancelled()) {
                called--;
            }
        }
    }

    /**
     * Calls the first that still waits; it runs in the next tick.
     *
     * @return false if nobody waits
     */
    boolean call(T value) {
        while (!waiting.isEmpty()) {
            Future<T> first = waiting.removeFirst();
            if (!first.isDone()) {
                called++;
                first.setResult(value);
                return true;
            }
        }
        return false;
    }

    void callAll(T value) {
        while (call(value)) {}
    }

    /**
     * Whether nobody waits, and all that were called have run: who comes now overtakes nobody. A cancelled place that is left
     * counts, but that keeps nothing from anybody: what a primitive gets back it offers to the line first, which drops such places.
     */
    boolean isClear() {
        return called == 0 && waiting.isEmpty();
    }

    /** How many wait and can be called. */
    int size() {
        waiting.removeIf(Future::isDone);
        return waiting.size();
    }

    /** For the descriptions of primitives, from any thread: {@code ", waiters: 2"}, nothing if nobody waits. */
    String described(String who) {
        int count = waiting.size();
        return count == 0 ? "" : ", " + who + ": " + count;
    }
}
