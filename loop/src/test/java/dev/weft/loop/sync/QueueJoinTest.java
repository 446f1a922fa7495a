package dev.weft.loop.sync;

import static dev.weft.loop.Asyncio.createTask;
import static dev.weft.loop.sync.OnLoop.ticks;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.weft.loop.Task;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** taskDone and join, which are the same for every kind of queue. */
class QueueJoinTest {
    @ParameterizedTest
    @EnumSource
    void c324_taskDoneTooOften(QueueKind kind) {
        OnLoop.run(() -> {
            Queue<Integer> queue = kind.queue(0);
            assertThrows(IllegalStateException.class, queue::taskDone);
            queue.putNowait(1);
            queue.taskDone();
            assertThrows(IllegalStateException.class, queue::taskDone);
        });
    }

    @ParameterizedTest
    @EnumSource
    void c324_joinReturnsWhenAllAreDone(QueueKind kind) {
        OnLoop.run(() -> {
            Queue<Integer> queue = kind.queue(0);
            int[] sum = {0};
            for (int i = 0; i < 100; i++) {
                queue.putNowait(i);
            }
            for (int i = 0; i < 2; i++) {
                createTask(() -> {
                    while (true) {
                        int item = queue.get().await();
                        ticks(1);
                        sum[0] += item;
                        queue.taskDone();
                    }
                });
            }
            Task<?> other = createTask(queue.join());
            queue.join().await();
            assertEquals(99 * 100 / 2, sum[0]);
            other.await();
        });
    }

    @ParameterizedTest
    @EnumSource
    void c324_joinOfAnEmptyQueueReturnsAtOnce(QueueKind kind) {
        OnLoop.run(() -> {
            Queue<Integer> queue = kind.queue(0);
            Task<?> other = createTask(() -> {});
            queue.join().await();
            queue.join().await();
            assertFalse(other.isDone(), "join suspended");
        });
    }

    @ParameterizedTest
    @EnumSource
    void c324_joinWaitsAgainForItemsPutLater(QueueKind kind) {
        OnLoop.run(() -> {
            Queue<Integer> queue = kind.queue(0);
            for (int round = 0; round < 2; round++) {
                queue.putNowait(1);
                queue.getNowait();
                Task<?> join = createTask(queue.join());
                ticks(2);
                assertFalse(join.isDone());
                queue.taskDone();
                queue.putNowait(2);
                join.await();
                queue.getNowait();
                queue.taskDone();
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void c324_joinWaitsForItemsThatWentStraightToAGetter(QueueKind kind) {
        OnLoop.run(() -> {
            Queue<Integer> queue = kind.queue(0);
            Task<Integer> getter = createTask(queue.get());
            ticks(1);
            queue.putNowait(1);
            Task<?> join = createTask(queue.join());
            getter.await();
            ticks(3);
            assertFalse(join.isDone());
            queue.taskDone();
            join.await();
        });
    }

    @ParameterizedTest
    @EnumSource
    void c324_joinWaitsForTheItemsOfWaitingPutters(QueueKind kind) {
        OnLoop.run(() -> {
            Queue<Integer> queue = kind.queue(1);
            queue.putNowait(1);
            createTask(queue.put(2));
            ticks(1);
            Task<?> join = createTask(queue.join());
            ticks(1);
            assertEquals(1, queue.getNowait());
            queue.taskDone();
            ticks(3);
            assertFalse(join.isDone());
            assertEquals(2, queue.getNowait());
            queue.taskDone();
            join.await();
        });
    }
}
