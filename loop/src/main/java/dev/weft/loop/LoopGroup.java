package dev.weft.loop;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One call of {@link Loops#run}: the threads, each with a runner, and how they end. Made and run by the caller; told by the loops and by
 * signals. What they share is guarded by this object's monitor.
 *
 * <p>Invariant: {@link #end} completes when every thread is done with its loop, and the caller waits for that, whatever happens to it.
 */
final class LoopGroup<T extends @Nullable Object> {
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final Runner.Builder settings;
    private final CoroutineFunction<? super Integer, ? extends T> main;
    /** Who waits; null if it is a plain thread. */
    private final @Nullable Task<?> caller;

    private final Context context = Context.current();
    private final List<Thread> threads = new ArrayList<>();
    private final CompletableFuture<@Nullable Void> end = new CompletableFuture<>();

    /** Those that have begun, to cancel them. */
    private final List<Task<?>> mains = new ArrayList<>();

    private final List<@Nullable Object> results = new ArrayList<>();
    private int left;
    /** Why all were cancelled; null while they are not. */
    private @Nullable CancelReason reason;

    private @Nullable Throwable failure;
    /** How one ended that was cancelled because all were. */
    private @Nullable CancelledError interruption;

    private @Nullable String signal;
    private int signalNumber;

    LoopGroup(int loops, Runner.Builder settings, CoroutineFunction<? super Integer, ? extends T> main) {
        this.settings = settings;
        this.main = main;
        this.caller = Loop.current() == null ? null : Loop.runningTask("Loops.run");
        this.left = loops;
        String name = "weft-loops-" + NUMBER.incrementAndGet() + "-";
        for (int i = 0; i < loops; i++) {
            int index = i;
            threads.add(Thread.ofPlatform().name(name + index).daemon().unstarted(() -> serve(index)));
            results.add(null);
        }
    }

    List<T> run() {
        int heardBefore = caller == null ? 0 : caller.heardCancels();
        CancelledError cancelled;
        if (settings.listensToSignals()) {
            try (Signals signals = Signals.listen(this::signalled)) {
                cancelled = startAndWait();
            }
        } else {
            cancelled = startAndWait();
        }
        return outcome(cancelled, heardBefore);
    }

    @SuppressWarnings("unchecked") // each result was put there by its thread as a T
    private synchronized List<T> outcome(@Nullable CancelledError cancelled, int heardBefore) {
        if (failure != null) {
            if (caller != null && cancelled != null) {
                caller.redeliverSince(heardBefore);
            }
            throw Outcome.rethrow(failure);
        }
        if (cancelled != null) {
            throw cancelled;
        }
        if (signal != null && interruption != null) {
            throw new SignalInterrupt(signal, signalNumber, interruption);
        }
        return (List<T>) results;
    }

    /** Gives the interruption or cancellation of the caller that came meanwhile, null if none did. */
    private @Nullable CancelledError startAndWait() {
        if (caller != null) {
            // On a virtual clock no time passes meanwhile.
            caller.loop.workBegins();
        }
        for (int i = 0; i < threads.size(); i++) {
            try {
                threads.get(i).start();
            } catch (Throwable e) {
                // The system has no more threads.
                ended(i, e);
            }
        }
        CancelledError cancelled = null;
        boolean interrupted = false;
        while (true) {
            try {
                await();
                break;
            } catch (CancelledError e) {
                cancelled = e;
            } catch (InterruptedException e) {
                interrupted = true;
                cancelled = new CancelledError(
                        CancelReason.of(CancelReason.Kind.INTERRUPT, "interrupted while loops ran for it"), e);
            }
            cancelAll(cancelled.reason());
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return cancelled;
    }

    private void await() throws InterruptedException {
        if (caller != null) {
            // Cancelling the caller cancels what it waits for: a copy.
            Asyncio.wrap(end.copy()).await();
        } else {
            for (Thread thread : threads) {
                thread.join();
            }
        }
    }

    private void serve(int index) {
        Throwable error = null;
        try (Runner runner = new Runner(settings, true)) {
            T value = runner.run(() -> begin(index));
            put(index, value);
        } catch (Throwable e) {
            error = e;
        }
        ended(index, error);
    }

    /** The main task of a loop. */
    private T begin(int index) throws Exception {
        Task<?> task = Loop.runningTask("Loops.run");
        task.loop.context = context;
        synchronized (this) {
            if (reason != null) {
                throw new CancelledError(reason, null);
            }
            mains.add(task);
        }
        return main.apply(index);
    }

    private synchronized void put(int index, T value) {
        results.set(index, value);
    }

    private void ended(int index, @Nullable Throwable error) {
        if (note(index, error)) {
            end.complete(null);
            if (caller != null) {
                caller.loop.workEnds();
            }
        }
    }

    /** Notes how a loop ended; true for the last. */
    private synchronized boolean note(int index, @Nullable Throwable error) {
        if (error instanceof CancelledError cancelled && reason != null) {
            interruption = cancelled;
        } else if (error != null) {
            failed(index, error);
        }
        left--;
        return left == 0;
    }

    @SuppressWarnings("ReferenceEquality") // an exception may not suppress itself
    private synchronized void failed(int index, Throwable error) {
        if (failure == null) {
            failure = error;
        } else if (failure != error) {
            failure.addSuppressed(error);
        }
        if (reason == null) {
            cancelAll(new CancelReason(CancelReason.Kind.SIBLING_FAILED, "loop " + index + " failed", null));
        }
    }

    /** Cancels those that run, and those that will begin. Any thread. */
    private synchronized void cancelAll(CancelReason why) {
        reason = why;
        mains.forEach(task -> task.cancel(why));
    }

    private synchronized void signalled(String name, int number) {
        signal = name;
        signalNumber = number;
        cancelAll(new CancelReason(CancelReason.Kind.INTERRUPT, "SIG" + name, null));
    }
}
