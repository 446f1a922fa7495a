package dev.weft.loop;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Runs coroutines one after another on a loop of its own, which it makes at the first {@link #run} and closes in
 * {@link #close()}. {@link Asyncio#run} is a runner for one run.
 *
 * <p>Used by the thread that runs it, a platform thread. Source: {@code asyncio.Runner}.
 */
public final class Runner implements AutoCloseable {
    private final Builder options;
    private @Nullable Loop loop;
    private Context context = Context.EMPTY;
    private boolean closed;

    private Runner(Builder options) {
        this.options = options;
    }

    /** A runner with the defaults. */
    public static Runner create() {
        return builder().build();
    }

    /** A runner with other settings. */
    public static Builder builder() {
        return new Builder();
    }

    /** The settings of a {@link Runner}. */
    public static final class Builder {
        private Clock clock = Clock.SYSTEM;
        private Carrier.Kind carrier =
                Carrier.Kind.valueOf(System.getProperty("weft.carrier", "auto").toUpperCase(Locale.ROOT));
        private String transport = System.getProperty("weft.transport", "auto");

        private Builder() {}

        /** The loop's time; default {@link Clock#SYSTEM}. */
        public Builder clock(Clock value) {
            clock = value;
            return this;
        }

        /**
         * Who carries the tasks' virtual threads: {@code auto} (the default: inline if the JVM was started with
         * {@code --add-opens java.base/java.lang=ALL-UNNAMED}, else handoff), {@code handoff} or {@code inline}. The
         * default of the default is the system property {@code weft.carrier}.
         *
         * @throws IllegalArgumentException for another name
         */
        public Builder carrier(String value) {
            carrier = Carrier.Kind.valueOf(value.toUpperCase(Locale.ROOT));
            return this;
        }

        /**
         * What to wait for I/O with: {@code auto} (the default), {@code epoll}, {@code kqueue} or {@code nio}. The default of the
         * default is the system property {@code weft.transport}.
         */
        public Builder transport(String value) {
            transport = value;
            return this;
        }

        /** The runner. */
        public Runner build() {
            return new Runner(this);
        }
    }

    /**
     * Runs a coroutine to its end, on this thread.
     *
     * @return what it returns
     * @throws X what it throws
     * @throws IllegalStateException if the runner is closed, or a loop runs on this thread already
     */
    public <T extends @Nullable Object, X extends Exception> T run(Awaitable<T, X> main) throws X {
        if (Loop.current() != null) {
            throw new IllegalStateException("Runner.run() cannot be called from a running event loop");
        }
        Loop running = loop();
        running.context = context;
        Task<T> task = running.createTask(main);
        running.runUntilDone(task);
        context = task.context();
        return task.<X>get();
    }

    /** Runs a coroutine without a value to its end, on this thread. */
    public <X extends Exception> void run(Action<X> main) throws X {
        this.<@Nullable Void, X>run(Asyncio.awaitable(main));
    }

    /**
     * The loop, made now if there was no run yet.
     *
     * @throws IllegalStateException if the runner is closed
     */
    public Loop loop() {
        if (closed) {
            throw new IllegalStateException("Runner is closed");
        }
        if (loop == null) {
            loop = new Loop(options.clock, options.carrier, options.transport);
        }
        return loop;
    }

    /** Cancels the tasks that are left, waits for them and for those that their cleanup starts, and closes the loop. */
    @Override
    public void close() {
        closed = true;
        Loop left = loop;
        if (left == null || left.isClosed()) {
            return;
        }
        try {
            while (!left.tasks.isEmpty()) {
                cancelAll(left);
            }
        } finally {
            left.close();
        }
    }

    private static void cancelAll(Loop loop) {
        List<Task<?>> tasks = new ArrayList<>(loop.tasks);
        CancelReason reason = new CancelReason(CancelReason.Kind.SHUTDOWN, "the loop is shutting down", null);
        tasks.forEach(task -> task.cancel(reason));
        Task<?> all = loop.createTask(() -> Asyncio.wait(tasks).await(), "shutdown");
        loop.runUntilDone(all);
        for (Task<?> task : tasks) {
            Throwable error = task.isCancelled() ? null : task.exception();
            if (error != null) {
                loop.callExceptionHandler(
                        new LoopError("unhandled exception during Asyncio.run() shutdown in " + task, error, task));
            }
        }
    }
}
