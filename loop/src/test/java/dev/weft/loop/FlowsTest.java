package dev.weft.loop;

import static dev.weft.loop.Asyncio.createTask;
import static dev.weft.loop.Asyncio.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.loop.testing.junit.LoopExtension;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Between suspending iteration and {@link Flow}, by the rules of reactive streams 1.0.4. */
@ExtendWith(LoopExtension.class)
class FlowsTest {
    private final List<String> log = new ArrayList<>();

    /** A publisher that a test plays by hand. */
    private static final class Played implements Flow.Publisher<String>, Flow.Subscription {
        Flow.Subscriber<? super String> subscriber;
        long requested;
        int cancelled;

        @Override
        public void subscribe(Flow.Subscriber<? super String> given) {
            subscriber = given;
            given.onSubscribe(this);
        }

        @Override
        public void request(long count) {
            requested += count;
        }

        @Override
        public void cancel() {
            cancelled++;
        }
    }

    /** A subscriber that notes what it is told, and asks for as much as it was made with. */
    private class Noting implements Flow.Subscriber<Integer> {
        final long first;
        Flow.Subscription subscription;

        Noting(long first) {
            this.first = first;
        }

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription = given;
            log.add("subscribed");
            if (first > 0) {
                given.request(first);
            }
        }

        @Override
        public void onNext(Integer item) {
            log.add("item " + item);
        }

        @Override
        public void onError(Throwable error) {
            log.add("error " + error);
        }

        @Override
        public void onComplete() {
            log.add("complete");
        }
    }

    private static void turn(int ticks) {
        for (int i = 0; i < ticks; i++) {
            sleep(0).await();
        }
    }

    @Test
    void iterateGivesWhatAPublisherOfOtherThreadsGives() {
        SubmissionPublisher<Integer> publisher = new SubmissionPublisher<>();
        FlowItems<Integer> items = Flows.iterate(publisher, 3);
        Elsewhere.start(() -> {
            IntStream.range(0, 1000).forEach(publisher::submit);
            publisher.close();
        });
        List<Integer> got = new ArrayList<>();
        for (int item : items) {
            got.add(item);
        }
        assertEquals(IntStream.range(0, 1000).boxed().toList(), got);
    }

    @Test
    void iterateAsksForNoMoreThanPrefetchAhead() {
        Played publisher = new Played();
        FlowItems<String> items = Flows.iterate(publisher, 2);
        turn(1);
        assertEquals(2, publisher.requested);
        Iterator<String> iterator = items.iterator();
        publisher.subscriber.onNext("a");
        publisher.subscriber.onNext("b");
        turn(1);
        assertEquals(2, publisher.requested, "nothing was read yet");
        assertTrue(iterator.hasNext());
        assertEquals(2, publisher.requested, "hasNext reads nothing");
        assertEquals("a", iterator.next());
        assertEquals(3, publisher.requested);
        assertEquals("b", iterator.next());
        assertEquals(4, publisher.requested);
    }

    @Test
    void iterateSuspendsUntilThereIsAnItem() {
        Played publisher = new Played();
        FlowItems<String> items = Flows.iterate(publisher, 1);
        Task<Void> reader = createTask(() -> {
            for (String item : items) {
                log.add(item);
            }
            log.add("end");
        });
        turn(2);
        assertEquals(List.of(), log);
        publisher.subscriber.onNext("a");
        turn(3);
        assertEquals(List.of("a"), log);
        publisher.subscriber.onComplete();
        reader.await();
        assertEquals(List.of("a", "end"), log);
    }

    @Test
    void iterateThrowsAFailureAfterTheItemsBefore() {
        Played publisher = new Played();
        FlowItems<String> items = Flows.iterate(publisher, 5);
        turn(1);
        IllegalStateException error = new IllegalStateException("broken");
        publisher.subscriber.onNext("a");
        publisher.subscriber.onError(error);
        turn(1);
        Iterator<String> iterator = items.iterator();
        assertEquals("a", iterator.next());
        assertSame(error, assertThrows(IllegalStateException.class, iterator::hasNext));
        assertFalse(iterator.hasNext(), "a failure is told once");
        assertThrows(NoSuchElementException.class, iterator::next);
        assertEquals(5, publisher.requested, "who has failed is asked for nothing");
    }

    @Test
    void iterateThrowsCheckedFailuresAsCausesAndErrorsAsThemselves() {
        IOException checked = new IOException("checked");
        Played first = new Played();
        FlowItems<String> items = Flows.iterate(first, 1);
        first.subscriber.onError(checked);
        assertSame(
                checked,
                assertThrows(CompletionException.class, () -> items.iterator().hasNext())
                        .getCause());
        LinkageError fatal = new LinkageError("an error");
        Played second = new Played();
        FlowItems<String> others = Flows.iterate(second, 1);
        second.subscriber.onError(fatal);
        assertSame(
                fatal, assertThrows(LinkageError.class, () -> others.iterator().hasNext()));
    }

    @Test
    void closingCancelsTheSubscriptionOnce() {
        Played publisher = new Played();
        try (FlowItems<String> items = Flows.iterate(publisher, 1)) {
            turn(1);
            publisher.subscriber.onNext("a");
            assertEquals("a", items.iterator().next());
            items.close();
        }
        assertEquals(1, publisher.cancelled);
    }

    @Test
    void closingBeforeTheSubscriptionArrivedCancelsItToo() {
        Played publisher = new Played();
        FlowItems<String> items = Flows.iterate(publisher, 1);
        items.close();
        turn(1);
        assertEquals(1, publisher.cancelled);
        assertEquals(0, publisher.requested);
    }

    @Test
    void closingAfterTheEndCancelsNothing() {
        Played publisher = new Played();
        try (FlowItems<String> items = Flows.iterate(publisher, 1)) {
            publisher.subscriber.onComplete();
            assertFalse(items.iterator().hasNext());
        }
        assertEquals(0, publisher.cancelled);
    }

    @Test
    void closingEndsAnIterationThatWaits() {
        Played publisher = new Played();
        FlowItems<String> items = Flows.iterate(publisher, 1);
        Task<Boolean> reader = createTask(() -> items.iterator().hasNext());
        turn(2);
        items.close();
        assertFalse(reader.await());
    }

    @Test
    void aReaderThatIsCancelledLosesNothing() {
        Played publisher = new Played();
        FlowItems<String> items = Flows.iterate(publisher, 1);
        Task<String> reader = createTask(() -> items.iterator().next());
        turn(2);
        reader.cancel();
        assertThrows(CancelledError.class, reader::await);
        publisher.subscriber.onNext("a");
        assertEquals("a", items.iterator().next());
    }

    @Test
    void twoReadersAtOnceAreRefused() {
        FlowItems<String> items = Flows.iterate(new Played(), 1);
        Task<Boolean> first = createTask(() -> items.iterator().hasNext());
        turn(2);
        assertThrows(IllegalStateException.class, () -> items.iterator().hasNext());
        items.close();
        first.await();
    }

    @Test
    void aPublisherThatGoesOnAfterTheLoopsEndIsCancelled() {
        Played publisher = new Played();
        Elsewhere.run(() -> Asyncio.run(() -> {
            Flows.iterate(publisher, 1);
            turn(1);
        }));
        publisher.subscriber.onNext("too late");
        assertEquals(1, publisher.cancelled);
    }

    @Test
    void rule2_5ASecondSubscriptionIsCancelled() {
        Played publisher = new Played();
        Played second = new Played();
        Flows.iterate(publisher, 1);
        publisher.subscriber.onSubscribe(second);
        turn(1);
        assertEquals(0, publisher.cancelled);
        assertEquals(1, second.cancelled);
        assertEquals(0, second.requested);
    }

    @Test
    void rule2_13NullsAreRefusedWhereTheyAreGiven() {
        Played publisher = new Played();
        Flows.iterate(publisher, 1);
        assertThrows(NullPointerException.class, () -> publisher.subscriber.onNext(null));
        assertThrows(NullPointerException.class, () -> publisher.subscriber.onError(null));
        assertThrows(NullPointerException.class, () -> publisher.subscriber.onSubscribe(null));
    }

    @Test
    void prefetchMustBePositive() {
        assertThrows(IllegalArgumentException.class, () -> Flows.iterate(new Played(), 0));
    }

    @Test
    void publishGivesNoMoreThanWasAskedFor() {
        Noting subscriber = new Noting(2);
        Flows.publish(List.of(1, 2, 3)).subscribe(subscriber);
        turn(5);
        assertEquals(List.of("subscribed", "item 1", "item 2"), log);
        subscriber.subscription.request(1);
        turn(5);
        assertEquals(List.of("subscribed", "item 1", "item 2", "item 3", "complete"), log);
    }

    @Test
    void publishOfNothingCompletesUnasked() {
        Flows.publish(List.<Integer>of()).subscribe(new Noting(0));
        turn(5);
        assertEquals(List.of("subscribed", "complete"), log);
    }

    @Test
    void publishGivesEverySubscriberItsOwnIteration() {
        Flow.Publisher<Integer> publisher = Flows.publish(List.of(1, 2));
        publisher.subscribe(new Noting(Long.MAX_VALUE));
        turn(3);
        publisher.subscribe(new Noting(Long.MAX_VALUE));
        turn(3);
        assertEquals(
                List.of("subscribed", "item 1", "item 2", "complete", "subscribed", "item 1", "item 2", "complete"),
                log);
    }

    @Test
    void publishTellsOfAFailureAfterTheItemsBefore() {
        Iterable<Integer> broken = () -> IntStream.of(1, 0)
                .map(n -> {
                    if (n == 0) {
                        throw new IllegalArgumentException("broken");
                    }
                    return n;
                })
                .iterator();
        Flows.publish(broken).subscribe(new Noting(Long.MAX_VALUE));
        turn(3);
        assertEquals("java.lang.IllegalArgumentException: broken", log.getLast().replace("error ", ""));
        assertFalse(log.contains("complete"));
    }

    @Test
    void rule1_9ASubscriberMustBeThere() {
        Flow.Publisher<Integer> publisher = Flows.publish(List.of(1));
        assertThrows(NullPointerException.class, () -> publisher.subscribe(null));
    }

    @Test
    void rule3_3AskingInOnNextDoesNotRecurse() {
        List<Integer> numbers = IntStream.range(0, 100_000).boxed().toList();
        int[] got = new int[1];
        Noting subscriber = new Noting(1) {
            @Override
            public void onNext(Integer item) {
                got[0]++;
                subscription.request(1);
            }
        };
        Flows.publish(numbers).subscribe(subscriber);
        turn(5);
        assertEquals(List.of("subscribed", "complete"), log);
        assertEquals(100_000, got[0]);
    }

    @Test
    void rule3_5NothingComesAfterACancelInOnNext() {
        int[] produced = new int[1];
        Iterable<Integer> endless =
                () -> IntStream.generate(() -> produced[0]++).iterator();
        Noting subscriber = new Noting(Long.MAX_VALUE) {
            @Override
            public void onNext(Integer item) {
                super.onNext(item);
                if (item == 2) {
                    subscription.cancel();
                }
            }
        };
        Flows.publish(endless).subscribe(subscriber);
        turn(5);
        assertEquals(List.of("subscribed", "item 0", "item 1", "item 2"), log);
        assertTrue(produced[0] <= 4, () -> produced[0] + " were produced");
    }

    @Test
    void rule3_7ACancelWhileTheIterationWaitsEndsItsTask() {
        Played source = new Played();
        FlowItems<String> items = Flows.iterate(source, 1);
        Noting subscriber = new Noting(1);
        Flows.publish(() -> IntStream.range(0, 9)
                        .map(n -> items.iterator().hasNext() ? n : -1)
                        .iterator())
                .subscribe(subscriber);
        turn(3);
        int before = Asyncio.allTasks().size();
        subscriber.subscription.cancel();
        subscriber.subscription.cancel();
        turn(3);
        assertEquals(before - 1, Asyncio.allTasks().size());
        assertEquals(List.of("subscribed"), log);
        items.close();
    }

    @Test
    void rule3_9AskingForNothingIsAnError() {
        Noting subscriber = new Noting(0);
        Flows.publish(List.of(1)).subscribe(subscriber);
        turn(3);
        subscriber.subscription.request(0);
        turn(3);
        assertEquals(
                List.of(
                        "subscribed",
                        "error java.lang.IllegalArgumentException: request(0): it takes a positive number"),
                log);
        subscriber.subscription.request(1);
        turn(3);
        assertEquals(2, log.size(), "an error is the end");
    }

    @Test
    void rule3_17DemandDoesNotOverflow() {
        Noting subscriber = new Noting(0);
        Flows.publish(List.of(1, 2)).subscribe(subscriber);
        turn(3);
        subscriber.subscription.request(Long.MAX_VALUE);
        subscriber.subscription.request(Long.MAX_VALUE);
        turn(3);
        assertEquals(List.of("subscribed", "item 1", "item 2", "complete"), log);
    }

    @Test
    void aSubscriberMayAskFromAnyThread(Loop loop) {
        Future<Void> end = loop.createFuture();
        int[] got = new int[1];
        Noting subscriber = new Noting(0) {
            @Override
            public void onNext(Integer item) {
                got[0]++;
                Elsewhere.start(() -> subscription.request(1));
            }

            @Override
            public void onComplete() {
                end.setResult(null);
            }
        };
        Flows.publish(IntStream.range(0, 200).boxed().toList()).subscribe(subscriber);
        turn(2);
        Elsewhere.start(() -> subscriber.subscription.request(1));
        end.await();
        assertEquals(200, got[0]);
    }

    @Test
    void whatIsPublishedCanBeIteratedAgain() {
        Flow.Publisher<Integer> publisher = Flows.publish(List.of(1, 2, 3, 4, 5));
        List<Integer> got = new ArrayList<>();
        for (int item : Flows.iterate(publisher, 2)) {
            got.add(item);
        }
        assertEquals(List.of(1, 2, 3, 4, 5), got);
    }

    @Test
    void aSubscriptionOutlivesItsLoopWithoutHarm() {
        Noting subscriber = new Noting(1);
        Elsewhere.run(() -> {
            try (Runner runner = Runner.builder().build()) {
                runner.run(() -> {
                    Flows.publish(List.of(1, 2)).subscribe(subscriber);
                    turn(3);
                });
            }
        });
        subscriber.subscription.request(1);
        subscriber.subscription.cancel();
        assertEquals("error", log.getLast().substring(0, 5), "the subscriber heard of the end: " + log);
        assertInstanceOf(Flow.Subscription.class, subscriber.subscription);
    }
}
