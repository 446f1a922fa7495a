package dev.weft.loop;

import java.util.ArrayDeque;
import java.util.ArrayList;
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
 * <p>Iterating suspends the task until the next result. A failure, of the function or of the input, closes the map and is thrown
 * by {@code next()}. Close it when leaving the iteration early: try-with-resources cancels what runs and waits for it. The input is
 * read in a task of the map's, so it may suspend without holding results back. Confined to the task that made it.
 */
public final class BoundedMap<A extends @Nullable Object, T extends @Nullable Object>
        implements Iterable<T>, AutoCloseable {
    private final Loop loop = Loop.running();
    /** The deadlines around the map, which its tasks share. */
    private final @Nullable Timeout scope;

    private final Iterator<? extends A> input;
    private final int limit;
    private final CoroutineFunction<? super A, ? extends T> function;
    /** Started and not handed out: in the order of the input, or, unordered, in the order they ended. */
    private final ArrayDeque<Task<T>> results = new ArrayDeque<>();

    private final Set<Task<T>> running = new LinkedHashSet<>();
    private boolean ordered;
    private boolean started;
    private boolean closed;
    /** Whether the input has no more. */
    private boolean exhausted;
    /** What reads the input now, null when there is no room or no demand. */
    private @Nullable Task<?> reader;

    private @Nullable Throwable inputFailure;
    private @Nullable Future<@Nullable Void> waiter;

    BoundedMap(Iterator<? extends A> input, int limit, CoroutineFunction<? super A, ? extends T> function) {
        if (limit < 1) {
            throw new IllegalArgumentException("the limit of mapBounded is " + limit + "; it takes at least 1");
        }
        Task<?> maker = loop.currentTask();
        this.scope = maker == null ? null : maker.scope;
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
        pull();
        while (reader != null && running.isEmpty() && results.isEmpty()) {
            awaitChange();
        }
        return !running.isEmpty() || !results.isEmpty() || inputFailure != null;
    }

    private T next() {
        if (!hasNext()) {
            throw new NoSuchElementException("no more results");
        }
        while (results.isEmpty() || !results.getFirst().isDone()) {
            if (closed) {
                throw new IllegalStateException("mapBounded was closed while its next result was awaited");
            }
            if (inputFailure != null) {
                throw failed(inputFailure);
            }
            pull();
            awaitChange();
        }
        Task<T> task = results.removeFirst();
        // Its callback may not have run yet.
        running.remove(task);
        Throwable error = Futures.failure(task);
        if (error != null) {
            throw failed(error);
        }
        return task.result();
    }

    private void awaitChange() {
        Future<@Nullable Void> next = loop.createFuture();
        waiter = next;
        next.await();
    }

    private void changed() {
        if (waiter != null) {
            waiter.complete(Outcome.Null.VALUE);
            waiter = null;
        }
    }

    private boolean hasRoom() {
        return !closed && !exhausted && running.size() < limit && results.size() < limit;
    }

    private void pull() {
        if (reader == null && inputFailure == null && hasRoom()) {
            Task<@Nullable Void> reading = loop.createTask(Asyncio.awaitable(this::read), "input of mapBounded");
            reading.scope = scope;
            reader = reading;
            reading.addDoneCallback(done -> {
                reader = null;
                inputFailure = closed ? null : Futures.failure(done);
                changed();
            });
        }
    }

    private void read() {
        while (hasRoom()) {
            if (!input.hasNext()) {
                exhausted = true;
                return;
            }
            start(input.next());
        }
    }

    private void start(A item) {
        if (closed) {
            return;
        }
        Task<T> task = loop.createTask(() -> function.apply(item), null);
        task.scope = scope;
        running.add(task);
        if (ordered) {
            results.add(task);
        }
        task.addDoneCallback(done -> ended(task));
    }

    private void ended(Task<T> task) {
        running.remove(task);
        if (!ordered && !closed) {
            results.add(task);
        }
        changed();
    }

    /** Closes the map; the failure goes first, a cancellation that comes meanwhile is delivered at the next await. */
    private RuntimeException failed(Throwable error) {
        Task<?> caller = Loop.runningTask("mapBounded");
        int heardBefore = caller.heardCancels();
        if (end() != null) {
            caller.redeliverSince(heardBefore);
        }
        throw Outcome.rethrow(error);
    }

    /**
     * Cancels what runs and waits for its end; the rest of the input is not read.
     *
     * @throws CancelledError after that, if the calling task was cancelled meanwhile
     */
    @Override
    public void close() {
        CancelledError cancelled = end();
        if (cancelled != null) {
            throw cancelled;
        }
    }

    private @Nullable CancelledError end() {
        closed = true;
        inputFailure = null;
        List<Task<?>> left = new ArrayList<>(running);
        if (reader != null) {
            left.add(reader);
        }
        CancelReason reason = CancelReason.of(CancelReason.Kind.SCOPE_CLOSED, "its mapBounded was closed");
        left.forEach(task -> task.cancel(reason));
        CancelledError cancelled = Cleanup.waitFor(left);
        // Failures that nobody will ask for any more.
        left.forEach(Futures::failure);
        results.forEach(Futures::failure);
        results.clear();
        changed();
        return cancelled;
    }
}
