package dev.weft.loop;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.CheckReturnValue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The functions of Python's {@code asyncio} module, to be imported statically. All but {@link #run} are for code that runs on
 * a loop, in a task or a callback; elsewhere they throw {@link IllegalStateException}.
 *
 * <p>What returns an {@link Awaitable} is cold: nothing happens until it is awaited. What returns a {@link Future} or
 * {@link Task} is under way.
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

    static <X extends Exception> Awaitable<@Nullable Void, X> awaitable(Action<X> action) {
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
