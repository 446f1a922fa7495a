package dev.weft.loop;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Other threads for tests; every wait has an end. */
final class Elsewhere {
    static final long PATIENCE_SECONDS = 20;

    private Elsewhere() {}

    /** Starts a daemon thread. */
    static Thread start(Action<?> work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (Exception e) {
                        throw new CompletionException(e);
                    }
                },
                "elsewhere");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /** Makes a call on a fresh thread and waits for it; throws what it throws, wrapped if it is checked. */
    static <T> T call(Callable<? extends T> work) {
        CompletableFuture<T> outcome = new CompletableFuture<>();
        start(() -> {
            try {
                outcome.complete(work.call());
            } catch (Throwable e) {
                outcome.completeExceptionally(e);
            }
        });
        try {
            return outcome.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
        } catch (CompletionException e) {
            throw Outcome.rethrow(e.getCause());
        }
    }

    static void run(Action<?> work) {
        call(() -> {
            work.run();
            return true;
        });
    }

    static void await(CountDownLatch latch) {
        try {
            if (!latch.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("what the test waits for did not happen in " + PATIENCE_SECONDS + " s");
            }
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }

    static void join(Thread thread) {
        try {
            thread.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
        if (thread.isAlive()) {
            throw new AssertionError(thread + " did not end in " + PATIENCE_SECONDS + " s");
        }
    }

    /** Waits, whatever happens to the thread. */
    static void awaitStubbornly(CountDownLatch latch) {
        boolean interrupted = false;
        while (true) {
            try {
                if (!latch.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                    throw new AssertionError("nobody released the latch in " + PATIENCE_SECONDS + " s");
                }
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
