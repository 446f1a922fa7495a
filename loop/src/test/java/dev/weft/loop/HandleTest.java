package dev.weft.loop;

import static dev.weft.loop.Asyncio.createTask;
import static dev.weft.loop.Asyncio.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.function.Executable;

/** 2.B: handles, and what other threads may do with a loop. */
class HandleTest {
    private static final Runnable NOTHING = () -> {};

    @RegisterExtension
    final VirtualLoop test = new VirtualLoop();

    private final Loop loop = test.loop;
    private final List<String> log = test.log;

    private Runnable note(String what) {
        return () -> log.add(what);
    }

    /** Does something on another thread, to its end. */
    private static <T> T elsewhere(Supplier<T> work) {
        return CompletableFuture.supplyAsync(work, job -> new Thread(job, "elsewhere").start())
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
    }

    private static void doElsewhere(Runnable work) {
        elsewhere(() -> {
            work.run();
            return null;
        });
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(20, TimeUnit.SECONDS), "the other side never came");
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    // ---- from other threads

    @Test
    void c020_whatAnotherThreadQueuedFirstRunsFirst() {
        doElsewhere(() -> loop.callSoonThreadsafe(note("hello")));
        loop.callSoon(note("world"));
        test.tick();
        assertEquals(List.of("hello", "world"), log);
    }

    @Test
    void c020_theOrderHoldsInsideATaskToo() {
        test.run(() -> {
            doElsewhere(() -> loop.callSoonThreadsafe(note("hello")));
            loop.callSoon(note("world"));
            sleep(0).await();
        });
        assertEquals(List.of("hello", "world"), log);
    }

    @Test
    void c020_aLoopThatWaitsWakesAtOnce() {
        for (int i = 0; i < 200; i++) {
            int spins = i * 50;
            Thread other = new Thread(() -> {
                for (int spin = 0; spin < spins; spin++) {
                    Thread.onSpinWait();
                }
                loop.callSoonThreadsafe(loop::stop);
            });
            other.start();
            test.runForever();
        }
    }

    @Test
    void c020_aResultFromAnotherThreadWakesTheTask() {
        test.run(() -> {
            for (int i = 0; i < 200; i++) {
                Future<Integer> future = loop.createFuture();
                int value = i;
                new Thread(() -> future.setResult(value)).start();
                assertEquals(value, future.await());
            }
        });
    }

    @Test
    void c020_nothingIsLostAndEachThreadKeepsItsOrder() {
        int threads = 4;
        int each = 5_000;
        List<List<Integer>> seen = new ArrayList<>();
        test.run(() -> {
            CountDownLatch go = new CountDownLatch(1);
            Future<Void> all = loop.createFuture();
            int[] left = {threads * each};
            for (int t = 0; t < threads; t++) {
                List<Integer> mine = new ArrayList<>();
                seen.add(mine);
                new Thread(() -> {
                            await(go);
                            for (int i = 0; i < each; i++) {
                                int number = i;
                                loop.callSoonThreadsafe(() -> {
                                    mine.add(number);
                                    if (--left[0] == 0) {
                                        all.setResult(null);
                                    }
                                });
                            }
                        })
                        .start();
            }
            go.countDown();
            all.await();
        });
        for (List<Integer> mine : seen) {
            assertEquals(each, mine.size());
            for (int i = 0; i < each; i++) {
                assertEquals(i, mine.get(i));
            }
        }
    }

    @Test
    void c020_aSecondPostThatArrivesWhileTheFirstIsTakenOverComesAfterIt() {
        loop.post(() -> {
            doElsewhere(() -> loop.callSoonThreadsafe(note("second post")));
            loop.callSoon(note("what the first post queued"));
        });
        test.tick();
        test.tick();
        assertEquals(List.of("what the first post queued", "second post"), log);
    }

    @Test
    void c021_aHandleCancelledByAnotherThreadIsNeverRun() {
        Handle handle = elsewhere(() -> {
            Handle mine = loop.callSoonThreadsafe(note("run"));
            mine.cancel();
            return mine;
        });
        assertTrue(handle.isCancelled());
        test.tick();
        test.tick();
        assertEquals(List.of(), log);
    }

    @Test
    void c022_cancelFromAnotherThreadWaitsForTheEndOfTheCallback() {
        CountDownLatch running = new CountDownLatch(1);
        AtomicReference<Thread> canceller = new AtomicReference<>();
        AtomicBoolean ended = new AtomicBoolean();
        CompletableFuture<Boolean> endedBeforeCancelReturned = new CompletableFuture<>();
        canceller.set(new Thread(() -> {
            Handle handle = loop.callSoonThreadsafe(() -> {
                running.countDown();
                while (canceller.get().getState() != Thread.State.BLOCKED && !ended.get()) {
                    Thread.onSpinWait();
                }
                ended.set(true);
                loop.stop();
            });
            await(running);
            handle.cancel();
            endedBeforeCancelReturned.complete(ended.getAndSet(true));
        }));
        canceller.get().start();
        test.runForever();
        assertTrue(endedBeforeCancelReturned.orTimeout(20, TimeUnit.SECONDS).join());
    }

    @Test
    void c022_aCallbackMayCancelItself() {
        AtomicReference<Handle> handle = new AtomicReference<>();
        handle.set(loop.callSoonThreadsafe(() -> {
            handle.get().cancel();
            log.add("ran");
        }));
        test.tick();
        assertEquals(List.of("ran"), log);
    }

    @Test
    void c023_whatIsForTheLoopOnlyFailsOnOtherThreadsAndNamesThem() {
        Task<Void> task = loop.createTask(Asyncio.awaitable(() -> {}));
        Future<Void> future = loop.createFuture();
        List<Executable> forbidden = List.of(
                () -> loop.callSoon(NOTHING),
                () -> loop.callLater(Duration.ZERO, NOTHING),
                () -> loop.callAt(Duration.ZERO, NOTHING),
                () -> loop.createTask(Asyncio.awaitable(() -> {})),
                () -> loop.setExceptionHandler(null),
                () -> future.removeDoneCallback(done -> {}),
                task::uncancel);
        for (Executable call : forbidden) {
            String message = elsewhere(() -> assertThrows(IllegalStateException.class, call))
                    .getMessage();
            assertTrue(message.contains("elsewhere"), message);
            assertTrue(message.contains("callSoonThreadsafe"), message);
        }
    }

    @Test
    void c023_aVirtualThreadThatATaskStartsIsAnotherThread() {
        test.run(() -> {
            CompletableFuture<Throwable> thrown = new CompletableFuture<>();
            Thread.startVirtualThread(() -> {
                try {
                    loop.callSoon(NOTHING);
                    thrown.complete(new AssertionError("was allowed"));
                } catch (Throwable e) {
                    thrown.complete(e);
                }
            });
            assertEquals(IllegalStateException.class, thrown.join().getClass());
        });
    }

    @Test
    void c023_theFunctionsOfAsyncioNeedALoop() {
        List<Executable> calls = List.of(
                Asyncio::getRunningLoop,
                Asyncio::currentTask,
                Asyncio::allTasks,
                () -> createTask(() -> {}),
                () -> Asyncio.gather(List.<Task<Void>>of()),
                () -> sleep(0).await());
        for (Executable call : calls) {
            String message = assertThrows(IllegalStateException.class, call).getMessage();
            assertTrue(message.contains("no running event loop"), message);
        }
    }

    @Test
    void c023_aTimerMayBeCancelledByAnyThread() {
        TimerHandle timer = loop.callLater(Duration.ofHours(1), note("timer"));
        doElsewhere(timer::cancel);
        assertTrue(timer.isCancelled());
        loop.callLater(Duration.ofHours(2), loop::stop);
        test.runForever();
        assertEquals(List.of(), log);
        assertEquals(Timers.ABSENT, timer.index);
    }

    @Test
    void c023_futuresAndTasksMayBeEndedByAnyThread() {
        test.run(() -> {
            Task<Void> task = createTask(() -> sleep(100).await());
            Future<String> future = loop.createFuture();
            sleep(0).await();
            doElsewhere(() -> {
                future.addDoneCallback(done -> log.add("callback " + done.result()));
                future.setResult("value");
                assertTrue(task.cancel("from elsewhere"));
            });
            CancelledError error = assertThrows(CancelledError.class, task::await);
            assertEquals("from elsewhere", error.reason().message());
            assertEquals("value", future.await());
        });
        assertEquals(List.of("callback value"), log);
    }

    @Test
    void c026_threadsafeOnTheLoopItselfIsCallSoon() {
        loop.callSoon(note("1"));
        loop.callSoonThreadsafe(note("2"));
        loop.callSoon(note("3"));
        test.tick();
        test.run(() -> {
            loop.callSoonThreadsafe(note("4"));
            loop.callSoon(note("5"));
            sleep(0).await();
        });
        assertEquals(List.of("1", "2", "3", "4", "5"), log);
    }

    // ---- handles

    private Handle handleHolding(Object captured) {
        return loop.callSoon(() -> log.add("ran " + (captured != null)));
    }

    @Test
    void c024_cancellingTwiceIsHarmlessAndReleasesTheCallback() {
        Object[] held = {new Object()};
        WeakReference<Object> released = new WeakReference<>(held[0]);
        Handle handle = handleHolding(held[0]);
        held[0] = null;
        assertFalse(handle.isCancelled());
        handle.cancel();
        handle.cancel();
        assertTrue(handle.isCancelled());
        test.run(() -> test.collectUntil(() -> released.refersTo(null)));
        assertTrue(released.refersTo(null));
        assertEquals("<Handle cancelled>", handle.toString());
    }

    @Test
    void c024_aHandleThatRanReleasesItsCallbackAndCannotBeCancelled() {
        Object[] held = {new Object()};
        WeakReference<Object> released = new WeakReference<>(held[0]);
        Handle handle = handleHolding(held[0]);
        held[0] = null;
        test.tick();
        handle.cancel();
        assertEquals(List.of("ran true"), log);
        assertFalse(handle.isCancelled());
        test.run(() -> test.collectUntil(() -> released.refersTo(null)));
        assertTrue(released.refersTo(null));
    }

    @Test
    void c025_timersCompareByDeadlineThenByRegistration() {
        TimerHandle late = loop.callAt(Duration.ofSeconds(2), NOTHING);
        TimerHandle early = loop.callAt(Duration.ofSeconds(1), NOTHING);
        TimerHandle sameAsEarly = loop.callAt(Duration.ofSeconds(1), NOTHING);
        assertTrue(early.isBefore(late));
        assertFalse(late.isBefore(early));
        assertTrue(early.isBefore(sameAsEarly));
        assertFalse(sameAsEarly.isBefore(early));
        assertFalse(early.isBefore(early));
        assertNotEquals(early, sameAsEarly);
    }

    // ---- a closed loop

    @Test
    void c027_aClosedLoopRefuses() {
        test.runner.close();
        String message = assertThrows(IllegalStateException.class, () -> loop.callSoonThreadsafe(NOTHING))
                .getMessage();
        assertEquals("Event loop is closed", message);
        assertThrows(IllegalStateException.class, () -> loop.callSoon(NOTHING));
        assertThrows(IllegalStateException.class, () -> loop.callLater(Duration.ZERO, NOTHING));
        assertThrows(IllegalStateException.class, () -> loop.callAt(Duration.ZERO, NOTHING));
        assertThrows(IllegalStateException.class, loop::runForever);
    }

    @Test
    void c028_aThreadThatAwaitsAFutureGetsItsResult() {
        test.run(() -> {
            Future<String> future = loop.createFuture();
            CompletableFuture<String> got = new CompletableFuture<>();
            new Thread(() -> got.complete(future.await())).start();
            sleep(0).await();
            future.setResult("value");
            while (!got.isDone()) {
                sleep(0).await();
            }
            assertEquals("value", got.join());
        });
    }

    @Test
    void c028_aThreadThatAwaitsIsNotLeftBehindWhenTheLoopCloses() throws InterruptedException {
        Future<String> never = loop.createFuture();
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        Thread waiting = new Thread(() -> {
            try {
                never.await();
                thrown.complete(new AssertionError("there is no value"));
            } catch (Throwable e) {
                thrown.complete(e);
            }
        });
        waiting.start();
        while (waiting.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        test.tick();
        test.runner.close();
        waiting.join(5_000);
        assertFalse(waiting.isAlive(), "still waits for a future of a closed loop");
        assertEquals(IllegalStateException.class, thrown.join().getClass());
    }

    @Test
    void c028_aThreadThatAwaitsAfterTheLoopClosedGetsWhatThereIsOrFails() {
        Future<String> done = loop.createFuture();
        Future<String> never = loop.createFuture();
        done.setResult("value");
        test.runner.close();
        assertEquals("value", elsewhere(done::await));
        elsewhere(() -> assertThrows(IllegalStateException.class, never::await));
        elsewhere(() -> {
            never.setResult("late");
            return null;
        });
        assertEquals("late", elsewhere(never::await));
    }

    @Test
    void c028_awaitOnTheThreadOfALoopThatDoesNotRunFailsAtOnce() {
        Future<String> future = loop.createFuture();
        assertThrows(IllegalStateException.class, future::await);
    }

    @Test
    void c028_anInterruptedThreadStopsAwaiting() {
        Future<String> never = loop.createFuture();
        CancelledError error = elsewhere(() -> {
            Thread.currentThread().interrupt();
            CancelledError thrown = assertThrows(CancelledError.class, never::await);
            assertTrue(Thread.interrupted());
            return thrown;
        });
        assertEquals(CancelReason.Kind.INTERRUPT, error.reason().kind());
        assertFalse(never.isDone());
    }

    // ---- interrupts do not disturb the loop

    @Test
    void c029_aCallbackThatLeavesItsThreadInterruptedDoesNoHarm() {
        test.run(() -> {
            loop.callSoon(() -> Thread.currentThread().interrupt());
            for (int i = 0; i < 10; i++) {
                sleep(1).await();
                assertFalse(Thread.currentThread().isInterrupted());
            }
        });
        Thread.interrupted();
        assertEquals(Duration.ofSeconds(10), test.elapsed());
    }

    @Test
    void c029_anInterruptedTaskKeepsItsInterruptAcrossAwaits() {
        test.run(() -> {
            Thread.currentThread().interrupt();
            sleep(1).await();
            assertTrue(Thread.interrupted());
            sleep(1).await();
            assertFalse(Thread.currentThread().isInterrupted());
        });
    }

    @Test
    void c029_anInterruptOfTheLoopsThreadDoesNotReachItsTasks() {
        Thread owner = Thread.currentThread();
        test.run(() -> {
            owner.interrupt();
            sleep(1).await();
            assertFalse(Thread.currentThread().isInterrupted());
        });
        // Whether the loop's thread keeps it is the JDK's business: the inline carrier's virtual threads clear it.
        Thread.interrupted();
        assertEquals(Duration.ofSeconds(1), test.elapsed());
    }
}
