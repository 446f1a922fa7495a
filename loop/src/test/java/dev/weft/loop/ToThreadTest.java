package dev.weft.loop;

import static dev.weft.loop.Asyncio.createTask;
import static dev.weft.loop.Asyncio.gather;
import static dev.weft.loop.Asyncio.sleep;
import static dev.weft.loop.Asyncio.toThread;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.loop.testing.junit.LoopExtension;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Blocking calls on other threads: C331, C332 and what lies between them. */
@ExtendWith(LoopExtension.class)
class ToThreadTest {
    private static final ContextVar<String> COLOUR = ContextVar.withInitial("colour", "none");

    @Test
    void c331_theValueComesBackFromAnotherThread() {
        Thread here = Thread.currentThread();
        Thread worker = toThread(() -> Thread.currentThread()).await();
        assertNotSame(here, worker);
        assertFalse(worker.isVirtual(), "a blocked virtual thread would hold a carrier of the JDK");
        assertTrue(worker.isDaemon());
    }

    @Test
    void c331_nullIsAValue() {
        assertNull(toThread(() -> null).await());
    }

    @Test
    void c331_anUncheckedErrorComesBackAsItself() {
        IllegalArgumentException error = new IllegalArgumentException("no");
        assertSame(error, assertThrows(IllegalArgumentException.class, toThread(() -> {
            throw error;
        })::await));
    }

    @Test
    void c331_aCheckedErrorComesBackAsACause() {
        IOException error = new IOException("no");
        CompletionException thrown = assertThrows(CompletionException.class, toThread(() -> {
            throw error;
        })::await);
        assertSame(error, thrown.getCause());
    }

    @Test
    void c331_itIsCalledOnceAndNotBeforeItIsAwaited() {
        AtomicInteger calls = new AtomicInteger();
        Awaitable<Integer, RuntimeException> cold = toThread(calls::incrementAndGet);
        sleep(0).await();
        assertEquals(0, calls.get());
        assertEquals(1, cold.await());
        assertEquals(1, calls.get());
    }

    @Test
    void c331_tenAtOnceGiveTheirOwnResults() {
        List<Integer> numbers = IntStream.range(0, 10).boxed().toList();
        List<Integer> squares =
                gather(numbers, n -> toThread(() -> n * n).await()).await();
        assertEquals(numbers.stream().map(n -> n * n).toList(), squares);
    }

    @Test
    void c331_callsRunAtTheSameTime() {
        CyclicBarrier together = new CyclicBarrier(4);
        List<Integer> arrivals = gather(
                        List.of(1, 2, 3, 4),
                        n -> toThread(() -> together.await()).await())
                .await();
        assertEquals(List.of(0, 1, 2, 3), arrivals.stream().sorted().toList());
    }

    @Test
    void c331_contextVariablesAreVisibleThereAndStayThere() {
        COLOUR.set("blue");
        String seen = toThread(() -> {
                    String before = COLOUR.get();
                    COLOUR.set("red");
                    return before + " " + COLOUR.get();
                })
                .await();
        assertEquals("blue red", seen);
        assertEquals("blue", COLOUR.get());
        // The same worker has forgotten what the last call set.
        assertEquals("blue", toThread(COLOUR::get).await());
    }

    @Test
    void c331_theContextIsTheOneOfTheSubmission(Loop loop) {
        CountDownLatch go = new CountDownLatch(1);
        COLOUR.set("early");
        Future<String> work = loop.runInExecutor(null, () -> {
            Elsewhere.await(go);
            return COLOUR.get();
        });
        COLOUR.set("late");
        go.countDown();
        assertEquals("early", work.await());
    }

    @Test
    void theLoopRunsOnMeanwhile() {
        CountDownLatch go = new CountDownLatch(1);
        List<String> log = new ArrayList<>();
        createTask(() -> {
            log.add("other");
            go.countDown();
        });
        toThread(() -> Elsewhere.await(go)).await();
        log.add("after");
        assertEquals(List.of("other", "after"), log);
    }

    @Test
    void c332_cancellingInterruptsTheThreadAndDoesNotWaitForIt(Loop loop) {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        Task<Void> waiter = createTask(() -> {
            toThread(() -> {
                        inside.countDown();
                        try {
                            new CountDownLatch(1).await();
                        } catch (InterruptedException e) {
                            interrupted.countDown();
                            Elsewhere.await(mayEnd);
                        }
                    })
                    .await();
        });
        sleep(0).await();
        Elsewhere.await(inside);
        waiter.cancel("enough");
        CancelledError error = assertThrows(CancelledError.class, waiter::await);
        assertEquals("enough", error.reason().message());
        Elsewhere.await(interrupted);
        assertEquals(1, loop.metrics().outside(), "the thread runs on");
        mayEnd.countDown();
        awaitNothingOutside(loop);
    }

    /** The last thing a worker does is to wake the loop. */
    private static void awaitNothingOutside(Loop loop) {
        while (loop.metrics().outside() > 0) {
            sleep(0).await();
        }
    }

    @Test
    void c332_aCallThatWaitsForAThreadIsNotMadeOnceCancelled(Loop loop) {
        ExecutorService single = Executors.newSingleThreadExecutor();
        CountDownLatch busy = new CountDownLatch(1);
        AtomicBoolean called = new AtomicBoolean();
        Future<Void> first = loop.runInExecutor(single, () -> {
            Elsewhere.await(busy);
            return null;
        });
        Future<Boolean> second = loop.runInExecutor(single, () -> {
            called.set(true);
            return true;
        });
        assertTrue(second.cancel());
        busy.countDown();
        first.await();
        assertThrows(CancelledError.class, second::await);
        single.close();
        assertFalse(called.get());
        awaitNothingOutside(loop);
    }

    @Test
    void c332_anInterruptNeverReachesTheNextCallOnTheSameThread(Loop loop) {
        ExecutorService single = Executors.newSingleThreadExecutor();
        for (int i = 0; i < 2_000; i++) {
            Future<Integer> cancelled = loop.runInExecutor(single, () -> 1);
            Future<Boolean> next = loop.runInExecutor(single, Thread::interrupted);
            cancelled.cancel();
            assertFalse(next.await(), "in round " + i);
        }
        single.close();
    }

    @Test
    void c332_aCancelledCallThatReturnsAValueAnywayIsStillCancelled(Loop loop) {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(1);
        Future<String> work = loop.runInExecutor(null, () -> {
            inside.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                done.countDown();
            }
            return "late";
        });
        Elsewhere.await(inside);
        assertTrue(work.cancel());
        Elsewhere.await(done);
        awaitNothingOutside(loop);
        assertTrue(work.isCancelled());
        assertFalse(work.cancel());
    }

    @Test
    void c333_shutdownWaitsForTheThread() {
        CountDownLatch inside = new CountDownLatch(1);
        AtomicBoolean ended = new AtomicBoolean();
        Elsewhere.run(() -> {
            Asyncio.run(() -> {
                createTask(() -> toThread(() -> {
                            inside.countDown();
                            try {
                                new CountDownLatch(1).await();
                            } catch (InterruptedException e) {
                                // Cleaning up takes a moment, in which the loop must not end.
                                Thread.sleep(20);
                                ended.set(true);
                            }
                        })
                        .await());
                sleep(0).await();
                Elsewhere.await(inside);
            });
            assertTrue(ended.get());
        });
    }

    @Test
    void c333_aWorkerSeesItsLoopEndWithoutHarm() {
        CountDownLatch release = new CountDownLatch(1);
        Thread[] worker = new Thread[1];
        List<LoopError> reported = new ArrayList<>();
        Elsewhere.run(() -> {
            Runner runner = Runner.builder().executorPatience(Duration.ZERO).build();
            runner.loop().setExceptionHandler(reported::add);
            try (runner) {
                runner.run(() -> {
                    CountDownLatch inside = new CountDownLatch(1);
                    createTask(() -> toThread(() -> {
                                worker[0] = Thread.currentThread();
                                inside.countDown();
                                Elsewhere.awaitStubbornly(release);
                                throw new IllegalStateException("nobody hears this");
                            })
                            .await());
                    sleep(0).await();
                    Elsewhere.await(inside);
                });
            }
        });
        release.countDown();
        Elsewhere.join(worker[0]);
        assertEquals(List.of(), reported);
    }

    @Test
    void anExecutorThatRefusesSaysSoAtTheCall(Loop loop) {
        ExecutorService closed = Executors.newSingleThreadExecutor();
        closed.close();
        assertThrows(RejectedExecutionException.class, () -> loop.runInExecutor(closed, () -> 1));
        assertEquals(0, loop.metrics().outside());
    }

    @Test
    void anExecutorMayRunTheCallInPlace(Loop loop) {
        Thread here = Thread.currentThread();
        assertSame(
                here, loop.runInExecutor(Runnable::run, Thread::currentThread).await());
        assertEquals(0, loop.metrics().outside());
    }

    @Test
    void aMissingCallIsRefusedAtOnce(Loop loop) {
        assertThrows(NullPointerException.class, () -> loop.runInExecutor(null, null));
        assertThrows(NullPointerException.class, () -> toThread((Action<?>) null));
    }

    @Test
    void aTimeoutInterruptsTheThreadToo(Loop loop) {
        // On the virtual clock time stands still while a thread works: so the deadline is in the past from the start.
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        assertThrows(
                TimeoutException.class,
                () -> Asyncio.timeout(Duration.ZERO, () -> {
                    Future<Void> work = loop.runInExecutor(null, () -> {
                        inside.countDown();
                        try {
                            new CountDownLatch(1).await();
                        } catch (InterruptedException e) {
                            interrupted.countDown();
                        }
                        return null;
                    });
                    Elsewhere.await(inside);
                    work.await();
                }));
        Elsewhere.await(interrupted);
    }

    @Test
    void aWorkerThreadMayAwaitAFutureOfTheLoop(Loop loop) {
        Future<String> answer = loop.createFuture();
        Task<String> asker = createTask(() -> toThread(() -> answer.await()).await());
        sleep(0).await();
        answer.setResult("42");
        assertEquals("42", asker.await());
    }
}
