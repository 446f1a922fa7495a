package dev.weft.loop;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What {@link Asyncio#asCompleted} gives: the futures, each when it is done, in the order they end. Iterating suspends the task.
 * Iterating again goes on where the last iteration stopped; several tasks may iterate at once, and each future is handed out
 * once. Confined to the loop.
 */
final class AsCompleted<T extends @Nullable Object> implements Iterable<Future<T>> {
    private final Loop loop;
    private final Queue<Future<T>> done = new ArrayDeque<>();
    private final Queue<Future<@Nullable Void>> waiters = new ArrayDeque<>();
    private final @Nullable Duration timeout;
    private @Nullable TimerHandle timer;
    private boolean timedOut;
    /** Not ended yet. */
    private int running;
    /** Not asked for yet. */
    private int unclaimed;

    AsCompleted(Loop loop, Iterable<? extends Awaitable<? extends T, ?>> awaitables, @Nullable Duration timeout) {
        this.loop = loop;
        this.timeout = timeout;
        Set<Future<T>> futures = new LinkedHashSet<>();
        for (Awaitable<? extends T, ?> awaitable : awaitables) {
            futures.add(Futures.ensure(loop, awaitable));
        }
        running = futures.size();
        unclaimed = running;
        timer = timeout == null || running == 0 ? null : loop.callLater(timeout, this::timeOut);
        futures.forEach(future -> future.addDoneCallback(this::ended));
    }

    private void ended(Future<T> future) {
        running--;
        if (running == 0 && timer != null) {
            timer.cancel();
        }
        done.add(future);
        wake();
    }

    private void timeOut() {
        timedOut = true;
        while (!waiters.isEmpty()) {
            wake();
        }
    }

    private void wake() {
        Future<@Nullable Void> waiter = waiters.poll();
        while (waiter != null && !waiter.complete(Outcome.Null.VALUE)) {
            waiter = waiters.poll();
        }
    }

    private Future<T> take() {
        unclaimed--;
        while (done.isEmpty()) {
            if (timedOut) {
                throw TimeoutException.after(timeout, null);
            }
            Future<@Nullable Void> waiter = loop.createFuture();
            waiters.add(waiter);
            try {
                waiter.await();
            } catch (CancelledError e) {
                unclaimed++;
                throw e;
            }
        }
        return done.remove();
    }

    @Override
    public Iterator<Future<T>> iterator() {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return unclaimed > 0;
            }

            @Override
            public Future<T> next() {
                if (unclaimed == 0) {
                    throw new NoSuchElementException("all were handed out");
                }
                return take();
            }
        };
    }
}
