package dev.weft.loop.sync;

import static dev.weft.loop.Asyncio.createTask;
import static dev.weft.loop.Asyncio.gather;
import static dev.weft.loop.Asyncio.waitFor;
import static dev.weft.loop.sync.OnLoop.assertCancelled;
import static dev.weft.loop.sync.OnLoop.ticks;
import static dev.weft.loop.sync.QueueTest.drained;
import static dev.weft.loop.sync.QueueTest.filled;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.loop.Task;
import dev.weft.loop.TimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Queues whose getters and putters are cancelled. */
class QueueCancelTest {
    private final List<Object> seen = new ArrayList<>();

    /** J (C144): the item was the reader's before the cancellation came; nobody else sees it, nothing overtakes it. */
    @Test
    void c319_aReaderCancelledAfterThePutHasTheItem() {
        OnLoop.run(() -> {
            Queue<Integer> queue = new Queue<>();
            Task<Integer> reader = createTask(queue.get());
            ticks(1);
            filled(queue, 1, 2);
            reader.cancel();
            assertEquals(1, reader.await());
            assertEquals(2, queue.get().await());
        });
    }

    @Test
    void c319_theCancellationComesAtTheReadersNextAwait() {
        OnLoop.run(() -> {
            Queue<Integer> queue = new Queue<>();
            Task<?> reader = createTask(() -> {
                seen.add(queue.get().await());
                queue.get().await();
            });
            ticks(1);
            queue.putNowait(1);
            reader.cancel();
            assertCancelled(reader);
            assertEquals(List.of(1), seen);
        });
    }

    @Test
    void c319_aReaderCancelledBeforeThePutLeavesTheItemToTheNext() {
        OnLoop.run(() -> {
            Queue<Integer> queue = new Queue<>();
            Task<Integer> reader = createTask(queue.get());
            ticks(1);
            reader.cancel();
            filled(queue, 1, 2);
            assertCancelled(reader);
            assertEquals(List.of(1, 2), drained(queue));
        });
    }

    @Test
    void c320_threeReadersTwoItemsFirstCancelledBefore() {
        OnLoop.run(() -> {
            Queue<Integer> queue = new Queue<>();
            Task<Integer> first = createTask(queue.get());
            Task<Integer> second = createTask(queue.get());
            Task<Integer> third = createTask(queue.get());
            ticks(1);
            first.cancel();
            filled(queue, 1, 2);
            assertEquals(List.of(1, 2), gather(second, third).await());
            assertCancelled(first);
        });
    }

    /** J (C144): the first has its item, so the third waits for one more. */
    @Test
    void c320_threeReadersTwoItemsFirstCancelledAfter() {
        OnLoop.run(() -> {
            Queue<Integer> queue = new Queue<>();
            Task<Integer> first = createTask(queue.get());
            Task<Integer> second = createTask(queue.get());
            Task<Integer> third = createTask(queue.get());
            ticks(1);
            filled(queue, 1, 2);
            first.cancel();
            assertEquals(List.of(1, 2), gather(first, second).await());
            ticks(2);
            assertFalse(third.isDone());
            queue.putNowait(3);
            assertEquals(3, third.await());
        });
    }

    @Test
    void c321_theItemOfACancelledPutNeverAppears() {
        OnLoop.run(() -> {
            Queue<String> queue = new Queue<>(1);
            Task<?> a = createTask(queue.put("a"));
            Task<?> b = createTask(queue.put("b"));
            Task<?> x = createTask(queue.put("X"));
            Task<?> c = createTask(queue.put("c"));
            ticks(1);
            assertTrue(a.isDone() && !b.isDone());
            x.cancel();
            assertCancelled(x);
            assertEquals("a", queue.getNowait());
            assertEquals("b", queue.getNowait());
            gather(b, c).await();
            assertEquals("c", queue.getNowait());
            assertTrue(queue.isEmpty());
        });
    }

    @Test
    void c321_cancelledInTheTickOfTheGetButBeforeIt() {
        OnLoop.run(() -> {
            Queue<Integer> queue = filled(new Queue<>(1), 1);
            Task<?> cancelled = createTask(queue.put(2));
            Task<?> next = createTask(queue.put(3));
            ticks(1);
            cancelled.cancel();
            assertEquals(1, queue.getNowait());
            next.await();
            assertCancelled(cancelled);
            assertEquals(List.of(3), drained(queue));
        });
    }

    /** J (C144): the item was in before the cancellation came, and the put says so. */
    @Test
    void c321_cancelledInTheTickOfTheGetButAfterIt() {
        OnLoop.run(() -> {
            Queue<Integer> queue = filled(new Queue<>(1), 1);
            Task<?> putter = createTask(queue.put(2));
            ticks(1);
            assertEquals(1, queue.getNowait());
            putter.cancel();
            putter.await();
            assertEquals(List.of(2), drained(queue));
        });
    }

    @Test
    void c322_cancelledGettersAndPuttersAreNotHeld() {
        OnLoop.run(() -> {
            Queue<Integer> queue = new Queue<>(1);
            for (int i = 0; i < 5; i++) {
                assertThrows(
                        TimeoutException.class,
                        () -> waitFor(queue.get(), Duration.ofMillis(100)).await());
            }
            assertEquals("<Queue size: 0 of 1, unfinished: 0>", queue.toString());
            queue.putNowait(1);
            for (int i = 0; i < 5; i++) {
                assertThrows(
                        TimeoutException.class,
                        () -> waitFor(queue.put(2), Duration.ofMillis(100)).await());
            }
            assertEquals("<Queue size: 1 of 1, unfinished: 1>", queue.toString());
        });
    }

    /** J (C144): cancelled after the wake, while the place is out of the line already; the put is done, the rest is cancelled. */
    @Test
    void c322_cancelledAfterTheWake() {
        OnLoop.run(() -> {
            Queue<Integer> queue = filled(new Queue<>(1), 1);
            Task<?> putter = createTask(() -> {
                queue.put(2).await();
                seen.add("put");
                queue.put(3).await();
            });
            ticks(1);
            assertEquals(1, queue.getNowait());
            putter.cancel();
            assertCancelled(putter);
            assertEquals(List.of("put"), seen);
            assertEquals("<Queue size: 1 of 1, unfinished: 2>", queue.toString());
        });
    }
}
