package dev.weft.loop;

import dev.weft.loop.poll.Poller;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * What other threads queue for a loop: callbacks, and actions of the library's own that run the moment they are taken over. Filled by
 * any thread, emptied by the loop.
 *
 * <p>Invariant: while something is in it, {@link #signalled} is set or about to be, and the poller has been woken or has seen that the
 * inbox is not empty before it waits.
 */
final class Inbox {
    private final Queue<Object> queue = new ConcurrentLinkedQueue<>();
    /** Whether the poller was woken since the inbox was last emptied. */
    private volatile boolean signalled;
    /** Whether it is being emptied now. Confined to the loop. */
    private boolean draining;

    boolean isEmpty() {
        return queue.isEmpty();
    }

    /** Whether there may be something to take over. */
    boolean isSignalled() {
        return signalled;
    }

    /** Queues a handle or an action ({@link Runnable}) and wakes the loop. Any thread. */
    void post(Object what, Poller poller) {
        queue.add(what);
        if (!signalled) {
            signalled = true;
            poller.wakeup();
        }
    }

    /** Takes everything over, in its order, before anything that this thread queues from now on. On the loop. */
    void drainTo(Queue<Object> ready) {
        if (draining) {
            // An action that is being taken over queues something: that comes before what was posted after the action.
            return;
        }
        draining = true;
        signalled = false;
        try {
            for (Object next = queue.poll(); next != null; next = queue.poll()) {
                if (next instanceof Runnable action) {
                    action.run();
                } else {
                    ready.add(next);
                }
            }
        } finally {
            draining = false;
        }
    }
}
