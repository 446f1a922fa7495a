package dev.weft.loop.sync;

import static dev.weft.loop.Asyncio.createTask;
import static dev.weft.loop.Asyncio.sleep;
import static dev.weft.loop.Asyncio.waitFor;
import static dev.weft.loop.sync.OnLoop.ticks;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.loop.Asyncio;
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
