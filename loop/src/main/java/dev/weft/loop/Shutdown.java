package dev.weft.loop;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The end of a loop's tasks: cancels them, waits for them, and again for those that their cleanup started, until none is left or
 * the grace is over; then what is left is reported with its stack and abandoned. So a shutdown always ends: on a clock that does
 * not move, the grace is also over when it has passed on the machine's.
 */
final class Shutdown {
    private final Loop loop;
    private final Duration grace;
    private final long deadline;
    /** Done when the grace is over by the machine's clock; on that clock itself nobody needs it. */
    private final Future<@Nullable Void> over;

    Shutdown(Loop loop, Duration grace) {
        this.loop = loop;
        this.grace = grace;
        this.deadline = loop.deadlineNanos(grace);
        this.over = loop.createFuture();
    }

    void run() {
        CompletableFuture<@Nullable Void> alarm = new CompletableFuture<>();
        if (!loop.tasks.isEmpty() && loop.hasVirtualTime()) {
            alarm.completeOnTimeout(null, Loop.nanos(grace), TimeUnit.NANOSECONDS);
            alarm.thenRun(() -> over.complete(Outcome.Null.VALUE));
        }
        endTasks();
        alarm.cancel(false);
        List.copyOf(loop.tasks).forEach(this::abandon);
    }

    private void endTasks() {
        do {
            while (!loop.tasks.isEmpty() && !isOver()) {
                round(Duration.ofNanos(deadline - loop.nanoTime()));
            }
            // What the last tasks queued when they ended runs too, and may start others.
            loop.runUntilDone(
                    loop.<@Nullable Void>createTask(() -> Asyncio.sleep(0).await(), "last callbacks"));
        } while (!loop.tasks.isEmpty() && !isOver());
    }

    private boolean isOver() {
        return loop.nanoTime() >= deadline || over.isDone();
    }

    private void round(Duration left) {
        List<Task<?>> tasks = new ArrayList<>(loop.tasks);
        CancelReason reason = new CancelReason(CancelReason.Kind.SHUTDOWN, "the loop is shutting down", null);
        tasks.forEach(task -> task.cancel(reason));
        Task<?> waiter = loop.createTask(
                () -> Asyncio.wait(tasks, left, ReturnWhen.ALL_COMPLETED).await(), "shutdown");
        over.addDoneCallback(done -> waiter.cancel());
        loop.runUntilDone(waiter);
        for (Task<?> task : tasks) {
            Throwable error = task.isDone() && !task.isCancelled() ? task.exception() : null;
            if (error != null) {
                loop.callExceptionHandler(
                        new LoopError("unhandled exception during shutdown of the loop, in " + task, error, task));
            }
        }
    }

    private void abandon(Task<?> task) {
        loop.tasks.remove(task);
        Throwable where = new Throwable("where " + task.name() + " is");
        where.setStackTrace(task.stack().toArray(StackTraceElement[]::new));
        loop.callExceptionHandler(new LoopError(
                task + " did not end within " + Text.seconds(grace) + " of its cancellation, and is abandoned",
                where,
                task));
    }
}
