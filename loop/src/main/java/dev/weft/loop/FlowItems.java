package dev.weft.loop;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * What {@link Flows#iterate} gives: the items of a publisher, once, for one task at a time. {@code next()} throws what the publisher
 * failed with, after the items that came before. Confined to the loop.
 */
public final class FlowItems<T> implements Iterable<T>, AutoCloseable {
    private final Loop loop;
    private final int prefetch;
    private final ArrayDeque<T> items = new ArrayDeque<>();
    private @Nullable Throwable failure;
    private boolean complete;
    private boolean closed;
    /** Set on the loop; read by the publisher when the loop is closed. */
    private volatile Flow.@Nullable Subscription subscription;

    private @Nullable Future<@Nullable Void> waiter;

    FlowItems(Loop loop, int prefetch) {
        if (prefetch < 1) {
            throw new IllegalArgumentException("prefetch is " + prefetch + "; it takes at least 1");
        }
        this.loop = loop;
        this.prefetch = prefetch;
    }

    /** Brings the publisher's signals, from whatever thread, to the loop in their order. */
    Flow.Subscriber<T> subscriber() {
        return new Flow.Subscriber<>() {
            @Override
            public void onSubscribe(Flow.Subscription given) {
                Objects.requireNonNull(given, "subscription");
                onLoop(() -> subscribed(given));
            }

            @Override
            public void onNext(T item) {
                Objects.requireNonNull(item, "item");
                onLoop(() -> {
                    items.add(item);
                    wake();
                });
            }

            @Override
            public void onError(Throwable error) {
                Objects.requireNonNull(error, "error");
                onLoop(() -> {
                    failure = error;
                    complete = true;
                    wake();
                });
            }

            @Override
            public void onComplete() {
                onLoop(() -> {
                    complete = true;
                    wake();
                });
            }
        };
    }

    /** Passes a signal to the loop; when that is closed nobody reads any more, and the publisher may stop. */
    private void onLoop(Runnable signal) {
        Flow.Subscription left = subscription;
        if (!loop.isClosed()) {
            loop.callSoonThreadsafe(signal);
        } else if (left != null) {
            left.cancel();
        }
    }

    private void subscribed(Flow.Subscription given) {
        if (closed || subscription != null) {
            given.cancel();
            return;
        }
        subscription = given;
        given.request(prefetch);
    }

    private void wake() {
        if (waiter != null) {
            waiter.complete(Outcome.Null.VALUE);
            waiter = null;
        }
    }

    private boolean hasNext() {
        loop.checkActive("iterating");
        while (items.isEmpty() && !complete && !closed) {
            if (waiter != null && !waiter.isDone()) {
                throw new IllegalStateException("two tasks iterate over one publisher's items");
            }
            Future<@Nullable Void> next = loop.createFuture();
            waiter = next;
            next.await();
        }
        if (items.isEmpty() && failure != null) {
            Throwable error = failure;
            failure = null;
            throw Outcome.rethrow(error);
        }
        return !items.isEmpty();
    }

    @Override
    public Iterator<T> iterator() {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return FlowItems.this.hasNext();
            }

            @Override
            public T next() {
                if (!FlowItems.this.hasNext()) {
                    throw new NoSuchElementException("the publisher has completed");
                }
                T item = items.remove();
                Flow.Subscription source = subscription;
                if (source != null && !complete) {
                    source.request(1);
                }
                return item;
            }
        };
    }

    /** Ends the iteration and cancels the subscription; without effect when the publisher has completed. */
    @Override
    public void close() {
        loop.checkActive("close");
        if (closed) {
            return;
        }
        closed = true;
        items.clear();
        failure = null;
        wake();
        Flow.Subscription left = subscription;
        if (left != null && !complete) {
            left.cancel();
        }
    }
}
