package dev.weft.loop;

import java.util.Iterator;
import java.util.Objects;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * Between suspending iteration and {@link java.util.concurrent.Flow}. Called on the loop; subscribers and publishers may live on
 * any thread.
 */
public final class Flows {
    private Flows() {}

    /**
     * Iterates over what a publisher gives; each step suspends the task until the next item, and asks the publisher for one more.
     * Close it when leaving the iteration early: that cancels the subscription.
     *
     * @param prefetch how many items the publisher may be ahead of the reader, at least 1
     */
    public static <T> FlowItems<T> iterate(Flow.Publisher<? extends T> publisher, int prefetch) {
        FlowItems<T> items = new FlowItems<>(Loop.running(), prefetch);
        publisher.subscribe(items.subscriber());
        return items;
    }

    /**
     * Publishes what an iterable gives, which may suspend: for every subscriber a task of the running loop iterates as far as the
     * subscriber asked. Signals are given on the loop; cancelling the subscription cancels the task.
     */
    public static <T> Flow.Publisher<T> publish(Iterable<? extends T> items) {
        Loop loop = Loop.running();
        return subscriber -> {
            Objects.requireNonNull(subscriber, "subscriber");
            FlowSource<T> source = new FlowSource<>(loop, subscriber);
            loop.callSoonThreadsafe(() -> source.start(items));
        };
    }

    /** One subscriber's task. */
    private static final class FlowSource<T> implements Flow.Subscription {
        private final Loop loop;
        private final Flow.Subscriber<? super T> subscriber;
        // Confined to the loop.
        private @Nullable Task<?> task;
        private long demand;
        private boolean cancelled;
        private @Nullable Throwable misuse;
        private Future<@Nullable Void> more;

        FlowSource(Loop loop, Flow.Subscriber<? super T> subscriber) {
            this.loop = loop;
            this.subscriber = subscriber;
            this.more = loop.createFuture();
        }

        void start(Iterable<? extends T> items) {
            task = loop.createTask(Asyncio.awaitable(() -> publish(items)), "publisher");
        }

        private void publish(Iterable<? extends T> items) {
            subscriber.onSubscribe(this);
            try {
                Iterator<? extends T> iterator = items.iterator();
                while (!cancelled && iterator.hasNext()) {
                    awaitDemand();
                    demand--;
                    subscriber.onNext(iterator.next());
                }
            } catch (CancelledError e) {
                if (cancelled) {
                    return;
                }
                subscriber.onError(e);
                throw e;
            } catch (Throwable e) {
                subscriber.onError(e);
                return;
            }
            if (!cancelled) {
                subscriber.onComplete();
            }
        }

        private void awaitDemand() throws Throwable {
            while (demand == 0 && misuse == null) {
                more = loop.createFuture();
                more.await();
            }
            if (misuse != null) {
                throw misuse;
            }
        }

        /** At once on the loop, so that a subscriber that cancels in onNext gets nothing more. */
        private void onLoop(Runnable change) {
            if (loop.isActive()) {
                change.run();
            } else {
                loop.post(change);
            }
        }

        @Override
        public void request(long count) {
            onLoop(() -> {
                if (count <= 0) {
                    misuse = new IllegalArgumentException("request(" + count + "): it takes a positive number");
                } else {
                    demand = demand > Long.MAX_VALUE - count ? Long.MAX_VALUE : demand + count;
                }
                more.complete(Outcome.Null.VALUE);
            });
        }

        @Override
        public void cancel() {
            onLoop(() -> {
                cancelled = true;
                if (task != null) {
                    task.cancel();
                }
            });
        }
    }
}
