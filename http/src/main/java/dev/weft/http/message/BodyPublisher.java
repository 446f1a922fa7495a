package dev.weft.http.message;

import dev.weft.loop.Asyncio;
import dev.weft.loop.Flows;
import dev.weft.loop.Loop;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A body for one subscriber, which may be of any thread. Made on the loop of the body, and signals there. */
final class BodyPublisher implements Flow.Publisher<ByteBuffer> {
    private final Loop loop = Asyncio.getRunningLoop();
    private final BodyReader body;
    private final Flow.Publisher<ByteBuffer> pieces;
    private final AtomicBoolean taken = new AtomicBoolean();

    BodyPublisher(BodyReader body) {
        this.body = body;
        this.pieces = Flows.publish(() -> new PullIterator<>(this::copyNext));
    }

    private @Nullable ByteBuffer copyNext() {
        ByteBuffer given = body.read().await();
        return given == null
                ? null
                : ByteBuffer.allocate(given.remaining()).put(given).flip();
    }

    @Override
    public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
        Objects.requireNonNull(subscriber, "subscriber");
        if (taken.compareAndSet(false, true)) {
            pieces.subscribe(new Closing(subscriber));
        } else {
            subscriber.onSubscribe(new Refused());
            subscriber.onError(new IllegalStateException("a body has one subscriber, and this is the second"));
        }
    }

    /** A subscription to nothing. */
    private static final class Refused implements Flow.Subscription {
        @Override
        public void request(long count) {}

        @Override
        public void cancel() {}
    }

    /** Passes everything on; the body is closed when its subscriber has enough. */
    private final class Closing implements Flow.Subscriber<ByteBuffer> {
        private final Flow.Subscriber<? super ByteBuffer> subscriber;

        Closing(Flow.Subscriber<? super ByteBuffer> subscriber) {
            this.subscriber = subscriber;
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscriber.onSubscribe(new Flow.Subscription() {
                @Override
                public void request(long count) {
                    subscription.request(count);
                }

                @Override
                public void cancel() {
                    subscription.cancel();
                    BodyInputStream.closeSoon(loop, body);
                }
            });
        }

        @Override
        public void onNext(ByteBuffer piece) {
            subscriber.onNext(piece);
        }

        @Override
        public void onError(Throwable failure) {
            body.close();
            subscriber.onError(failure);
        }

        @Override
        public void onComplete() {
            subscriber.onComplete();
        }
    }
}
