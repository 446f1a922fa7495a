package dev.weft.loop;

import static dev.weft.loop.Asyncio.createTask;
import static dev.weft.loop.Asyncio.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.loop.testing.junit.LoopExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Many threads at one loop: nothing is lost, nothing happens twice, and each thread's order is kept. On the machine's clock. */
class ThreadStressTest {
    private static final int THREADS = 4;

    @RegisterExtension
    final LoopExtension loops = LoopExtension.with(options -> options.clock(Clock.SYSTEM));

    /** Starts threads that all begin at the same moment; gives what completes when they are done. */
    private static Future<Void> threads(Loop loop, IntConsumer work) {
        CountDownLatch begin = new CountDownLatch(1);
        CompletableFuture<Void> all = new CompletableFuture<>();
        AtomicInteger left = new AtomicInteger(THREADS);
        for (int i = 0; i < THREADS; i++) {
            int number = i;
            Elsewhere.start(() -> {
                try {
                    Elsewhere.await(begin);
                    work.accept(number);
                    if (left.decrementAndGet() == 0) {
                        all.complete(null);
                    }
                } catch (Throwable e) {
                    all.completeExceptionally(e);
                }
            });
        }
        Future<Void> done = Asyncio.wrap(all);
        loop.callSoon(begin::countDown);
        return done;
    }

    @Test
    void aMillionPostsOfFourThreads(Loop loop) {
        int each = 250_000;
        int[] seen = new int[THREADS];
        List<String> wrong = new ArrayList<>();
        threads(loop, thread -> {
                    for (int i = 0; i < each; i++) {
                        int number = i;
                        loop.callSoonThreadsafe(() -> {
                            if (seen[thread]++ != number) {
                                wrong.add(thread + " at " + number);
                            }
                        });
                    }
                })
                .await();
        // What was posted before the last thread's end was told runs before what is queued now.
        sleep(0).await();
        assertEquals(List.of(), wrong);
        for (int count : seen) {
            assertEquals(each, count);
        }
    }

    @Test
    void postsWhileTheLoopIsBusyAndGoesToSleepByTurns(Loop loop) {
        // Each post is answered before the next one: every one must wake the loop, or this never ends.
        int each = 5_000;
        threads(loop, thread -> {
                    for (int i = 0; i < each; i++) {
                        CountDownLatch ran = new CountDownLatch(1);
                        loop.callSoonThreadsafe(ran::countDown);
                        Elsewhere.await(ran);
                    }
                })
                .await();
    }

    @Test
    void futuresThatFourThreadsEndEachEndOnce(Loop loop) {
        int count = 30_000;
        List<Future<Integer>> futures = new ArrayList<>();
        int[] called = new int[count];
        for (int i = 0; i < count; i++) {
            int number = i;
            Future<Integer> future = loop.createFuture();
            future.addDoneCallback(done -> called[number]++);
            futures.add(future);
        }
        AtomicInteger won = new AtomicInteger();
        threads(loop, thread -> {
                    for (int i = 0; i < count; i++) {
                        if (end(futures.get(i), thread)) {
                            won.incrementAndGet();
                        }
                        int number = i;
                        if ((i & 1) == 0) {
                            futures.get(i).addDoneCallback(done -> called[number]++);
                        }
                    }
                })
                .await();
        sleep(0).await();
        assertEquals(count, won.get());
        for (int i = 0; i < count; i++) {
            assertEquals((i & 1) == 0 ? 1 + THREADS : 1, called[i], "callbacks of future " + i);
            assertTrue(futures.get(i).isDone());
            if (!futures.get(i).isCancelled()) {
                futures.get(i).exception();
            }
        }
    }

    private static boolean end(Future<Integer> future, int how) {
        try {
            switch (how) {
                case 0 -> {
                    return future.cancel("by thread 0");
                }
                case 1 -> future.setException(new IllegalArgumentException("by thread 1"));
                default -> future.setResult(how);
            }
            return true;
        } catch (InvalidStateException e) {
            return false;
        }
    }

    @Test
    void tasksWaitForFuturesThatThreadsEndOrCancelOrLeaveToTheTask(Loop loop) {
        int count = 8_000;
        List<Future<Integer>> futures = new ArrayList<>();
        List<Task<String>> tasks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Future<Integer> future = loop.createFuture();
            futures.add(future);
            tasks.add(createTask(() -> {
                try {
                    return "value " + future.await();
                } catch (CancelledError e) {
                    return "cancelled";
                }
            }));
        }
        threads(loop, thread -> {
                    for (int i = 0; i < count; i++) {
                        if (thread == 0) {
                            tasks.get(i).cancel();
                        } else {
                            end(futures.get(i), thread + 1);
                        }
                    }
                })
                .await();
        for (int i = 0; i < count; i++) {
            Future<Integer> future = futures.get(i);
            String outcome;
            try {
                outcome = tasks.get(i).await();
            } catch (CancelledError e) {
                // Cancelled before its first step, or after the value was there and the task had ended its await: it
                // never got it.
                outcome = "cancelled";
            }
            if (future.isCancelled()) {
                assertEquals("cancelled", outcome);
            } else if (!outcome.equals("cancelled")) {
                assertEquals("value " + future.result(), outcome);
            }
        }
    }

    @Test
    void aThreadsCompletionsAndPostsKeepTheirOrder(Loop loop) {
        int each = 20_000;
        List<String> wrong = new ArrayList<>();
        int[][] seen = new int[THREADS][1];
        List<List<Future<Integer>>> futures = new ArrayList<>();
        for (int thread = 0; thread < THREADS; thread++) {
            List<Future<Integer>> own = new ArrayList<>();
            int[] at = seen[thread];
            for (int i = 0; i < each; i++) {
                Future<Integer> future = loop.createFuture();
                int first = 3 * i;
                future.addDoneCallback(done -> expect(at, first, wrong));
                future.addDoneCallback(done -> expect(at, first + 1, wrong));
                own.add(future);
            }
            futures.add(own);
        }
        threads(loop, thread -> {
                    for (int i = 0; i < each; i++) {
                        int last = 3 * i + 2;
                        futures.get(thread).get(i).setResult(i);
                        loop.callSoonThreadsafe(() -> expect(seen[thread], last, wrong));
                    }
                })
                .await();
        sleep(0).await();
        assertEquals(List.of(), wrong.stream().limit(5).toList());
        for (int[] at : seen) {
            assertEquals(3 * each, at[0]);
        }
    }

    private static void expect(int[] at, int number, List<String> wrong) {
        if (at[0]++ != number) {
            wrong.add("expected " + (at[0] - 1) + ", came " + number);
        }
    }

    @Test
    void timersCancelledByOtherThreadsLeaveNothing(Loop loop) {
        int count = 50_000;
        int before = loop.metrics().timers();
        List<TimerHandle> timers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            timers.add(loop.callLater(Duration.ofHours(1), () -> {}));
        }
        threads(loop, thread -> timers.forEach(TimerHandle::cancel)).await();
        sleep(0).await();
        assertEquals(before, loop.metrics().timers());
    }

    @Test
    void threadsThatAwaitGetTheirOwnAnswers(Loop loop) {
        int each = 2_000;
        threads(loop, thread -> {
                    for (int i = 0; i < each; i++) {
                        int question = ThreadLocalRandom.current().nextInt();
                        int answer = loop.submit(() -> {
                                    sleep(0).await();
                                    return question + 1;
                                })
                                .join();
                        if (answer != question + 1) {
                            throw new AssertionError(question + " -> " + answer);
                        }
                    }
                })
                .await();
    }
}
