package dev.weft.loop.net;

import dev.weft.loop.Future;
import dev.weft.loop.Loop;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something that happens once and that tasks wait for without owning it: cancelling one that waits changes nothing for the others,
 * as cancelling a task on a shared future would. Confined to the loop.
 */
final class Signal {
    private final Loop loop;
    private final List<Future<@Nullable Void>> waiters = new ArrayList<>();
    private boolean fired;

    Signal(Loop loop) {
        this.loop = loop;
    }

    boolean hasFired() {
        return fired;
    }

    void fire() {
        fired = true;
        for (Future<@Nullable Void> waiter : waiters) {
            if (!waiter.isDone()) {
                waiter.setResult(null);
            }
        }
        waiters.clear();
    }

    /** Suspends the calling task until it has happened. */
    void await() {
        if (fired) {
            return;
        }
        Future<@Nullable Void> waiter = loop.createFuture();
        waiters.add(waiter);
        try {
            waiter.await();
        } finally {
            waiters.remove(waiter);
        }
    }
}
