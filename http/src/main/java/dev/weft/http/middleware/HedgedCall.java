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
 * One request of {@link Hedge}, over its copies, each sent by a task of its own. Run by the task that made the request. When it ends, in
 * whatever way, every copy but the one it gives was cancelled, and what such a copy was answered is closed, at once or when it comes.
 */
final class HedgedCall {
    private final Loop loop = Asyncio.getRunningLoop();
    private final ClientRequest request;
    private final Next next;
    private final Plan plan;
    private final List<Copy> copies = new ArrayList<>();
    private Future<@Nullable Void> change = loop.createFuture();

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

    /** A copy that was sent, and when. */
    private record Copy(Task<ClientResponse> task, Duration start) {
        /** Its answer; null if there is none, for whatever reason. Counts as looking at the reason. */
        @Nullable
        ClientResponse answer() {
            return task.isDone() && !task.isCancelled() && task.exception() == null ? task.result() : null;
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
                } else if (copies.stream().allMatch(copy -> copy.task.isDone())) {
                    kept = leastBad();
                }
                if (kept != null) {
                    return kept.task.result();
                }
                if (!pause(more)) {
                    more = plan.mayHedge.getAsBoolean();
                    if (more) {
                        send();
                        more = copies.size() < plan.copies;
                    }
                }
            }
        } finally {
            for (Copy copy : copies) {
                if (copy != kept) {
                    giveUp(copy);
                }
            }
        }
    }

    private void send() {
        int number = copies.size();
        ClientRequest copy = number == 0 ? request : request.with(Hedge.COPY, number);
        Task<ClientResponse> task = Asyncio.createTask(() -> next.send(copy));
        copies.add(new Copy(task, loop.time()));
        task.addDoneCallback(done -> {
            if (!change.isDone()) {
                change.setResult(null);
            }
        });
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
        for (Copy copy : copies) {
            ClientResponse answer = copy.answer();
            if (answer != null && plan.good.test(answer)) {
                return copy;
            }
        }
        return null;
    }

    /** An answer, if there is one, and be it bad; else the first failure. */
    private Copy leastBad() {
        return copies.stream().filter(copy -> copy.answer() != null).findFirst().orElse(copies.getFirst());
    }

    /** How long the first copy took, or would have taken at least: what cuts it off must not make it look fast. */
    private void noteTime(Copy winner) {
        Copy first = copies.getFirst();
        if (first == winner || !first.task.isDone()) {
            plan.took.accept(loop.time().minus(first.start));
        }
    }

    private static void giveUp(Copy copy) {
        copy.task.cancel("another copy of the request was answered");
        copy.task.addDoneCallback(done -> {
            ClientResponse answer = copy.answer();
            if (answer != null) {
                answer.close();
            }
        });
    }
}
