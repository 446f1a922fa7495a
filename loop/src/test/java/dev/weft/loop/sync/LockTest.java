package dev.weft.loop.sync;

import static dev.weft.loop.Asyncio.createTask;
import static dev.weft.loop.Asyncio.sleep;
import static dev.weft.loop.sync.OnLoop.assertCancelled;
import static dev.weft.loop.sync.OnLoop.ticks;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.loop.Asyncio;
import dev.weft.loop.Awaitable;
import dev.weft.loop.CancelledError;
import dev.weft.loop.Future;
import dev.weft.loop.Task;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LockTest {
    private final Lock lock = new Lock();
    private final List<Object> order = new ArrayList<>();

    /** A task that takes the lock and keeps it. */
    private Task<?> taker(Object name) {
        return createTask(() -> {
            lock.acquire().await();
            order.add(name);
        });
    }

    /** A task that takes the lock for one tick. */
    private Task<?> visitor(Object name) {
        return createTask(() -> {
            try (var held = lock.hold().await()) {
                order.add(name);
                sleep(0).await();
            }
        });
    }

    @Test
    void c280_waitersGetItInOrderOnePerReleaseInTheTickAfter() {
        OnLoop.run(() -> {
            lock.acquire().await();
            Task<?> first = taker(1);
            Task<?> second = taker(2);
            ticks(1);
            assertEquals(List.of(), order);
            lock.release();
            assertEquals(List.of(), order);
            ticks(1);
            assertEquals(List.of(1), order);
            ticks(3);
            assertEquals(List.of(1), order);
            Task<?> third = taker(3);
            lock.release();
            ticks(1);
            assertEquals(List.of(1, 2), order);
            lock.release();
            ticks(1);
            assertEquals(List.of(1, 2, 3), order);
            assertTrue(first.isDone() && second.isDone() && third.isDone());
        });
    }

    @Test
    void c280_aFreeLockIsTakenWithoutSuspending() {
        OnLoop.run(() -> {
            Asyncio.getRunningLoop().callSoon(() -> order.add("other"));
            lock.acquire().await();
            assertEquals(List.of(), order);
            assertTrue(lock.locked());
        });
    }

    @Test
    void acquireIsColdAndMayBeAwaitedAgain() {
        OnLoop.run(() -> {
            Awaitable<?, RuntimeException> acquire = lock.acquire();
            assertFalse(lock.locked());
            acquire.await();
            lock.release();
            acquire.await();
            assertTrue(lock.locked());
        });
    }

    @Test
    void c281_whoWaitsComesBeforeNewcomersAndTheReleaserItself() {
        OnLoop.run(() -> {
            lock.acquire().await();
            visitor("waiter");
            ticks(1);
            lock.release();
            assertFalse(lock.locked());
            visitor("newcomer");
            lock.acquire().await();
            order.add("releaser");
            lock.release();
            ticks(2);
            assertEquals(List.of("waiter", "releaser", "newcomer"), order);
        });
    }

    @Test
    void c282_aCancelledWaiterLeavesNoTrace() {
        OnLoop.run(() -> {
            lock.acquire().await();
            Task<?> waiter = taker("never");
            Asyncio.getRunningLoop().callSoon(waiter::cancel);
            assertCancelled(waiter);
            assertEquals("<Lock locked>", lock.toString());
            lock.release();
            assertFalse(lock.locked());
            ticks(2);
            lock.acquire().await();
            assertEquals(List.of(), order);
        });
    }

    /** CPython's test_cancel_race: the head of the line is cancelled in the tick of the release. */
    @Test
    void c283_releasePassesOverAWaiterThatWasJustCancelled() {
        OnLoop.run(() -> {
            Future<Void> blocker = Asyncio.getRunningLoop().createFuture();
            Task<?> holder = createTask(() -> {
                try (var held = lock.hold().await()) {
                    blocker.await();
                }
            });
            ticks(1);
            Task<?> cancelled = taker("cancelled");
            Task<?> next = visitor("next");
            ticks(1);
            blocker.setResult(null);
            cancelled.cancel();
            next.await();
            assertTrue(holder.isDone() && cancelled.isCancelled());
            assertEquals(List.of("next"), order);
            assertFalse(lock.locked());
        });
    }

    /** CPython's test_finished_waiter_cancelled: the next one has not even begun to wait. */
    @Test
    void c283_aCancelledHeadDoesNotKeepTheLockFromANewcomer() {
        OnLoop.run(() -> {
            lock.acquire().await();
            Task<?> waiter = taker("cancelled");
            ticks(1);
            Task<?> newcomer = taker("newcomer");
            waiter.cancel();
            lock.release();
            newcomer.await();
            assertTrue(waiter.isCancelled() && lock.locked());
            assertEquals(List.of("newcomer"), order);
        });
    }

    @Test
    void c284_cancelThenReleaseInOneTickWakesExactlyOne() {
        OnLoop.run(() -> {
            lock.acquire().await();
            Task<?> first = taker(1);
            Task<?> second = taker(2);
            Task<?> third = taker(3);
            ticks(1);
            Asyncio.getRunningLoop().callSoon(() -> {
                first.cancel();
                lock.release();
            });
            assertCancelled(first);
            ticks(3);
            assertEquals(List.of(2), order);
            assertTrue(second.isDone() && !third.isDone());
        });
    }

    /** J (C144): the lock was given before the cancellation came, so the task has it until its next await. */
    @Test
    void c284_releaseThenCancelInOneTickGivesTheLockAndCancelsAtTheNextAwait() {
        OnLoop.run(() -> {
            lock.acquire().await();
            Task<?> first = visitor(1);
            Task<?> second = visitor(2);
            ticks(1);
            lock.release();
            first.cancel();
            assertCancelled(first);
            second.await();
            assertEquals(List.of(1, 2), order);
            assertEquals("<Lock unlocked>", lock.toString());
        });
    }

    @Test
    void c285_releaseOfAnUnlockedLock() {
        OnLoop.run(() -> {
            var error = assertThrows(IllegalStateException.class, lock::release);
            assertEquals("release of a lock that is not acquired: <Lock unlocked>", error.getMessage());
            lock.acquire().await();
            lock.release();
            assertThrows(IllegalStateException.class, lock::release);
        });
    }

    @Test
    void c285_theScopeReleasesOnExitAndOnError() {
        OnLoop.run(() -> {
            try (var held = lock.hold().await()) {
                assertTrue(lock.locked());
            }
            assertFalse(lock.locked());
            assertThrows(ArithmeticException.class, () -> {
                try (var held = lock.hold().await()) {
                    throw new ArithmeticException();
                }
            });
            assertFalse(lock.locked());
        });
    }

    @Test
    void c285_closingAScopeTwiceReleasesOnce() {
        OnLoop.run(() -> {
            Held held = lock.hold().await();
            held.close();
            lock.acquire().await();
            held.close();
            assertTrue(lock.locked());
        });
    }

    @Test
    void c285_aCancelledHoldHoldsNothing() {
        OnLoop.run(() -> {
            lock.acquire().await();
            Task<?> holder = createTask(() -> {
                try (var held = lock.hold().await()) {
                    order.add("never");
                }
            });
            ticks(1);
            holder.cancel();
            assertCancelled(holder);
            assertTrue(lock.locked());
            assertEquals(List.of(), order);
        });
    }

    @Test
    void isNotReentrantAndHasNoOwner() {
        OnLoop.run(() -> {
            lock.acquire().await();
            Task<?> self = Asyncio.currentTask();
            Asyncio.getRunningLoop().callLater(java.time.Duration.ofSeconds(1), self::cancel);
            assertThrows(CancelledError.class, () -> lock.acquire().await());
            self.uncancel();
            createTask(lock::release).await();
            assertFalse(lock.locked());
        });
    }

    @Test
    void waitingOutsideOfATaskFailsAndLeavesNoTrace() {
        OnLoop.run(() -> {
            lock.acquire().await();
            Asyncio.getRunningLoop()
                    .callSoon(() -> order.add(assertThrows(
                                    IllegalStateException.class,
                                    () -> lock.acquire().await())
                            .getMessage()));
            ticks(1);
            assertEquals(1, order.size());
            assertEquals("<Lock locked>", lock.toString());
        });
    }

    @Test
    void saysItsState() {
        OnLoop.run(() -> {
            assertEquals("<Lock unlocked>", lock.toString());
            lock.acquire().await();
            taker(1);
            taker(2);
            ticks(1);
            assertEquals("<Lock locked, waiters: 2>", lock.toString());
        });
    }
}
