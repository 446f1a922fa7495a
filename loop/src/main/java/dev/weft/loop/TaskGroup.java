package dev.weft.loop;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A scope that owns tasks: when it is left, all of them have ended. The first failure cancels the other tasks and the body; then
 * everything that failed is thrown as one {@link TaskGroupException}. A task that is cancelled by itself fails nothing.
 *
 * <p>Passing the group to a method is the permission to start tasks in it. Confined to the loop. Source:
 * {@code asyncio.TaskGroup}, with {@code cancel()} of 3.15.
 */
public final class TaskGroup {
    private final Task<?> parent;
    /** The deadlines around the group, which its tasks share. */
    private final @Nullable Timeout scope;

    private final Set<Task<?>> tasks = new LinkedHashSet<>();
    private List<Throwable> errors = new ArrayList<>();
    private boolean aborting;
    private boolean exiting;
    private boolean finished;
    /** How often the parent was cancelled before; a cancellation it has still to see counts as coming from inside. */
    private final int cancellingBefore;
    /** With what the group itself asked the parent to stop, which it must take back; null if it did not. */
    private @Nullable CancelReason parentCancelled;

    private @Nullable Future<@Nullable Void> allDone;

    private TaskGroup(Task<?> parent) {
        this.parent = parent;
        this.scope = parent.scope;
        this.cancellingBefore = parent.cancellationsDelivered();
    }

    /**
     * Runs a body in the calling task, and waits for the tasks it started.
     *
     * @throws TaskGroupException if the body or a task failed; an exception of the body is in it, whatever its type
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
     * @throws TaskGroupException if the body or a task failed; an exception of the body is in it, whatever its type
     * @throws CancelledError if the calling task was cancelled from outside, and nothing failed
     */
    @CanIgnoreReturnValue
    public static <T extends @Nullable Object> @Nullable T call(ScopeBody<? super TaskGroup, T, ?> body) {
        TaskGroup group = new TaskGroup(Loop.runningTask("TaskGroup"));
        T result = null;
        Throwable thrown = null;
        try {
            result = body.call(group);
        } catch (Throwable error) {
            thrown = error;
        }
        group.exit(thrown);
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
        parent.loop.checkActive("createTask");
        if (finished || (exiting && tasks.isEmpty())) {
            throw new IllegalStateException(this + " is finished");
        }
        if (aborting) {
            throw new IllegalStateException(this + " is shutting down");
        }
        Task<T> task = parent.loop.createTask(coroutine, name);
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
        parent.loop.checkActive("cancel");
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
        if (task.isCancelled()) {
            return;
        }
        Throwable error = task.exception();
        if (error != null) {
            errors.add(error);
            abort(CancelReason.Kind.SIBLING_FAILED, task.name() + " of its task group failed: " + error);
        }
    }

    private void abort(CancelReason.Kind kind, String why) {
        CancelReason reason = CancelReason.of(kind, why);
        if (!aborting) {
            aborting = true;
            List.copyOf(tasks).forEach(task -> task.cancel(reason));
        }
        if (!exiting && parentCancelled == null) {
            parentCancelled = reason;
            parent.cancel(reason);
        }
    }

    private void exit(@Nullable Throwable thrown) {
        exiting = true;
        CancelledError outside = thrown instanceof CancelledError cancelled ? cancelled : null;
        if (parentCancelled != null && parent.uncancel(parentCancelled) <= cancellingBefore) {
            outside = null;
        }
        if (thrown != null && !aborting) {
            abort(CancelReason.Kind.SCOPE_CLOSED, "the body of its task group ended with " + thrown);
        }
        CancelledError whileWaiting = waitForTasks();
        finished = true;
        if (outside == null) {
            outside = whileWaiting;
        }
        if (thrown != null && !(thrown instanceof CancelledError)) {
            errors.add(thrown);
        }
        List<Throwable> failures = errors;
        errors = List.of();
        if (!failures.isEmpty()) {
            redeliver();
            throw new TaskGroupException("a task group failed", failures);
        }
        if (outside != null) {
            throw outside;
        }
    }

    private @Nullable CancelledError waitForTasks() {
        CancelledError cancelled = null;
        while (!tasks.isEmpty()) {
            Future<@Nullable Void> waiter = new JoinAll(parent.loop, tasks);
            allDone = waiter;
            try {
                waiter.await();
            } catch (CancelledError e) {
                if (!aborting) {
                    cancelled = e;
                    abort(CancelReason.Kind.SCOPE_CLOSED, "the parent of its task group was cancelled");
                }
            }
            allDone = null;
        }
        return cancelled;
    }

    /** An error goes first; a cancellation from outside comes at the next await, so that it is not lost. */
    private void redeliver() {
        if (parent.cancelling() > 0) {
            parent.uncancel();
            parent.cancel();
        }
    }

    @Override
    public String toString() {
        return "<TaskGroup of " + parent.name() + ", " + tasks.size() + " tasks>";
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
