package dev.weft.loop.sync;

import static dev.weft.loop.Asyncio.createTask;
import static dev.weft.loop.Asyncio.sleep;
import static dev.weft.loop.sync.OnLoop.ticks;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.loop.Task;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** After any storm of cancellations nothing is lost: locks are free, permits back, signals heard, and nobody was overtaken. */
class StormTest {
    private static final int WORKERS = 20;
    private static final int ROUNDS = 15;

    @Test
    void lock() {
        Storm.each(storm -> {
            Lock lock = new Lock();
            int[] inside = {0};
            storm.workers(WORKERS, ROUNDS, () -> {
                try (var held = storm.turn(lock.hold())) {
                    assertEquals(1, ++inside[0]);
                    try {
                        storm.pause();
                    } finally {
                        inside[0]--;
                    }
                }
            });
            storm.rage();
            storm.calm();
            assertEquals("<Lock unlocked>", lock.toString());
        });
    }

    @Test
    void semaphore() {
        Storm.each(storm -> {
            BoundedSemaphore semaphore = new BoundedSemaphore(4);
            int[] inside = {0};
            storm.workers(WORKERS, ROUNDS, () -> {
                try (var held = storm.turn(semaphore.hold())) {
                    assertTrue(++inside[0] <= 4);
                    try {
                        storm.pause();
                    } finally {
                        inside[0]--;
                    }
                }
            });
            // Permits that are taken out one by one and come back several in one tick.
            int[] parked = {0};
            storm.rage(() -> {
                if (!semaphore.locked()) {
                    storm.turn(semaphore.acquire());
                    parked[0]++;
                } else if (storm.random.nextInt(4) == 0) {
                    for (; parked[0] > 0; parked[0]--) {
                        semaphore.release();
                    }
                }
            });
            for (; parked[0] > 0; parked[0]--) {
                semaphore.release();
            }
            storm.calm();
            assertEquals("<BoundedSemaphore permits: 4>", semaphore.toString());
            assertThrows(IllegalStateException.class, semaphore::release);
        });
    }

    @Test
    void event() {
        Storm.each(storm -> {
            Event event = new Event();
            int[] sets = {0};
            Set<Object> waits = new HashSet<>();
            storm.workers(WORKERS, ROUNDS, () -> {
                Object wait = new Object();
                int before = event.isSet() ? -1 : sets[0];
                waits.add(wait);
                try {
                    event.await();
                } finally {
                    waits.remove(wait);
                }
                assertTrue(sets[0] > before);
            });
            Task<?> setter = createTask(() -> {
                for (int i = 0; i < 200; i++) {
                    Set<Object> waiting = new HashSet<>(waits);
                    event.set();
                    sets[0]++;
                    if (storm.random.nextBoolean()) {
                        event.clear();
                    }
                    ticks(1);
                    waiting.retainAll(waits);
                    assertEquals(Set.of(), waiting, "slept through a set()");
                    event.clear();
                    storm.pause();
                }
                event.set();
                sets[0]++;
            });
            storm.rage();
            setter.await();
            storm.calm();
            assertEquals("<Event set>", event.toString());
        });
    }

    /** A store whose tasks change it under the condition's lock only. */
    private static final class Store {
        final Condition condition = new Condition();
        final Storm storm;
        int items;
        int produced;
        int consumed;
        int waiting;
        int inside;
        boolean closed;

        Store(Storm storm) {
            this.storm = storm;
        }

        void produce() {
            try (var held = condition.hold().await()) {
                enter();
                int more = storm.random.nextInt(1, 4);
                items += more;
                produced += more;
                condition.signal(more);
                inside--;
                storm.pause();
            }
        }

        void consume() {
            try (var held = condition.hold().await()) {
                waiting++;
                try {
                    condition.waitFor(() -> items > 0 || closed).await();
                } finally {
                    waiting--;
                    assertTrue(condition.locked());
                }
                enter();
                if (items > 0) {
                    items--;
                    consumed++;
                }
                inside--;
            }
        }

        private void enter() {
            assertEquals(1, ++inside);
        }
    }

    @Test
    void condition() {
        Storm.each(storm -> {
            Store store = new Store(storm);
            storm.workers(WORKERS / 4, ROUNDS, store::produce);
            storm.workers(WORKERS, ROUNDS, store::consume);
            storm.rage();
            sleep(60).await();
            assertTrue(store.items == 0 || store.waiting == 0, "a signal was lost");
            store.closed = true;
            try (var held = store.condition.hold().await()) {
                store.condition.signalAll();
            }
            storm.calm();
            assertEquals(store.produced, store.consumed + store.items);
            assertEquals("<Condition of <Lock unlocked>>", store.condition.toString());
        });
    }

    @Test
    void barrier() {
        Storm.each(storm -> {
            Barrier barrier = new Barrier(4);
            int[] passed = new int[4];
            storm.workers(WORKERS, ROUNDS, () -> {
                try {
                    passed[barrier.await()]++;
                } catch (BrokenBarrierException e) {
                    storm.pause();
                }
            });
            storm.rage(() -> {
                switch (storm.random.nextInt(60)) {
                    case 0 -> barrier.reset();
                    case 1 -> barrier.abort();
                    case 2, 3, 4, 5 -> {
                        if (barrier.isBroken()) {
                            barrier.reset();
                        }
                    }
                    default -> {}
                }
            });
            barrier.reset();
            sleep(60).await();
            assertEquals(storm.alive(), barrier.waiting());
            assertTrue(barrier.waiting() < 4 && passed[0] > 0);
            assertArrayEquals(new int[] {passed[0], passed[0], passed[0], passed[0]}, passed, Arrays.toString(passed));
            while (storm.alive() > 0) {
                storm.cancelAll();
                ticks(1);
            }
            assertEquals("<Barrier filling, parties: 4>", barrier.toString());
        });
    }
}
