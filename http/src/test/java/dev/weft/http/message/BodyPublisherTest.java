package dev.weft.http.message;

import static dev.weft.http.message.FakeBody.latin1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.weft.loop.Asyncio;
import dev.weft.loop.testing.Testing;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.Test;

class BodyPublisherTest {
    /** Keeps what it gets, and asks for nothing by itself. */
    private static final class Collector implements Flow.Subscriber<ByteBuffer> {
        Flow.Subscription subscription;
        final List<ByteBuffer> pieces = new ArrayList<>();
        Throwable failure;
        boolean completed;

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription = given;
        }

        @Override
        public void onNext(ByteBuffer piece) {
            pieces.add(piece);
        }

        @Override
        public void onError(Throwable error) {
            failure = error;
        }

        @Override
        public void onComplete() {
            completed = true;
        }

        String text() {
            StringBuilder all = new StringBuilder();
            pieces.forEach(piece -> all.append(latin1(piece.duplicate())).append('|'));
            return all.toString();
        }
    }

    private static void settle() {
        Testing.waitAllTasksBlocked().await();
    }

    @Test
    void givesNoMoreThanIsAskedFor() {
        Asyncio.run(() -> {
            FakeBody body = FakeBody.of("one", "two", "three");
            Collector collector = new Collector();
            StreamReader.of(body).publisher().subscribe(collector);
            settle();
            assertEquals("", collector.text());
            collector.subscription.request(2);
            settle();
            assertEquals("one|two|", collector.text());
            Asyncio.toThread(() -> collector.subscription.request(5)).await();
            settle();
            // The buffers are the subscriber's own: reading on has not spoiled them.
            assertEquals("one|two|three|", collector.text());
            assertEquals(true, collector.completed);
            assertNull(collector.failure);
            assertEquals(0, body.closed);
            return null;
        });
    }

    @Test
    void cancellingClosesTheBody() {
        Asyncio.run(() -> {
            FakeBody body = FakeBody.of("one", "two", "three");
            Collector collector = new Collector();
            StreamReader.of(body).publisher().subscribe(collector);
            settle();
            collector.subscription.request(1);
            settle();
            Asyncio.toThread(() -> collector.subscription.cancel()).await();
            settle();
            assertEquals("one|", collector.text());
            assertEquals(1, body.closed);
            assertEquals(false, collector.completed);
            assertNull(collector.failure);
            return null;
        });
    }

    @Test
    void failuresArePassedOn() {
        PayloadException cut = new PayloadException(ClientRequest.of("GET", HttpUrl.parse("http://h/")), 3, 10, null);
        Asyncio.run(() -> {
            FakeBody body = FakeBody.of("one").failing(cut);
            Collector collector = new Collector();
            StreamReader.of(body).publisher().subscribe(collector);
            settle();
            collector.subscription.request(9);
            settle();
            assertEquals("one|", collector.text());
            assertSame(cut, collector.failure);
            return null;
        });
    }

    @Test
    void oneSubscriber() {
        Asyncio.run(() -> {
            Flow.Publisher<ByteBuffer> publisher =
                    StreamReader.of(FakeBody.of("one")).publisher();
            Collector first = new Collector();
            Collector second = new Collector();
            publisher.subscribe(first);
            publisher.subscribe(second);
            settle();
            assertInstanceOf(IllegalStateException.class, second.failure);
            first.subscription.request(1);
            settle();
            assertEquals("one|", first.text());
            return null;
        });
    }
}
