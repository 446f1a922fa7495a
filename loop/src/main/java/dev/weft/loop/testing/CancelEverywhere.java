package dev.weft.loop.testing;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.weft.loop.Action;
import dev.weft.loop.Asyncio;
import dev.weft.loop.CancelledError;
import dev.weft.loop.Loop;
import dev.weft.loop.LoopError;
import dev.weft.loop.LoopMetrics;
import dev.weft.loop.Runner;
import dev.weft.loop.Task;
import dev.weft.loop.TaskListener;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs a body again and again, each time on a fresh loop, cancelling it at its first await, at its second, and so on until it has
 * no more; after each run nothing may be left: no task, no timer, no failure that nobody looked at, and whatever else the test
 * checks.
 *
 * <p>A body may end by the cancellation or by itself; any other exception fails the test.
 */
public final class CancelEverywhere {
    /** A body that awaits more often than this is taken for one that never ends. */
    private static final int MOST_AWAITS = 100_000;

    private final Action<?> body;
    private Action<?> check = () -> {};
    private Supplier<Runner.Builder> options = () -> Runner.builder().clock(new VirtualClock());
    private boolean children;

    private CancelEverywhere(Action<?> body) {
        this.body = body;
    }

    /** For a body, to be {@linkplain #run() run}. By default on a virtual clock. */
    public static CancelEverywhere of(Action<?> body) {
        return new CancelEverywhere(body);
    }

    /** Another loop for each run: with real time for real sockets, for one. */
    public CancelEverywhere on(Supplier<Runner.Builder> value) {
        options = value;
        return this;
    }

    /** What must hold after each run, on its loop, when the body has ended: permits are back, locks free, pools empty. */
    public CancelEverywhere check(Action<?> value) {
        check = value;
        return this;
    }

    /** Counts, and cancels at, the awaits of every task that the body starts too, not only its own. */
    public CancelEverywhere childrenToo() {
        children = true;
        return this;
    }

    /**
     * Runs it all.
     *
     * @return how many awaits there were
     * @throws AssertionError if something was left after a run, or the body failed; it names the await
     */
    @CanIgnoreReturnValue
    public int run() {
        for (int at = 1; at <= MOST_AWAITS; at++) {
            Attempt attempt = new Attempt(at);
            try {
                attempt.run();
            } catch (Throwable e) {
                throw new AssertionError("cancelled at await " + at + " " + attempt.place() + ": " + e, e);
            }
            if (attempt.cancelledAt == null) {
                return at - 1;
            }
        }
        throw new AssertionError("the body awaits more than " + MOST_AWAITS + " times");
    }

    private final class Attempt implements TaskListener {
        private final int at;
        private final List<LoopError> reported = new ArrayList<>();
        private int awaits;
        private @Nullable Task<?> subject;
        private @Nullable Task<?> harness;
        private @Nullable Throwable cancelledAt;

        Attempt(int at) {
            this.at = at;
        }

        String place() {
            Throwable where = cancelledAt;
            if (where == null) {
                return "(not reached)";
            }
            for (StackTraceElement frame : where.getStackTrace()) {
                if (!frame.getClassName().startsWith("dev.weft.loop.")
                        || frame.getClassName().endsWith("Test")) {
                    return "(" + frame + ")";
                }
            }
            return "";
        }

        @Override
        @SuppressWarnings("ReferenceEquality") // tasks are themselves
        public void suspended(Task<?> task) {
            boolean counts = children ? subject != null && task != harness : task == subject;
            if (counts && ++awaits == at) {
                cancelledAt = new Throwable();
                task.cancel("cancelled at await " + at);
            }
        }

        void run() throws Exception {
            try (Runner runner = options.get().listener(this).build()) {
                runner.run(() -> {
                    Loop loop = Asyncio.getRunningLoop();
                    loop.setExceptionHandler(reported::add);
                    harness = Asyncio.currentTask();
                    subject = Asyncio.createTask(body, "subject");
                    Asyncio.wait(List.of(subject)).await();
                    judge(subject);
                    Testing.waitAllTasksBlocked().await();
                    assertNothingLeft(loop);
                    Asyncio.createTask(check, "check").await();
                });
            }
            if (!reported.isEmpty()) {
                throw new AssertionError(
                        "reported: " + reported, reported.getFirst().exception());
            }
        }

        private void judge(Task<?> ended) {
            if (ended.isCancelled()) {
                return;
            }
            Throwable error = ended.exception();
            if (error != null && !(error instanceof CancelledError)) {
                throw new AssertionError("the body failed: " + error, error);
            }
        }

        private void assertNothingLeft(Loop loop) {
            List<String> left = new ArrayList<>();
            Asyncio.allTasks().stream()
                    .filter(task -> !task.equals(harness))
                    .forEach(task -> left.add(task.toString()));
            LoopMetrics metrics = loop.metrics();
            if (metrics.timers() > 0) {
                left.add(metrics.timers() + " timers");
            }
            if (!left.isEmpty()) {
                throw new AssertionError("left behind: " + left + "\n" + loop.dump());
            }
        }
    }
}
