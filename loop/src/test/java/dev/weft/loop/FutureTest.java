package dev.weft.loop;

import static dev.weft.loop.Asyncio.createTask;
import static dev.weft.loop.Asyncio.sleep;
import static dev.weft.loop.Asyncio.wrap;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** 2.E: futures. */
class FutureTest {
    @RegisterExtension
    final VirtualLoop test = new VirtualLoop();

    private final Loop loop = test.loop;
    private final List<String> log = test.log;

    private <T> Consumer<Future<T>> note(String what) {
        return done -> log.add(what);
    }

    private void ticks(int count) {
        for (int i = 0; i < count; i++) {
            test.tick();
        }
    }

    // ---- states

    @Test
    void c070_aNewFutureIsPending() {
        Future<Integer> future = loop.createFuture();
        assertFalse(future.isDone());
        assertFalse(future.isCancelled());
        assertSame(loop, future.loop());
        assertEquals("<Future pending>", future.toString());
    }

    @Test
    void c071_aResultIsSetOnce() {
        Future<Integer> future = loop.createFuture();
        assertThrows(InvalidStateException.class, future::result);
        assertThrows(InvalidStateException.class, future::exception);
        future.setResult(42);
        assertTrue(future.isDone());
        assertFalse(future.isCancelled());
        assertEquals(42, future.result());
        assertNull(future.exception());
        assertThrows(InvalidStateException.class, () -> future.setResult(43));
        assertThrows(InvalidStateException.class, () -> future.setException(new IOException()));
        assertFalse(future.cancel());
        assertEquals(42, future.result());
    }

    @Test
    void c071_theValueNullIsAResult() {
        Future<String> future = loop.createFuture();
        future.setResult(null);
        assertTrue(future.isDone());
        assertNull(future.result());
        assertThrows(InvalidStateException.class, () -> future.setResult("other"));
        test.run(() -> assertNull(future.await()));
    }

    @Test
    void c072_anExceptionIsSetOnceAndIsTheSameObject() {
        Future<Integer> future = loop.createFuture();
        IllegalArgumentException error = new IllegalArgumentException("boom");
        future.setException(error);
        assertSame(error, assertThrows(IllegalArgumentException.class, future::result));
        assertSame(error, future.exception());
        assertFalse(future.isCancelled());
        assertThrows(InvalidStateException.class, () -> future.setResult(1));
        assertThrows(InvalidStateException.class, () -> future.setException(error));
        test.run(() -> assertSame(error, assertThrows(IllegalArgumentException.class, future::await)));
    }

    @Test
    void c072_aCheckedExceptionArrivesAsTheCauseOfACompletionException() {
        Future<Integer> future = loop.createFuture();
        IOException error = new IOException("boom");
        future.setException(error);
        assertSame(error, future.exception());
        assertSame(
                error, assertThrows(CompletionException.class, future::result).getCause());
        test.run(() -> assertSame(
                error, assertThrows(CompletionException.class, future::await).getCause()));
    }

    @Test
    void c073_aCancelledFutureThrowsFromResultAndException() {
        Future<Integer> future = loop.createFuture();
        assertTrue(future.cancel());
        assertTrue(future.isDone());
        assertTrue(future.isCancelled());
        assertThrows(CancelledError.class, future::result);
        assertThrows(CancelledError.class, future::exception);
        assertThrows(InvalidStateException.class, () -> future.setResult(1));
        assertThrows(InvalidStateException.class, () -> future.setException(new IOException()));
        assertFalse(future.cancel());
        assertEquals("<Future cancelled>", future.toString());
    }

    @Test
    void c074_theMessageOfACancellationTravels() {
        Future<Integer> future = loop.createFuture();
        future.cancel("m");
        test.run(() -> {
            CancelledError error = assertThrows(CancelledError.class, future::await);
            assertEquals("m", error.reason().message());
            assertEquals("m", error.getMessage());
            assertEquals(CancelReason.Kind.REQUEST, error.reason().kind());
            assertNull(error.reason().by());
        });
        assertEquals(
                "m", assertThrows(CancelledError.class, future::result).reason().message());
    }

    @Test
    void c074_theReasonSaysWhichTaskAsked() {
        test.run(() -> {
            Future<Integer> future = loop.createFuture();
            createTask(() -> future.cancel(), "the-canceller");
            CancelledError error = assertThrows(CancelledError.class, future::await);
            assertEquals("the-canceller", error.reason().by());
            assertNull(error.reason().message());
        });
    }

    @Test
    void c075_aNullExceptionIsRejected() {
        Future<Integer> future = loop.createFuture();
        assertThrows(NullPointerException.class, () -> future.setException(null));
        assertFalse(future.isDone());
    }

    // ---- callbacks

    @Test
    void c076_callbacksAreNotRunInsideSetResultButInOrderInTheNextTick() {
        Future<Integer> future = loop.createFuture();
        future.addDoneCallback(done -> log.add("1 " + (done == future)));
        future.addDoneCallback(note("2"));
        future.addDoneCallback(note("3"));
        future.setResult(1);
        assertEquals(List.of(), log);
        test.tick();
        assertEquals(List.of("1 true", "2", "3"), log);
    }

    @Test
    void c076_theSameForAnExceptionAndACancellation() {
        Future<Integer> failed = loop.createFuture();
        failed.addDoneCallback(done -> log.add("failed " + done.exception().getMessage()));
        failed.setException(new IOException("boom"));
        Future<Integer> cancelled = loop.createFuture();
        cancelled.addDoneCallback(done -> log.add("cancelled " + done.isCancelled()));
        cancelled.cancel();
        assertEquals(List.of(), log);
        test.tick();
        assertEquals(List.of("failed boom", "cancelled true"), log);
    }

    @Test
    void c077_callbacksTakeTheirPlaceInTheReadyQueue() {
        Future<Integer> future = loop.createFuture();
        future.addDoneCallback(note("cb1"));
        future.addDoneCallback(note("cb2"));
        loop.callSoon(() -> log.add("before"));
        future.setResult(1);
        log.add("inline");
        loop.callSoon(() -> log.add("after"));
        future.addDoneCallback(note("late"));
        ticks(2);
        assertEquals(List.of("inline", "before", "cb1", "cb2", "after", "late"), log);
    }

    @Test
    void c077_waitingTasksAndCallbacksKeepTheirOrder() {
        test.run(() -> {
            Future<Integer> future = loop.createFuture();
            future.addDoneCallback(note("cb1"));
            createTask(() -> log.add("task1 " + future.await()));
            sleep(0).await();
            future.addDoneCallback(note("cb2"));
            createTask(() -> log.add("task2 " + future.await()));
            sleep(0).await();
            future.setResult(7);
            sleep(0).await();
        });
        assertEquals(List.of("cb1", "task1 7", "cb2", "task2 7"), log);
    }

    @Test
    void c078_aFailingCallbackDoesNotKeepTheOthersFromRunning() {
        Future<Integer> future = loop.createFuture();
        future.addDoneCallback(done -> {
            throw new IllegalStateException("boom");
        });
        future.addDoneCallback(note("next"));
        future.setResult(1);
        test.tick();
        assertEquals(List.of("next"), log);
        assertEquals(1, test.reported.size());
    }

    @Test
    void c079_removingReturnsHowManyAndTwiceIsHarmless() {
        Future<Integer> future = loop.createFuture();
        Consumer<Future<Integer>> first = note("first");
        Consumer<Future<Integer>> second = note("second");
        future.addDoneCallback(first);
        future.addDoneCallback(second);
        future.addDoneCallback(first);
        assertEquals(2, future.removeDoneCallback(first));
        assertEquals(0, future.removeDoneCallback(first));
        assertEquals(0, future.removeDoneCallback(note("never added")));
        future.setResult(1);
        test.tick();
        assertEquals(List.of("second"), log);
        assertEquals(0, future.removeDoneCallback(second));
    }

    @Test
    void c079_removingTheFirstTheMiddleOrTheLastLeavesTheOthers() {
        for (int removed = 0; removed < 3; removed++) {
            log.clear();
            Future<Integer> future = loop.createFuture();
            List<Consumer<Future<Integer>>> callbacks = List.of(note("0"), note("1"), note("2"));
            callbacks.forEach(future::addDoneCallback);
            assertEquals(1, future.removeDoneCallback(callbacks.get(removed)));
            future.setResult(1);
            test.tick();
            List<String> expected = new java.util.ArrayList<>(List.of("0", "1", "2"));
            expected.remove(removed);
            assertEquals(expected, log);
        }
    }

    @Test
    void c080_aCallbackThatRemovesOthersLosesNone() {
        Future<Integer> future = loop.createFuture();
        Consumer<Future<Integer>> third = note("third");
        future.addDoneCallback(done -> {
            log.add("first");
            done.removeDoneCallback(third);
        });
        future.addDoneCallback(note("second"));
        future.addDoneCallback(third);
        future.setResult(1);
        test.tick();
        // They were all queued when it was set: removing comes too late, as in asyncio.
        assertEquals(List.of("first", "second", "third"), log);
    }

    /** A callback whose equals has a side effect. */
    private Consumer<Future<Integer>> withEquals(Runnable effect) {
        return new Consumer<>() {
            @Override
            public void accept(Future<Integer> done) {
                log.add("odd");
            }

            @Override
            public boolean equals(Object other) {
                effect.run();
                return this == other;
            }

            @Override
            public int hashCode() {
                return 1;
            }
        };
    }

    @Test
    void c080_anEqualsThatAddsACallbackDoesNotLoseIt() {
        Future<Integer> future = loop.createFuture();
        future.addDoneCallback(withEquals(() -> future.addDoneCallback(note("added"))));
        Consumer<Future<Integer>> removed = note("removed");
        future.addDoneCallback(removed);
        assertEquals(1, future.removeDoneCallback(removed));
        future.setResult(1);
        test.tick();
        assertEquals(List.of("odd", "added"), log);
    }

    @Test
    void c080_anEqualsThatRemovesOrCompletesDoesNoHarm() {
        Future<Integer> future = loop.createFuture();
        Consumer<Future<Integer>> victim = note("victim");
        int[] depth = {0};
        future.addDoneCallback(withEquals(() -> {
            if (depth[0]++ == 0) {
                future.removeDoneCallback(victim);
            }
        }));
        future.addDoneCallback(victim);
        future.addDoneCallback(note("last"));
        assertEquals(0, future.removeDoneCallback(victim));
        future.setResult(1);
        test.tick();
        assertEquals(List.of("odd", "last"), log);

        Future<Integer> completing = loop.createFuture();
        completing.addDoneCallback(withEquals(() -> {
            if (!completing.isDone()) {
                completing.setResult(1);
            }
        }));
        completing.addDoneCallback(victim);
        assertEquals(0, completing.removeDoneCallback(victim));
        test.tick();
        assertEquals(List.of("odd", "last", "odd", "victim"), log);
    }

    // ---- awaiting

    @Test
    void c081_awaitingADoneFutureAgainGivesTheSameWithoutSuspending() {
        test.run(() -> {
            Future<Object> future = loop.createFuture();
            Object value = new Object();
            loop.callSoon(() -> future.setResult(value));
            assertSame(value, future.await());
            loop.callSoon(() -> log.add("another callback"));
            assertSame(value, future.await());
            assertSame(value, future.await());
            assertEquals(List.of(), log);
        });
    }

    @Test
    void c083_awaitInACallbackFailsAtOnce() {
        Future<Integer> future = loop.createFuture();
        loop.callSoon(() ->
                log.add(assertThrows(IllegalStateException.class, future::await).getMessage()));
        test.tick();
        assertEquals(1, log.size());
        assertTrue(log.getFirst().contains("callback"), log.getFirst());
        future.setResult(1);
        loop.callSoon(() -> assertEquals(1, future.await()));
        test.tick();
        assertEquals(List.of(), test.messages());
    }

    // ---- failures nobody looks at

    private void dropped(Consumer<Future<Integer>> use) {
        Future<Integer> future = loop.createFuture();
        use.accept(future);
    }

    @Test
    void c082_onlyAnExceptionThatNobodyLooksAtIsReportedAndOnce() {
        test.run(() -> {
            dropped(pending -> {});
            dropped(result -> result.setResult(1));
            dropped(Future::cancel);
            dropped(cancelled -> {
                cancelled.setException(new IOException("cancel() counts as looking"));
                cancelled.cancel();
            });
            dropped(read -> {
                read.setException(new IOException("exception() counts"));
                read.exception();
            });
            dropped(read -> {
                read.setException(new IllegalStateException("result() counts"));
                assertThrows(IllegalStateException.class, read::result);
            });
            dropped(unread -> unread.setException(new IOException("unread")));
            test.collectUntil(() -> !test.reported.isEmpty());
            for (int i = 0; i < 3; i++) {
                System.gc();
                sleep(0).await();
            }
        });
        test.runner.close();
        assertEquals(List.of("Future exception was never retrieved"), test.messages());
        assertEquals("unread", test.reported.getFirst().exception().getMessage());
    }

    @Test
    void c084_whileItIsHeldThereIsNoReportUntilTheLoopCloses() {
        Future<Integer> held = loop.createFuture();
        held.setException(new IOException("boom"));
        test.run(() -> {
            for (int i = 0; i < 5; i++) {
                System.gc();
                sleep(0).await();
            }
        });
        assertEquals(List.of(), test.messages());
        test.runner.close();
        assertEquals(List.of("Future exception was never retrieved"), test.messages());
        assertEquals("boom", held.exception().getMessage());
        assertEquals(1, test.reported.size());
    }

    @Test
    void c084_lookingBeforeTheEndKeepsItFromBeingReported() {
        Future<Integer> held = loop.createFuture();
        held.setException(new IOException("boom"));
        held.exception();
        test.runner.close();
        assertEquals(List.of(), test.messages());
    }

    // ---- other futures

    @Test
    void c085_aWrappedFutureCompletesOnTheLoop() {
        test.run(() -> {
            CompletableFuture<Thread> source = CompletableFuture.supplyAsync(Thread::currentThread);
            Future<Thread> wrapper = wrap(source);
            wrapper.addDoneCallback(done -> log.add("on the loop: " + (Loop.current() == loop)));
            assertTrue(wrapper.await() != Thread.currentThread());
            sleep(0).await();
        });
        assertEquals(List.of("on the loop: true"), log);
    }

    @Test
    void c085_aWrappedFailureIsTheSourcesOwnException() {
        test.run(() -> {
            IllegalArgumentException error = new IllegalArgumentException("boom");
            CompletableFuture<Integer> source = CompletableFuture.supplyAsync(() -> {
                throw error;
            });
            assertSame(error, assertThrows(IllegalArgumentException.class, wrap(source)::await));
            CompletableFuture<Integer> failed = CompletableFuture.failedFuture(new IOException("checked"));
            assertInstanceOf(
                    IOException.class,
                    assertThrows(CompletionException.class, wrap(failed)::await).getCause());
        });
    }

    @Test
    void c085_aWrappedFutureThatIsDoneIsDone() {
        test.run(() -> {
            assertEquals(42, wrap(CompletableFuture.completedFuture(42)).result());
            assertNull(wrap(CompletableFuture.completedFuture(null)).result());
        });
    }

    @Test
    void c086_cancellingTheWrapperCancelsTheSourceInTheNextTick() {
        test.run(() -> {
            CompletableFuture<Integer> source = new CompletableFuture<>();
            Future<Integer> wrapper = wrap(source);
            wrapper.cancel();
            assertFalse(source.isDone());
            sleep(0).await();
            assertTrue(source.isCancelled());
            assertTrue(wrapper.isCancelled());
        });
    }

    @Test
    void c087_aSourceThatCompletedKeepsItsValueWhenTheWrapperIsCancelled() {
        test.run(() -> {
            CompletableFuture<Integer> source = new CompletableFuture<>();
            Future<Integer> wrapper = wrap(source);
            // The other way round the copy would win: here a cancelled wrapper meets a completed source.
            wrapper.cancel();
            source.complete(42);
            sleep(0).await();
            assertEquals(42, source.join());
            assertTrue(wrapper.isCancelled());
        });
        assertEquals(List.of(), test.messages());
    }

    @Test
    void c088_aCancelledSourceCancelsTheWrapper() {
        test.run(() -> {
            CompletableFuture<Integer> source = new CompletableFuture<>();
            Future<Integer> wrapper = wrap(source);
            source.cancel(true);
            assertThrows(CancelledError.class, wrapper::await);
            assertTrue(wrapper.isCancelled());
        });
    }

    @Test
    void c088_aFutureAsACompletableFutureEndsAsItDoesAndCancelsIt() {
        test.run(() -> {
            Future<Integer> value = loop.createFuture();
            CompletableFuture<Integer> valueThere = value.toCompletableFuture();
            value.setResult(1);
            Future<Integer> failed = loop.createFuture();
            CompletableFuture<Integer> failedThere = failed.toCompletableFuture();
            failed.setException(new IOException("boom"));
            Future<Integer> cancelled = loop.createFuture();
            CompletableFuture<Integer> cancelledThere = cancelled.toCompletableFuture();
            cancelled.cancel("m");
            Future<Integer> here = loop.createFuture();
            here.toCompletableFuture().cancel(true);
            sleep(0).await();
            assertEquals(1, valueThere.join());
            assertEquals(
                    "boom",
                    assertThrows(CompletionException.class, failedThere::join)
                            .getCause()
                            .getMessage());
            assertTrue(cancelledThere.isCancelled());
            assertThrows(CancellationException.class, cancelledThere::join);
            assertTrue(here.isCancelled());
        });
    }

    @Test
    void c089_afterAHopBetweenLoopsTheStateIsTheSame() {
        try (OtherLoop other = new OtherLoop()) {
            Future<Integer> value = other.loop.createFuture();
            Future<Integer> failed = other.loop.createFuture();
            Future<Integer> cancelled = other.loop.createFuture();
            IllegalStateException error = new IllegalStateException("boom");
            value.setResult(42);
            failed.setException(error);
            cancelled.cancel("m");
            test.run(() -> {
                Future<Integer> valueHere = loop.mirror(value);
                Future<Integer> failedHere = loop.mirror(failed);
                Future<Integer> cancelledHere = loop.mirror(cancelled);
                assertEquals(42, valueHere.await());
                assertSame(error, assertThrows(IllegalStateException.class, failedHere::await));
                CancelledError thrown = assertThrows(CancelledError.class, cancelledHere::await);
                assertEquals("m", thrown.reason().message());
                assertTrue(cancelledHere.isCancelled());
            });
        }
    }

    @Test
    void c090_awaitingAFailureAgainDoesNotMakeItGrow() {
        test.run(() -> {
            Task<Void> task = createTask(() -> {
                throw new IllegalStateException("boom");
            });
            IllegalStateException first = assertThrows(IllegalStateException.class, task::await);
            int depth = first.getStackTrace().length;
            for (int i = 0; i < 5; i++) {
                assertSame(first, assertThrows(IllegalStateException.class, task::await));
            }
            assertEquals(depth, first.getStackTrace().length);
            assertEquals(0, first.getSuppressed().length);
            assertNull(first.getCause());
        });
    }

    @Test
    void c092_toStringOfFuturesThatWaitForEachOtherEnds() {
        test.run(() -> {
            Task<?>[] tasks = new Task<?>[2];
            tasks[0] = createTask(() -> tasks[1].await(), "zero");
            tasks[1] = createTask(() -> tasks[0].await(), "one");
            sleep(0).await();
            assertEquals("<Task zero pending>", tasks[0].toString());
            assertEquals("<Task one pending>", tasks[1].toString());
            tasks[0].cancel();
        });
    }

    @Test
    void c093_toStringSaysTheStateAndNeverAsksTheValue() {
        Object touchy = new Object() {
            @Override
            public String toString() {
                throw new AssertionError("was asked");
            }
        };
        Future<Object> future = loop.createFuture();
        future.setResult(touchy);
        assertEquals("<Future finished>", future.toString());
        Future<Object> failed = loop.createFuture();
        failed.setException(new IOException("boom"));
        assertEquals("<Future failed with java.io.IOException>", failed.toString());
        failed.cancel();
    }

    // ---- completion by several threads

    @Test
    void c094_ofManyThreadsThatCompleteExactlyOneWins() throws InterruptedException {
        for (int round = 0; round < 200; round++) {
            Future<Integer> future = loop.createFuture();
            CompletableFuture<Void> go = new CompletableFuture<>();
            int[] wins = new int[3];
            Thread[] threads = new Thread[3];
            for (int t = 0; t < threads.length; t++) {
                int me = t;
                threads[t] = new Thread(() -> {
                    go.join();
                    if (me == 2) {
                        wins[me] = future.cancel() ? 1 : 0;
                        return;
                    }
                    try {
                        future.setResult(me);
                        wins[me] = 1;
                    } catch (InvalidStateException e) {
                        wins[me] = 0;
                    }
                });
                threads[t].start();
            }
            go.complete(null);
            for (Thread thread : threads) {
                thread.join();
            }
            assertEquals(1, wins[0] + wins[1] + wins[2]);
            assertEquals(wins[2] == 1, future.isCancelled());
        }
    }

    @Test
    void c094_callbacksAddedWhileAnotherThreadCompletesAllRunOnce() throws InterruptedException {
        test.run(() -> {
            for (int round = 0; round < 200; round++) {
                Future<Integer> future = loop.createFuture();
                int[] ran = {0};
                Thread completer = new Thread(() -> future.setResult(1));
                completer.start();
                for (int i = 0; i < 20; i++) {
                    future.addDoneCallback(done -> ran[0]++);
                }
                assertEquals(1, future.await());
                completer.join();
                sleep(0).await();
                sleep(0).await();
                assertEquals(20, ran[0]);
            }
        });
    }

    @Test
    void c095_aThreadThatWaitsGetsFailuresAsTasksDo() {
        Future<Integer> failed = loop.createFuture();
        IllegalStateException error = new IllegalStateException("boom");
        failed.setException(error);
        assertSame(
                error,
                CompletableFuture.supplyAsync(() -> assertThrows(IllegalStateException.class, failed::await))
                        .orTimeout(20, TimeUnit.SECONDS)
                        .join());
    }
}
