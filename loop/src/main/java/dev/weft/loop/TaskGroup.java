package dev.weft.loop;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * A scope that owns tasks: when it is left, all of them have ended. The first failure cancels the other tasks and the body; then
 * everything that failed is thrown as one {@link TaskGroupException}. A task that is cancelled by itself fails nothing.
 *
 * <p>Passing the group to a method is the permission to start tasks in it. Confined to the loop. Source:
 * {@code asyncio.TaskGroup}, with {@code cancel()} of 3.15.
 */
public final class TaskGroup {
    private final Loop loop;
    /** Who runs the body; null when the group was left, so that a group somebody keeps holds nothing. */
    private @Nullable Task<?> parent;
    /** The deadlines around the group, which its tasks share. */
    private @Nullable Timeout scope;
    /** How many requests to cancel the parent it had heard of before: those are nothing new. */
    private final int heardBefore;

    private final Set<Task<?>> tasks = new LinkedHashSet<>();
    private List<Throwable> errors = new ArrayList<>();
    private boolean aborting;
    private boolean exiting;
    private boolean finished;
    /** The group's own request to cancel the parent, which it must take back. */
    private @Nullable CancelReason request;

    private @Nullable Future<@Nullable Void> allDone;

    private TaskGroup(Task<?> parent) {
        this.loop = parent.loop;
        this.parent = parent;
        this.scope = parent.scope;
        this.heardBefore = parent.heardCancels();
    }

    /**
     * Runs a body in the calling task, and waits for the tasks it started.
     *
     * @throws TaskGroupException if the body or a task failed; an exception of the body is in it, whatever its type, and what
     *     a cancelled one failed to {@code close()} is, too
     * @throws VirtualMachineError as it is, if one of them failed with it, but for a
     *     {@link StackOverflowError}; what else failed is suppressed
     * @throws CancelledError if the calling task was cancelled from outside, and nothing failed
     */
    public static void run(ScopeAction<? super TaskGroup, ?> body) {
        TaskGroup.<@Nullable Void>call(group -> {
            body.run(group);
            return null;
        });
    }

    /**
     * Runs a body in the calling task, waits for the tasks it started, and gives what the body gave; null if the group was
     * {@linkplain #cancel() cancelled} while the body waited.
     *
     * @throws TaskGroupException if the body or a task failed; an exception of the body is in it, whatever its type, and what
     *     a cancelled one failed to {@code close()} is, too
     * @throws VirtualMachineError as it is, if one of them failed with it, but for a
     *     {@link StackOverflowError}; what else failed is suppressed
     * @throws CancelledError if the calling task was cancelled from outside, and nothing failed
     */
    @CanIgnoreReturnValue
    public static <T extends @Nullable Object> @Nullable T call(ScopeBody<? super TaskGroup, T, ?> body) {
        Task<?> parent = Loop.runningTask("TaskGroup");
        TaskGroup group = new TaskGroup(parent);
        T result = null;
        Throwable thrown = null;
        try {
            result = body.call(group);
        } catch (Throwable error) {
            thrown = error;
        }
        group.exit(parent, thrown);
        return result;
    }

    /**
     * Starts a task of this group.
     *
     * @throws IllegalStateException if the group was left or is shutting down
     */
    @CanIgnoreReturnValue
    public <T extends @Nullable Object> Task<T> createTask(Awaitable<? extends T, ?> coroutine) {
        return createTask(coroutine, null);
    }

    /** Starts a task of this group, with a name. */
    @CanIgnoreReturnValue
    public <T extends @Nullable Object> Task<T> createTask(Awaitable<? extends T, ?> coroutine, @Nullable String name) {
        loop.checkActive("createTask");
        if (finished || (exiting && tasks.isEmpty())) {
            throw new IllegalStateException(this + " is finished");
        }
        if (aborting) {
            throw new IllegalStateException(this + " is shutting down");
        }
        Task<T> task = loop.createTask(coroutine, name);
        task.scope = scope;
        tasks.add(task);
        task.addDoneCallback(done -> taskDone(task));
        return task;
    }

    /** Starts a task without a value. */
    @CanIgnoreReturnValue
    public Task<@Nullable Void> createTask(Action<?> coroutine) {
        return this.<@Nullable Void>createTask(Asyncio.awaitable(coroutine), null);
    }

    /** Starts a task without a value, with a name. */
    @CanIgnoreReturnValue
    public Task<@Nullable Void> createTask(Action<?> coroutine, @Nullable String name) {
        return this.<@Nullable Void>createTask(Asyncio.awaitable(coroutine), name);
    }

    /**
     * Ends the group early, without an error: cancels its tasks and its body. Without effect when the group was left, or did so
     * before. A cancellation of the calling task from outside is not lost by it.
     */
    public void cancel() {
        loop.checkActive("cancel");
        if (finished) {
            return;
        }
        abort(CancelReason.Kind.SCOPE_CLOSED, "its task group was cancelled");
    }

    private void taskDone(Task<?> task) {
        tasks.remove(task);
        if (allDone != null && tasks.isEmpty()) {
            allDone.complete(Outcome.Null.VALUE);
        }
        Throwable error = task.isCancelled() ? task.interruption() : task.exception();
        if (error != null && note(error)) {
            abort(CancelReason.Kind.SIBLING_FAILED, task.name() + " of its task group failed: " + error);
        }
    }

    /**
     * Notes a failure, once: who awaits a task that failed fails with the same error. A cancellation is none, but what a
     * try-with-resources could not close on its way out is.
     *
     * @return whether there was a failure
     */
    @SuppressWarnings("ReferenceEquality") // the same failure is the same object
    private boolean note(Throwable error) {
        if (error instanceof CancelledError) {
            boolean failed = false;
            for (Throwable suppressed : error.getSuppressed()) {
                failed |= !(suppressed instanceof CancelledError) && note(suppressed);
            }
            return failed;
        }
        Throwable cause = error.getCause();
        Throwable itself = error instanceof CompletionException && cause != null ? cause : error;
        if (errors.stream().noneMatch(known -> known == itself || known == error)) {
            errors.add(error);
        }
        return true;
    }

    private void abort(CancelReason.Kind kind, String why) {
        CancelReason reason = CancelReason.of(kind, why);
        if (!aborting) {
            aborting = true;
            List.copyOf(tasks).forEach(task -> task.cancel(reason));
        }
        if (!exiting && request == null && parent != null) {
            request = reason;
            parent.cancel(reason);
        }
    }

    private void exit(Task<?> task, @Nullable Throwable thrown) {
        exiting = true;
        CancelledError outside = takeRequestBack(task, thrown);
        if (thrown != null && !aborting) {
            abort(CancelReason.Kind.SCOPE_CLOSED, "the body of its task group ended with " + thrown);
        }
        CancelledError whileWaiting = waitForTasks();
        if (thrown != null) {
            note(thrown);
        }
        List<Throwable> failures = errors;
        finish();
        if (!failures.isEmpty()) {
            // An error goes first; a cancellation from outside comes at the next await, so that it is not lost.
            task.redeliverSince(heardBefore);
            throw failure(failures);
        }
        if (outside == null) {
            outside = whileWaiting;
        }
        if (outside != null) {
            throw outside;
        }
    }

    /** Gives the cancellation that ended the body, if it was not the group's own. */
    private @Nullable CancelledError takeRequestBack(Task<?> task, @Nullable Throwable thrown) {
        CancelledError interruption = thrown instanceof CancelledError cancelled ? cancelled : null;
        CancelReason own = request;
        if (own == null) {
            return interruption;
        }
        task.uncancel(own);
        CancelReason other = task.cancelledSince(heardBefore);
        return other == null || interruption == null ? null : interruption.because(other);
    }

    /** Waits for the tasks, whatever happens; gives the first cancellation that came meanwhile. */
    private @Nullable CancelledError waitForTasks() {
        CancelledError cancelled = null;
        while (!tasks.isEmpty()) {
            Future<@Nullable Void> waiter = new JoinAll(loop, tasks);
            allDone = waiter;
            try {
                waiter.await();
            } catch (CancelledError e) {
                if (cancelled == null) {
                    cancelled = e;
                }
                if (!aborting) {
                    abort(CancelReason.Kind.SCOPE_CLOSED, "the parent of its task group was cancelled");
                }
            }
            allDone = null;
        }
        return cancelled;
    }

    private void finish() {
        finished = true;
        errors = List.of();
        parent = null;
        scope = null;
    }

    /** One error for all, but a broken machine is not to be caught as a failed task. */
    @SuppressWarnings("ReferenceEquality") // itself cannot be among what it suppresses
    private static RuntimeException failure(List<Throwable> failures) {
        for (Throwable error : failures) {
            if (Loop.isFatal(error)) {
                failures.stream().filter(other -> other != error).forEach(error::addSuppressed);
                throw Outcome.<RuntimeException>sneakyThrow(error);
            }
        }
        return new TaskGroupException("a task group failed", failures);
    }

    @Override
    public String toString() {
        return parent == null
                ? "<TaskGroup that was left>"
                : "<TaskGroup of " + parent.name() + ", " + tasks.size() + " tasks>";
    }

    /** What the parent waits for; knows its tasks, for dumps. */
    private static final class JoinAll extends Future<@Nullable Void> {
        private final Set<Task<?>> tasks;

        JoinAll(Loop loop, Set<Task<?>> tasks) {
            super(loop);
            this.tasks = tasks;
        }

        @Override
        List<Future<?>> dependencies() {
            return List.copyOf(tasks);
        }

        @Override
        String describe() {
            return "task group of " + tasks.size();
        }
    }
}
