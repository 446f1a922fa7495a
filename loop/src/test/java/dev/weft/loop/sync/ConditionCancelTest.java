package dev.weft.loop.sync;

import static dev.weft.loop.Asyncio.createTask;
import static dev.weft.loop.sync.OnLoop.assertCancelled;
import static dev.weft.loop.sync.OnLoop.ticks;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.loop.Asyncio;
import dev.weft.loop.CancelledError;
import dev.weft.loop.Task;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Conditions whose waiters are cancelled. */
class ConditionCancelTest {
    private final Condition condition = new Condition();
    private final List<Object> order = new ArrayList<>();
    private boolean ready;

    private Task<?> waiter(Object name) {
        return createTask(() -> {
            try (var held = condition.hold().await()) {
                condition.await();
                order.add(name);
            }
        });
    }

    private void signalHeld(int count) {
        try (var held = condition.hold().await()) {
            condition.signal(count);
        }
    }

    @Test
    void c291_cancelDuringTheWaitComesWithTheLockHeld() {
        OnLoop.run(() -> {
            condition.acquire().await();
            Task<?> waiter = createTask(condition);
            Asyncio.getRunningLoop().callSoon(waiter::cancel);
            assertCancelled(waiter);
            assertEquals("<Condition of <Lock locked>>", condition.toString());
        });
    }

    @Test
    void c292_cancelWhileReacquiringIsDeliveredWithTheLock() {
        OnLoop.run(() -> {
            Task<?> waiter = waiter("never");
            ticks(1);
            condition.acquire().await();
            condition.signal();
            ticks(1);
            waiter.cancel();
            ticks(5);
            assertFalse(waiter.isDone());
            condition.release();
            assertCancelled(waiter);
            assertEquals(List.of(), order);
            assertEquals("<Condition of <Lock unlocked>>", condition.toString());
            condition.acquire().await();
        });
    }

    @Test
    void c292_severalCancelsWhileReacquiringAreOneError() {
        OnLoop.run(() -> {
            Task<?> waiter = waiter("never");
            ticks(1);
            condition.acquire().await();
            for (int i = 0; i < 3; i++) {
                waiter.cancel("no. " + i);
                ticks(2);
                assertFalse(waiter.isDone());
            }
            condition.release();
            var error = assertThrows(CancelledError.class, waiter::await);
            assertEquals("no. 2", error.reason().message());
            assertFalse(condition.locked());
        });
    }

    /** CPython's test_wait_cancel_contested: cancel, then release, while the waiter stands in the lock's line. */
    @Test
    void c292_cancelAndReleaseInOneTick() {
        OnLoop.run(() -> {
            condition.acquire().await();
            Task<?> waiter = createTask(condition);
            ticks(1);
            condition.acquire().await();
            condition.signal();
            Asyncio.getRunningLoop().callSoon(waiter::cancel);
            Asyncio.getRunningLoop().callSoon(condition::release);
            assertCancelled(waiter);
            assertTrue(condition.locked());
        });
    }

    /** CPython's test_cancelled_error_wakeup: the error is passed on as it is, with its message. */
    @Test
    void c293_theErrorOfACancelledWaitIsTheTasks() {
        OnLoop.run(() -> {
            List<CancelledError> seen = new ArrayList<>();
            Task<?> waiter = createTask(() -> {
                try (var held = condition.hold().await()) {
                    condition.waitFor(() -> ready).await();
                } catch (CancelledError e) {
                    seen.add(e);
                    throw e;
                }
            });
            ticks(1);
            waiter.cancel("foo");
            var error = assertThrows(CancelledError.class, waiter::await);
            assertEquals("foo", error.reason().message());
            assertSame(seen.getFirst().reason(), error.reason());
            assertEquals(1, waiter.cancelling());
        });
    }

    /** Takes items while there are any, as CPython's test_cancelled_wakeup has it. */
    private final class Store {
        private int items;

        private void consume() {
            try (var held = condition.hold().await()) {
                while (true) {
                    condition.waitFor(() -> items > 0).await();
                    items--;
                    condition.signalAll();
                }
            }
        }
    }

    @Test
    void c294_signalledThenCancelledBeforeItRunsLosesNoSignal() {
        OnLoop.run(() -> {
            Store store = new Store();
            Task<?> first = createTask(store::consume);
            Task<?> second = createTask(store::consume);
            ticks(1);
            try (var held = condition.hold().await()) {
                store.items++;
                condition.signal();
                first.cancel();
                condition.waitFor(() -> store.items == 0).await();
            }
            assertCancelled(first);
            assertFalse(second.isDone());
        });
    }

    @Test
    void c294_signalledThenCancelledWhileRelockingPassesTheSignalOn() {
        OnLoop.run(() -> {
            Store store = new Store();
            Task<?> first = createTask(store::consume);
            Task<?> second = createTask(store::consume);
            ticks(1);
            try (var held = condition.hold().await()) {
                store.items++;
                condition.signal();
                ticks(1);
                first.cancel();
                condition.waitFor(() -> store.items == 0).await();
            }
            assertCancelled(first);
            assertFalse(second.isDone());
        });
    }

    @Test
    void c294_aWaiterThatWasNotSignalledPassesNothingOn() {
        OnLoop.run(() -> {
            Task<?> first = waiter("first");
            Task<?> second = waiter("second");
            ticks(1);
            first.cancel();
            assertCancelled(first);
            ticks(5);
            assertFalse(second.isDone());
        });
    }

    @Test
    void c294_aWaiterCancelledBeforeTheSignalIsPassedOver() {
        OnLoop.run(() -> {
            Task<?> first = waiter("first");
            Task<?> second = waiter("second");
            ticks(1);
            condition.acquire().await();
            first.cancel();
            condition.signal();
            condition.release();
            second.await();
            assertTrue(first.isCancelled());
            assertEquals(List.of("second"), order);
        });
    }

    /** J (C144): nobody contends the lock, so the task has signal and lock before its next await. */
    @Test
    void c294_signalledThenCancelledWithTheLockFreeReturnsNormally() {
        OnLoop.run(() -> {
            Task<?> waiter = waiter("woken");
            ticks(1);
            signalHeld(1);
            waiter.cancel();
            waiter.await();
            assertEquals(List.of("woken"), order);
            assertFalse(condition.locked());
        });
    }
}
