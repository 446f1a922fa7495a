package dev.weft.loop;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** A second loop, running on a thread of its own until it is closed. */
final class OtherLoop implements AutoCloseable {
    final Loop loop;
    private final Thread thread;

    OtherLoop() {
        CompletableFuture<Loop> made = new CompletableFuture<>();
        thread = new Thread(() -> serve(made), "other-loop");
        thread.setDaemon(true);
        thread.start();
        loop = made.join();
    }

    private static void serve(CompletableFuture<Loop> made) {
        try (Runner runner = Runner.create()) {
            Loop loop = runner.loop();
            loop.callSoon(() -> made.complete(loop));
            loop.runForever();
        } catch (Throwable e) {
            made.completeExceptionally(e);
        }
    }

    /** Computes something on the other loop; the calling thread waits. */
    <T> T on(Supplier<T> work) {
        CompletableFuture<T> value = new CompletableFuture<>();
        loop.callSoonThreadsafe(() -> {
            try {
                value.complete(work.get());
            } catch (Throwable e) {
                value.completeExceptionally(e);
            }
        });
        return value.orTimeout(20, TimeUnit.SECONDS).join();
    }

    @Override
    public void close() {
        loop.callSoonThreadsafe(loop::stop);
        try {
            thread.join(20_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            throw new AssertionError("the other loop did not end");
        }
    }
}
