package dev.weft.http.connect;

import dev.weft.loop.Future;
import dev.weft.loop.Loop;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** Blocking work on a virtual thread of its own, whose result comes back as a future of the loop. */
final class OffLoop {
    private OffLoop() {}

    /** What the work gave, or how it failed. */
    record Result<T>(@Nullable T value, @Nullable Exception failure) {}

    /** Starts the work. A future that is cancelled, or a loop that is closed, meanwhile leaves the result to nobody. */
    static <T> Future<Result<T>> call(Loop loop, String name, Callable<T> work) {
        Future<Result<T>> future = loop.createFuture();
        Thread.ofVirtual().name(name).start(() -> {
            Result<T> result = result(work);
            try {
                loop.callSoonThreadsafe(() -> {
                    if (!future.isDone()) {
                        future.setResult(result);
                    }
                });
            } catch (IllegalStateException closed) {
                // Nobody waits on a closed loop.
                Thread.currentThread().interrupt();
            }
        });
        return future;
    }

    private static <T> Result<T> result(Callable<T> work) {
        try {
            return new Result<>(work.call(), null);
        } catch (Exception e) {
            return new Result<>(null, e);
        }
    }
}
