package dev.weft.loop;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What {@link Asyncio#mapBounded} gives: the results of a function over many inputs, at most so many at once. Input is pulled
 * only when there is room, so memory is in proportion to the limit, whatever the input's length.
 *
 * <p>Iterating suspends the task until the next result. A failure closes the map and is thrown by {@code next()}. Close it when
 * leaving the iteration early: try-with-resources cancels what runs and waits for it. The input is read by the task that iterates.
 * Confined to the task that made it.
 */
public final class BoundedMap<A extends @Nullable Object, T extends @Nullable Object>
        implements Iterable<T>, AutoCloseable {
    private final Loop loop = Loop.running();
    private final Iterator<? extends A> input;
    private final int limit;
    private final CoroutineFunction<? super A, ? extends T> function;
    /** Started and not handed out: in the order of the input, or, unordered, in the order they ended. */
    private final ArrayDeque<Task<T>> results = new ArrayDeque<>();

    private final Set<Task<T>> running = new LinkedHashSet<>();
    private boolean ordered;
    private boolean started;
    private boolean closed;
    private @Nullable Future<@Nullable Void> waiter;

    BoundedMap(Iterator<? extends A> input, int limit, CoroutineFunction<? super A, ? extends T> function) {
        if (limit < 1) {
            throw new IllegalArgumentException("the limit of mapBounded is " + limit + "; it takes at least 1");
        }
        this.input = input;
        this.limit = limit;
        this.function = function;
    }

    /**
     * Gives the results in the order of the input, instead of as they complete.
     *
     * @throws IllegalStateException if the iteration has begun
     */
    public BoundedMap<A, T> inOrder() {
        if (started) {
            throw new IllegalStateException("inOrder() comes before the iteration");
        }
        ordered = true;
        return this;
    }

    /** The results, once. */
    @Override
    public Iterator<T> iterator() {
        if (started) {
            throw new IllegalStateException("the results of mapBounded can be iterated once");
        }
        started = true;
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return BoundedMap.this.hasNext();
            }

            @Override
            public T next() {
                return BoundedMap.this.next();
            }
        };
    }

    private boolean hasNext() {
        fill();
        return !running.isEmpty() || !results.isEmpty();
    }

    private T next() {
        if (!hasNext()) {
            throw new NoSuchElementException("no more results");
        }
        while (results.isEmpty() || !results.getFirst().isDone()) {
            Future<@Nullable Void> next = loop.createFuture();
            waiter = next;
            next.await();
        }
        Task<T> task = results.removeFirst();
        if (task.isCancelled() || task.hasFailed()) {
            close();
        }
        return task.result();
    }

    private void fill() {
        while (!closed && running.size() < limit && results.size() < limit && input.hasNext()) {
            A item = input.next();
            Task<T> task = loop.createTask(() -> function.apply(item), null);
            task.scope = Loop.runningTask("mapBounded").scope;
            running.add(task);
            if (ordered) {
                results.add(task);
            }
            task.addDoneCallback(done -> ended(task));
        }
    }

    private void ended(Task<T> task) {
        running.remove(task);
        if (!ordered && !closed) {
            results.add(task);
        }
        if (waiter != null) {
            waiter.complete(Outcome.Null.VALUE);
            waiter = null;
        }
    }

    /** Cancels what runs and waits for its end; the rest of the input is not read. */
    @Override
    public void close() {
        closed = true;
        List<Task<T>> left = List.copyOf(running);
        left.forEach(task -> task.cancel(CancelReason.of(CancelReason.Kind.SCOPE_CLOSED, "its mapBounded was closed")));
        if (!left.isEmpty()) {
            Cleanup.waitFor(left);
        }
        // Failures that nobody will ask for any more.
        left.forEach(Futures::failure);
        results.forEach(Futures::failure);
        results.clear();
    }
}
