package dev.weft.loop;

/**
 * A callback that another thread queued. Once {@link #cancel()} has returned on another thread, the callback is not running
 * and will not run: while it runs, {@code cancel} waits for its end (asyncio's {@code _ThreadSafeHandle}).
 */
final class ThreadsafeHandle extends Handle {
    ThreadsafeHandle(Loop loop, Runnable callback, Context context) {
        super(loop, callback, context);
    }

    @Override
    public synchronized void cancel() {
        super.cancel();
    }

    @Override
    synchronized void execute() {
        super.execute();
    }
}
