package dev.weft.loop.sync;

import static dev.weft.loop.Asyncio.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.loop.Asyncio;
import dev.weft.loop.Task;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** After any storm of cancellations every item whose put returned came out once, and no other did. */
class QueueStormTest {
    private static final int WORKERS = 10;
    private static final int ROUNDS = 20;

    /** What went in and what came out. */
    private static final class Traffic {
        final Storm storm;
        final Queue<Integer> queue;
        /** Whether the items of one producer reach one consumer in their order. */
        final boolean ordered;

        final Set<Integer> put = new TreeSet<>();
        final Set<Integer> got = new TreeSet<>();
        /** By consumer, its last item of each producer. */
        final Map<Task<?>, Map<Task<?>, Integer>> lastSeen = new HashMap<>();

        final Map<Integer, Task<?>> producers = new HashMap<>();
        int serial;

        Traffic(Storm storm, Queue<Integer> queue) {
            this.storm = storm;
            this.queue = queue;
            this.ordered = !(queue instanceof LifoQueue) && !(queue instanceof PriorityQueue);
        }

        void produce() {
            int item = serial++;
            producers.put(item, Asyncio.currentTask());
            if (storm.random.nextInt(4) > 0) {
                queue.put(item).await();
            } else if (queue.isFull()) {
                return;
            } else {
                queue.putNowait(item);
            }
            put.add(item);
        }

        void consume() {
            if (storm.random.nextInt(4) > 0) {
                take(queue.get().await());
            } else if (!queue.isEmpty()) {
                take(queue.getNowait());
            }
        }

        void take(int item) {
            assertTrue(got.add(item), () -> item + " came out twice");
            queue.taskDone();
            Integer before = lastSeen.computeIfAbsent(Asyncio.currentTask(), task -> new HashMap<>())
                    .put(producers.get(item), item);
            assertTrue(!ordered || before == null || before < item, () -> item + " came after " + before);
        }
    }

    private static void storms(Supplier<Queue<Integer>> queues) {
        Storm.each(storm -> {
            Queue<Integer> queue = queues.get();
            Traffic traffic = new Traffic(storm, queue);
            storm.workers(WORKERS, ROUNDS, traffic::produce);
            storm.workers(WORKERS, ROUNDS, traffic::consume);
            storm.rage();
            sleep(60).await();
            queue.shutdown();
            for (int item : queue) {
                traffic.take(item);
            }
            storm.calm();
            queue.join().await();
            assertEquals(traffic.put, traffic.got);
            assertTrue(traffic.got.size() > ROUNDS);
            assertTrue(queue.toString().contains("unfinished: 0, shut down>"), queue::toString);
        });
    }

    @Test
    void unbounded() {
        storms(Queue::new);
    }

    @Test
    void withRoomForOne() {
        storms(() -> new Queue<>(1));
    }

    @Test
    void withRoomForThree() {
        storms(() -> new Queue<>(3));
    }

    @Test
    void lifo() {
        storms(() -> new LifoQueue<>(2));
    }

    @Test
    void priority() {
        storms(() -> PriorityQueue.natural(2));
    }
}
