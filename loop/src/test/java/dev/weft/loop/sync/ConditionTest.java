package dev.weft.loop.sync;

import static dev.weft.loop.Asyncio.createTask;
import static dev.weft.loop.Asyncio.sleep;
import static dev.weft.loop.Asyncio.waitFor;
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
import dev.weft.loop.TimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConditionTest {
    private final Condition condition = new Condition();
    private final List<Object> order = new ArrayList<>();
    private boolean ready;

    /** A task that waits and keeps the lock afterwards. */
    private Task<?> keeper(Object name) {
        return createTask(() -> {
            condition.acquire().await();
            condition.await();
            order.add(name);
        });
    }

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
    void c289_signalsWakeNobodyUntilTheLockIsReleasedThenOneAfterTheOther() {
        OnLoop.run(() -> {
            keeper(1);
            keeper(2);
            keeper(3);
            ticks(1);
            assertFalse(condition.locked());
            condition.acquire().await();
            condition.signal();
            ticks(2);
            assertEquals(List.of(), order);
            assertTrue(condition.locked());
            condition.release();
            ticks(1);
            assertEquals(List.of(1), order);
            condition.signal(2);
            ticks(2);
            assertEquals(List.of(1), order);
            condition.release();
            ticks(2);
            assertEquals(List.of(1, 2), order);
            condition.release();
            ticks(2);
            assertEquals(List.of(1, 2, 3), order);
            assertTrue(condition.locked());
        });
    }

    @Test
    void c289_signalCountsOnlyThoseWhoWait() {
        OnLoop.run(() -> {
            List<Task<?>> tasks = List.of(waiter(1), waiter(2), waiter(3), waiter(4));
            ticks(1);
            signalHeld(0);
            ticks(3);
            assertEquals(List.of(), order);
            signalHeld(1);
            tasks.get(0).await();
            assertEquals(List.of(1), order);
            try (var held = condition.hold().await()) {
                condition.signal(1);
                condition.signal(2048);
            }
            tasks.get(3).await();
            assertEquals(List.of(1, 2, 3, 4), order);
            assertEquals("<Condition of <Lock unlocked>>", condition.toString());
        });
    }

    @Test
    void c289_signalAllWakesAllInOrder() {
        OnLoop.run(() -> {
            waiter(1);
            Task<?> last = waiter(2);
            ticks(1);
            try (var held = condition.hold().await()) {
                condition.signalAll();
            }
            last.await();
            assertEquals(List.of(1, 2), order);
        });
    }

    @Test
    void c290_withoutTheLock() {
        OnLoop.run(() -> {
            assertThrows(IllegalStateException.class, condition::await);
            assertThrows(IllegalStateException.class, condition::signal);
            assertThrows(IllegalStateException.class, () -> condition.signal(0));
            var error = assertThrows(IllegalStateException.class, condition::signalAll);
            assertEquals(
                    "signalAll needs the lock of <Condition of <Lock unlocked>>, which is not acquired",
                    error.getMessage());
            condition.acquire().await();
            assertThrows(IllegalArgumentException.class, () -> condition.signal(-1));
        });
    }

    @Test
    void c290_awaitInACallbackKeepsTheLock() {
        OnLoop.run(() -> {
            condition.acquire().await();
            Asyncio.getRunningLoop()
                    .callSoon(() -> order.add(assertThrows(IllegalStateException.class, condition::await)));
            ticks(1);
            assertEquals(1, order.size());
            assertEquals("<Condition of <Lock locked>>", condition.toString());
        });
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

    @Test
    void c295_waitForAsksAfterEverySignal() {
        OnLoop.run(() -> {
            Task<?> waiter = createTask(() -> {
                try (var held = condition.hold().await()) {
                    condition
                            .waitFor(() -> {
                                order.add(ready);
                                return ready;
                            })
                            .await();
                }
            });
            ticks(1);
            signalHeld(1);
            ticks(3);
            assertFalse(waiter.isDone());
            ready = true;
            signalHeld(1);
            waiter.await();
            assertEquals(List.of(false, false, true), order);
            assertFalse(condition.locked());
        });
    }

    @Test
    void c295_trueAtOnceNeedsNoLockAndTheResultIsTheValue() {
        OnLoop.run(() -> {
            condition.waitFor(() -> true).await();
            assertEquals(
                    List.of(1, 2, 3),
                    condition.waitForValue(() -> List.of(1, 2, 3)).await());
            assertThrows(
                    IllegalStateException.class,
                    () -> condition.waitFor(() -> false).await());
            assertThrows(
                    IllegalStateException.class,
                    () -> condition.waitForValue(() -> null).await());
        });
    }

    @Test
    void c295_waitForValueGivesTheFirstThatIsNotNull() {
        OnLoop.run(() -> {
            Task<Object> waiter = createTask(() -> {
                try (var held = condition.hold().await()) {
                    return condition
                            .waitForValue(() -> order.isEmpty() ? null : order.getFirst())
                            .await();
                }
            });
            ticks(1);
            signalHeld(1);
            ticks(3);
            order.add("value");
            signalHeld(1);
            assertEquals("value", waiter.await());
        });
    }

    @Test
    void c295_aPredicateThatThrowsThrowsWithTheLockHeld() {
        OnLoop.run(() -> {
            condition.acquire().await();
            assertThrows(
                    ArithmeticException.class,
                    () -> condition
                            .waitFor(() -> {
                                throw new ArithmeticException();
                            })
                            .await());
            assertTrue(condition.locked());
        });
    }

    @Test
    void c296_aTimeoutInsideTheLockScope() {
        var took = OnLoop.run(() -> {
            try (var held = condition.hold().await()) {
                assertThrows(
                        TimeoutException.class,
                        () -> waitFor(condition, Duration.ofMillis(500)).await());
                assertTrue(condition.locked());
            }
            assertEquals("<Condition of <Lock unlocked>>", condition.toString());
        });
        assertEquals(Duration.ofMillis(500), took);
    }

    @Test
    void c297_conditionsOverOneLockShareIt() {
        OnLoop.run(() -> {
            Lock lock = new Lock();
            Condition one = new Condition(lock);
            Condition two = new Condition(lock);
            try (var held = one.hold().await()) {
                assertTrue(lock.locked() && two.locked());
            }
            try (var held = lock.hold().await()) {
                assertTrue(one.locked() && two.locked());
                one.signal();
            }
            assertFalse(lock.locked() || one.locked() || two.locked());
        });
    }

    @Test
    void c297_aSignalIsForItsConditionOnly() {
        OnLoop.run(() -> {
            Lock lock = new Lock();
            Condition one = new Condition(lock);
            Condition two = new Condition(lock);
            createTask(() -> {
                try (var held = lock.hold().await()) {
                    one.await();
                    order.add("one");
                }
            });
            Task<?> ofTwo = createTask(() -> {
                try (var held = lock.hold().await()) {
                    two.await();
                    order.add("two");
                }
            });
            ticks(1);
            try (var held = lock.hold().await()) {
                two.signalAll();
            }
            ofTwo.await();
            ticks(3);
            assertEquals(List.of("two"), order);
        });
    }

    /** CPython's test_context_manager. */
    @Test
    void c298_theScopeTakesAndReleasesTheLock() {
        OnLoop.run(() -> {
            assertFalse(condition.locked());
            try (var held = condition.hold().await()) {
                assertTrue(condition.locked());
                sleep(0).await();
            }
            assertFalse(condition.locked());
        });
    }

    @Test
    void c298_saysItsState() {
        OnLoop.run(() -> {
            waiter(1);
            waiter(2);
            ticks(1);
            assertEquals("<Condition of <Lock unlocked>, waiters: 2>", condition.toString());
        });
    }
}
