package dev.weft.loop;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.ObjIntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs coroutines one after another on a loop of its own, which it makes at the first {@link #run} and closes in
 * {@link #close()}. {@link Asyncio#run} is a runner for one run.
 *
 * <p>Used by the thread that runs it, a platform thread. Source: {@code asyncio.Runner}.
 */
public final class Runner implements AutoCloseable {
    private final Builder options;
    /** Whether it leaves signals to who runs it beside others, whatever the settings say. */
    private final boolean deaf;

    private @Nullable Loop loop;
    private Context context = Context.EMPTY;
    private boolean closed;

    Runner(Builder options, boolean deaf) {
        this.options = options;
        this.deaf = deaf;
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
        Clock clock = Clock.SYSTEM;
        Carrier.Kind carrier =
                Carrier.Kind.valueOf(System.getProperty("weft.carrier", "auto").toUpperCase(Locale.ROOT));
        String transport = System.getProperty("weft.transport", "auto");
        boolean debug = Boolean.parseBoolean(System.getProperty("weft.debug", System.getenv("WEFT_DEBUG")));
        Duration slowCallback = Duration.ofMillis(100);
        Duration shutdownGrace = Duration.ofSeconds(10);
        Duration executorPatience = Duration.ofMinutes(5);
        /** Null: on the main thread only, as asyncio does it. */
        @Nullable
        Boolean signals;

        /** Null: if a recording runs. */
        @Nullable
        Boolean jfr = Boolean.getBoolean("weft.jfr") ? Boolean.TRUE : null;

        boolean eagerTasks;

        @Nullable
        Long shuffleSeed;

        final List<ScopedValue<?>> scopedValues = new ArrayList<>();

        final List<TaskListener> listeners = new ArrayList<>();

        private Builder() {}

        /** The loop's time; default {@link Clock#SYSTEM}. */
        public Builder clock(Clock value) {
            clock = Objects.requireNonNull(value, "clock");
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
            transport = Objects.requireNonNull(value, "transport");
            return this;
        }

        /**
         * Debug mode: remembers where tasks, futures and callbacks were created, and logs steps that took long. Default: the
         * system property {@code weft.debug}, or the environment variable {@code WEFT_DEBUG}, is {@code true}.
         */
        public Builder debug(boolean value) {
            debug = value;
            return this;
        }

        /** In debug mode, how long a step may take before it is logged; default 100 ms. */
        public Builder slowCallbackDuration(Duration value) {
            slowCallback = Objects.requireNonNull(value, "slowCallbackDuration");
            return this;
        }

        /**
         * How long tasks may take to end after the loop has cancelled them at its shutdown; then they are reported with their
         * stacks and abandoned. Default 10 s.
         */
        public Builder shutdownGrace(Duration value) {
            shutdownGrace = Objects.requireNonNull(value, "shutdownGrace");
            return this;
        }

        /** How long the shutdown waits for calls on the default executor's threads; default 5 minutes. */
        public Builder executorPatience(Duration value) {
            executorPatience = Objects.requireNonNull(value, "executorPatience");
            return this;
        }

        /**
         * Whether SIGINT and SIGTERM cancel the main task: the first does, and {@code run} then throws
         * {@link SignalInterrupt}; the second ends the process at once. Default: if the runner runs on the process's main
         * thread. Handlers of others are left alone.
         */
        public Builder handleSignals(boolean value) {
            signals = value;
            return this;
        }

        /**
         * Whether the flight recorder is told of tasks, steps and ticks (events {@code dev.weft.*}). Default: the system property
         * {@code weft.jfr} is {@code true}, or a recording runs when the loop is made.
         */
        public Builder jfr(boolean value) {
            jfr = value;
            return this;
        }

        /** Starts every task eagerly, inside the call that creates it; default false. */
        public Builder eagerTasks(boolean value) {
            eagerTasks = value;
            return this;
        }

        /** For tests: runs what is queued for a tick in a random order, the same for the same seed, to expose order bugs. */
        public Builder shuffle(long seed) {
            shuffleSeed = seed;
            return this;
        }

        /**
         * Scoped values whose bindings a task takes over from its creator. The JDK hands them on only to threads of its own
         * structured concurrency, so each must be named here.
         */
        public Builder scopedValues(ScopedValue<?>... values) {
            scopedValues.addAll(Arrays.asList(values));
            return this;
        }

        /** Tells a listener of every task. */
        public Builder listener(TaskListener value) {
            listeners.add(Objects.requireNonNull(value, "listener"));
            return this;
        }

        /** The runner. */
        public Runner build() {
            return new Runner(this, false);
        }

        boolean listensToSignals() {
            return signals == null ? isMainThread(Thread.currentThread()) : signals;
        }

        /** The thread that the launcher made: only its names tell; its number depends on the JDK. */
        private static boolean isMainThread(Thread thread) {
            ThreadGroup group = thread.getThreadGroup();
            return thread.getName().equals("main")
                    && group != null
                    && group.getName().equals("main");
        }
    }

    /**
     * Runs a coroutine to its end, on this thread.
     *
     * @return what it returns
     * @throws X what it throws
     * @throws SignalInterrupt if a signal ended it, see {@link Builder#handleSignals}
     * @throws IllegalStateException if the runner is closed, a loop runs on this thread already, or another thread runs the
     *     runner
     */
    public <T extends @Nullable Object, X extends Exception> T run(Awaitable<T, X> main) throws X {
        if (Loop.current() != null) {
            throw new IllegalStateException("Runner.run() cannot be called from a running event loop");
        }
        Loop running = loop();
        running.checkActive("Runner.run");
        running.context = context;
        Task<T> task = running.createTask(main);
        running.context = Context.EMPTY;
        Interrupt interrupt = new Interrupt(running, task);
        if (!deaf && options.listensToSignals()) {
            try (Signals signals = Signals.listen(interrupt)) {
                running.runUntilDone(task);
            }
        } else {
            running.runUntilDone(task);
        }
        context = task.context();
        interrupt.rethrow();
        return task.<X>get();
    }

    /** Runs a coroutine without a value to its end, on this thread. */
    public <X extends Exception> void run(Action<X> main) throws X {
        this.<@Nullable Void, X>run(Asyncio.awaitable(main));
    }

    /** What the first signal does to the main task. */
    private static final class Interrupt implements ObjIntConsumer<String> {
        private final Loop loop;
        private final Task<?> main;
        private volatile @Nullable String signal;
        private volatile int number;

        Interrupt(Loop loop, Task<?> main) {
            this.loop = loop;
            this.main = main;
        }

        @Override
        public void accept(String name, int value) {
            number = value;
            signal = name;
            CancelReason reason = new CancelReason(CancelReason.Kind.INTERRUPT, "SIG" + name, null);
            loop.callSoonThreadsafe(() -> main.cancel(reason));
        }

        void rethrow() {
            String name = signal;
            if (name != null && main.isCancelled() && main.uncancel() == 0) {
                try {
                    main.result();
                } catch (CancelledError e) {
                    throw new SignalInterrupt(name, number, e);
                }
            }
        }
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
            loop = new Loop(options);
        }
        return loop;
    }

    /**
     * Cancels the tasks that are left and waits for them and for those that their cleanup starts, no longer than the shutdown
     * grace; waits for the default executor; closes the loop. Closing twice is harmless.
     *
     * @throws IllegalStateException if its loop runs, or belongs to another thread
     */
    @Override
    public void close() {
        Loop left = loop;
        if (left != null && !left.isClosed()) {
            left.checkMayClose();
        }
        closed = true;
        if (left == null || left.isClosed()) {
            return;
        }
        try {
            new Shutdown(left, options.shutdownGrace).run();
            left.joinWorkers(options.executorPatience);
        } finally {
            left.close();
        }
    }
}
