package dev.weft.loop.sync;

import com.google.errorprone.annotations.CheckReturnValue;
import dev.weft.loop.Awaitable;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A queue between tasks, with a bound if wanted: producers wait while it is full, consumers while it is empty, both in order.
 *
 * <p>Items are handed over, not offered: one that is put while a task waits in {@link #get()} is that task's at once (it is not
 * counted by {@link #size()}, and no later {@code get} or {@code getNowait} can take it), and room that is made while a task
 * waits in {@link #put} is filled with that task's item at once. So tasks wait for items only while there are none, and for room
 * only while there is none; and no cancellation can lose an item, double it, or let one overtake another.
 *
 * <p>{@code for (T item : queue)} takes items until the queue is shut down and empty, waiting like {@link #get()}: in
 * {@link Iterator#hasNext()}, which holds the item for {@code next()}. Every iterator is a consumer of its own.
 *
 * <p>Used on one loop; see the {@linkplain dev.weft.loop.sync package} for what that means. Source: {@code asyncio.Queue}.
 *
 * @param <T> the items, never null
 */
@CheckReturnValue
public sealed class Queue<T> implements Iterable<T> permits LifoQueue, PriorityQueue {
    private final LoopBinding binding = new LoopBinding(this);
    private final int maxSize;
    private final java.util.Queue<T> items;
    /** Called with their item, or with null when there will be none. Nobody waits here while there are items. */
    private final Line<@Nullable T> getters = new Line<>();
    /** Nobody waits here while there is room. */
    private final Putters<T> putters = new Putters<>();
    /** Called when every item that was put is done. */
    private final Line<@Nullable Void> joiners = new Line<>();

    private long unfinished;
    private boolean shutDown;

    /** A queue without a bound. */
    public Queue() {
        this(0);
    }

    /** A queue that holds so many items at most; 0 or less for no bound. */
    public Queue(int maxSize) {
        this(maxSize, new ArrayDeque<>());
    }

    Queue(int maxSize, java.util.Queue<T> items) {
        this.maxSize = maxSize;
        this.items = items;
    }

    /**
     * Puts an item in, waiting for room if there is none.
     *
     * @return an awaitable that throws {@link QueueShutDownException} if the queue is or gets shut down, and
     *     {@link dev.weft.loop.CancelledError} if the task is cancelled before there is room: then the item never gets in
     */
    public Awaitable<@Nullable Void, RuntimeException> put(T item) {
        Objects.requireNonNull(item, "item");
        return () -> {
            requireOpen();
            if (!hasRoom()) {
                if (!putters.stand(binding.bind(), item)) {
                    throw shutDownError();
                }
            } else {
                add(item);
            }
            return null;
        };
    }

    /**
     * Puts an item in at once.
     *
     * @throws QueueFullException if there is no room
     * @throws QueueShutDownException if the queue is shut down
     */
    public void putNowait(T item) {
        Objects.requireNonNull(item, "item");
        requireOpen();
        if (!hasRoom()) {
            throw new QueueFullException(this + " is full");
        }
        add(item);
    }

    /**
     * Takes an item, waiting for one if there is none.
     *
     * @return an awaitable that throws {@link QueueShutDownException} if the queue is empty and is or gets shut down, and
     *     {@link dev.weft.loop.CancelledError} if the task is cancelled before an item is there
     */
    public Awaitable<T, RuntimeException> get() {
        return () -> {
            T item = next();
            if (item == null) {
                throw shutDownError();
            }
            return item;
        };
    }

    /**
     * Takes an item at once.
     *
     * @throws QueueEmptyException if there is none
     * @throws QueueShutDownException if there is none and the queue is shut down
     */
    public T getNowait() {
        binding.enter();
        if (items.isEmpty()) {
            throw shutDown ? shutDownError() : new QueueEmptyException(this + " is empty");
        }
        return take();
    }

    /** Waits for an item; null if there will be none. */
    private @Nullable T next() {
        binding.enter();
        if (!items.isEmpty()) {
            return take();
        }
        return shutDown ? null : getters.stand(binding.bind());
    }

    private T take() {
        T item = items.remove();
        putters.admitOne(this::store);
        return item;
    }

    private void add(T item) {
        if (getters.call(item)) {
            unfinished++;
        } else {
            store(item);
        }
    }

    private void store(T item) {
        items.add(item);
        unfinished++;
    }

    /**
     * Says that an item that was taken is done with; for {@link #join()}.
     *
     * @throws IllegalStateException if it is called more often than there were items
     */
    public void taskDone() {
        binding.enter();
        if (unfinished == 0) {
            throw new IllegalStateException("taskDone() was called more often than items were put into " + this);
        }
        settle(1);
    }

    private void settle(long done) {
        unfinished -= done;
        if (unfinished == 0) {
            joiners.callAll(null);
        }
    }

    /** Waits until {@link #taskDone()} was called for every item that was put; does not suspend if so. */
    public Awaitable<@Nullable Void, RuntimeException> join() {
        return () -> {
            binding.enter();
            if (unfinished > 0) {
                joiners.stand(binding.bind());
            }
            return null;
        };
    }

    /** Shuts it down and lets its items be taken; see {@link #shutdown(boolean)}. */
    public void shutdown() {
        shutdown(false);
    }

    /**
     * Takes nothing in any more: who puts, and who waits for room, gets {@link QueueShutDownException}. So does who wants an item
     * when none is left.
     *
     * @param immediate whether to drop the items that are in it, and count them as done
     */
    public void shutdown(boolean immediate) {
        binding.enter();
        shutDown = true;
        putters.refuseAll();
        getters.callAll(null);
        if (immediate) {
            int dropped = items.size();
            items.clear();
            settle(dropped);
        }
    }

    /** How many items can be taken without waiting. */
    public int size() {
        binding.enter();
        return items.size();
    }

    /** Whether there is nothing to take. */
    public boolean isEmpty() {
        return size() == 0;
    }

    /** Whether there is no room; never if it has no bound. */
    public boolean isFull() {
        binding.enter();
        return !hasRoom();
    }

    /** How many items it holds at most; 0 or less if it has no bound. */
    public int maxSize() {
        return maxSize;
    }

    private boolean hasRoom() {
        return maxSize <= 0 || items.size() < maxSize;
    }

    private void requireOpen() {
        binding.enter();
        if (shutDown) {
            throw shutDownError();
        }
    }

    private QueueShutDownException shutDownError() {
        return new QueueShutDownException(this + " is shut down");
    }

    /** A consumer; see above. */
    @Override
    public Iterator<T> iterator() {
        return new Consumer();
    }

    private final class Consumer implements Iterator<T> {
        private @Nullable T held;

        @Override
        public boolean hasNext() {
            if (held == null) {
                held = Queue.this.next();
            }
            return held != null;
        }

        @Override
        public T next() {
            T item = hasNext() ? held : null;
            if (item == null) {
                throw new NoSuchElementException(Queue.this + " is shut down and empty");
            }
            held = null;
            return item;
        }
    }

    /** How full it is and how many wait, never its items; any thread, a guess off the loop. */
    @Override
    public String toString() {
        String bound = maxSize > 0 ? " of " + maxSize : "";
        String end = shutDown ? ", shut down>" : ">";
        return "<" + getClass().getSimpleName() + " size: " + items.size() + bound + ", unfinished: " + unfinished
                + getters.described("getters") + putters.described() + end;
    }
}
