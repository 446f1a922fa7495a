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

import dev.weft.loop.testing.junit.LoopExtension;
import java.io.IOException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Between futures of a loop and completion stages, both ways; C085 to C089 are in {@link FutureTest}. */
@ExtendWith(LoopExtension.class)
class InteropTest {
    @Test
    void aStageThatIsCancelledCancelsItsWrapper() {
        CompletableFuture<String> source = new CompletableFuture<>();
        Future<String> future = wrap(source);
        source.cancel(true);
        assertThrows(CancelledError.class, future::await);
        assertTrue(future.isCancelled());
    }

    @Test
    void aStageThatDependsOnAFailedOneFailsWithTheCause() {
        CompletableFuture<String> source = new CompletableFuture<>();
        Future<String> future = wrap(source.thenApply(text -> text + "!"));
        IllegalArgumentException error = new IllegalArgumentException("no");
        source.completeExceptionally(error);
        assertSame(error, assertThrows(IllegalArgumentException.class, future::await));
    }

    @Test
    void aCheckedFailureOfAStageArrivesAsACause() {
        IOException error = new IOException("no");
        Future<String> future = wrap(CompletableFuture.failedFuture(error));
        assertSame(error, assertThrows(CompletionException.class, future::await).getCause());
    }

    @Test
    void aStageCompletedByManyThreadsIsTakenOver() {
        for (int i = 0; i < 500; i++) {
            CompletableFuture<Integer> source = new CompletableFuture<>();
            Future<Integer> future = wrap(source);
            int number = i;
            Thread.ofVirtual().start(() -> source.complete(number));
            assertEquals(number, future.await());
        }
    }

    @Test
    void cancellingTheWaitingTaskCancelsTheStage() {
        CompletableFuture<String> source = new CompletableFuture<>();
        Task<String> task = createTask(() -> wrap(source).await());
        sleep(0).await();
        task.cancel();
        assertThrows(CancelledError.class, task::await);
        assertTrue(source.isCancelled());
    }

    @Test
    void aStageThatCannotBeCancelledIsLeftToItself() {
        CompletableFuture<String> source = new CompletableFuture<>();
        Future<String> future = wrap(source.minimalCompletionStage());
        future.cancel();
        sleep(0).await();
        assertFalse(source.isDone());
        source.complete("late");
        assertTrue(future.isCancelled());
    }

    @Test
    void aFutureEndsItsCompletableFuture(Loop loop) throws Exception {
        Future<String> value = loop.createFuture();
        CompletableFuture<String> seen = value.toCompletableFuture();
        assertFalse(seen.isDone());
        value.setResult("v");
        sleep(0).await();
        assertEquals("v", seen.get());
        IOException error = new IOException("no");
        Future<String> failed = loop.createFuture();
        CompletableFuture<String> seenFailed = failed.toCompletableFuture();
        failed.setException(error);
        sleep(0).await();
        assertSame(
                error, assertThrows(ExecutionException.class, seenFailed::get).getCause());
        Future<String> nothing = loop.createFuture();
        nothing.setResult(null);
        assertNull(nothing.toCompletableFuture().getNow("pending"));
    }

    @Test
    void aCancelledFutureCancelsItsCompletableFuture(Loop loop) {
        Future<String> future = loop.createFuture();
        CompletableFuture<String> seen = future.toCompletableFuture();
        future.cancel("enough");
        sleep(0).await();
        assertTrue(seen.isCancelled());
        assertThrows(CancellationException.class, seen::join);
    }

    @Test
    void cancellingTheCompletableFutureCancelsTheFutureFromAnyThread(Loop loop) {
        Future<String> future = loop.createFuture();
        CompletableFuture<String> seen = future.toCompletableFuture();
        Elsewhere.run(() -> seen.cancel(true));
        assertThrows(CancelledError.class, future::await);
        Task<Void> task = createTask(() -> sleep(1000).await());
        task.toCompletableFuture().cancel(false);
        assertThrows(CancelledError.class, task::await);
    }

    @Test
    void anotherThreadMayAskForTheCompletableFuture(Loop loop) {
        Future<String> future = loop.createFuture();
        CompletableFuture<String> seen = Elsewhere.call(future::toCompletableFuture);
        future.setResult("v");
        sleep(0).await();
        assertEquals("v", seen.join());
    }

    @Test
    void afterTheLoopsEndAFutureThatIsDoneStillGivesItsValueAndOthersFail() {
        Future<?>[] kept = new Future<?>[2];
        Elsewhere.run(() -> Asyncio.run(() -> {
            Future<String> done = Asyncio.getRunningLoop().createFuture();
            done.setResult("kept");
            kept[0] = done;
            kept[1] = Asyncio.getRunningLoop().createFuture();
        }));
        assertEquals("kept", kept[0].toCompletableFuture().join());
        CompletionException error = assertThrows(CompletionException.class, kept[1].toCompletableFuture()::join);
        assertInstanceOf(IllegalStateException.class, error.getCause());
    }

    @Test
    void thereAndBackAgain(Loop loop) {
        Future<String> future = loop.createFuture();
        Future<String> round = wrap(future.toCompletableFuture());
        future.setResult("round");
        assertEquals("round", round.await());
    }
}
