package dev.weft.loop;

import static dev.weft.loop.Asyncio.createTask;
import static dev.weft.loop.Asyncio.gather;
import static dev.weft.loop.Asyncio.shield;
import static dev.weft.loop.Asyncio.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** 2.N: shield. */
class ShieldTest {
    @RegisterExtension
    final VirtualLoop test = new VirtualLoop();

    private final Loop loop = test.loop;
    private final List<String> log = test.log;

    @Test
    void c270_itEndsAsTheInnerFutureDoes() {
        test.run(() -> {
            Future<Integer> value = loop.createFuture();
            Future<Integer> shieldOfValue = shield(value);
            value.setResult(42);
            assertEquals(42, shieldOfValue.await());

            IllegalStateException error = new IllegalStateException("boom");
            Future<Integer> failed = loop.createFuture();
            Future<Integer> shieldOfFailed = shield(failed);
            failed.setException(error);
            assertSame(error, assertThrows(IllegalStateException.class, shieldOfFailed::await));

            Future<Integer> cancelled = loop.createFuture();
            Future<Integer> shieldOfCancelled = shield(cancelled);
            cancelled.cancel("m");
            CancelledError thrown = assertThrows(CancelledError.class, shieldOfCancelled::await);
            assertEquals("m", thrown.reason().message());
            assertTrue(shieldOfCancelled.isCancelled());
        });
        test.runner.close();
        assertEquals(List.of(), test.messages());
    }

    @Test
    void c271_cancellingItDoesNotReachTheInnerFuture() {
        test.run(() -> {
            Future<Integer> inner = loop.createFuture();
            Future<Integer> outer = shield(inner);
            assertTrue(outer.cancel());
            assertThrows(CancelledError.class, outer::await);
            assertFalse(inner.isDone());
        });
    }

    @Test
    void c271_theWaiterIsCancelledAndTheWorkGoesOnToItsEnd() {
        test.run(() -> {
            Task<Void> waiter = createTask(() -> {
                shield(() -> {
                            sleep(5).await();
                            return log.add("work done");
                        })
                        .await();
            });
            sleep(1).await();
            waiter.cancel();
            assertThrows(CancelledError.class, waiter::await);
            assertTrue(waiter.isCancelled());
            assertEquals(List.of(), log);
            sleep(5).await();
        });
        assertEquals(List.of("work done"), log);
    }

    @Test
    void c272_afterwardsASuccessIsQuietAndAFailureIsReportedOnce() {
        test.run(() -> {
            Future<Integer> succeeds = loop.createFuture();
            shield(succeeds).cancel();
            succeeds.setResult(1);
            Future<Integer> fails = loop.createFuture();
            shield(fails).cancel();
            IllegalStateException error = new IllegalStateException("boom");
            fails.setException(error);
            Future<Integer> cancelled = loop.createFuture();
            shield(cancelled).cancel();
            cancelled.cancel();
            sleep(0).await();
            assertEquals(1, test.reported.size());
            assertSame(error, test.reported.getFirst().exception());
            assertTrue(
                    test.messages().getFirst().endsWith("exception in shielded future"),
                    test.messages().getFirst());
        });
        test.runner.close();
        assertEquals(1, test.reported.size());
    }

    @Test
    void c273_aFailureThatReachedTheWaiterIsNotReported() {
        test.run(() -> {
            Task<Void> inner = createTask(() -> {
                throw new IllegalStateException("boom");
            });
            assertThrows(IllegalStateException.class, shield(inner)::await);
        });
        test.runner.close();
        assertEquals(List.of(), test.messages());
    }

    @Test
    void c274_whatIsDoneIsGivenBackAsItIs() {
        test.run(() -> {
            Future<Integer> done = loop.createFuture();
            done.setResult(1);
            assertSame(done, shield(done));
        });
    }

    @Test
    void c275_aShieldedGatherSurvives() {
        test.run(() -> {
            Task<Integer> one = createTask(() -> {
                sleep(1).await();
                return 1;
            });
            Task<Integer> two = createTask(() -> 2);
            Future<List<Integer>> all = gather(one, two);
            Future<List<Integer>> outer = shield(all);
            outer.cancel();
            assertEquals(List.of(1, 2), all.await());
        });
    }

    @Test
    void c275_aGatherOfShieldsCancelsTheShieldsOnly() {
        test.run(() -> {
            Future<Integer> one = loop.createFuture();
            Future<Integer> two = loop.createFuture();
            Future<Integer> shieldOfOne = shield(one);
            Future<Integer> shieldOfTwo = shield(two);
            Future<List<Integer>> all = gather(shieldOfOne, shieldOfTwo);
            all.cancel();
            assertThrows(CancelledError.class, all::await);
            assertTrue(shieldOfOne.isCancelled());
            assertTrue(shieldOfTwo.isCancelled());
            assertFalse(one.isDone());
            assertFalse(two.isDone());
        });
    }

    @Test
    void c276_shutdownReachesShieldedWork() {
        test.run(() -> {
            Task<Void> waiter = createTask(() -> {
                shield(() -> {
                            try {
                                return sleep(100).await();
                            } finally {
                                log.add("stopped");
                            }
                        })
                        .await();
            });
            sleep(0).await();
            waiter.cancel();
            sleep(0).await();
        });
        test.runner.close();
        assertEquals(List.of("stopped"), log);
    }
}
