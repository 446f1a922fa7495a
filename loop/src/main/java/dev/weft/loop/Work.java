package dev.weft.loop;

import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A blocking call on another thread, as a future of the loop. Cancelling it interrupts the thread; the waiter does not wait for
 * the thread's end. The call sees the context variables of its submitter.
 */
final class Work<T extends @Nullable Object> extends Future<T> implements Runnable {
    private final Callable<? extends T> call;
    private final Context context;
    private @Nullable Thread worker;

    private Work(Loop loop, Callable<? extends T> call) {
        super(loop);
        this.call = call;
        this.context = loop.context;
    }

    static <T extends @Nullable Object> Work<T> submit(Loop loop, Executor executor, Callable<? extends T> call) {
        Work<T> work = new Work<>(loop, call);
        loop.workBegins();
        try {
            executor.execute(work);
        } catch (Throwable e) {
            loop.workEnds();
            throw e;
        }
        return work;
    }

    @Override
    public void run() {
        try {
            if (begin()) {
                compute();
            }
        } finally {
            loop.workEnds();
        }
    }

    private void compute() {
        try {
            T value = Context.carry(context, call);
            end();
            complete(Outcome.ofValue(value));
        } catch (Throwable e) {
            end();
            fail(e);
        }
    }

    private synchronized boolean begin() {
        worker = Thread.currentThread();
        return !isDone();
    }

    /** From here on no cancellation reaches the thread, which has other work to do. */
    private synchronized void end() {
        worker = null;
        // An interrupt that came meanwhile was for this call.
        boolean ignored = Thread.interrupted();
    }

    @Override
    synchronized boolean cancel(CancelReason reason) {
        boolean cancelled = super.cancel(reason);
        Thread running = worker;
        if (cancelled && running != null) {
            running.interrupt();
        }
        return cancelled;
    }

    @Override
    String describe() {
        return "call of " + call + " on another thread";
    }
}
