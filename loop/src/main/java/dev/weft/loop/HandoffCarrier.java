package dev.weft.loop;

import dev.weft.loop.poll.Poller;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The carrier that needs no flag. A dispatcher, itself a virtual thread, runs the batch, I/O that is ready included, and hands the baton
 * to one coroutine at a time, which hands it on to the next one itself if that is known. The loop's platform thread parks meanwhile: it is
 * there to wait for I/O, which would keep a carrier of the JDK from other virtual threads. Switching between two virtual threads costs a
 * fraction of waking a platform thread (measured 1.2 against 32 microseconds).
 *
 * <p>Invariant: of dispatcher and coroutines one has the baton, while a batch runs.
 */
final class HandoffCarrier implements Carrier {
    private final Thread loopThread = Thread.currentThread();
    private final Thread dispatcher;
    /** What the dispatcher shall run; null when it has nothing to do. */
    private volatile @Nullable Batch batch;
    /** Whether the dispatcher has the baton, or a coroutine. */
    private volatile boolean dispatcherHasIt = true;

    private volatile boolean closed;

    HandoffCarrier(Poller poller) {
        dispatcher = Thread.ofVirtual()
                .name(loopThread.getName() + "-dispatcher")
                .inheritInheritableThreadLocals(false)
                .unstarted(() -> poller.drive(this::dispatch));
        dispatcher.start();
    }

    @Override
    public Kind kind() {
        return Kind.HANDOFF;
    }

    @Override
    public Coroutine coroutine(String name, Runnable body) {
        return new Baton(name, body);
    }

    @Override
    public void run(Batch work) {
        batch = work;
        LockSupport.unpark(dispatcher);
        boolean interrupted = false;
        while (batch != null) {
            LockSupport.park(this);
            interrupted |= Thread.interrupted();
        }
        if (interrupted) {
            loopThread.interrupt();
        }
    }

    @Override
    public boolean isElsewhere() {
        return true;
    }

    private void dispatch() {
        while (!closed) {
            Batch work = batch;
            if (work == null) {
                parkUninterrupted();
                continue;
            }
            work.run();
            batch = null;
            LockSupport.unpark(loopThread);
        }
    }

    /** The dispatcher's wait. A callback may have left its thread interrupted: then every park would return at once. */
    private void parkUninterrupted() {
        LockSupport.park(this);
        Thread.interrupted();
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(dispatcher);
    }

    private final class Baton implements Coroutine {
        private final Thread thread;
        private volatile boolean bodyHasIt;
        private boolean started;

        Baton(String name, Runnable body) {
            thread = Thread.ofVirtual()
                    .name(name)
                    .inheritInheritableThreadLocals(false)
                    .unstarted(() -> {
                        try {
                            body.run();
                        } finally {
                            passOn();
                        }
                    });
        }

        @Override
        public Thread thread() {
            return thread;
        }

        @Override
        public void resume() {
            dispatcherHasIt = false;
            take();
            while (!dispatcherHasIt) {
                parkUninterrupted();
            }
        }

        private void take() {
            bodyHasIt = true;
            if (started) {
                LockSupport.unpark(thread);
            } else {
                started = true;
                thread.start();
            }
        }

        @Override
        public void suspend() {
            passOn();
            boolean interrupted = false;
            while (!bodyHasIt) {
                LockSupport.park(this);
                interrupted |= Thread.interrupted();
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }

        /** To the coroutine that goes on next, if it is known, which saves half of the switches; else to the dispatcher. */
        private void passOn() {
            bodyHasIt = false;
            Batch work = batch;
            Coroutine next = work == null ? null : work.enterNext();
            if (next != null) {
                ((Baton) next).take();
            } else {
                dispatcherHasIt = true;
                LockSupport.unpark(dispatcher);
            }
        }
    }
}
