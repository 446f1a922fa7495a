package dev.weft.loop.sync;

import static dev.weft.loop.Asyncio.createTask;
import static dev.weft.loop.Asyncio.gather;
import static dev.weft.loop.sync.OnLoop.assertCancelled;
import static dev.weft.loop.sync.OnLoop.ticks;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.loop.Action;
import dev.weft.loop.Asyncio;
import dev.weft.loop.Task;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BarrierTest {
    private final Barrier barrier = new Barrier(3);
    private final List<Object> order = new ArrayList<>();

    private Task<Integer> party() {
        return createTask(barrier);
    }

    private static void assertBroken(Task<?> task) {
        assertThrows(BrokenBarrierException.class, task::await);
    }

    @Test
    void c306_theLastArrivalReleasesAll() {
        OnLoop.run(() -> {
            Task<Integer> first = party();
            ticks(1);
            assertEquals(1, barrier.waiting());
            Task<Integer> second = party();
            ticks(1);
            assertEquals(2, barrier.waiting());
            assertEquals("<Barrier filling, parties: 3, waiters: 2>", barrier.toString());
            ticks(5);
            assertFalse(first.isDone() || second.isDone());
            Asyncio.getRunningLoop().callSoon(() -> order.add("other"));
            assertEquals(2, barrier.await());
            assertEquals(List.of(), order, "the last one does not suspend");
            assertEquals(List.of(0, 1), gather(first, second).await());
            assertEquals(0, barrier.waiting());
            assertFalse(barrier.isBroken());
        });
    }

    @Test
    void c306_indicesAreEachGivenOnceAndItIsReusable() {
        OnLoop.run(() -> {
            Barrier five = new Barrier(5);
            List<Task<?>> tasks = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                tasks.add(createTask(() -> {
                    for (int round = 0; round < 3; round++) {
                        order.add(five.await());
                    }
                }));
            }
            gather(tasks).await();
            assertEquals(15, order.size());
            for (int round = 0; round < 3; round++) {
                assertEquals(
                        List.of(0, 1, 2, 3, 4),
                        order.subList(round * 5, round * 5 + 5).stream()
                                .sorted()
                                .toList());
            }
        });
    }

    @Test
    void c306_aBarrierForOneNeverWaits() {
        OnLoop.run(() -> {
            Barrier one = new Barrier(1);
            assertEquals(0, one.await());
            assertEquals(0, one.await());
            assertEquals(0, one.waiting());
        });
    }

    @Test
    void c307_aCancelledWaiterIsNotCounted() {
        OnLoop.run(() -> {
            Task<Integer> first = party();
            Task<Integer> second = party();
            ticks(1);
            first.cancel();
            assertEquals(1, barrier.waiting());
            assertCancelled(first);
            Task<Integer> third = party();
            ticks(2);
            assertEquals(2, barrier.waiting());
            Task<Integer> fourth = party();
            assertEquals(List.of(0, 1, 2), gather(second, third, fourth).await());
        });
    }

    @Test
    void c307_oneCancelledInTheTickOfTheLastArrivalIsNotCounted() {
        OnLoop.run(() -> {
            Task<Integer> first = party();
            Task<Integer> second = party();
            ticks(1);
            second.cancel();
            Task<Integer> third = party();
            assertCancelled(second);
            ticks(3);
            assertFalse(first.isDone() || third.isDone());
            assertEquals(2, barrier.await());
            assertEquals(List.of(0, 1), gather(first, third).await());
        });
    }

    /** J (C144): the round was over before the cancellation came. */
    @Test
    void c307_oneCancelledAfterTheLastArrivalHasItsIndex() {
        OnLoop.run(() -> {
            Task<Integer> first = party();
            Task<Integer> second = party();
            ticks(1);
            barrier.await();
            first.cancel();
            assertEquals(0, first.await());
            assertEquals(1, second.await());
        });
    }

    /** CPython's test_blocking_tasks_while_draining: who comes back before the others have left is in the next round. */
    @Test
    void c308_whoComesWhileARoundEndsBelongsToTheNext() {
        OnLoop.run(() -> {
            Task<Integer> first = party();
            Task<Integer> second = party();
            ticks(1);
            barrier.await();
            Task<?> next = createTask(() -> {
                order.add(barrier.await());
                order.add("next round");
            });
            ticks(5);
            assertTrue(first.isDone() && second.isDone());
            assertEquals(List.of(), order);
            assertEquals(1, barrier.waiting());
            gather(party(), party()).await();
            next.await();
            assertEquals(List.of(0, "next round"), order);
        });
    }

    @Test
    void c309_resetFailsThoseWhoWaitAndItIsAsNew() {
        OnLoop.run(() -> {
            Task<Integer> first = party();
            Task<Integer> second = party();
            ticks(1);
            barrier.reset();
            assertBroken(first);
            assertBroken(second);
            assertFalse(barrier.isBroken());
            assertEquals(0, barrier.waiting());
            assertEquals(List.of(0, 1, 2), gather(party(), party(), party()).await());
        });
    }

    @Test
    void c309_resetOfAnEmptyBarrierChangesNothing() {
        OnLoop.run(() -> {
            barrier.reset();
            assertFalse(barrier.isBroken());
            assertEquals(List.of(0, 1, 2), gather(party(), party(), party()).await());
        });
    }

    /** Differs from asyncio, which fails the tasks of a round that is over but for their step. See C144. */
    @Test
    void c309_resetAndAbortDoNotTakeARoundBackThatIsOver() {
        OnLoop.run(() -> {
            Task<Integer> first = party();
            Task<Integer> second = party();
            ticks(1);
            barrier.await();
            barrier.reset();
            assertEquals(List.of(0, 1), gather(first, second).await());
            Task<Integer> third = party();
            Task<Integer> fourth = party();
            ticks(1);
            barrier.await();
            barrier.abort();
            assertEquals(List.of(0, 1), gather(third, fourth).await());
            assertBroken(party());
        });
    }

    @Test
    void c309_waitingAgainAfterAReset() {
        OnLoop.run(() -> {
            Action<RuntimeException> stubborn = () -> {
                assertThrows(BrokenBarrierException.class, barrier::await);
                order.add("failed");
                barrier.await();
            };
            Task<?> first = createTask(stubborn);
            Task<?> second = createTask(stubborn);
            ticks(1);
            barrier.reset();
            ticks(2);
            assertEquals(List.of("failed", "failed"), order);
            assertEquals(2, barrier.waiting());
            barrier.await();
            gather(first, second).await();
        });
    }

    @Test
    void c309_abortFailsCurrentAndLaterWaitersUntilReset() {
        OnLoop.run(() -> {
            Task<Integer> waiting = party();
            ticks(1);
            barrier.abort();
            assertTrue(barrier.isBroken());
            assertEquals("<Barrier broken, parties: 3>", barrier.toString());
            assertBroken(waiting);
            assertBroken(party());
            var error = assertThrows(BrokenBarrierException.class, barrier::await);
            assertEquals("<Barrier broken, parties: 3> was aborted", error.getMessage());
            barrier.reset();
            assertFalse(barrier.isBroken());
            assertEquals(List.of(0, 1, 2), gather(party(), party(), party()).await());
        });
    }

    @Test
    void c309_aCancelledWaiterIsNotFailedByAbort() {
        OnLoop.run(() -> {
            Task<Integer> waiting = party();
            ticks(1);
            waiting.cancel();
            barrier.abort();
            assertCancelled(waiting);
        });
    }

    @Test
    void c310_parties() {
        assertThrows(IllegalArgumentException.class, () -> new Barrier(0));
        var error = assertThrows(IllegalArgumentException.class, () -> new Barrier(-4));
        assertEquals("a barrier needs 1 party or more, not -4", error.getMessage());
        assertEquals(3, barrier.parties());
    }
}
