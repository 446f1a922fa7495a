package dev.weft.http.download;

import dev.weft.loop.Asyncio;
import dev.weft.loop.Future;
import dev.weft.loop.Loop;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Blocking work on files, on the loop's executor. Unlike {@link Asyncio#toThread}, a cancelled wait does not interrupt the thread: the JDK closes
 * a file whose reader is interrupted, and with it goes the lock that keeps other processes away. Called on the loop.
 */
final class OffLoop {
    private OffLoop() {}

    /** Work with files. */
    @FunctionalInterface
    interface Job<T> {
        /** Does it, on another thread. */
        T run() throws IOException;
    }

    private record Outcome<T>(@Nullable T value, @Nullable Throwable failure) {}

    /**
     * Waits for the outcome of a job.
     *
     * @param unwanted takes, on the loop, what comes after the wait was cancelled
     * @throws UncheckedIOException if the job throws an {@link IOException}
     */
    static <T> T await(Job<T> job, Consumer<? super T> unwanted) {
        Loop loop = Asyncio.getRunningLoop();
        Future<T> wanted = loop.createFuture();
        start(loop, job, (value, failure) -> {
            if (wanted.isDone()) {
                if (value != null) {
                    unwanted.accept(value);
                }
            } else if (failure instanceof IOException e) {
                wanted.setException(new UncheckedIOException(e));
            } else if (failure != null) {
                wanted.setException(failure);
            } else if (value != null) {
                wanted.setResult(value);
            }
        });
        return wanted.await();
    }

    /** Takes how a job ended: one of the two is null. */
    @FunctionalInterface
    interface Done<T> {
        /** On the loop. */
        void accept(@Nullable T value, @Nullable Throwable failure);
    }

    /** Starts a job without waiting for it. */
    static <T> void start(Loop loop, Job<T> job, Done<? super T> done) {
        Future<Outcome<T>> running = loop.runInExecutor(null, () -> outcome(job));
        running.addDoneCallback(ended -> {
            Outcome<T> outcome = ended.isCancelled() ? null : ended.result();
            if (outcome != null) {
                done.accept(outcome.value(), outcome.failure());
            }
        });
    }

    private static <T> Outcome<T> outcome(Job<T> job) {
        try {
            return new Outcome<>(job.run(), null);
        } catch (IOException | RuntimeException | Error e) {
            return new Outcome<>(null, e);
        }
    }
}
