package dev.weft.loop.sync;

import java.util.AbstractQueue;
import java.util.Comparator;
import java.util.Iterator;
import java.util.Objects;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** A heap that keeps the order of arrival among equal items. */
final class Ranking<T> extends AbstractQueue<T> {
    private final Comparator<? super T> order;
    private final PriorityQueue<Ranked<T>> heap;
    private long arrivals;

    private record Ranked<T>(T item, long arrival) {}

    Ranking(Comparator<? super T> order) {
        this.order = Objects.requireNonNull(order, "order");
        Comparator<Ranked<T>> byRank = Comparator.comparing(Ranked::item, order);
        heap = new PriorityQueue<>(byRank.thenComparingLong(Ranked::arrival));
    }

    @Override
    @SuppressWarnings("SelfComparison") // on purpose, see below
    public boolean offer(T item) {
        // An item that cannot be compared fails here, and not in the call of who puts the next one.
        int _ = order.compare(item, item);
        return heap.offer(new Ranked<>(item, arrivals++));
    }

    @Override
    public @Nullable T poll() {
        Ranked<T> first = heap.poll();
        return first == null ? null : first.item;
    }

    @Override
    public @Nullable T peek() {
        Ranked<T> first = heap.peek();
        return first == null ? null : first.item;
    }

    @Override
    public int size() {
        return heap.size();
    }

    @Override
    public Iterator<T> iterator() {
        return heap.stream().map(Ranked::item).iterator();
    }
}
