package dev.weft.loop.poll;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelPromise;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoRegistration;
import io.netty.util.concurrent.AbstractScheduledEventExecutor;
import io.netty.util.concurrent.DefaultPromise;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.netty.util.concurrent.Promise;
import io.netty.util.concurrent.Ticker;
import io.netty.util.internal.PlatformDependent;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Netty's event loop, run by whichever thread has our loop: the one that made it, or another one that only looks for what is ready. Netty's
 * own for such a use, {@code ManualIoEventLoop}, belongs to one thread for ever.
 *
 * <p>{@link #execute} may be called by any thread; everything else that is not {@code inEventLoop} is for the thread that runs it.
 */
final class DrivenEventLoop extends AbstractScheduledEventExecutor implements IoEventLoop {
    private final Thread home = Thread.currentThread();
    private final Ticker ticker;
    private final BooleanSupplier mayWait;
    private final IoHandler handler;
    private final Queue<Runnable> tasks = PlatformDependent.newMpscQueue();
    private final Promise<?> terminated = new DefaultPromise<Void>(GlobalEventExecutor.INSTANCE);
    private final Waiting waiting = new Waiting();

    /** The thread that runs handlers and tasks, while it does, else the one that made it. A stale read never equals the reader. */
    private Thread runner = home;

    /** Whether it was given something to do, or was woken, since it was last run. */
    private volatile boolean woken;

    private volatile boolean closing;

    DrivenEventLoop(IoHandlerFactory factory, Ticker ticker, BooleanSupplier mayWait) {
        this.ticker = ticker;
        this.mayWait = mayWait;
        this.handler = factory.newHandler(this);
        handler.initialize();
    }

    /** Runs I/O that is ready and what was queued; waits for it, for so long at most, if that is more than 0. Any thread that has the loop. */
    boolean run(long waitNanos) {
        runner = Thread.currentThread();
        try {
            woken = false;
            waiting.mostNanos = waitNanos;
            boolean io = handler.run(waiting) > 0;
            boolean queued = runTasks();
            return io || queued;
        } finally {
            runner = home;
        }
    }

    private boolean runTasks() {
        fetchFromScheduledTaskQueue(tasks);
        Runnable task = tasks.poll();
        if (task == null) {
            return false;
        }
        do {
            safeExecute(task);
            task = tasks.poll();
        } while (task != null);
        return true;
    }

    /** Closes all channels and the transport; what is queued runs before. */
    @Override
    public void close() {
        runTasks();
        closing = true;
        handler.prepareToDestroy();
        cancelScheduledTasks();
        runTasks();
        handler.destroy();
        runTasks();
        terminated.setSuccess(null);
    }

    /** Who is woken already looks at what there is before it waits. */
    void wake() {
        if (!woken) {
            woken = true;
            handler.wakeup();
        }
    }

    boolean isWoken() {
        return woken;
    }

    long nextTimerNanos() {
        return nextScheduledTaskDeadlineNanos();
    }

    /** How long a transport may wait. */
    private final class Waiting implements IoHandlerContext {
        private long mostNanos;

        @Override
        public boolean canBlock() {
            return mostNanos > 0 && tasks.isEmpty() && !hasScheduledTasks() && mayWait.getAsBoolean();
        }

        /** The transports ask with the system's time; timers are due by the loop's. */
        @Override
        public long delayNanos(long systemNanos) {
            return Math.min(mostNanos, DrivenEventLoop.this.delayNanos(ticker.nanoTime(), mostNanos));
        }

        @Override
        public long deadlineNanos() {
            long next = nextScheduledTaskDeadlineNanos();
            if (mostNanos == Long.MAX_VALUE) {
                return next;
            }
            long last = ticker.nanoTime() + mostNanos;
            return next < 0 ? last : Math.min(next, last);
        }
    }

    @Override
    public void execute(Runnable task) {
        if (terminated.isDone()) {
            throw new RejectedExecutionException("the loop is closed");
        }
        tasks.add(task);
        if (!inEventLoop()) {
            wake();
        }
    }

    @Override
    public boolean inEventLoop(Thread thread) {
        return thread == runner;
    }

    @Override
    public Ticker ticker() {
        return ticker;
    }

    @Override
    public Future<IoRegistration> register(IoHandle handle) {
        Promise<IoRegistration> promise = newPromise();
        if (inEventLoop()) {
            register(handle, promise);
        } else {
            execute(() -> register(handle, promise));
        }
        return promise;
    }

    private void register(IoHandle handle, Promise<IoRegistration> promise) {
        try {
            promise.setSuccess(handler.register(handle));
        } catch (Exception e) {
            promise.setFailure(e);
        }
    }

    @Override
    @Deprecated
    public ChannelFuture register(Channel channel) {
        return register(new DefaultChannelPromise(channel, this));
    }

    @Override
    @Deprecated
    public ChannelFuture register(ChannelPromise promise) {
        return register(promise.channel(), promise);
    }

    @Override
    @Deprecated
    public ChannelFuture register(Channel channel, ChannelPromise promise) {
        channel.unsafe().register(this, promise);
        return promise;
    }

    @Override
    public boolean isCompatible(Class<? extends IoHandle> handleType) {
        return handler.isCompatible(handleType);
    }

    @Override
    public boolean isIoType(Class<? extends IoHandler> handlerType) {
        return handlerType.isInstance(handler);
    }

    @Override
    public DrivenEventLoop next() {
        return this;
    }

    @Override
    public IoEventLoopGroup parent() {
        return this;
    }

    @Override
    public Future<?> shutdownGracefully(long quietPeriod, long timeout, TimeUnit unit) {
        throw endsWithTheLoop();
    }

    @Override
    @Deprecated
    public void shutdown() {
        throw endsWithTheLoop();
    }

    private static UnsupportedOperationException endsWithTheLoop() {
        return new UnsupportedOperationException("the loop closes its transport itself");
    }

    @Override
    public Future<?> terminationFuture() {
        return terminated;
    }

    @Override
    public boolean isShuttingDown() {
        return closing;
    }

    @Override
    public boolean isShutdown() {
        return terminated.isDone();
    }

    @Override
    public boolean isTerminated() {
        return terminated.isDone();
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        return terminated.await(timeout, unit);
    }
}
