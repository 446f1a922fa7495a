package dev.weft.loop;

import dev.weft.loop.Outcome.Cancelled;
import dev.weft.loop.Outcome.Failed;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A result that is not there yet, bound to one loop. Ends once: with a value, an exception, or cancelled.
 *
 * <p>Every method may be called from any thread. Callbacks run on the loop, in the order they were added, never inside the
 * method that completes the future. Awaited by a task it suspends the task; awaited on a thread that runs no loop it blocks
 * that thread.
 *
 * <p>An exception nobody looks at (by {@code await}, {@link #result()}, {@link #exception()} or {@link #cancel()}) is reported
 * to the loop's exception handler when the future is collected, at the latest when the loop closes.
 *
 * <p>The file is long because the state has one owner: completing, callbacks and waiting are one machine.
 *
 * <p>Source: {@code asyncio.Future}; the states are {@link #isDone() pending or done}.
 */
public class Future<T extends @Nullable Object> implements Awaitable<T, RuntimeException> {
    private static final VarHandle OUTCOME;

    static {
        try {
            OUTCOME = MethodHandles.lookup().findVarHandle(Future.class, "outcome", Object.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    final Loop loop;
    /** Null while pending; see {@link Outcome}. Set once, by whichever thread comes first. */
    private volatile @Nullable Object outcome;
    /** Waiting tasks and callbacks, in order: null, one of them, or a list. Confined to the loop. */
    private @Nullable Object callbacks;
    /** Whether the callbacks were handed to the ready queue. Confined to the loop. */
    private boolean settled;

    /** Where it was created, in debug mode. */
    final @Nullable Throwable origin;

    Future(Loop loop) {
        this.loop = loop;
        this.origin = loop.debug ? new Throwable("created here") : null;
    }

    /** A callback with the context it was added in. */
    private record Callback<T extends @Nullable Object>(Consumer<? super Future<T>> consumer, Context context) {}

    /** The loop it belongs to. */
    public final Loop loop() {
        return loop;
    }

    /** Whether it has ended, in whatever way. */
    public final boolean isDone() {
        return outcome != null;
    }

    /** Whether it ended cancelled. */
    public final boolean isCancelled() {
        return outcome instanceof Cancelled;
    }

    /** Whether it ended with an exception. Does not count as looking at the exception. */
    final boolean hasFailed() {
        return outcome instanceof Failed;
    }

    /**
     * The value.
     *
     * @throws InvalidStateException if it is not done
     * @throws CancelledError if it was cancelled
     * @throws java.util.concurrent.CompletionException around the exception it failed with, if that is a checked one;
     *     unchecked ones and errors are thrown as they are
     */
    public final T result() {
        Object ended = ended("result");
        Throwable error = failure(ended);
        if (error != null) {
            throw Outcome.rethrow(error);
        }
        return value(ended);
    }

    /**
     * The exception it failed with, null if it did not fail.
     *
     * @throws InvalidStateException if it is not done
     * @throws CancelledError if it was cancelled
     */
    public final @Nullable Throwable exception() {
        Object ended = ended("exception");
        Throwable error = failure(ended);
        if (error instanceof CancelledError cancelled && ended instanceof Cancelled) {
            throw cancelled;
        }
        return error;
    }

    private Object ended(String what) {
        Object ended = outcome;
        if (ended == null) {
            throw new InvalidStateException("the " + what + " of " + this + " was asked for before it was done");
        }
        return ended;
    }

    /** What awaiting would throw, null for a value; counts as looking at it. */
    private @Nullable Throwable failure(Object ended) {
        if (ended instanceof Failed failed) {
            retrieved(failed);
            return failed.error;
        }
        return ended instanceof Cancelled cancelled ? cancelled.error() : null;
    }

    @SuppressWarnings({"unchecked", "NullAway"}) // only values of type T, and null in its disguise, get here
    private T value(Object ended) {
        return ended == Outcome.Null.VALUE ? null : (T) ended;
    }

    private void retrieved(Failed failed) {
        if (failed.retrieve()) {
            loop.failures.remove(failed);
        }
    }

    /**
     * Completes it with a value.
     *
     * @throws InvalidStateException if it is done
     */
    public void setResult(T value) {
        if (!complete(Outcome.ofValue(value))) {
            throw new InvalidStateException("a result was set on " + this);
        }
    }

    /**
     * Completes it with a failure. Awaiting it throws this object.
     *
     * @throws InvalidStateException if it is done
     */
    public void setException(Throwable exception) {
        Objects.requireNonNull(exception, "exception");
        if (!fail(exception)) {
            throw new InvalidStateException("an exception was set on " + this);
        }
    }

    /** Cancels it without a message. */
    public final boolean cancel() {
        return cancel(CancelReason.request(null));
    }

    /** Cancels it with a message, any object, that travels to those who await it. */
    public final boolean cancel(@Nullable Object message) {
        return cancel(message instanceof CancelReason reason ? reason : CancelReason.request(message));
    }

    /**
     * Cancels it for a reason.
     *
     * @return false if it was done
     */
    boolean cancel(CancelReason reason) {
        if (outcome instanceof Failed failed) {
            retrieved(failed);
        }
        return complete(new Cancelled(reason, null));
    }

    final boolean fail(Throwable error) {
        if (outcome != null) {
            return false;
        }
        Failed failed = new Failed(error, this);
        loop.failures.add(failed);
        if (complete(failed)) {
            loop.failures.reportWhenCollected(this, failed);
            return true;
        }
        loop.failures.remove(failed);
        return false;
    }

    /** Ends it, unless it has ended. */
    final boolean complete(Object ended) {
        if (!OUTCOME.compareAndSet(this, null, ended)) {
            return false;
        }
        if (loop.isActive()) {
            settle();
        } else {
            loop.post(this::settle);
        }
        return true;
    }

    private void settle() {
        settled = true;
        Object waiting = callbacks;
        callbacks = null;
        if (waiting instanceof List<?> many) {
            many.forEach(this::schedule);
        } else if (waiting != null) {
            schedule(waiting);
        }
    }

    @SuppressWarnings("unchecked") // the callbacks of a Future<T> take a Future<T>
    private void schedule(Object waiting) {
        if (waiting instanceof Task<?> task) {
            loop.ready(task);
        } else {
            Callback<T> callback = (Callback<T>) waiting;
            loop.ready(new Handle(loop, new Call<>(callback.consumer, this), callback.context));
        }
    }

    /** The callback as the ready queue runs it; a record for its name in reports. */
    private record Call<T extends @Nullable Object>(Consumer<? super Future<T>> consumer, Future<T> future)
            implements Runnable {
        @Override
        public void run() {
            consumer.accept(future);
        }

        @Override
        public String toString() {
            return consumer.toString();
        }
    }

    /**
     * Adds a callback, which gets this future when it is done: from the ready queue, in the order of adding, with the context
     * variables of now. On a future that is done it is queued at once.
     */
    public final void addDoneCallback(Consumer<? super Future<T>> callback) {
        Objects.requireNonNull(callback, "callback");
        add(new Callback<>(callback, Context.current()));
    }

    /**
     * Removes a callback, as often as it was added.
     *
     * @return how many were removed
     * @throws IllegalStateException if called on a thread that does not run the loop
     */
    public final int removeDoneCallback(Consumer<? super Future<T>> callback) {
        loop.checkActive("removeDoneCallback");
        int removed = 0;
        for (Object waiting : waitingSnapshot()) {
            // The equals of a callback is not ours: it may add and remove others, or complete this future.
            if (waiting instanceof Callback<?> other && other.consumer.equals(callback) && takeOut(waiting)) {
                removed++;
            }
        }
        return removed;
    }

    /** Removes a callback that is not needed any more; from another loop's thread, some time later. */
    final void forgetDoneCallback(Consumer<? super Future<T>> callback) {
        if (loop.isActive()) {
            removeDoneCallback(callback);
        } else {
            loop.post(() -> removeDoneCallback(callback));
        }
    }

    /** Removes a waiting task; false if it is on its way already. On the loop. */
    final boolean forgetWaiter(Task<?> task) {
        return takeOut(task);
    }

    @SuppressWarnings("ReferenceEquality") // this very entry, not one like it
    private boolean takeOut(Object waiting) {
        Object now = callbacks;
        if (now == waiting) {
            callbacks = null;
            return true;
        }
        if (now instanceof List<?> many) {
            for (int i = 0; i < many.size(); i++) {
                if (many.get(i) == waiting) {
                    many.remove(i);
                    return true;
                }
            }
        }
        return false;
    }

    private List<?> waitingSnapshot() {
        Object waiting = callbacks;
        if (waiting instanceof List<?> many) {
            return List.copyOf(many);
        }
        return waiting == null ? List.of() : List.of(waiting);
    }

    private void add(Object waiting) {
        if (!loop.isActive()) {
            loop.post(() -> add(waiting));
        } else if (settled) {
            schedule(waiting);
        } else {
            append(waiting);
        }
    }

    @SuppressWarnings("unchecked") // a list here is our own
    private void append(Object waiting) {
        Object before = callbacks;
        if (before == null) {
            callbacks = waiting;
        } else if (before instanceof List<?> many) {
            ((List<Object>) many).add(waiting);
        } else {
            List<Object> many = new ArrayList<>(4);
            many.add(before);
            many.add(waiting);
            callbacks = many;
        }
    }

    /** Queues a task when this is done, before callbacks that are added later. Called on the loop. */
    final void addWaiter(Task<?> task) {
        add(task);
    }

    /**
     * Waits until it is done. Does not give up the loop if it is done already.
     *
     * @throws CancelledError if it, or the calling task, was cancelled; cancelling the calling task cancels this
     * @throws IllegalStateException if called in a callback of a loop, which would wait for ever, or by a task on itself
     * @throws java.util.concurrent.CompletionException around the exception it failed with, if that is a checked one;
     *     unchecked ones and errors are thrown as they are
     */
    @Override
    public final T await() {
        if (outcome == null) {
            Task<?> task = waitingTask();
            if (task == null) {
                block();
            } else {
                task.suspendOn(task.loop == loop ? this : task.loop.mirror(this));
            }
        }
        return result();
    }

    /** The task that may wait for this; null on a thread that runs no loop. */
    private @Nullable Task<?> waitingTask() {
        Loop here = Loop.current();
        if (here == null) {
            return null;
        }
        Task<?> task = here.currentTask();
        if (task == null) {
            throw new IllegalStateException(
                    "await in a callback of the loop, outside of any task: it would wait for ever");
        }
        if (task == this) {
            throw new IllegalStateException("Task cannot await on itself: " + this);
        }
        return task;
    }

    private void block() {
        if (loop.isOwnThread()) {
            throw new IllegalStateException("await on the thread of a loop that does not run: it would wait for ever");
        }
        CountDownLatch done = new CountDownLatch(1);
        Consumer<Future<T>> wake = future -> done.countDown();
        addDoneCallback(wake);
        try {
            loop.block(done);
            if (outcome == null) {
                throw new IllegalStateException("the loop was closed before " + this + " was done");
            }
        } catch (InterruptedException e) {
            forgetDoneCallback(wake);
            Thread.currentThread().interrupt();
            throw new CancelledError(
                    CancelReason.of(CancelReason.Kind.INTERRUPT, "interrupted while waiting for " + this), e);
        }
    }

    /**
     * This future for code that knows {@link CompletableFuture}: ends as this one does, and cancelling it cancels this one. A
     * cancellation is a {@link java.util.concurrent.CancellationException} there. If the loop is closed first, it fails with
     * {@link IllegalStateException}. Any thread.
     */
    public final CompletableFuture<T> toCompletableFuture() {
        Submitted<T> submitted = new Submitted<>(loop);
        if (isDone()) {
            submitted.take(this);
            return submitted;
        }
        loop.owe(submitted);
        if (loop.isActive()) {
            submitted.follow(this);
        } else {
            loop.post(() -> submitted.follow(this));
        }
        return submitted;
    }

    /** Takes over how another future ended; without effect if this is done. Any thread. */
    final void copy(Future<? extends T> source) {
        Object ended = source.ended("outcome");
        if (outcome != null) {
            // Nobody gets it from here: the source still owns its failure.
            return;
        }
        if (ended instanceof Failed failed) {
            source.retrieved(failed);
            fail(failed.error);
        } else {
            complete(ended);
        }
    }

    /** The value or what ended it, thrown as it is; for the end of {@code run}. */
    final <X extends Exception> T get() throws X {
        Object ended = ended("result");
        Throwable error = failure(ended);
        if (error != null) {
            throw Outcome.<X>sneakyThrow(error);
        }
        return value(ended);
    }

    final @Nullable CancelReason cancelReason() {
        return outcome instanceof Cancelled cancelled ? cancelled.reason() : null;
    }

    /** The error that ended a cancelled task's body, with what its clean-up suppressed; null if it never ran. */
    final @Nullable CancelledError interruption() {
        return outcome instanceof Cancelled cancelled ? cancelled.interrupted() : null;
    }

    /** What it is and how far it is; never calls the value's own methods. */
    @Override
    public String toString() {
        Object ended = outcome;
        String state = switch (ended) {
            case null -> "pending";
            case Failed failed -> "failed with " + failed.error.getClass().getName();
            case Cancelled cancelled -> "cancelled";
            default -> "finished";
        };
        return "<" + describe() + " " + state + ">";
    }

    /** The futures whose end this one waits for, for dumps. On the loop. */
    List<Future<?>> dependencies() {
        return List.of();
    }

    String describe() {
        return "Future";
    }
}
