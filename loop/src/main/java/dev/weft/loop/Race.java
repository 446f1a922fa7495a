package dev.weft.loop;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A race in the calling task: attempts start one after another, the next when the delay is over or one has failed; the first
 * success wins, the others are cancelled and waited for. Source: {@code asyncio.staggered}, RFC 8305 section 5.
 */
final class Race<T extends @Nullable Object> {
    private final Loop loop = Loop.running();
    private final List<? extends Awaitable<? extends T, ?>> attempts;
    private final @Nullable Duration delay;
    private final List<Task<T>> tasks = new ArrayList<>();
    private int failed;
    private @Nullable Task<T> winner;
    private Future<@Nullable Void> change = loop.createFuture();

    /**
     * Not started.
     *
     * @param delay between starts; zero starts all at once, null waits for each to fail
     */
    Race(List<? extends Awaitable<? extends T, ?>> attempts, @Nullable Duration delay) {
        this.attempts = attempts;
        this.delay = delay;
    }

    RaceResult<T> run() {
        Task<?> caller = Loop.runningTask("race");
        int heardBefore = caller.heardCancels();
        CancelledError cancelled = null;
        try {
            while (winner == null && failed < attempts.size()) {
                startNext(caller);
                waitForChange();
            }
        } catch (CancelledError e) {
            cancelled = e;
        }
        CancelledError late = cancelLosers(cancelled);
        Task<T> won = winner == null ? succeeded() : winner;
        if (won == null) {
            if (cancelled != null) {
                throw cancelled;
            }
            return new RaceResult<>(null, -1, errors());
        }
        if (cancelled != null || late != null) {
            // What was won (a connection, say) must not be lost: the cancellation comes at the next await.
            caller.redeliverSince(heardBefore);
        }
        return new RaceResult<>(won.result(), tasks.indexOf(won), errors());
    }

    /** An attempt that has just succeeded, in the tick of the cancellation or in spite of it. */
    private @Nullable Task<T> succeeded() {
        return tasks.stream()
                .filter(task -> task.isDone() && Futures.failure(task) == null)
                .findFirst()
                .orElse(null);
    }

    private List<Throwable> errors() {
        List<Throwable> errors = new ArrayList<>();
        for (Task<T> task : tasks) {
            Throwable error = Futures.failure(task);
            if (error != null) {
                errors.add(error);
            }
        }
        return List.copyOf(errors);
    }

    private void startNext(Task<?> caller) {
        do {
            if (tasks.size() == attempts.size()) {
                return;
            }
            Task<T> task = loop.createTask(attempts.get(tasks.size()), null);
            task.scope = caller.scope;
            tasks.add(task);
            task.addDoneCallback(done -> ended(task));
        } while (delay != null && delay.isZero());
    }

    private void ended(Task<T> task) {
        if (Futures.failure(task) != null) {
            failed++;
        } else if (winner == null) {
            winner = task;
        }
        change.complete(Outcome.Null.VALUE);
    }

    private void waitForChange() {
        change = loop.createFuture();
        Future<@Nullable Void> next = change;
        boolean more = tasks.size() < attempts.size();
        TimerHandle timer =
                delay == null || !more ? null : loop.callLater(delay, () -> next.complete(Outcome.Null.VALUE));
        try {
            next.await();
        } finally {
            if (timer != null) {
                timer.cancel();
            }
        }
    }

    /** Gives the cancellation of the caller that came while the losers ended. */
    private @Nullable CancelledError cancelLosers(@Nullable CancelledError cancelled) {
        List<Task<T>> losers = tasks.stream().filter(task -> !task.isDone()).toList();
        if (losers.isEmpty()) {
            return null;
        }
        CancelReason reason = cancelled == null
                ? CancelReason.of(CancelReason.Kind.LOST_RACE, "another attempt won the race")
                : cancelled.reason();
        losers.forEach(task -> task.cancel(reason));
        // What a loser's clean-up throws is looked at by ended().
        return Cleanup.waitFor(losers);
    }
}
