package dev.weft.loop.net.channel;

import dev.weft.loop.Asyncio;
import dev.weft.loop.Awaitable;
import dev.weft.loop.CancelReason;
import dev.weft.loop.CancelledError;
import dev.weft.loop.Future;
import dev.weft.loop.ReturnWhen;
import dev.weft.loop.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Attempts that are started one after another, each when the one before has failed or has taken too long; the first success wins
 * and the others are cancelled. Runs in the calling task; a race is over when every attempt is.
 *
 * <p>Source: {@code asyncio.staggered.staggered_race}; RFC 8305, section 5.
 */
final class StaggeredRace<T> {
    private final List<? extends Awaitable<? extends T, ?>> attempts;
    private final Duration delay;
    private final Consumer<? super T> discard;
    private final List<Task<T>> started = new ArrayList<>();

    /**
     * A race that has not begun.
     *
     * @param delay how long an attempt may take before the next one joins it
     * @param discard takes what a loser produced although it had lost; must not throw
     */
    StaggeredRace(List<? extends Awaitable<? extends T, ?>> attempts, Duration delay, Consumer<? super T> discard) {
        this.attempts = attempts;
        this.delay = delay;
        this.discard = discard;
    }

    /**
     * How a race ended.
     *
     * @param winner what the first successful attempt gave, null if none was
     * @param index which attempt that was, -1 if none
     * @param errors one for every attempt that was started: what it failed with, null if it did not
     */
    record Finish<T>(@Nullable T winner, int index, List<@Nullable Throwable> errors) {}

    /** Runs the race. */
    Finish<T> run() {
        Task<T> winner = null;
        try {
            for (int next = 0; next < attempts.size() && winner == null; next++) {
                Task<T> latest = Asyncio.createTask(attempts.get(next));
                started.add(latest);
                winner = next == attempts.size() - 1 ? awaitWinner() : awaitWinnerOrTurn(latest);
            }
        } finally {
            stopAllBut(winner);
        }
        return finish(winner);
    }

    private @Nullable Task<T> awaitWinner() {
        while (winner() == null && !pending().isEmpty()) {
            Asyncio.wait(pending(), ReturnWhen.FIRST_COMPLETED).await();
        }
        return winner();
    }

    /** Waits until there is a winner or the next attempt may start. */
    private @Nullable Task<T> awaitWinnerOrTurn(Task<T> latest) {
        Duration turn = Asyncio.getRunningLoop().time().plus(delay);
        Duration left = delay;
        while (winner() == null && !latest.isDone() && left.isPositive()) {
            Asyncio.wait(pending(), left, ReturnWhen.FIRST_COMPLETED).await();
            left = turn.minus(Asyncio.getRunningLoop().time());
        }
        return winner();
    }

    private List<Task<T>> pending() {
        return started.stream().filter(task -> !task.isDone()).toList();
    }

    private @Nullable Task<T> winner() {
        return started.stream().filter(StaggeredRace::succeeded).findFirst().orElse(null);
    }

    private static boolean succeeded(Task<?> task) {
        return task.isDone() && error(task) == null;
    }

    /** What a task that is done failed with. Looking at it keeps it from being reported as a failure nobody saw. */
    private static @Nullable Throwable error(Task<?> task) {
        return task.isCancelled() ? new CancelledError() : task.exception();
    }

    private void stopAllBut(@Nullable Task<T> winner) {
        CancelReason lost = new CancelReason(CancelReason.Kind.LOST_RACE, "another attempt came first", null);
        List<Task<T>> losers = started.stream().filter(task -> task != winner).toList();
        for (Task<T> loser : losers) {
            loser.addDoneCallback(this::discardResult);
            loser.cancel(lost);
        }
        try {
            while (losers.stream().anyMatch(task -> !task.isDone())) {
                Asyncio.wait(losers).await();
            }
        } catch (Throwable e) {
            if (winner != null) {
                discard.accept(winner.result());
            }
            throw e;
        }
    }

    private void discardResult(Future<T> loser) {
        if (!loser.isCancelled() && loser.exception() == null) {
            discard.accept(loser.result());
        }
    }

    private Finish<T> finish(@Nullable Task<T> winner) {
        List<@Nullable Throwable> errors = new ArrayList<>();
        started.forEach(task -> errors.add(error(task)));
        return winner == null
                ? new Finish<>(null, -1, errors)
                : new Finish<>(winner.result(), started.indexOf(winner), errors);
    }
}
