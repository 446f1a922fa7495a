package dev.weft.loop.sync;

import static dev.weft.loop.Asyncio.createTask;
import static dev.weft.loop.Asyncio.gather;
import static dev.weft.loop.Asyncio.sleep;
import static dev.weft.loop.Asyncio.waitFor;
import static dev.weft.loop.sync.OnLoop.assertCancelled;
import static dev.weft.loop.sync.OnLoop.ticks;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.loop.Action;
import dev.weft.loop.Asyncio;
import dev.weft.loop.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SemaphoreTest {
    private final List<Object> order = new ArrayList<>();

    private Task<?> taker(Semaphore semaphore, Object name) {
        return createTask(() -> {
            semaphore.acquire().await();
            order.add(name);
        });
    }

    @Test
    void c298_initialValues() {
        OnLoop.run(() -> {
            assertTrue(new Semaphore(0).locked());
            assertEquals(1, new Semaphore().availablePermits());
            assertEquals(1, new BoundedSemaphore().availablePermits());
        });
        assertThrows(IllegalArgumentException.class, () -> new Semaphore(-1));
        var error = assertThrows(IllegalArgumentException.class, () -> new BoundedSemaphore(-2));
        assertEquals("a semaphore cannot start with -2 permits", error.getMessage());
    }

    @Test
    void c299_twoReleasesWakeExactlyTwo() {
        OnLoop.run(() -> {
            Semaphore semaphore = new Semaphore(3);
            semaphore.acquire().await();
            semaphore.acquire().await();
            assertFalse(semaphore.locked());
            taker(semaphore, 1);
            taker(semaphore, 2);
            taker(semaphore, 3);
            ticks(1);
            assertEquals(List.of(1), order);
            assertTrue(semaphore.locked());
            assertEquals("<Semaphore permits: 0, waiters: 2>", semaphore.toString());
            taker(semaphore, 4);
            semaphore.release();
            semaphore.release();
            assertEquals(0, semaphore.availablePermits());
            ticks(3);
            assertEquals(List.of(1, 2, 3), order);
            semaphore.release();
            ticks(1);
            assertEquals(List.of(1, 2, 3, 4), order);
            assertTrue(semaphore.locked());
        });
    }

    @Test
    void c300_cancelledHeadsArePassedOver() {
        OnLoop.run(() -> {
            Semaphore semaphore = new Semaphore(0);
            Task<?> first = taker(semaphore, 1);
            Task<?> second = taker(semaphore, 2);
            Task<?> third = taker(semaphore, 3);
            Task<?> fourth = taker(semaphore, 4);
            ticks(1);
            first.cancel();
            second.cancel();
            semaphore.release();
            ticks(2);
            assertEquals(List.of(3), order);
            assertTrue(third.isDone() && !fourth.isDone());
            assertTrue(semaphore.locked());
            assertEquals("<Semaphore permits: 0, waiters: 1>", semaphore.toString());
        });
    }

    @Test
    void c300_theOnlyWaiterIsCancelled() {
        OnLoop.run(() -> {
            Semaphore semaphore = new Semaphore(0);
            Task<?> waiter = taker(semaphore, 1);
            Asyncio.getRunningLoop().callSoon(waiter::cancel);
            assertCancelled(waiter);
            assertEquals("<Semaphore permits: 0>", semaphore.toString());
            semaphore.release();
            assertFalse(semaphore.locked());
        });
    }

    /** J (C144): the permit was given before the cancellation came, so the scope is entered, and gives it back. */
    @Test
    void c301_cancelledInTheTickItWasGranted() {
        OnLoop.run(() -> {
            Semaphore semaphore = new Semaphore(1);
            List<Task<?>> second = new ArrayList<>();
            Task<?> first = createTask(() -> {
                try (var held = semaphore.hold().await()) {
                    sleep(0).await();
                }
                second.getFirst().cancel();
            });
            second.add(createTask(() -> {
                try (var held = semaphore.hold().await()) {
                    order.add("entered");
                    sleep(10).await();
                    order.add("never");
                }
            }));
            first.await();
            assertCancelled(second.getFirst());
            assertEquals(List.of("entered"), order);
            waitFor(semaphore.acquire(), Duration.ofSeconds(1)).await();
            assertEquals(0, semaphore.availablePermits());
        });
    }

    @Test
    void c301_cancelledJustBeforeThePermitIsGiven() {
        OnLoop.run(() -> {
            Semaphore semaphore = new Semaphore(0);
            Task<?> waiter = taker(semaphore, "never");
            ticks(1);
            waiter.cancel();
            semaphore.release();
            assertEquals(1, semaphore.availablePermits());
            assertFalse(semaphore.locked());
            assertCancelled(waiter);
            semaphore.acquire().await();
            assertEquals(List.of(), order);
        });
    }

    private void twice(Semaphore semaphore, String name) {
        for (int round = 1; round <= 2; round++) {
            semaphore.acquire().await();
            order.add(name + round);
            sleep(0.01).await();
            semaphore.release();
        }
    }

    @Test
    void c302_inOrderThoughTheReleaserComesBackAtOnce() {
        var took = OnLoop.run(() -> {
            Semaphore semaphore = new Semaphore(1);
            Task<?> a = createTask(() -> twice(semaphore, "a"));
            Task<?> b = createTask(() -> twice(semaphore, "b"));
            Task<?> c = createTask(() -> twice(semaphore, "c"));
            gather(a, b, c).await();
            assertEquals(List.of("a1", "b1", "c1", "a2", "b2", "c2"), order);
        });
        assertEquals(Duration.ofMillis(60), took);
    }

    @Test
    void c302_aWokenTaskThatReleasesAndReacquiresGoesToTheEnd() {
        OnLoop.run(() -> {
            Semaphore semaphore = new Semaphore(1);
            taker(semaphore, 1);
            Action<RuntimeException> again = () -> {
                semaphore.acquire().await();
                order.add(2);
                semaphore.release();
                semaphore.acquire().await();
                order.add(4);
            };
            Task<?> second = createTask(again);
            taker(semaphore, 3);
            ticks(1);
            semaphore.release();
            semaphore.release();
            second.await();
            assertEquals(List.of(1, 2, 3, 4), order);
        });
    }

    @Test
    void c302_afterACancelledHead() {
        OnLoop.run(() -> {
            Semaphore semaphore = new Semaphore(0);
            Task<?> first = taker(semaphore, 1);
            taker(semaphore, 2);
            Task<?> third = taker(semaphore, 3);
            ticks(1);
            first.cancel();
            ticks(1);
            semaphore.release();
            semaphore.release();
            third.await();
            assertEquals(List.of(2, 3), order);
        });
    }

    /** CPython's test_acquire_fifo_order_4: permits are left, but who was woken first has not run. */
    @Test
    void c302_severalReleasesWakeSeveralInOrderBeforeNewcomers() {
        OnLoop.run(() -> {
            Semaphore semaphore = new Semaphore(0);
            Task<?> first = createTask(() -> {
                semaphore.acquire().await();
                order.add(1);
                createTask(() -> order.add(4));
            });
            createTask(() -> {
                semaphore.release();
                semaphore.release();
                semaphore.release();
                assertEquals(2, semaphore.availablePermits());
                assertTrue(semaphore.locked());
                semaphore.acquire().await();
                order.add(2);
            });
            taker(semaphore, 3);
            first.await();
            ticks(3);
            assertEquals(List.of(1, 2, 3, 4), order);
            assertEquals("<Semaphore permits: 0>", semaphore.toString());
        });
    }

    /** A task that is woken, then cancelled, still lets those behind it in. */
    @Test
    void c303_newcomersBehindACancelledWokenTaskGetTheirPermits() {
        OnLoop.run(() -> {
            Semaphore semaphore = new Semaphore(0);
            Task<?> woken = taker(semaphore, "woken");
            ticks(1);
            semaphore.release();
            semaphore.release();
            woken.cancel();
            semaphore.acquire().await();
            assertEquals(List.of("woken"), order);
            assertEquals(0, semaphore.availablePermits());
        });
    }

    @Test
    void c303_releaseWithNobodyWaiting() {
        OnLoop.run(() -> {
            Semaphore semaphore = new Semaphore();
            semaphore.acquire().await();
            assertTrue(semaphore.locked());
            semaphore.release();
            semaphore.release();
            assertFalse(semaphore.locked());
            assertEquals("<Semaphore permits: 2>", semaphore.toString());
        });
    }

    @Test
    void c303_theScopeGivesBackOnce() {
        OnLoop.run(() -> {
            BoundedSemaphore semaphore = new BoundedSemaphore(2);
            Held held = semaphore.hold().await();
            held.close();
            held.close();
            assertEquals(2, semaphore.availablePermits());
            assertThrows(ArithmeticException.class, () -> {
                try (var again = semaphore.hold().await()) {
                    throw new ArithmeticException();
                }
            });
            assertEquals(2, semaphore.availablePermits());
        });
    }

    @Test
    void c304_aBoundedSemaphoreRefusesOneReleaseTooMany() {
        OnLoop.run(() -> {
            BoundedSemaphore semaphore = new BoundedSemaphore(2);
            assertThrows(IllegalStateException.class, semaphore::release);
            semaphore.acquire().await();
            semaphore.release();
            var error = assertThrows(IllegalStateException.class, semaphore::release);
            assertEquals("released more often than acquired: <BoundedSemaphore permits: 2> of 2", error.getMessage());
        });
    }

    /** A permit on its way to a woken task is out: it may not be released a second time. */
    @Test
    void c304_aGrantedPermitCountsAsTaken() {
        OnLoop.run(() -> {
            BoundedSemaphore semaphore = new BoundedSemaphore(1);
            semaphore.acquire().await();
            Task<?> next = taker(semaphore, "next");
            ticks(1);
            semaphore.release();
            assertEquals(0, semaphore.availablePermits());
            next.await();
            semaphore.release();
            assertThrows(IllegalStateException.class, semaphore::release);
        });
    }
}
