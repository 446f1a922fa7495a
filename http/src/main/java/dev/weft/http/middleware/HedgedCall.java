package dev.weft.http.middleware;

import dev.weft.http.message.ClientRequest;
import dev.weft.http.message.ClientResponse;
import dev.weft.http.message.Middleware.Next;
import dev.weft.loop.Asyncio;
import dev.weft.loop.Future;
import dev.weft.loop.Loop;
import dev.weft.loop.Task;
import dev.weft.loop.TimerHandle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One request of {@link Hedge}, over its copies, each sent by a task of its own. Run by the task that made the request.
 *
 * <p>A bad answer is closed as long as there is hope for a better one; if there is none, the last copy to end is the outcome. When it ends,
 * in whatever way, every copy but the one it gives was cancelled, and what such a copy was answered is closed, at once or when it comes.
 */
final class HedgedCall {
    private final Loop loop = Asyncio.getRunningLoop();
    private final ClientRequest request;
    private final Next next;
    private final Plan plan;
    private final List<Copy> copies = new ArrayList<>();
    private Future<@Nullable Void> change = loop.createFuture();
    /** Null if none has run. */
    private @Nullable Copy lastToEnd;

    /**
     * How it is hedged.
     *
     * @param delay before each further copy
     * @param copies how many there may be
     * @param good which answers win
     * @param mayHedge asked before each further copy; if it says no there are no more
     * @param took is told how long the first copy took, or took at least
     */
    record Plan(
            Duration delay,
            int copies,
            Predicate<ClientResponse> good,
            BooleanSupplier mayHedge,
            Consumer<Duration> took) {}

    /** A copy that was sent. */
    private final class Copy {
        final Duration start = loop.time();
        final Task<ClientResponse> task;
        /** Whether it has an answer that wins. */
        boolean good;

        Copy(ClientRequest sent) {
            task = Asyncio.createTask(() -> answer(sent));
            task.addDoneCallback(done -> {
                if (!change.isDone()) {
                    change.setResult(null);
                }
            });
        }

        /**
         * What it holds with a bad answer may be just what another copy waits for, the only connection for one. So it is given up, unless it is
         * the last word.
         */
        private ClientResponse answer(ClientRequest sent) {
            boolean keep = false;
            ClientResponse response = null;
            try {
                response = next.send(sent);
                good = plan.good.test(response);
                keep = good || copies.stream().allMatch(other -> other == this || other.task.isDone());
                return response;
            } finally {
                lastToEnd = this;
                if (response != null && !keep) {
                    response.close();
                }
            }
        }

        void giveUp() {
            task.cancel("another copy of the request was answered");
            task.addDoneCallback(done -> {
                // Whatever it failed with is looked at here, and told to nobody.
                if (!done.isCancelled() && done.exception() == null) {
                    done.result().close();
                }
            });
        }
    }

    HedgedCall(ClientRequest request, Next next, Plan plan) {
        this.request = request;
        this.next = next;
        this.plan = plan;
    }

    ClientResponse run() {
        Copy kept = null;
        try {
            send();
            boolean more = copies.size() < plan.copies;
            while (true) {
                kept = winner();
                if (kept != null) {
                    noteTime(kept);
                } else if (!isUnderWay()) {
                    kept = lastToEnd == null ? copies.getLast() : lastToEnd;
                }
                if (kept != null) {
                    return kept.task.result();
                }
                if (pause(more) || !isUnderWay()) {
                    continue;
                }
                more = plan.mayHedge.getAsBoolean();
                if (more) {
                    send();
                    more = copies.size() < plan.copies;
                }
            }
        } finally {
            for (Copy copy : copies) {
                if (copy != kept) {
                    copy.giveUp();
                }
            }
        }
    }

    private boolean isUnderWay() {
        return copies.stream().anyMatch(copy -> !copy.task.isDone());
    }

    private void send() {
        int number = copies.size();
        copies.add(new Copy(number == 0 ? request : request.with(Hedge.COPY, number)));
    }

    /** Waits until a copy has ended; or, if there may be more, until it is time for the next: then false. */
    private boolean pause(boolean more) {
        change = loop.createFuture();
        Future<@Nullable Void> awaited = change;
        boolean[] timeOver = new boolean[1];
        TimerHandle timer = !more
                ? null
                : loop.callAt(copies.getLast().start.plus(plan.delay), () -> {
                    if (!awaited.isDone()) {
                        timeOver[0] = true;
                        awaited.setResult(null);
                    }
                });
        try {
            awaited.await();
            return !timeOver[0];
        } finally {
            if (timer != null) {
                timer.cancel();
            }
        }
    }

    private @Nullable Copy winner() {
        return copies.stream()
                .filter(copy -> copy.good && copy.task.isDone())
                .findFirst()
                .orElse(null);
    }

    /** How long the first copy took, or would have taken at least: what cuts it off must not make it look fast. */
    private void noteTime(Copy winner) {
        Copy first = copies.getFirst();
        if (first == winner || !first.task.isDone()) {
            plan.took.accept(loop.time().minus(first.start));
        }
    }
}
