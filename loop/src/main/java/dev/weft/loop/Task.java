package dev.weft.loop;

import com.google.errorprone.annotations.CheckReturnValue;
import dev.weft.loop.Outcome.Cancelled;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A coroutine that the loop runs, step by step, between two awaits at a time.
 *
 * <p>The loop holds its tasks until they end: one that nobody refers to is not lost. Methods may be called from any thread
 * unless they say otherwise.
 *
 * <p>The file is long because a task's steps and its cancellation are one machine.
 *
 * <p>Source: {@code asyncio.Task}.
 */
public final class Task<T extends @Nullable Object> extends Future<T> {
    private final int number;
    private volatile @Nullable String name;
    private volatile State state = State.CREATED;

    // Confined to the loop.
    /** Null when it has ended: what it captured is released then. */
    private @Nullable Awaitable<? extends T, ?> body;

    private @Nullable Coroutine coroutine;
    private Context context;
    private @Nullable Future<?> waitingOn;
    /** The innermost scope with a deadline that this task is in. */
    @Nullable
    Timeout scope;
    /** Null until it is cancelled the first time. */
    private @Nullable CancelRequests requests;
    /** Whether {@link #cancel} is at work: seen again, the tasks wait for each other in a circle. */
    private boolean passingOnCancel;

    Task(Loop loop, Awaitable<? extends T, ?> body, @Nullable String name, Context context) {
        super(loop);
        this.body = body;
        this.number = loop.nextTaskNumber();
        this.name = name;
        this.context = context;
    }

    /** How far a task is. */
    public enum State {
        /** It has not run yet. */
        CREATED,
        /** It runs now. */
        RUNNING,
        /** It waits, or is queued to go on. */
        SUSPENDED,
        /** It has ended. */
        FINISHED
    }

    /** Its name: what it was created with, or {@code Task-} and a number that grows with every task of the loop. */
    public String name() {
        String given = name;
        return given == null ? "Task-" + number : given;
    }

    /** Changes its name. */
    public void setName(Object newName) {
        name = newName.toString();
    }

    /** How far it is. */
    public State state() {
        return isDone() ? State.FINISHED : state;
    }

    /**
     * Not for tasks: their outcome is their body's.
     *
     * @throws UnsupportedOperationException always
     */
    @Override
    public void setResult(T value) {
        throw new UnsupportedOperationException("the result of " + this + " is its body's");
    }

    /**
     * Not for tasks: their outcome is their body's.
     *
     * @throws UnsupportedOperationException always
     */
    @Override
    public void setException(Throwable exception) {
        throw new UnsupportedOperationException("the outcome of " + this + " is its body's");
    }

    /**
     * Asks it to stop: a {@link CancelledError} is thrown at the await it waits at, or at its next one. What it waits for is
     * cancelled too. A value that is already on its way to the task is delivered first. A task that has not started never does.
     * From another thread, the request is passed to the loop.
     */
    @Override
    boolean cancel(CancelReason reason) {
        if (isDone()) {
            return super.cancel(reason);
        }
        if (!loop.isActive()) {
            loop.post(() -> cancel(reason));
            return true;
        }
        CancelRequests open = requests;
        if (open == null) {
            open = new CancelRequests();
            requests = open;
        }
        open.add(reason);
        if (passingOnCancel) {
            breakCycle();
            return true;
        }
        passingOnCancel = true;
        try {
            // The future may be done already: then its outcome comes first, and the cancellation at the next await.
            if (waitingOn != null && waitingOn.cancel(reason)) {
                open.hearAll();
            }
        } finally {
            passingOnCancel = false;
        }
        return true;
    }

    /** It waits, over others, for itself: nobody would ever wake it, so it is woken here. */
    private void breakCycle() {
        Future<?> awaited = waitingOn;
        if (awaited != null && awaited.forgetWaiter(this)) {
            loop.ready(this);
        }
    }

    /**
     * Waits for its end as {@link #await()} does, but keeps to itself: cancelling the waiting task does not cancel this one, nor the
     * others that wait for it.
     */
    @CheckReturnValue
    public Awaitable<T, RuntimeException> join() {
        return () -> {
            Asyncio.wait(List.of(this)).await();
            return result();
        };
    }

    /** How many requests to cancel it were not taken back by {@link #uncancel()}; exact on the loop only. */
    public int cancelling() {
        CancelRequests open = requests;
        return open == null ? 0 : open.count();
    }

    /**
     * Takes one request to cancel back; with the last one, a cancellation that was not delivered yet is withdrawn. For code
     * that cancels a task to end a scope inside of it, as {@code timeout} does.
     *
     * @return how many are left
     * @throws IllegalStateException if called on a thread that does not run the loop
     */
    public int uncancel() {
        loop.checkActive("uncancel");
        if (requests != null) {
            requests.removeLatest();
        }
        return cancelling();
    }

    /** How many of the open requests to cancel it were delivered: what a scope notes when it is entered. */
    int heardCancels() {
        return requests == null ? 0 : requests.heard();
    }

    /** Takes a scope's own request back, whether it was delivered or not. */
    void uncancel(CancelReason own) {
        if (requests != null) {
            requests.remove(own);
        }
    }

    /** The oldest open request that was not delivered yet when so many had been; null if there is none. */
    @Nullable
    CancelReason cancelledSince(int heardBefore) {
        return requests == null ? null : requests.since(heardBefore);
    }

    /** Delivers at the next await again what was delivered after so many had been: something else had to be thrown first. */
    void redeliverSince(int heardBefore) {
        if (requests != null) {
            requests.forgetSince(heardBefore);
        }
    }

    private @Nullable CancelReason waitingCancel() {
        return requests == null ? null : requests.waiting();
    }

    private void hearCancels() {
        if (requests != null) {
            requests.hearAll();
        }
    }

    Context context() {
        return context;
    }

    /** Runs it until it awaits something that is not there, or ends. Called by the loop. */
    void step() {
        if (isDone()) {
            return;
        }
        Coroutine running = coroutine;
        if (running == null) {
            CancelReason cancelled = waitingCancel();
            if (cancelled != null) {
                end(new Cancelled(cancelled, null));
                return;
            }
            running = loop.carrier().coroutine(name(), this::runBody);
            coroutine = running;
        }
        enter(running);
        running.resume();
        loop.leave();
    }

    private void enter(Coroutine running) {
        state = State.RUNNING;
        loop.enter(this, running.thread(), context);
    }

    /** Begins a step; what is to be resumed for it. Null if there is none: the task has not run yet, or has ended. */
    @Nullable
    Coroutine enterAgain() {
        Coroutine running = coroutine;
        if (running == null || isDone()) {
            return null;
        }
        enter(running);
        return running;
    }

    /**
     * Where it is: the frames of its own code and the libraries', innermost first, without the loop's. Empty if it has not
     * started or has ended. Called on the loop. Source: {@code Task.get_stack}, which gives one frame only.
     */
    public List<StackTraceElement> stack() {
        loop.checkActive("stack");
        Coroutine running = coroutine;
        return running == null || isDone()
                ? List.of()
                : Stacks.trim(running.thread().getStackTrace());
    }

    private void runBody() {
        if (loop.listener != null) {
            loop.listener.started(this);
        }
        Awaitable<? extends T, ?> running = body;
        if (running == null) {
            throw new AssertionError(this + " runs after its end");
        }
        try {
            end(Outcome.ofValue(running.await()));
        } catch (CancelledError e) {
            end(new Cancelled(e.reason(), e));
        } catch (Throwable e) {
            // First: where memory is at its end, what follows may fail too.
            loop.stopIfFatal(e);
            leaveLoop();
            fail(e);
            tellEnd();
        }
    }

    private void end(Object ended) {
        leaveLoop();
        complete(ended);
        tellEnd();
    }

    private void leaveLoop() {
        context = loop.context;
        body = null;
        loop.tasks.remove(this);
    }

    private void tellEnd() {
        if (loop.listener != null) {
            loop.listener.finished(this);
        }
    }

    /** Waits for a future. Called by this task on its own thread; the future's outcome, whatever it is, is for the caller. */
    void suspendOn(Future<?> future) {
        future.addWaiter(this);
        waitingOn = future;
        CancelReason cancelled = waitingCancel();
        if (cancelled != null && future.cancel(cancelled)) {
            hearCancels();
        }
        // Each frame below here costs every task that waits a hundred bytes and more.
        parking().suspend();
        goesOn();
        waitingOn = null;
        if (!future.isDone()) {
            throw takeCancellation();
        }
        if (future.isCancelled()) {
            hearCancels();
        }
    }

    /**
     * Lets everything else that is ready run once.
     *
     * @throws CancelledError if the task was cancelled
     */
    void yieldOnce() {
        loop.ready(this);
        parking().suspend();
        goesOn();
        if (waitingCancel() != null) {
            throw takeCancellation();
        }
    }

    /** Lets the task at the head of the queue run a step first. Not a place to be cancelled at. */
    void stepAside() {
        Coroutine running = coroutine;
        if (running == null) {
            throw new AssertionError(this + " steps aside before it runs");
        }
        context = loop.context;
        running.suspend();
    }

    private CancelledError takeCancellation() {
        CancelReason cancelled = requests == null ? null : requests.oldest();
        hearCancels();
        return new CancelledError(cancelled == null ? CancelReason.request(null) : cancelled, null);
    }

    private Coroutine parking() {
        Coroutine running = coroutine;
        if (running == null) {
            throw new AssertionError(this + " suspends before it runs");
        }
        if (loop.listener != null) {
            loop.listener.suspended(this);
        }
        state = State.SUSPENDED;
        context = loop.context;
        return running;
    }

    private void goesOn() {
        if (loop.listener != null) {
            loop.listener.resumed(this);
        }
    }

    @Override
    List<Future<?>> dependencies() {
        Future<?> future = waitingOn;
        return future == null ? List.of() : List.of(future);
    }

    @Override
    String describe() {
        return "Task " + name();
    }
}
