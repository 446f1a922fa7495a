package dev.weft.loop.sync;

import java.util.ArrayDeque;
import java.util.Collections;

/**
 * A {@link Queue} that gives the youngest item first. Source: {@code asyncio.LifoQueue}.
 *
 * @param <T> the items, never null
 */
public final class LifoQueue<T> extends Queue<T> {
    /** A queue without a bound. */
    public LifoQueue() {
        this(0);
    }

    /** A queue that holds so many items at most; 0 or less for no bound. */
    public LifoQueue(int maxSize) {
        super(maxSize, Collections.asLifoQueue(new ArrayDeque<>()));
    }
}
