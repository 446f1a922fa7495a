package dev.weft.loop;

import static dev.weft.loop.Asyncio.createTask;
import static dev.weft.loop.Asyncio.runCoroutineThreadsafe;
import static dev.weft.loop.Asyncio.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.loop.testing.VirtualClock;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A loop in the background and coroutines that plain threads give it: C334 to C337 and what lies between them. */
class SubmitTest {
    private static final Duration LONG = Duration.ofDays(1);

    private final BackgroundLoop background = Loop.start(Runner.builder().shutdownGrace(Duration.ofSeconds(5)));
    private final Loop loop = background.loop();

    @AfterEach
    void close() {
        background.close();
    }

    private static <T> T get(CompletableFuture<T> future) throws ExecutionException {
        try {
            return future.get(Elsewhere.PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError("no result", e);
        }
    }

    private List<String> taskNames() throws ExecutionException {
        return get(background.submit(
                () -> Asyncio.allTasks().stream().map(Task::name).toList()));
    }

    /** But the loop's own task and the one that asks. */
    private void assertNothingLeft() throws ExecutionException {
        List<String> names = taskNames();
        assertEquals(2, names.size(), () -> "left: " + names);
    }

    @Test
    void c334_theValueReachesTheCaller() throws Exception {
        assertEquals(3, get(background.submit(() -> {
            sleep(0).await();
            return 3;
        })));
        assertEquals(4, get(runCoroutineThreadsafe(() -> 4, loop)));
        assertNull(get(background.submit(() -> sleep(0).await())));
    }

    @Test
    void c334_theErrorReachesTheCallerAsItIs() throws Exception {
        IOException error = new IOException("broken");
        CompletableFuture<Object> future = loop.submit(() -> {
            throw error;
        });
        assertSame(
                error, assertThrows(ExecutionException.class, () -> get(future)).getCause());
        assertNothingLeft();
    }

    @Test
    void c334_anErrorThatTheCallerIgnoresIsNotReportedByTheLoop() throws Exception {
        List<LoopError> reported = new ArrayList<>();
        get(background.submit(() -> loop.setExceptionHandler(reported::add)));
        CompletableFuture<Object> ignored = loop.submit(() -> {
            throw new IOException("for the caller");
        });
        assertThrows(ExecutionException.class, () -> get(ignored));
        background.close();
        assertEquals(List.of(), reported);
    }

    @Test
    void c335_aCallerThatTimesOutAndCancelsLeavesNoTask() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CompletableFuture<Void> future = background.submit(() -> {
            inside.countDown();
            sleep(LONG).await();
        });
        Elsewhere.await(inside);
        assertThrows(TimeoutException.class, () -> future.get(1, TimeUnit.MILLISECONDS));
        assertTrue(future.cancel(true));
        assertNothingLeft();
        assertTrue(future.isCancelled());
    }

    @Test
    void c335_cancelledBeforeTheLoopSawItTheBodyNeverRuns() throws Exception {
        CountDownLatch hold = new CountDownLatch(1);
        List<String> log = new ArrayList<>();
        loop.callSoonThreadsafe(() -> Elsewhere.await(hold));
        CompletableFuture<Void> future = background.submit(() -> {
            log.add("ran");
        });
        assertTrue(future.cancel(true));
        hold.countDown();
        assertNothingLeft();
        assertEquals(List.of(), log);
    }

    @Test
    void c335_theTaskCleansUpWhenItIsCancelled() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch cleaned = new CountDownLatch(1);
        CompletableFuture<Void> future = background.submit(() -> {
            try {
                inside.countDown();
                sleep(LONG).await();
            } finally {
                sleep(0).await();
                cleaned.countDown();
            }
        });
        Elsewhere.await(inside);
        future.cancel(true);
        Elsewhere.await(cleaned);
    }

    @Test
    void c336_aTaskThatEndsCancelledIsCancelledForTheCaller() {
        CompletableFuture<Object> future = loop.submit(() -> {
            Asyncio.currentTask().cancel("by itself");
            sleep(0).await();
            return null;
        });
        CancellationException error = assertThrows(CancellationException.class, () -> get(future));
        Throwable original = error.getCause() == null ? error : error.getCause();
        assertEquals("by itself", original.getMessage());
        assertTrue(future.isCancelled());
    }

    @Test
    void c337_aMissingCoroutineIsRefusedAtTheCall() {
        assertThrows(NullPointerException.class, () -> loop.submit(null));
    }

    @Test
    void c338_coroutinesOfOneThreadStartInTheirOrder() throws Exception {
        List<Integer> order = new ArrayList<>();
        CompletableFuture<Void> last = null;
        for (int i = 0; i < 100; i++) {
            int number = i;
            last = background.submit(() -> {
                order.add(number);
            });
        }
        get(last);
        assertEquals(100, order.size());
        assertEquals(order.stream().sorted().toList(), order);
    }

    @Test
    void c338_theLoopItselfMaySubmit() throws Exception {
        assertEquals("inner", get(background.submit(() -> {
            Future<String> inner = Asyncio.wrap(loop.submit(() -> "inner"));
            return inner.await();
        })));
    }

    @Test
    void c338_stagesOfTheResultAreIndependent() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        CompletableFuture<String> future = loop.submit(() -> {
            inside.countDown();
            Asyncio.toThread(() -> Elsewhere.await(end)).await();
            return "done";
        });
        CompletableFuture<String> stage = future.thenApply(text -> text + "!");
        Elsewhere.await(inside);
        stage.cancel(true);
        end.countDown();
        assertEquals("done", get(future));
    }

    @Test
    void c339_closingCancelsWhatIsLeftAndTellsTheCallers() {
        CountDownLatch inside = new CountDownLatch(1);
        CompletableFuture<Void> future = background.submit(() -> {
            inside.countDown();
            sleep(LONG).await();
        });
        Elsewhere.await(inside);
        background.close();
        assertThrows(CancellationException.class, () -> get(future));
        assertTrue(loop.isClosed());
    }

    @Test
    void c339_aClosedLoopRefusesAndClosingTwiceIsHarmless() {
        background.close();
        background.close();
        IllegalStateException error =
                assertThrows(IllegalStateException.class, () -> background.submit(() -> sleep(0).await()));
        assertEquals("Event loop is closed", error.getMessage());
    }

    @Test
    void c339_aLoopCannotBeClosedByItself() throws Exception {
        ExecutionException error =
                assertThrows(ExecutionException.class, () -> get(background.submit(background::close)));
        assertInstanceOf(IllegalStateException.class, error.getCause());
        assertEquals(1, get(background.submit(() -> 1)));
    }

    /** Whoever got a future from a loop gets an outcome, whenever the loop closes. */
    @Test
    void c339_whatIsSubmittedWhileTheLoopClosesEndsOrIsRefused() {
        for (int round = 0; round < 40; round++) {
            BackgroundLoop other = Loop.start();
            List<CompletableFuture<Void>> given = new ArrayList<>();
            CountDownLatch submitting = new CountDownLatch(1);
            Thread submitter = Elsewhere.start(() -> {
                try {
                    for (int i = 0; i < 500; i++) {
                        given.add(other.submit(() -> sleep(LONG).await()));
                        submitting.countDown();
                    }
                } catch (IllegalStateException e) {
                    assertEquals("Event loop is closed", e.getMessage());
                }
            });
            Elsewhere.await(submitting);
            other.close();
            Elsewhere.join(submitter);
            for (CompletableFuture<Void> future : given) {
                assertThrows(Exception.class, () -> get(future));
            }
        }
    }

    @Test
    void c339_whatTheShutdownAbandonsFailsForTheCaller() {
        BackgroundLoop other = Loop.start(Runner.builder().shutdownGrace(Duration.ofMillis(20)));
        CountDownLatch inside = new CountDownLatch(1);
        List<LoopError> reported = new ArrayList<>();
        CompletableFuture<Object> stubborn = other.loop().submit(() -> {
            other.loop().setExceptionHandler(reported::add);
            inside.countDown();
            while (true) {
                try {
                    sleep(LONG).await();
                } catch (CancelledError e) {
                    // Refuses.
                }
            }
        });
        Elsewhere.await(inside);
        other.close();
        ExecutionException error = assertThrows(ExecutionException.class, () -> get(stubborn));
        assertInstanceOf(IllegalStateException.class, error.getCause());
        assertEquals(1, reported.size());
    }

    @Test
    void aBackgroundLoopThatCannotStartSaysWhy() {
        Runner.Builder options = Runner.builder().transport("pigeon");
        Exception error = assertThrows(Exception.class, () -> Loop.start(options));
        assertTrue(String.valueOf(error.getMessage()).contains("pigeon"), error::toString);
    }

    @Test
    void itsThreadIsADaemonAndHasAName() {
        Thread thread = loop.thread;
        assertTrue(thread.isDaemon());
        assertFalse(thread.isVirtual());
        assertTrue(thread.getName().startsWith("weft-loop-"), thread.getName());
    }

    @Test
    void timeMayBeVirtualInTheBackground() throws Exception {
        VirtualClock clock = new VirtualClock();
        try (BackgroundLoop fast = Loop.start(Runner.builder().clock(clock))) {
            get(fast.submit(() -> sleep(LONG).await()));
        }
        assertEquals(LONG, clock.elapsed());
    }

    @Test
    void aPlainThreadMayAwaitATaskOfTheLoop() throws Exception {
        Task<String> task = get(background.submit(() -> createTask(() -> {
            sleep(0).await();
            return "awaited";
        })));
        assertEquals("awaited", task.await());
    }
}
