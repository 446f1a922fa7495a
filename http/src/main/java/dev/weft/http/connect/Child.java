package dev.weft.http.connect;

import dev.weft.http.message.Phase;
import dev.weft.loop.Asyncio;
import dev.weft.loop.Awaitable;
import dev.weft.loop.Future;
import dev.weft.loop.Loop;
import dev.weft.loop.Task;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A coroutine in a task of its own, so that its caller can wait for it with {@link Patience}: whatever ends the wait (a timeout, the end of
 * the session, a cancellation) is thrown at once, and cancels the task.
 */
final class Child {
    private Child() {}

    /**
     * Runs it and waits for its end.
     *
     * @param dispose gets what it still made when nobody waited any more
     */
    static <T extends @Nullable Object> T await(
            Loop loop, Patience wait, Phase phase, Awaitable<T, RuntimeException> coroutine, Consumer<T> dispose) {
        Task<T> task = Asyncio.createEagerTask(coroutine);
        if (task.isDone()) {
            return task.result();
        }
        Future<T> done = loop.createFuture();
        task.addDoneCallback(ended -> {
            if (!hand(ended, done) && !ended.isCancelled() && ended.exception() == null) {
                dispose.accept(ended.result());
            }
        });
        try {
            return wait.await(phase, done);
        } finally {
            if (!task.isDone()) {
                task.cancel();
            }
        }
    }

    /** Completes a future as another one ended, and looks at its failure; gives whether it was not done already. */
    static <T extends @Nullable Object> boolean hand(Future<T> ended, Future<T> to) {
        Throwable failure = ended.isCancelled() ? null : ended.exception();
        if (to.isDone()) {
            return false;
        }
        if (ended.isCancelled()) {
            to.cancel("what it waited for was cancelled");
        } else if (failure != null) {
            to.setException(failure);
        } else {
            to.setResult(ended.result());
        }
        return true;
    }
}
