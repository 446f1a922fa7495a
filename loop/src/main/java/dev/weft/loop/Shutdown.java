package dev.weft.loop;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The end of a loop's tasks: cancels them, waits for them, and again for those that their cleanup started, until none is left or
 * the grace is over; then what is left is reported with its stack and abandoned. So a shutdown always ends.
 */
final class Shutdown {
    private final Loop loop;
    private final Duration grace;

    Shutdown(Loop loop, Duration grace) {
        this.loop = loop;
        this.grace = grace;
    }

    void run() {
        if (!loop.tasks.isEmpty()) {
            long deadline = loop.deadlineNanos(grace);
            while (!loop.tasks.isEmpty() && loop.nanoTime() < deadline) {
                round(Duration.ofNanos(deadline - loop.nanoTime()));
            }
            List.copyOf(loop.tasks).forEach(this::abandon);
        }
        // What the last tasks queued when they ended runs too.
        loop.runUntilDone(loop.<@Nullable Void>createTask(() -> Asyncio.sleep(0).await(), "last callbacks"));
    }

    private void round(Duration left) {
        List<Task<?>> tasks = new ArrayList<>(loop.tasks);
        CancelReason reason = new CancelReason(CancelReason.Kind.SHUTDOWN, "the loop is shutting down", null);
        tasks.forEach(task -> task.cancel(reason));
        loop.runUntilDone(loop.createTask(
                () -> Asyncio.wait(tasks, left, ReturnWhen.ALL_COMPLETED).await(), "shutdown"));
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
