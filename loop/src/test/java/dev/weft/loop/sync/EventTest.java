package dev.weft.loop.sync;

import static dev.weft.loop.Asyncio.createTask;
import static dev.weft.loop.sync.OnLoop.assertCancelled;
import static dev.weft.loop.sync.OnLoop.ticks;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.loop.Asyncio;
import dev.weft.loop.Task;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventTest {
    private final Event event = new Event();
    private final List<Object> order = new ArrayList<>();

    private Task<?> waiter(Object name) {
        return createTask(() -> {
            event.await();
            order.add(name);
        });
    }

    @Test
    void c286_setWakesAllAndOneThatNeverWaitedRunsFirst() {
        OnLoop.run(() -> {
            waiter(1);
            waiter(2);
            ticks(1);
            assertEquals(List.of(), order);
            waiter(3);
            event.set();
            ticks(1);
            assertEquals(List.of(3, 1, 2), order);
        });
    }

    @Test
    void c286_awaitingASetEventDoesNotSuspend() {
        OnLoop.run(() -> {
            event.set();
            event.set();
            Asyncio.getRunningLoop().callSoon(() -> order.add("other"));
            event.await();
            assertEquals(List.of(), order);
        });
    }

    @Test
    void c287_setThenClearBeforeTheWaitersRun() {
        OnLoop.run(() -> {
            Task<?> first = waiter(1);
            ticks(1);
            event.set();
            event.clear();
            assertFalse(event.isSet());
            Task<?> late = waiter("late");
            event.set();
            event.set();
            event.clear();
            ticks(1);
            assertTrue(first.isDone());
            assertEquals(List.of(1), order);
            assertFalse(late.isDone());
            assertEquals("<Event unset, waiters: 1>", event.toString());
            event.set();
            late.await();
        });
    }

    @Test
    void c288_aCancelledWaiterLeavesNoTrace() {
        OnLoop.run(() -> {
            Task<?> first = waiter(1);
            Task<?> second = waiter(2);
            ticks(1);
            first.cancel();
            event.set();
            assertCancelled(first);
            second.await();
            assertEquals(List.of(2), order);
            assertEquals("<Event set>", event.toString());
        });
    }

    /** J (C144). */
    @Test
    void c288_aWaiterCancelledAfterSetInTheSameTickStillWakes() {
        OnLoop.run(() -> {
            Task<?> first = waiter(1);
            ticks(1);
            event.set();
            first.cancel();
            first.await();
            assertEquals(List.of(1), order);
        });
    }

    @Test
    void c288_setAndClear() {
        OnLoop.run(() -> {
            assertFalse(event.isSet());
            event.set();
            assertTrue(event.isSet());
            event.clear();
            assertFalse(event.isSet());
        });
    }

    @Test
    void isAnAwaitableForEveryFunctionThatTakesOne() {
        OnLoop.run(() -> {
            Asyncio.getRunningLoop().callSoon(event::set);
            assertEquals(1, Asyncio.gather(event).await().size());
        });
    }
}
