package dev.weft.loop.sync;

import static dev.weft.loop.Asyncio.createTask;
import static dev.weft.loop.Asyncio.gather;
import static dev.weft.loop.sync.OnLoop.ticks;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.loop.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Supplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** shutdown and iteration, which are the same for every kind of queue. */
class QueueShutdownTest {
    private static void assertShutDown(Queue<Integer> queue) {
        for (Supplier<Object> operation : List.<Supplier<Object>>of(
                () -> queue.put(1).await(), () -> queue.get().await(), queue::getNowait, () -> {
                    queue.putNowait(1);
                    return 0;
                })) {
            assertThrows(QueueShutDownException.class, operation::get);
        }
    }

    @ParameterizedTest
    @EnumSource
    void c325_shutdownWhileEmpty(QueueKind kind) {
        OnLoop.run(() -> {
            Queue<Integer> queue = kind.queue(0);
            Task<Integer> first = createTask(queue.get());
            Task<Integer> second = createTask(queue.get());
            ticks(1);
            queue.shutdown();
            queue.join().await();
            ticks(1);
            assertTrue(first.isDone() && second.isDone());
            assertThrows(QueueShutDownException.class, first::await);
            assertThrows(QueueShutDownException.class, second::await);
            assertShutDown(queue);
        });
    }

    @ParameterizedTest
    @EnumSource
    void c326_shutdownWhileNotEmpty(QueueKind kind) {
        OnLoop.run(() -> {
            Queue<Integer> queue = kind.queue(1);
            queue.putNowait(1);
            Task<?> join = createTask(queue.join());
            Task<?> put = createTask(queue.put(2));
            ticks(1);
            queue.shutdown(false);
            assertEquals(1, queue.size());
            assertThrows(QueueShutDownException.class, put::await);
            assertEquals(1, queue.get().await());
            ticks(2);
            assertFalse(join.isDone());
            assertShutDown(queue);
            queue.taskDone();
            join.await();
            assertThrows(IllegalStateException.class, queue::taskDone);
        });
    }

    @ParameterizedTest
    @EnumSource
    void c327_shutdownImmediate(QueueKind kind) {
        OnLoop.run(() -> {
            Queue<Integer> queue = kind.queue(0);
            queue.putNowait(1);
            queue.putNowait(2);
            Task<?> join = createTask(queue.join());
            ticks(1);
            queue.shutdown(true);
            assertEquals(0, queue.size());
            join.await();
            assertShutDown(queue);
            assertThrows(IllegalStateException.class, queue::taskDone);
        });
    }

    @ParameterizedTest
    @EnumSource
    void c327_shutdownImmediateWithAnItemTaken(QueueKind kind) {
        OnLoop.run(() -> {
            Queue<Integer> queue = kind.queue(0);
            queue.putNowait(1);
            queue.putNowait(2);
            Task<?> join = createTask(queue.join());
            queue.get().await();
            queue.shutdown(true);
            ticks(2);
            assertFalse(join.isDone());
            assertShutDown(queue);
            queue.taskDone();
            assertThrows(IllegalStateException.class, queue::taskDone);
            join.await();
        });
    }

    @ParameterizedTest
    @EnumSource
    void c328_shutdownTwiceThenImmediately(QueueKind kind) {
        OnLoop.run(() -> {
            Queue<Integer> queue = kind.queue(0);
            queue.putNowait(1);
            queue.shutdown();
            queue.shutdown();
            assertEquals(1, queue.size());
            queue.shutdown(true);
            queue.join().await();
            assertShutDown(queue);
            assertTrue(queue.toString().endsWith("size: 0, unfinished: 0, shut down>"), queue::toString);
        });
    }

    /** J (C144): what was handed over before the shutdown arrives; what was let in is dropped like the rest. */
    @ParameterizedTest
    @EnumSource
    void c328_shutdownInTheTickOfAHandOver(QueueKind kind) {
        OnLoop.run(() -> {
            Queue<Integer> queue = kind.queue(1);
            Task<Integer> getter = createTask(queue.get());
            ticks(1);
            queue.putNowait(1);
            queue.shutdown(true);
            assertEquals(1, getter.await());
            Task<?> join = createTask(queue.join());
            ticks(1);
            assertFalse(join.isDone());
            queue.taskDone();
            join.await();

            Queue<Integer> full = kind.queue(1);
            full.putNowait(1);
            Task<?> putter = createTask(full.put(2));
            ticks(1);
            full.getNowait();
            full.shutdown(true);
            putter.await();
            assertShutDown(full);
        });
    }

    @ParameterizedTest
    @EnumSource
    void iterationEndsWhenShutDownAndDrained(QueueKind kind) {
        OnLoop.run(() -> {
            Queue<Integer> queue = kind.queue(2);
            List<List<Integer>> taken = List.of(new ArrayList<>(), new ArrayList<>());
            List<Task<?>> consumers = new ArrayList<>();
            for (List<Integer> mine : taken) {
                consumers.add(createTask(() -> {
                    for (int item : queue) {
                        ticks(1);
                        mine.add(item);
                        queue.taskDone();
                    }
                }));
            }
            for (int i = 0; i < 20; i++) {
                queue.put(i).await();
            }
            queue.shutdown();
            gather(consumers).await();
            queue.join().await();
            assertEquals(20, taken.stream().flatMap(List::stream).distinct().count());
            assertTrue(taken.stream().noneMatch(List::isEmpty));
        });
    }

    @ParameterizedTest
    @EnumSource
    void iteratorsHoldTheItemBetweenHasNextAndNext(QueueKind kind) {
        OnLoop.run(() -> {
            Queue<Integer> queue = kind.queue(0);
            var iterator = queue.iterator();
            queue.putNowait(1);
            assertTrue(iterator.hasNext() && iterator.hasNext());
            assertTrue(queue.isEmpty());
            assertEquals(1, iterator.next());
            queue.putNowait(2);
            assertEquals(2, iterator.next());
            queue.shutdown();
            assertFalse(iterator.hasNext());
            assertThrows(NoSuchElementException.class, iterator::next);
        });
    }
}
