package dev.weft.loop.sync;

import static dev.weft.loop.Asyncio.createTask;
import static dev.weft.loop.Asyncio.gather;
import static dev.weft.loop.sync.OnLoop.ticks;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.loop.Asyncio;
import dev.weft.loop.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

class QueueTest {
    private final List<Object> seen = new ArrayList<>();

    static List<Integer> drained(Queue<Integer> queue) {
        List<Integer> items = new ArrayList<>();
        while (!queue.isEmpty()) {
            items.add(queue.getNowait());
        }
        return items;
    }

    static Queue<Integer> filled(Queue<Integer> queue, int... items) {
        for (int item : items) {
            queue.putNowait(item);
        }
        return queue;
    }

    @Test
    void c315_order() {
        OnLoop.run(() -> {
            assertEquals(List.of(1, 3, 2), drained(filled(new Queue<>(), 1, 3, 2)));
            assertEquals(List.of(2, 3, 1), drained(filled(new LifoQueue<>(), 1, 3, 2)));
            assertEquals(List.of(1, 2, 3), drained(filled(PriorityQueue.natural(), 1, 3, 2)));
            assertEquals(List.of(3, 2, 1), drained(filled(new PriorityQueue<>(Comparator.reverseOrder()), 1, 3, 2)));
        });
    }

    @Test
    void c315_equalPrioritiesKeepTheirOrder() {
        OnLoop.run(() -> {
            PriorityQueue<String> queue = new PriorityQueue<>(Comparator.comparing(String::length));
            for (String item : List.of("c1", "b", "c2", "a", "c3", "c4")) {
                queue.put(item).await();
            }
            for (int i = 0; i < 6; i++) {
                seen.add(queue.get().await());
            }
            assertEquals(List.of("b", "a", "c1", "c2", "c3", "c4"), seen);
        });
    }

    @Test
    void c316_theThirdPutWaitsForAGet() {
        OnLoop.run(() -> {
            Queue<Integer> queue = new Queue<>(2);
            assertEquals(2, queue.maxSize());
            Task<?> putter = createTask(() -> {
                for (int i = 0; i < 3; i++) {
                    queue.put(i).await();
                    seen.add(i);
                }
            });
            ticks(3);
            assertEquals(List.of(0, 1), seen);
            assertTrue(queue.isFull());
            assertEquals("<Queue size: 2 of 2, unfinished: 2, putters: 1>", queue.toString());
            assertEquals(0, queue.get().await());
            putter.await();
            assertEquals(List.of(0, 1, 2), seen);
            assertEquals(1, queue.get().await());
            assertEquals(2, queue.get().await());
            assertTrue(queue.isEmpty());
        });
    }

    @Test
    void c316_anUnboundedQueueIsNeverFull() {
        OnLoop.run(() -> {
            for (Queue<Integer> queue : List.of(new Queue<Integer>(), new LifoQueue<Integer>(-1))) {
                assertTrue(queue.isEmpty());
                for (int i = 0; i < 1000; i++) {
                    queue.putNowait(i);
                }
                assertFalse(queue.isFull());
                assertEquals(1000, queue.size());
            }
        });
    }

    @Test
    void c317_emptyAndFull() {
        OnLoop.run(() -> {
            Queue<Integer> queue = new Queue<>(1);
            var empty = assertThrows(QueueEmptyException.class, queue::getNowait);
            assertEquals("<Queue size: 0 of 1, unfinished: 0> is empty", empty.getMessage());
            queue.putNowait(1);
            var full = assertThrows(QueueFullException.class, () -> queue.putNowait(2));
            assertEquals("<Queue size: 1 of 1, unfinished: 1> is full", full.getMessage());
            assertEquals(1, queue.getNowait());
            assertThrows(NullPointerException.class, () -> queue.putNowait(null));
            assertThrows(NullPointerException.class, () -> queue.put(null));
        });
    }

    @Test
    void c318_getWaitsForAPut() {
        var took = OnLoop.run(() -> {
            Queue<Integer> queue = new Queue<>();
            Asyncio.getRunningLoop().callLater(Duration.ofMillis(10), () -> queue.putNowait(1));
            assertEquals(1, queue.get().await());
        });
        assertEquals(Duration.ofMillis(10), took);
    }

    @Test
    void c318_readyOperationsDoNotSuspend() {
        OnLoop.run(() -> {
            Queue<Integer> queue = new Queue<>(1);
            Asyncio.getRunningLoop().callSoon(() -> seen.add("other"));
            queue.put(1).await();
            assertEquals(1, queue.get().await());
            assertEquals(List.of(), seen);
        });
    }

    @Test
    void c318_gettersAreServedInOrder() {
        OnLoop.run(() -> {
            Queue<Integer> queue = new Queue<>();
            List<Task<Integer>> getters = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                getters.add(createTask(queue.get()));
            }
            ticks(1);
            assertEquals("<Queue size: 0, unfinished: 0, getters: 4>", queue.toString());
            filled(queue, 10, 11, 12, 13);
            assertEquals(List.of(10, 11, 12, 13), gather(getters).await());
        });
    }

    @Test
    void c318_puttersAreServedInOrder() {
        OnLoop.run(() -> {
            Queue<Integer> queue = new Queue<>(1);
            for (int i = 0; i < 4; i++) {
                createTask(queue.put(i));
            }
            for (int i = 0; i < 4; i++) {
                assertEquals(i, queue.get().await());
            }
        });
    }

    @Test
    void c318_anItemForAWaitingGetterIsOutOfReachOfOthers() {
        OnLoop.run(() -> {
            Queue<Integer> queue = new Queue<>();
            Task<Integer> getter = createTask(queue.get());
            ticks(1);
            queue.putNowait(1);
            assertTrue(queue.isEmpty());
            assertThrows(QueueEmptyException.class, queue::getNowait);
            Task<Integer> newcomer = createTask(queue.get());
            assertEquals(1, getter.await());
            queue.putNowait(2);
            assertEquals(2, newcomer.await());
        });
    }

    @Test
    void c318_roomForAWaitingPutterIsOutOfReachOfOthers() {
        OnLoop.run(() -> {
            Queue<Integer> queue = filled(new Queue<>(1), 1);
            Task<?> putter = createTask(queue.put(2));
            ticks(1);
            assertEquals(1, queue.getNowait());
            assertTrue(queue.isFull());
            assertThrows(QueueFullException.class, () -> queue.putNowait(3));
            putter.await();
            assertEquals(2, queue.getNowait());
        });
    }

    /** CPython's test_why_are_putters_waiting: four putters, room for two, one drain. */
    @Test
    void c323_everyPutterGetsInWhenTheQueueIsDrainedAtOnce() {
        OnLoop.run(() -> {
            Queue<Integer> queue = new Queue<>(2);
            Task<?> drain = createTask(() -> {
                ticks(1);
                for (int i = queue.size(); i > 0; i--) {
                    seen.add(queue.getNowait());
                }
            });
            List<Task<?>> putters = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                putters.add(createTask(queue.put(i)));
            }
            gather(putters).await();
            drain.await();
            assertEquals(List.of(0, 1), seen);
            assertEquals(List.of(2, 3), drained(queue));
        });
    }

    /** CPython's test_why_are_getters_waiting: a bound of one between a producer and a consumer. */
    @Test
    void c323_aBoundOfOneLetsEverythingThrough() {
        OnLoop.run(() -> {
            Queue<Integer> queue = new Queue<>(1);
            Task<?> producer = createTask(() -> {
                for (int i = 0; i < 100; i++) {
                    queue.put(i).await();
                }
            });
            for (int i = 0; i < 100; i++) {
                assertEquals(i, queue.get().await());
            }
            producer.await();
            assertEquals("<Queue size: 0 of 1, unfinished: 100>", queue.toString());
        });
    }

    @Test
    void anItemThatCannotBeComparedFailsWhoPutItEvenWhenItWaited() {
        OnLoop.run(() -> {
            PriorityQueue<String> queue = new PriorityQueue<>(1, Comparator.comparing((String s) -> s.charAt(0)));
            assertThrows(StringIndexOutOfBoundsException.class, () -> queue.putNowait(""));
            queue.putNowait("a");
            Task<?> bad = createTask(queue.put(""));
            Task<?> good = createTask(queue.put("b"));
            ticks(1);
            assertEquals("a", queue.getNowait());
            assertThrows(StringIndexOutOfBoundsException.class, bad::await);
            good.await();
            assertEquals("b", queue.getNowait());
            assertEquals("<PriorityQueue size: 0 of 1, unfinished: 2>", queue.toString());
        });
    }
}
