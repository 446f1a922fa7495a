package dev.weft.loop;

import static dev.weft.loop.Asyncio.createTask;
import static dev.weft.loop.Asyncio.gatherSettled;
import static dev.weft.loop.Asyncio.sleep;
import static dev.weft.loop.Virtual.forever;
import static dev.weft.loop.Virtual.millis;
import static dev.weft.loop.Virtual.virtually;
import static dev.weft.loop.Virtual.withCleanup;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code gatherSettled}: gather with {@code return_exceptions}, C167, C170, C174, C175 and the outer cancellation. */
class GatherSettledTest {
    private static Awaitable<Integer, RuntimeException> give(int value, double seconds) {
        return () -> {
            sleep(seconds).await();
            return value;
        };
    }

    private static Awaitable<Integer, RuntimeException> fail(String message, double seconds) {
        return () -> {
            Boom.after(seconds, message);
            return 0;
        };
    }

    @Test
    void c167_resultsAndErrorsInTheOrderOfTheArguments() {
        virtually(() -> {
            List<Future<Integer>> all =
                    gatherSettled(give(1, 2), fail("b", 1), give(3, 0)).await();
            assertEquals(1, all.get(0).result());
            assertEquals("b", all.get(1).exception().getMessage());
            assertEquals(3, all.get(2).result());
            assertEquals(2000, millis());
        });
    }

    @Test
    void c167_failuresThatNobodyLooksAtAreNotReported() {
        virtually(() -> assertEquals(
                2, gatherSettled(fail("a", 1), fail("b", 1)).await().size()));
    }

    @Test
    void c170_aCancelledChildIsInItsPlace() {
        virtually(() -> {
            Task<Integer> victim = createTask(give(1, 10));
            Task<?> canceller = createTask(() -> {
                sleep(1).await();
                victim.cancel("by hand");
            });
            List<Future<Integer>> all = gatherSettled(victim, give(2, 2)).await();
            assertTrue(all.get(0).isCancelled());
            assertEquals(2, all.get(1).result());
            canceller.await();
        });
    }

    @Test
    void c171_cancellingTheWaiterCancelsAllAndWaitsForThem() {
        virtually(() -> {
            Task<?> waiter = createTask(() -> gatherSettled(
                            () -> {
                                withCleanup(10, 2);
                                return 1;
                            },
                            give(2, 0.5),
                            () -> {
                                Virtual.failingCleanup(10, "c");
                                return 3;
                            })
                    .await());
            sleep(1).await();
            waiter.cancel("outside");
            CancelledError error = assertThrows(CancelledError.class, waiter::await);
            assertEquals("outside", error.reason().message());
            assertEquals(3000, millis());
        });
    }

    @Test
    void c171_itEndsCancelledAlsoWhenEveryChildSwallowsIt() {
        virtually(() -> {
            Future<List<Future<Integer>>> all = gatherSettled(() -> {
                try {
                    forever();
                } catch (CancelledError swallowed) {
                    return 1;
                }
                return 2;
            });
            sleep(1).await();
            assertTrue(all.cancel());
            assertThrows(CancelledError.class, all::await);
            assertFalse(all.cancel());
        });
    }

    @Test
    void c172_cancelWhenAllChildrenAreDoneIsTooLate() {
        virtually(() -> {
            Future<Integer> child = Asyncio.getRunningLoop().createFuture();
            Future<List<Future<Integer>>> all = gatherSettled(child);
            child.setResult(1);
            assertFalse(all.cancel());
            assertEquals(1, all.await().getFirst().result());
        });
    }

    @Test
    void c174_theSameObjectTwiceRunsOnce() {
        virtually(() -> {
            int[] runs = new int[1];
            Awaitable<Integer, RuntimeException> once = () -> ++runs[0];
            List<Future<Integer>> all = gatherSettled(once, once).await();
            assertEquals(1, runs[0]);
            assertSame(all.get(0), all.get(1));
        });
    }

    @Test
    void c175_noneGiveAnEmptyList() {
        virtually(() -> assertEquals(
                List.of(), Asyncio.<Integer>gatherSettled(List.of()).await()));
        assertThrows(IllegalStateException.class, () -> Asyncio.<Integer>gatherSettled(List.of()));
    }

    @Test
    void theListCannotBeChanged() {
        virtually(() -> {
            List<Future<Integer>> all = gatherSettled(give(1, 0)).await();
            assertThrows(UnsupportedOperationException.class, all::clear);
        });
    }
}
