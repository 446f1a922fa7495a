package dev.weft.loop.sync;

import com.google.errorprone.annotations.CheckReturnValue;
import java.util.Comparator;

/**
 * A {@link Queue} that gives the least item first, and the oldest of equal ones. An item that is put while a task waits in
 * {@link #get()} is that task's, whatever comes after.
 *
 * <p>Source: {@code asyncio.PriorityQueue}, which does not order equal ones.
 *
 * @param <T> the items, never null
 */
@CheckReturnValue
public final class PriorityQueue<T> extends Queue<T> {
    /** A queue without a bound, in an order. What the comparator throws comes out of {@code put}. */
    public PriorityQueue(Comparator<? super T> order) {
        this(0, order);
    }

    /** A queue that holds so many items at most, 0 or less for no bound, in an order. */
    public PriorityQueue(int maxSize, Comparator<? super T> order) {
        super(maxSize, new Ranking<>(order));
    }

    /** A queue without a bound, in the natural order of its items. */
    public static <T extends Comparable<? super T>> PriorityQueue<T> natural() {
        return natural(0);
    }

    /** A queue that holds so many items at most, 0 or less for no bound, in the natural order of its items. */
    public static <T extends Comparable<? super T>> PriorityQueue<T> natural(int maxSize) {
        return new PriorityQueue<>(maxSize, Comparator.naturalOrder());
    }
}
