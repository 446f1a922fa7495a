package dev.weft.loop;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What {@link Loops#share} gives. Any thread may ask for an iterator; each of those is confined to its consumer.
 *
 * <p>Invariant: the source is touched by the holder of the lock only, and is asked whether there is a next item and for that item in
 * one go.
 */
final class SharedItems<T extends @Nullable Object> implements Iterable<T> {
    /** How often to try before sleeping: a quick source is free again sooner than a thread is woken. */
    private static final int SPINS = 100;

    private final Iterator<? extends T> source;
    private final ReentrantLock lock = new ReentrantLock();
    /** The loop whose task reads the source; null if none does, or a plain thread. */
    private volatile @Nullable Loop reader;

    SharedItems(Iterator<? extends T> source) {
        this.source = Objects.requireNonNull(source, "source");
    }

    /** An item, for null may be one. */
    private record Item<T extends @Nullable Object>(T value) {}

    private @Nullable Item<T> take() {
        Loop here = Loop.current();
        acquire(here);
        try {
            reader = here;
            return source.hasNext() ? new Item<>(source.next()) : null;
        } finally {
            reader = null;
            lock.unlock();
        }
    }

    private void acquire(@Nullable Loop here) {
        for (int i = 0; i < SPINS; i++) {
            if (lock.tryLock()) {
                return;
            }
            checkNotAwaiting(here);
            Thread.onSpinWait();
        }
        lock.lock();
    }

    /** If a task of this loop reads while another of its tasks runs, waiting for it would stop both for ever. */
    private void checkNotAwaiting(@Nullable Loop here) {
        if (here != null && reader == here) {
            throw new IllegalStateException("the source of shared items awaits; it cannot, for several loops read it");
        }
    }

    @Override
    public Iterator<T> iterator() {
        return new Iterator<>() {
            private @Nullable Item<T> found;

            @Override
            public boolean hasNext() {
                if (found == null) {
                    found = take();
                }
                return found != null;
            }

            @Override
            public T next() {
                Item<T> item = found == null ? take() : found;
                found = null;
                if (item == null) {
                    throw new NoSuchElementException("no more items");
                }
                return item.value;
            }
        };
    }
}
