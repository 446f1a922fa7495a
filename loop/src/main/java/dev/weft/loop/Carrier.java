package dev.weft.loop;

import dev.weft.loop.poll.Poller;

/**
 * Who carries the virtual threads of a loop's tasks. Two of them, one behaviour: {@link InlineCarrier} and
 * {@link HandoffCarrier}. With {@link Coroutine} the only code that parks or unparks a task.
 */
interface Carrier extends AutoCloseable {
    /** Which one to use. */
    enum Kind {
        /** Inline if the JVM was opened for it, else handoff. */
        AUTO,
        /** Public API only. */
        HANDOFF,
        /** Needs {@code --add-opens java.base/java.lang=ALL-UNNAMED}. */
        INLINE
    }

    static Carrier of(Kind kind, Poller poller) {
        return switch (kind) {
            case AUTO -> InlineCarrier.isOpen() ? new InlineCarrier() : new HandoffCarrier(poller);
            case HANDOFF -> new HandoffCarrier(poller);
            case INLINE -> new InlineCarrier();
        };
    }

    /** A coroutine that has not started. */
    Coroutine coroutine(String name, Runnable body);

    /**
     * Runs one tick's batch of callbacks and steps, somewhere it may resume coroutines, and returns when the batch is done.
     * Called by the loop's thread.
     */
    void run(Batch batch);

    /**
     * Whether a batch runs on another thread than the loop's, so that going back there costs more than a look at the I/O that is ready.
     */
    boolean isElsewhere();

    Kind kind();

    @Override
    void close();
}
