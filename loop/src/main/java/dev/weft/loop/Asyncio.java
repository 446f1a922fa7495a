package dev.weft.loop;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.CheckReturnValue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The functions of Python's {@code asyncio} module, to be imported statically. All but {@link #run} are for code that runs on
 * a loop, in a task or a callback; elsewhere they throw {@link IllegalStateException}.
 *
 * <p>What returns an {@link Awaitable} is cold: nothing happens until it is awaited. What returns a {@link Future} or
 * {@link Task} is under way.
 *
 * <p>The file is long because it is asyncio's module: one function each, with its documentation.
 */
@CheckReturnValue
public final class Asyncio {
    private Asyncio() {}

    /**
     * Runs a coroutine on a loop of its own on this thread, to its end; then cancels the tasks that are left, waits for them,
     * and closes the loop. The entry point of a program. Source: {@code asyncio.run}.
     *
     * @return what the coroutine returns
     * @throws X what the coroutine throws
     * @throws IllegalStateException if a loop runs on this thread already, or this is a virtual thread
     */
    @CanIgnoreReturnValue
    public static <T extends @Nullable Object, X extends Exception> T run(Awaitable<T, X> main) throws X {
        try (Runner runner = Runner.create()) {
            return runner.run(main);
        }
    }

    /** Runs a coroutine without a value; see {@link #run(Awaitable)}. */
    public static <X extends Exception> void run(Action<X> main) throws X {
        try (Runner runner = Runner.create()) {
            runner.run(main);
        }
    }

    /**
     * Starts a task; its first step runs in the next tick. The loop keeps it until it ends. Source:
     * {@code asyncio.create_task}.
     */
    @CanIgnoreReturnValue
    public static <T extends @Nullable Object> Task<T> createTask(Awaitable<? extends T, ?> coroutine) {
        return Loop.running().createTask(coroutine);
    }

    /** Starts a task with a name. */
    @CanIgnoreReturnValue
    public static <T extends @Nullable Object> Task<T> createTask(Awaitable<? extends T, ?> coroutine, String name) {
        return Loop.running().createTask(coroutine, name);
    }

    /** Starts a task without a value. */
    @CanIgnoreReturnValue
    public static Task<@Nullable Void> createTask(Action<?> coroutine) {
        return Loop.running().<@Nullable Void>createTask(awaitable(coroutine));
    }

    /** Starts a task without a value, with a name. */
    @CanIgnoreReturnValue
    public static Task<@Nullable Void> createTask(Action<?> coroutine, String name) {
        return Loop.running().<@Nullable Void>createTask(awaitable(coroutine), name);
    }

    /**
     * Starts a task that runs inside this call up to its first await that suspends; if it ends before, it is done when this
     * returns. Source: {@code asyncio.eager_task_factory}.
     */
    @CanIgnoreReturnValue
    public static <T extends @Nullable Object> Task<T> createEagerTask(Awaitable<? extends T, ?> coroutine) {
        return Loop.running().createTask(coroutine, null, true);
    }

    /** Starts a task without a value eagerly; see {@link #createEagerTask(Awaitable)}. */
    @CanIgnoreReturnValue
    public static Task<@Nullable Void> createEagerTask(Action<?> coroutine) {
        return Loop.running().<@Nullable Void>createTask(awaitable(coroutine), null, true);
    }

    static <X extends Exception> Awaitable<@Nullable Void, X> awaitable(Action<X> action) {
        Objects.requireNonNull(action, "action");
        return () -> {
            action.run();
            return null;
        };
    }

    /**
     * Waits. Zero or less gives up the loop for exactly one tick.
     *
     * @throws CancelledError (the awaiting) if the task is cancelled meanwhile
     */
    public static Awaitable<@Nullable Void, RuntimeException> sleep(Duration delay) {
        Objects.requireNonNull(delay, "delay");
        return () -> {
            pause(delay);
            return null;
        };
    }

    /**
     * Waits for a number of seconds, which may have a fraction, as {@code asyncio.sleep} has it.
     *
     * @throws IllegalArgumentException if it is not a number
     */
    public static Awaitable<@Nullable Void, RuntimeException> sleep(double seconds) {
        if (Double.isNaN(seconds)) {
            throw new IllegalArgumentException("cannot sleep NaN seconds");
        }
        // Math.round saturates: infinity is the longest duration there is.
        return sleep(Duration.ofNanos(Math.round(seconds * 1e9)));
    }

    private static void pause(Duration delay) {
        Loop loop = Loop.running();
        Task<?> task = loop.currentTask();
        if (task == null) {
            throw new IllegalStateException("sleep in a callback of the loop, outside of any task");
        }
        if (delay.isZero() || delay.isNegative()) {
            task.yieldOnce();
            return;
        }
        Future<@Nullable Void> wakeUp = loop.createFuture();
        TimerHandle timer = loop.callLater(delay, () -> wakeUp.complete(Outcome.Null.VALUE));
        try {
            wakeUp.await();
        } finally {
            timer.cancel();
        }
    }

    /**
     * Runs all at once and gives their results in the order of the arguments; the same object given twice runs once.
     *
     * <p>The first failure is thrown to the awaiter at once; the others run on. Cancelling the gather, or the task that awaits
     * it, cancels them all. A child that is cancelled by itself counts as failed with {@link CancelledError}. Source:
     * {@code asyncio.gather}.
     */
    @SafeVarargs
    @SuppressWarnings("varargs") // only read
    public static <T extends @Nullable Object> Future<List<T>> gather(Awaitable<? extends T, ?>... awaitables) {
        return gather(Arrays.asList(awaitables));
    }

    /** Runs all at once; see {@link #gather(Awaitable[])}. */
    public static <T extends @Nullable Object> Future<List<T>> gather(
            Iterable<? extends Awaitable<? extends T, ?>> awaitables) {
        return new Gather<>(Loop.running(), awaitables);
    }

    /** Runs a function for every item at once, each in a task of its own; see {@link #gather(Awaitable[])}. */
    public static <A extends @Nullable Object, T extends @Nullable Object> Future<List<T>> gather(
            Iterable<? extends A> items, CoroutineFunction<? super A, ? extends T> function) {
        List<Awaitable<T, Exception>> calls = new ArrayList<>();
        for (A item : items) {
            calls.add(() -> function.apply(item));
        }
        return gather(calls);
    }

    /** Waits until all are done; see {@link #wait(Collection, Duration, ReturnWhen)}. */
    public static <T extends @Nullable Object> Awaitable<Waited<T>, RuntimeException> wait(
            Collection<? extends Future<? extends T>> futures) {
        return wait(futures, null, ReturnWhen.ALL_COMPLETED);
    }

    /** Waits without a limit of time; see {@link #wait(Collection, Duration, ReturnWhen)}. */
    public static <T extends @Nullable Object> Awaitable<Waited<T>, RuntimeException> wait(
            Collection<? extends Future<? extends T>> futures, ReturnWhen when) {
        return wait(futures, null, when);
    }

    /**
     * Waits for several futures or tasks, without looking at how they end: it throws none of their failures, and cancels none of
     * them when the time is over or when it is cancelled itself. Called qualified, {@code Asyncio.wait}: imported statically,
     * {@link Object#wait()} hides it. Source: {@code asyncio.wait}.
     *
     * @param timeout the longest time to wait, null for no limit
     * @throws IllegalArgumentException if there are none
     */
    public static <T extends @Nullable Object> Awaitable<Waited<T>, RuntimeException> wait(
            Collection<? extends Future<? extends T>> futures, @Nullable Duration timeout, ReturnWhen when) {
        return new Waiting<>(futures, timeout, when);
    }

    /**
     * Runs all at once, and gives them back in the order of the arguments when all are done, however each ended:
     * {@link Future#result()} and {@link Future#exception()} of each say how. Source: {@code asyncio.gather} with
     * {@code return_exceptions=True}.
     */
    @SafeVarargs
    @SuppressWarnings("varargs") // only read
    public static <T extends @Nullable Object> Future<List<Future<T>>> gatherSettled(
            Awaitable<? extends T, ?>... awaitables) {
        return gatherSettled(Arrays.asList(awaitables));
    }

    /** Runs all at once; see {@link #gatherSettled(Awaitable[])}. */
    public static <T extends @Nullable Object> Future<List<Future<T>>> gatherSettled(
            Iterable<? extends Awaitable<? extends T, ?>> awaitables) {
        return new GatherSettled<>(Loop.running(), awaitables);
    }

    /**
     * Runs all at once and iterates over them as they end: {@code for (Future<T> done : asCompleted(list))}. Iterating suspends
     * the task. Source: {@code asyncio.as_completed} as an asynchronous iterator.
     */
    public static <T extends @Nullable Object> Iterable<Future<T>> asCompleted(
            Iterable<? extends Awaitable<? extends T, ?>> awaitables) {
        return new AsCompleted<>(Loop.running(), awaitables, null);
    }

    /**
     * Iterates over what ends within a time; then {@code next()} throws {@link TimeoutException}, and what is left runs on.
     */
    public static <T extends @Nullable Object> Iterable<Future<T>> asCompleted(
            Iterable<? extends Awaitable<? extends T, ?>> awaitables, Duration timeout) {
        return new AsCompleted<>(Loop.running(), awaitables, timeout);
    }

    /**
     * Runs a function over many inputs, at most {@code limit} at once, pulling input only when there is room. The results come
     * as they complete; see {@link BoundedMap}.
     *
     * @throws IllegalArgumentException if the limit is less than 1
     */
    public static <A extends @Nullable Object, T extends @Nullable Object> BoundedMap<A, T> mapBounded(
            Iterator<? extends A> inputs, int limit, CoroutineFunction<? super A, ? extends T> function) {
        return new BoundedMap<>(inputs, limit, function);
    }

    /** Runs a function over many inputs; see {@link #mapBounded(Iterator, int, CoroutineFunction)}. */
    public static <A extends @Nullable Object, T extends @Nullable Object> BoundedMap<A, T> mapBounded(
            Iterable<? extends A> inputs, int limit, CoroutineFunction<? super A, ? extends T> function) {
        return new BoundedMap<>(inputs.iterator(), limit, function);
    }

    /**
     * Keeps a cancellation of the waiting task from what it waits for: the waiter is cancelled, the work runs on. Keep a reference
     * to the work if its result matters. Source: {@code asyncio.shield}.
     */
    public static <T extends @Nullable Object> Future<T> shield(Awaitable<? extends T, ?> awaitable) {
        Future<T> inner = Futures.ensure(Loop.running(), awaitable);
        return inner.isDone() ? inner : new Shield<>(inner);
    }

    /**
     * Runs all at once; the first to succeed wins, the others are cancelled and waited for.
     *
     * @throws TaskGroupException (the awaiting) if all failed
     * @throws IllegalArgumentException if there are none
     */
    @SafeVarargs
    @SuppressWarnings("varargs") // only read
    public static <T extends @Nullable Object> Awaitable<T, RuntimeException> race(
            Awaitable<? extends T, ?>... attempts) {
        return race(Arrays.asList(attempts));
    }

    /** Runs all at once; see {@link #race(Awaitable[])}. */
    @SuppressWarnings("NullAway") // the winner's value is null only where T allows it
    public static <T extends @Nullable Object> Awaitable<T, RuntimeException> race(
            List<? extends Awaitable<? extends T, ?>> attempts) {
        if (attempts.isEmpty()) {
            throw new IllegalArgumentException("a race of nobody has no winner");
        }
        return () -> {
            RaceResult<T> result = new Race<T>(attempts, Duration.ZERO).run();
            if (result.winner() < 0) {
                throw new TaskGroupException("every attempt of a race failed", result.errors());
            }
            return result.value();
        };
    }

    /**
     * Starts attempts one after another: the next when {@code delay} has passed or an attempt has failed. The first to succeed
     * wins; the others are cancelled and waited for. Source: {@code asyncio.staggered}, RFC 8305 section 5.
     *
     * @param delay between starts; null starts the next only when one has failed
     */
    public static <T extends @Nullable Object> Awaitable<RaceResult<T>, RuntimeException> staggeredRace(
            List<? extends Awaitable<? extends T, ?>> attempts, @Nullable Duration delay) {
        return () -> new Race<T>(attempts, delay).run();
    }

    /**
     * Runs a body in the calling task with a deadline, after which it is cancelled. Zero or less is over at the first await that
     * suspends. Source: {@code asyncio.timeout}.
     *
     * @param delay from now; null for no deadline
     * @throws TimeoutException if the deadline ended it
     * @throws X what the body throws
     */
    @CanIgnoreReturnValue
    public static <T extends @Nullable Object, X extends Exception> T timeout(
            @Nullable Duration delay, Awaitable<T, X> body) throws X {
        return timeout(delay, (Timeout scope) -> body.await());
    }

    /** Runs a body without a value with a deadline; see {@link #timeout(Duration, Awaitable)}. */
    public static <X extends Exception> void timeout(@Nullable Duration delay, Action<X> body) throws X {
        Asyncio.<@Nullable Void, X>timeout(delay, awaitable(body));
    }

    /** Runs a body with a deadline it can move; see {@link #timeout(Duration, Awaitable)}. */
    @CanIgnoreReturnValue
    public static <T extends @Nullable Object, X extends Exception> T timeout(
            @Nullable Duration delay, ScopeBody<? super Timeout, T, X> body) throws X {
        long when = delay == null ? Long.MAX_VALUE : Loop.running().deadlineNanos(delay);
        return Timeout.call(when, delay, body);
    }

    /**
     * Runs a body with a deadline at a moment of {@link Loop#time()}, null for none; see
     * {@link #timeout(Duration, Awaitable)}. Source: {@code asyncio.timeout_at}.
     */
    @CanIgnoreReturnValue
    public static <T extends @Nullable Object, X extends Exception> T timeoutAt(
            @Nullable Duration when, ScopeBody<? super Timeout, T, X> body) throws X {
        return Timeout.call(when == null ? Long.MAX_VALUE : Loop.nanos(when), null, body);
    }

    /**
     * Waits for something for a limited time; then cancels it, waits for its end and throws. With a time of zero or less, what
     * has not started never does. Source: {@code asyncio.wait_for}.
     *
     * @param timeout null for no limit
     * @throws TimeoutException (the awaiting) if the time was over
     */
    public static <T extends @Nullable Object, X extends Exception> Awaitable<T, X> waitFor(
            Awaitable<T, X> awaitable, @Nullable Duration timeout) {
        return () -> {
            if (timeout != null && !timeout.isPositive()) {
                return awaitNow(awaitable, timeout);
            }
            return timeout(timeout, awaitable);
        };
    }

    private static <T extends @Nullable Object, X extends Exception> T awaitNow(
            Awaitable<T, X> awaitable, Duration timeout) throws X {
        if (!(awaitable instanceof Future<?> future)) {
            throw TimeoutException.after(timeout, null);
        }
        if (!future.isDone()) {
            Task<?> waiting = Loop.runningTask("waitFor");
            int cancelledBefore = waiting.cancelling();
            future.cancel(CancelReason.of(CancelReason.Kind.DEADLINE, "the time of waitFor was over before it began"));
            try {
                return awaitable.await();
            } catch (CancelledError e) {
                if (waiting.cancelling() > cancelledBefore) {
                    throw e;
                }
                throw TimeoutException.after(timeout, e);
            }
        }
        return awaitable.await();
    }

    /**
     * Makes a blocking call on a thread of the loop's executor; it sees this task's context variables. Cancelling the waiting
     * task interrupts the thread, and does not wait for it. Source: {@code asyncio.to_thread}.
     *
     * @throws java.util.concurrent.CompletionException (the awaiting) around a checked exception of the call
     */
    public static <T extends @Nullable Object> Awaitable<T, RuntimeException> toThread(Callable<? extends T> call) {
        Objects.requireNonNull(call, "call");
        return () -> Loop.running().<T>runInExecutor(null, call).await();
    }

    /** Makes a blocking call without a value on another thread; see {@link #toThread(Callable)}. */
    public static Awaitable<@Nullable Void, RuntimeException> toThread(Action<?> call) {
        Objects.requireNonNull(call, "call");
        return () -> Loop.running()
                .<@Nullable Void>runInExecutor(null, () -> awaitable(call).await())
                .await();
    }

    /**
     * Runs a coroutine as a task of a loop that runs on another thread; see {@link Loop#submit(Awaitable)}. Source:
     * {@code asyncio.run_coroutine_threadsafe}.
     */
    public static <T extends @Nullable Object> CompletableFuture<T> runCoroutineThreadsafe(
            Awaitable<? extends T, ?> coroutine, Loop loop) {
        return loop.submit(coroutine);
    }

    /**
     * A future of the running loop that ends as a completion stage does. Cancelling it cancels the stage's
     * {@link CompletionStage#toCompletableFuture() future}. Source: {@code asyncio.wrap_future}.
     */
    public static <T extends @Nullable Object> Future<T> wrap(CompletionStage<T> stage) {
        Future<T> future = Loop.running().createFuture();
        stage.whenComplete((value, error) -> {
            Throwable cause = error instanceof CompletionException wrapped && wrapped.getCause() != null
                    ? wrapped.getCause()
                    : error;
            if (cause instanceof CancellationException) {
                future.cancel(cause.getMessage());
            } else if (cause != null) {
                future.fail(cause);
            } else {
                future.complete(Outcome.ofValue(value));
            }
        });
        future.addDoneCallback(done -> {
            if (done.isCancelled()) {
                stage.toCompletableFuture().cancel(true);
            }
        });
        return future;
    }

    /**
     * The earliest deadline of the {@link #timeout} scopes that the running task is in, by {@link Loop#time()}; empty if there is
     * none. Tasks of a {@link TaskGroup} are in the scopes around the group.
     */
    public static Optional<Duration> deadline() {
        Timeout scope = Loop.runningTask("deadline").scope;
        long nanos = scope == null ? Long.MAX_VALUE : scope.effectiveDeadlineNanos();
        return nanos == Long.MAX_VALUE ? Optional.empty() : Optional.of(Duration.ofNanos(nanos));
    }

    /**
     * The tree of the running loop's tasks as text: what each waits for, its stack and, in debug mode, where it was created. Source:
     * {@code python -m asyncio pstree}.
     */
    public static String dump() {
        return Loop.running().dump();
    }

    /** The loop that runs this code. */
    public static Loop getRunningLoop() {
        return Loop.running();
    }

    /** The task that runs this code, null in a callback of the loop. */
    public static @Nullable Task<?> currentTask() {
        return Loop.running().currentTask();
    }

    /** The tasks of the running loop that have not ended, this one included, oldest first. */
    public static List<Task<?>> allTasks() {
        return List.copyOf(Loop.running().tasks);
    }
}
