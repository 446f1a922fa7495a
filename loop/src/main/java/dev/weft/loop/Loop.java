package dev.weft.loop;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.weft.loop.poll.NettyPoller;
import dev.weft.loop.poll.Poller;
import dev.weft.loop.poll.Transport;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The event loop: a queue of what is ready, a heap of what is due later, and Netty's transport to wait on. It lives on the
 * platform thread that made it.
 *
 * <p>One tick: wait for I/O (not at all if something is ready, else until the next timer), move due timers to the ready queue,
 * run exactly what is in the queue then; what that queues runs in the next tick. While there is something to run, and no task has
 * given the transport something to do, ticks follow each
 * other without a look at I/O, for 50 microseconds at most. Between two awaits of a task nothing else of
 * the loop runs, so what only the loop touches needs no lock.
 *
 * <p>Methods fail with {@link IllegalStateException} on a thread that does not run this loop, unless they say otherwise.
 *
 * <p>Source: {@code asyncio.BaseEventLoop._run_once}. The file is long because every entry point of the loop is here, with its
 * documentation; what they do is in {@link Batch}, {@link Inbox}, {@link Timers}, {@link FailureReports}, {@link DeadlockWatch},
 * {@link Workers} and {@link Task}.
 */
public final class Loop {
    private static final Logger LOG = LoggerFactory.getLogger(Loop.class);
    private static final long LONGEST_WAIT_NANOS = Duration.ofHours(24).toNanos();
    final Thread thread = Thread.currentThread();
    private final Clock clock;
    private final Poller poller;
    private final Carrier carrier;
    private final ArrayDeque<Object> ready = new ArrayDeque<>();
    private final Timers timers = new Timers();
    private final Batch batch;
    private final Inbox inbox = new Inbox();
    final FailureReports failures = new FailureReports(this);
    private final DeadlockWatch deadlocks = new DeadlockWatch(this);
    /** Threads that run no loop and wait for a future of this one. */
    private final Set<CountDownLatch> blocked = ConcurrentHashMap.newKeySet();

    /** What callers on other threads wait for. */
    private final Set<Submitted<?>> owed = ConcurrentHashMap.newKeySet();

    /** Tasks that have not ended, oldest first. */
    final Set<Task<?>> tasks = new LinkedHashSet<>();
    /** The thread that may touch the loop now: its own, the carrier's, or the running task's. A stale read never equals the reader. */
    private Thread active = thread;

    private @Nullable Task<?> currentTask;
    /** The context variables of what runs now. */
    Context context = Context.EMPTY;

    private int taskNumber;
    private long timerSequence;
    private boolean running;
    private boolean stopping;
    private volatile boolean closed;

    final boolean debug;
    private final boolean recorded;
    /** What runs when the loop closes. */
    private final Set<Runnable> atClose = new LinkedHashSet<>();

    private final @Nullable ScopedBindings scopedBindings;
    private final boolean eagerTasks;
    private final Workers workers = new Workers();
    /** Calls that run on other threads for this loop. */
    private final AtomicInteger workOutside = new AtomicInteger();

    final @Nullable TaskListener listener;

    Loop(Runner.Builder options) {
        if (thread.isVirtual()) {
            throw new IllegalStateException("a loop needs a platform thread: waiting for I/O would hold " + thread
                    + "'s carrier; run it on Thread.ofPlatform()");
        }
        this.clock = options.clock;
        this.debug = options.debug;
        this.scopedBindings = options.scopedValues.isEmpty() ? null : new ScopedBindings(options.scopedValues);
        this.eagerTasks = options.eagerTasks;
        JfrTicks jfr = JfrTicks.of(options.jfr);
        this.recorded = jfr.isTold();
        List<TaskListener> listeners = new ArrayList<>(options.listeners);
        jfr.addTo(listeners);
        this.batch = new Batch(this, ready, options, jfr);
        this.listener = listeners.isEmpty() ? null : new TaskListeners(this, listeners);
        Transport io = Transport.of(options.transport);
        this.poller = new NettyPoller(io, clock::nanoTime, inbox::isEmpty);
        this.carrier = Carrier.of(options.carrier, poller);
    }

    /** The loop that the calling thread runs, in a task or a callback; null if it runs none. */
    static @Nullable Loop current() {
        return RunningLoops.current();
    }

    static Loop running() {
        Loop loop = current();
        if (loop == null) {
            throw new IllegalStateException(
                    "no running event loop on " + Thread.currentThread().getName());
        }
        return loop;
    }

    /** The task that the calling thread runs. */
    static Task<?> runningTask(String what) {
        Task<?> task = running().currentTask;
        if (task == null) {
            throw new IllegalStateException(what + " should be used inside a task; this is a callback of the loop");
        }
        return task;
    }

    // ---- callbacks

    /** Queues a callback for the next tick, behind all that is queued. */
    @CanIgnoreReturnValue
    public Handle callSoon(Runnable callback) {
        Objects.requireNonNull(callback, "callback");
        checkActive("callSoon");
        checkOpen();
        Handle handle = new Handle(this, callback, context);
        ready(handle);
        return handle;
    }

    /**
     * Queues a callback from any thread and wakes the loop.
     *
     * @return its handle; cancelling it from another thread while it runs waits for its end
     * @throws IllegalStateException if the loop is closed
     */
    @CanIgnoreReturnValue
    public Handle callSoonThreadsafe(Runnable callback) {
        Objects.requireNonNull(callback, "callback");
        checkOpen();
        Handle handle = new ThreadsafeHandle(this, callback, Context.current());
        if (isActive()) {
            ready(handle);
        } else {
            post(handle);
        }
        return handle;
    }

    /** Runs a callback after a delay; at once, in the next tick, if it is zero or negative. */
    @CanIgnoreReturnValue
    public TimerHandle callLater(Duration delay, Runnable callback) {
        Objects.requireNonNull(delay, "delay");
        return callAtNanos(deadlineNanos(delay), callback);
    }

    /** Runs a callback when {@link #time()} has reached a moment. Equal moments keep the order of these calls. */
    @CanIgnoreReturnValue
    public TimerHandle callAt(Duration when, Runnable callback) {
        Objects.requireNonNull(when, "when");
        return callAtNanos(nanos(when), callback);
    }

    TimerHandle callAtNanos(long deadlineNanos, Runnable callback) {
        Objects.requireNonNull(callback, "callback");
        checkActive("callAt");
        checkOpen();
        TimerHandle timer = new TimerHandle(this, callback, context, deadlineNanos, timerSequence++);
        timers.add(timer);
        return timer;
    }

    void forget(TimerHandle timer) {
        if (isActive()) {
            timers.remove(timer);
        } else {
            post(() -> timers.remove(timer));
        }
    }

    /** The same moment as {@link #time()}, in nanoseconds: for what is asked often. Any thread. */
    public long nanoTime() {
        return clock.nanoTime();
    }

    /** Whether time passes only when nothing runs. */
    boolean hasVirtualTime() {
        return clock.isVirtual();
    }

    /** The loop's monotonic time, counted from some moment of its own. Any thread. */
    public Duration time() {
        return Duration.ofNanos(clock.nanoTime());
    }

    /** The moment a delay from now, in nanoseconds of the clock; the far future if it is too long to count. */
    long deadlineNanos(Duration delay) {
        long now = clock.nanoTime();
        long wait = nanos(delay);
        return wait > Long.MAX_VALUE - now ? Long.MAX_VALUE : now + wait;
    }

    static long nanos(Duration duration) {
        try {
            return duration.toNanos();
        } catch (ArithmeticException e) {
            return duration.isNegative() ? -Long.MAX_VALUE : Long.MAX_VALUE;
        }
    }

    // ---- futures and tasks

    /** A future of this loop, pending. Any thread. */
    public <T extends @Nullable Object> Future<T> createFuture() {
        return new Future<>(this);
    }

    /** Starts a task: its body runs from the next tick on, after the tasks that were created before it. */
    @CanIgnoreReturnValue
    public <T extends @Nullable Object> Task<T> createTask(Awaitable<? extends T, ?> body) {
        return createTask(body, null);
    }

    /** Starts a task with a name. */
    @CanIgnoreReturnValue
    public <T extends @Nullable Object> Task<T> createTask(Awaitable<? extends T, ?> body, @Nullable String name) {
        return createTask(body, name, eagerTasks);
    }

    /**
     * Starts a task, eagerly or not. An eager task runs inside this call up to its first await that suspends; if it ends before,
     * it is done when this returns. Source: {@code eager_start} of {@code loop.create_task}.
     */
    @CanIgnoreReturnValue
    public <T extends @Nullable Object> Task<T> createTask(
            Awaitable<? extends T, ?> body, @Nullable String name, boolean eagerStart) {
        Objects.requireNonNull(body, "body");
        checkActive("createTask");
        checkOpen();
        Awaitable<? extends T, ?> bound = scopedBindings == null ? body : scopedBindings.bind(body);
        Task<T> task = new Task<>(this, bound, name, context);
        tasks.add(task);
        if (listener != null) {
            listener.created(task);
        }
        if (eagerStart && batch.isRunning()) {
            stepNow(task);
        } else {
            ready(task);
        }
        return task;
    }

    /** Runs the first step of a task before anything else, then goes on with the caller. */
    private void stepNow(Task<?> task) {
        Task<?> caller = currentTask;
        if (caller == null) {
            Context callers = context;
            task.step();
            context = callers;
            return;
        }
        // Only the resumer may resume: the caller gives it the loop, with the two of them next in the queue.
        batch.runNext(task, caller);
        caller.stepAside();
    }

    /**
     * Runs a coroutine as a task of this loop, for a caller on any thread. Cancelling the result cancels the task. Source:
     * {@code asyncio.run_coroutine_threadsafe}.
     *
     * @throws IllegalStateException if the loop is closed
     */
    public <T extends @Nullable Object> CompletableFuture<T> submit(Awaitable<? extends T, ?> coroutine) {
        Objects.requireNonNull(coroutine, "coroutine");
        checkOpen();
        Submitted<T> submitted = new Submitted<>(this);
        owe(submitted);
        callSoonThreadsafe(() -> {
            try {
                Task<T> task = createTask(coroutine);
                submitted.follow(task);
            } catch (Throwable e) {
                submitted.completeExceptionally(e);
                throw e;
            }
        });
        return submitted;
    }

    /** Somebody outside waits for this. Any thread. */
    void owe(Submitted<?> submitted) {
        owed.add(submitted);
        if (closed) {
            submitted.abandon();
        }
    }

    void paid(Submitted<?> submitted) {
        owed.remove(submitted);
    }

    /**
     * Makes a blocking call on a thread of an executor; it sees this task's context variables. Cancelling the future interrupts
     * the thread. Source: {@code loop.run_in_executor}.
     *
     * @param executor null for the loop's own: daemon threads, at most 32
     */
    public <T extends @Nullable Object> Future<T> runInExecutor(
            @Nullable Executor executor, Callable<? extends T> call) {
        Objects.requireNonNull(call, "call");
        checkActive("runInExecutor");
        checkOpen();
        return Work.submit(this, executor == null ? workers : executor, call);
    }

    void workBegins() {
        workOutside.incrementAndGet();
    }

    /** Called by the thread that worked, after it has posted the outcome. */
    void workEnds() {
        workOutside.decrementAndGet();
        if (clock.isVirtual() && !closed) {
            // The clock may move again. Waking the poller alone is lost if the loop has asked for the work but does not
            // wait yet.
            inbox.post((Runnable) () -> {}, poller);
        }
    }

    void joinWorkers(Duration patience) {
        if (!workers.join(patience)) {
            LOG.warn("The executor did not finish within {}; its threads are left running", Text.seconds(patience));
        }
    }

    /** Starts a loop on a daemon thread of its own, for callers on plain threads. */
    public static BackgroundLoop start() {
        return new BackgroundLoop(Runner.builder());
    }

    /** Starts a loop with other settings on a daemon thread of its own. */
    public static BackgroundLoop start(Runner.Builder options) {
        return new BackgroundLoop(options);
    }

    int nextTaskNumber() {
        return ++taskNumber;
    }

    /** The task that runs now, null in a callback. */
    @Nullable
    Task<?> currentTask() {
        return currentTask;
    }

    /** A future of this loop that ends as one of another loop does; cancelling it cancels that one. */
    <T extends @Nullable Object> Future<T> mirror(Future<T> foreign) {
        Future<T> mirror = createFuture();
        foreign.addDoneCallback(mirror::copy);
        mirror.addDoneCallback(done -> {
            CancelReason reason = done.cancelReason();
            if (reason != null) {
                foreign.cancel(reason);
            }
        });
        return mirror;
    }

    // ---- the seam with tasks and futures

    boolean isActive() {
        return active == Thread.currentThread();
    }

    void checkActive(String what) {
        if (active != Thread.currentThread()) {
            throw new IllegalStateException(
                    what + " was called on thread " + Thread.currentThread().getName()
                            + ", which does not run this loop (" + thread.getName() + " does): use callSoonThreadsafe");
        }
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("Event loop is closed");
        }
    }

    /** Queues a handle or a task. On the loop. */
    void ready(Object what) {
        if (inbox.isSignalled()) {
            inbox.drainTo(ready);
        }
        ready.add(what);
    }

    /** Queues something from another thread and wakes the loop; dropped when the loop is closed. */
    void post(Object what) {
        if (!closed) {
            inbox.post(what, poller);
        }
    }

    /** Waits, on a thread that runs no loop, until the latch is counted down or the loop is closed. */
    void block(CountDownLatch latch) throws InterruptedException {
        blocked.add(latch);
        try {
            if (!closed) {
                latch.await();
            }
        } finally {
            blocked.remove(latch);
        }
    }

    /** Whether this thread is the loop's own; while the loop does not run, waiting here would be for ever. */
    boolean isOwnThread() {
        return Thread.currentThread() == thread;
    }

    void post(Runnable action) {
        post((Object) action);
    }

    /** A task's thread takes the loop. */
    void enter(Task<?> task, Thread taskThread, Context taskContext) {
        currentTask = task;
        context = taskContext;
        active = taskThread;
    }

    /** A task's thread has given the loop back. */
    void leave() {
        active = Thread.currentThread();
        currentTask = null;
    }

    /** The carrier's thread takes the loop, to run what is ready. */
    void take() {
        active = Thread.currentThread();
    }

    /** What was ready has run: the loop's own thread has it again. */
    void giveBack() {
        context = Context.EMPTY;
        active = thread;
    }

    Carrier carrier() {
        return carrier;
    }

    /** For the modules of Weft: what the loop waits on, to register channels with. */
    public Poller poller() {
        return poller;
    }

    // ---- running

    /** Ticks until {@link #stop()}. */
    void runForever() {
        begin();
        try {
            poller.drive(this::ticks);
        } finally {
            finish();
        }
    }

    private void ticks() {
        do {
            tick();
        } while (!stopping);
    }

    <T extends @Nullable Object> void runUntilDone(Future<T> future) {
        Consumer<Future<T>> stopper = done -> stop();
        future.addDoneCallback(stopper);
        try {
            runForever();
        } finally {
            future.removeDoneCallback(stopper);
        }
        if (!future.isDone()) {
            throw new IllegalStateException("Event loop stopped before Future completed.");
        }
    }

    /** Lets the current tick end, then makes {@link #runForever()} return. */
    void stop() {
        stopping = true;
    }

    private void begin() {
        checkOpen();
        if (running) {
            throw new IllegalStateException("This event loop is already running");
        }
        if (current() != null) {
            throw new IllegalStateException("Cannot run the event loop while another loop is running");
        }
        if (Thread.currentThread() != thread) {
            throw new IllegalStateException("this loop belongs to thread " + thread.getName() + "; it was run on "
                    + Thread.currentThread().getName());
        }
        running = true;
        Watchdog.add(this);
        RunningLoops.add(this);
    }

    private void finish() {
        stopping = false;
        running = false;
        Watchdog.remove(this);
        RunningLoops.remove(this);
    }

    private void tick() {
        poller.poll(waitNanos());
        collectReady();
        if (!ready.isEmpty()) {
            carrier.run(batch);
            batch.rethrowFatal();
        }
    }

    /** Queues what other threads posted, then the timers that are due. */
    void collectReady() {
        if (inbox.isSignalled()) {
            inbox.drainTo(ready);
        }
        queueDueTimers();
    }

    boolean isStopping() {
        return stopping;
    }

    long waitNanos() {
        if (clock.isVirtual() && ready.isEmpty() && !stopping) {
            // The clock jumps only when no I/O is ready either.
            poller.poll(0);
        }
        if (inbox.isSignalled()) {
            inbox.drainTo(ready);
        }
        if (stopping || !ready.isEmpty()) {
            return 0;
        }
        long deadline = nextTimerNanos();
        long wait = Math.min(clock.idle(deadline, workOutside.get() > 0), LONGEST_WAIT_NANOS);
        return deadline == Long.MAX_VALUE ? Math.min(wait, deadlocks.look()) : wait;
    }

    /** When the next timer is due, be it Netty's, in the clock's nanoseconds; {@link Long#MAX_VALUE} if there is none. */
    private long nextTimerNanos() {
        TimerHandle first = timers.first();
        return Math.min(first == null ? Long.MAX_VALUE : first.deadlineNanos, poller.nextTimerNanos());
    }

    /** How long until the next timer is due, on a clock that runs by itself. */
    long untilTimer() {
        long deadline = nextTimerNanos();
        return deadline == Long.MAX_VALUE ? deadline : Math.max(0, deadline - clock.nanoTime());
    }

    /** Looks for tasks that wait for each other in a circle, now. */
    void reportDeadlock() {
        deadlocks.report();
    }

    private void queueDueTimers() {
        TimerHandle first = timers.first();
        if (first == null) {
            return;
        }
        long now = clock.nanoTime();
        while (first != null && first.deadlineNanos <= now) {
            timers.remove(first);
            ready.add(first);
            first = timers.first();
        }
    }

    /** The number of the step that runs now, 0 if none does. Any thread; a guess. */
    long stepUnderWay() {
        return batch.stepUnderWay();
    }

    /** The thread that holds the loop. Any thread; a guess. */
    Thread holder() {
        return active;
    }

    /** The loop's figures now. */
    public LoopMetrics metrics() {
        checkActive("metrics");
        return new LoopMetrics(
                tasks.size(),
                ready.size(),
                timers.size(),
                workOutside.get(),
                batch.lag().count(),
                batch.steps(),
                batch.lag().percentile(0.5),
                batch.lag().percentile(0.99),
                batch.lag().max());
    }

    /** The tree of tasks as text; see {@link Asyncio#dump()}. */
    public String dump() {
        checkActive("dump");
        return Dump.of(this);
    }

    /** What the JVM itself could not do ends the run, and is thrown by it, whoever caught it first. */
    void stopIfFatal(Throwable error) {
        batch.stopIfFatal(error);
    }

    /** Whether the JVM itself is broken. Recursion that went too deep is its task's own failure. */
    static boolean isFatal(Throwable error) {
        return error instanceof VirtualMachineError && !(error instanceof StackOverflowError);
    }

    /** Closes the loop for good: drops what is queued, reports failures that nobody looked at, closes the transport. */
    void close() {
        if (closed) {
            return;
        }
        checkMayClose();
        closed = true;
        blocked.forEach(CountDownLatch::countDown);
        ready.clear();
        try {
            List.copyOf(atClose).forEach(this::runAtClose);
            failures.reportAll();
            carrier.close();
            poller.close();
        } finally {
            owed.forEach(Submitted::abandon);
        }
    }

    private void runAtClose(Runnable action) {
        try {
            action.run();
        } catch (Throwable e) {
            callExceptionHandler(new LoopError("Exception at the close of the loop", e, null));
        }
    }

    /**
     * Has an action run when the loop closes, when no task is left; for what should have been closed by then. What it throws goes to the
     * exception handler.
     */
    public void callAtClose(Runnable action) {
        checkActive("callAtClose");
        atClose.add(action);
    }

    /** Takes an action back; nothing happens if it is not there. */
    public void removeAtClose(Runnable action) {
        checkActive("removeAtClose");
        atClose.remove(action);
    }

    /** Whether it is in debug mode, see {@link Runner.Builder#debug}. Any thread. Source: {@code loop.get_debug()}. */
    public boolean isDebug() {
        return debug;
    }

    /** Whether the flight recorder is told of what happens on it, see {@link Runner.Builder#jfr}. Any thread. */
    public boolean isRecorded() {
        return recorded;
    }

    /** Only the thread that made the loop may close it, and not while it runs. */
    void checkMayClose() {
        if (running) {
            throw new IllegalStateException("Cannot close a running event loop");
        }
        if (!isOwnThread()) {
            throw new IllegalStateException("this loop belongs to thread " + thread.getName() + "; "
                    + Thread.currentThread().getName() + " cannot close it");
        }
    }

    boolean isClosed() {
        return closed;
    }

    // ---- errors

    /**
     * Sets who is told of failures that nobody waits for: exceptions in callbacks, failed tasks nobody looked at. Null
     * restores the default, which logs them.
     */
    public void setExceptionHandler(@Nullable Consumer<LoopError> handler) {
        checkActive("setExceptionHandler");
        failures.setHandler(handler);
    }

    /**
     * Tells the exception handler of a failure; if the handler fails, that is logged with the failure it was told of. From another
     * thread, it is told on the loop.
     */
    public void callExceptionHandler(LoopError error) {
        Objects.requireNonNull(error, "error");
        if (!isActive() && !closed) {
            post(() -> callExceptionHandler(error));
            return;
        }
        failures.tell(error);
    }

    @Override
    public String toString() {
        String state = closed ? "closed" : running ? "running" : "idle";
        return "<Loop " + state + " " + poller.transport() + " " + carrier.kind() + ">";
    }
}
