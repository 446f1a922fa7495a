package dev.weft.loop;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@link Asyncio#shield} gives: ends as the inner future does, and keeps a cancellation from it. Confined to the loop.
 */
final class Shield<T extends @Nullable Object> extends Future<T> {
    private final Future<T> inner;

    Shield(Future<T> inner) {
        super(inner.loop);
        this.inner = inner;
        inner.addDoneCallback(this::innerDone);
    }

    private void innerDone(Future<T> done) {
        if (!isDone()) {
            copy(done);
            return;
        }
        Throwable error = done.isCancelled() ? null : done.exception();
        if (error != null) {
            loop.callExceptionHandler(new LoopError(describe(done) + " exception in shielded future", error, done));
        }
    }

    private static String describe(Future<?> done) {
        return done.describe() + ":";
    }

    @Override
    List<Future<?>> dependencies() {
        return List.of(inner);
    }

    @Override
    String describe() {
        return "shield of " + inner.describe();
    }
}
