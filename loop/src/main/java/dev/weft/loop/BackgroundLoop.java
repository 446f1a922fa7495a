package dev.weft.loop;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A loop that runs on a thread of its own, for callers on plain threads: made by {@link Loop#start()}, ended by
 * {@link #close()}. Its methods may be called from any thread that does not run the loop.
 */
public final class BackgroundLoop implements AutoCloseable {
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final Thread thread;
    private final CompletableFuture<Loop> loop = new CompletableFuture<>();
    private final CompletableFuture<Future<@Nullable Void>> end = new CompletableFuture<>();

    BackgroundLoop(Runner.Builder options) {
        thread = Thread.ofPlatform()
                .name("weft-loop-" + NUMBER.incrementAndGet())
                .daemon()
                .unstarted(() -> serve(options));
        thread.start();
        try {
            loop.join();
        } catch (CompletionException e) {
            throw Outcome.rethrow(e.getCause() == null ? e : e.getCause());
        }
    }

    private void serve(Runner.Builder options) {
        try (Runner runner = options.build()) {
            Loop own = runner.loop();
            runner.run(() -> {
                end.complete(own.createFuture());
                loop.complete(own);
                end.join().await();
            });
        } catch (Throwable e) {
            // Who starts it is told; later nobody is there but the thread's own handler.
            if (!loop.completeExceptionally(e)) {
                throw e;
            }
        }
    }

    /** The loop. */
    public Loop loop() {
        return loop.join();
    }

    /** Runs a coroutine as a task of the loop; see {@link Loop#submit(Awaitable)}. */
    public <T extends @Nullable Object> CompletableFuture<T> submit(Awaitable<? extends T, ?> coroutine) {
        return loop().submit(coroutine);
    }

    /** Runs a coroutine without a value as a task of the loop; see {@link Loop#submit(Awaitable)}. */
    public CompletableFuture<@Nullable Void> submit(Action<?> coroutine) {
        return loop().<@Nullable Void>submit(Asyncio.awaitable(coroutine));
    }

    /**
     * Ends the loop as {@link Asyncio#run} does: what is left is cancelled and waited for. Returns when the thread has ended;
     * closing twice is harmless.
     *
     * @throws IllegalStateException if called on the loop itself, which would wait for its own end
     */
    @Override
    public void close() {
        if (loop().isActive()) {
            throw new IllegalStateException("a background loop cannot be closed by itself");
        }
        end.join().complete(Outcome.Null.VALUE);
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
