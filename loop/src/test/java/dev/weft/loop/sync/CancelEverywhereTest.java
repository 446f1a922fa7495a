package dev.weft.loop.sync;

import static dev.weft.loop.Asyncio.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.loop.Action;
import dev.weft.loop.CancelledError;
import dev.weft.loop.TaskGroup;
import dev.weft.loop.testing.CancelEverywhere;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Each primitive in a small scene that is repeated with one await cancelled after the other, in every task of it. */
class CancelEverywhereTest {
    /** Runs it with a fresh primitive each time. */
    private static <P> void everywhere(Supplier<P> primitive, Consumer<P> scene, Consumer<P> check) {
        AtomicReference<P> current = new AtomicReference<>();
        int awaits = CancelEverywhere.of(() -> {
                    P fresh = primitive.get();
                    current.set(fresh);
                    scene.accept(fresh);
                })
                .childrenToo()
                .check(() -> check.accept(current.get()))
                .run();
        assertTrue(awaits > 5, () -> "only " + awaits + " awaits");
    }

    private static void together(int count, Action<RuntimeException> each) {
        TaskGroup.run(group -> {
            for (int i = 0; i < count; i++) {
                group.createTask(each);
            }
        });
    }

    @Test
    void lock() {
        everywhere(
                Lock::new,
                lock -> together(4, () -> {
                    try (var held = lock.hold().await()) {
                        sleep(1).await();
                    }
                }),
                lock -> assertEquals("<Lock unlocked>", lock.toString()));
    }

    @Test
    void semaphore() {
        everywhere(
                () -> new BoundedSemaphore(2),
                semaphore -> together(6, () -> {
                    try (var held = semaphore.hold().await()) {
                        sleep(1).await();
                    }
                }),
                semaphore -> assertEquals("<BoundedSemaphore permits: 2>", semaphore.toString()));
    }

    /** Whoever does not get through lets the others know: they would wait for it for ever. */
    private static void threeRounds(Event event, Barrier barrier) {
        try {
            event.await();
            for (int round = 0; round < 3; round++) {
                barrier.await();
            }
        } catch (CancelledError e) {
            barrier.abort();
            throw e;
        } catch (BrokenBarrierException e) {
            assertTrue(barrier.isBroken());
        }
    }

    @Test
    void eventAndBarrier() {
        everywhere(
                () -> new Barrier(3),
                barrier -> {
                    Event event = new Event();
                    TaskGroup.run(group -> {
                        for (int i = 0; i < 3; i++) {
                            group.createTask(() -> threeRounds(event, barrier));
                        }
                        sleep(1).await();
                        event.set();
                    });
                    assertEquals("<Event set>", event.toString());
                },
                barrier -> assertEquals(0, barrier.waiting()));
    }

    @Test
    void condition() {
        everywhere(
                Condition::new,
                condition -> {
                    List<Integer> items = new ArrayList<>();
                    TaskGroup.run(group -> {
                        for (int i = 0; i < 3; i++) {
                            group.createTask(() -> {
                                try (var held = condition.hold().await()) {
                                    condition.waitFor(() -> !items.isEmpty()).await();
                                    items.removeLast();
                                    sleep(1).await();
                                }
                            });
                        }
                        for (int i = 0; i < 3; i++) {
                            sleep(0.5).await();
                            try (var held = condition.hold().await()) {
                                items.add(i);
                                condition.signal();
                            }
                        }
                    });
                },
                condition -> assertEquals("<Condition of <Lock unlocked>>", condition.toString()));
    }

    /** What went into the queue, and what came out. */
    private record Flow(Queue<Integer> queue, List<Integer> in, List<Integer> out) {
        Flow() {
            this(new Queue<>(1), new ArrayList<>(), new ArrayList<>());
        }

        void produce() {
            try {
                for (int i = 0; i < 4; i++) {
                    queue.put(i).await();
                    in.add(i);
                }
            } finally {
                queue.shutdown();
            }
        }

        void consume() {
            for (int item : queue) {
                out.add(item);
                sleep(1).await();
                queue.taskDone();
            }
        }
    }

    @Test
    void queue() {
        everywhere(
                Flow::new,
                flow -> TaskGroup.run(group -> {
                    group.createTask(flow::produce);
                    group.createTask(flow::consume);
                    group.createTask(flow::consume);
                }),
                flow -> {
                    flow.queue.shutdown();
                    for (int item : flow.queue) {
                        flow.out.add(item);
                    }
                    assertEquals(flow.in, flow.out.stream().sorted().toList());
                    assertTrue(
                            flow.queue.toString().matches("<Queue size: 0 of 1, unfinished: \\d, shut down>"),
                            flow.queue::toString);
                });
    }
}
