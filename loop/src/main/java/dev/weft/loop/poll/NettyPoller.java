package dev.weft.loop.poll;

import io.netty.channel.IoEventLoop;
import io.netty.util.concurrent.FastThreadLocalThread;
import io.netty.util.concurrent.Ticker;
import io.netty.util.internal.ThreadExecutorMap;
import java.util.IdentityHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@link Poller} on a transport of Netty. */
public final class NettyPoller implements Poller {
    private static final Logger LOG = LoggerFactory.getLogger(NettyPoller.class);

    private final Transport transport;
    private final IdentityHashMap<Object, AutoCloseable> resources = new IdentityHashMap<>();
    private final DrivenEventLoop driven;

    /**
     * Opens a transport for the calling thread.
     *
     * @param nanoTime the clock that Netty's timers read
     * @param mayWait asked by the poller once a wake-up can no longer be missed: false makes it return without waiting
     */
    public NettyPoller(Transport transport, LongSupplier nanoTime, BooleanSupplier mayWait) {
        this.transport = transport;
        this.driven = new DrivenEventLoop(transport.handlerFactory(), new LoopTicker(nanoTime), mayWait);
    }

    @Override
    public void drive(Runnable polling) {
        Runnable known = ThreadExecutorMap.apply(polling, driven);
        if (FastThreadLocalThread.currentThreadHasFastThreadLocal()) {
            known.run();
        } else {
            FastThreadLocalThread.runWithFastThreadLocal(known);
        }
    }

    @Override
    public boolean poll(long waitNanos) {
        return driven.run(waitNanos);
    }

    @Override
    public void wakeup() {
        driven.wake();
    }

    @Override
    public boolean isWoken() {
        return driven.isWoken();
    }

    @Override
    public long nextTimerNanos() {
        long next = driven.nextTimerNanos();
        return next < 0 ? FOREVER : next;
    }

    @Override
    public IoEventLoop eventLoop() {
        return driven;
    }

    @Override
    public Transport transport() {
        return transport;
    }

    @Override
    @SuppressWarnings("unchecked") // a key is only ever used with what it was made with
    public <T extends AutoCloseable> T resource(Object key, Supplier<T> make) {
        return (T) resources.computeIfAbsent(key, absent -> make.get());
    }

    @Override
    public void close() {
        resources.values().forEach(NettyPoller::closeResource);
        driven.close();
    }

    private static void closeResource(AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception e) {
            LOG.warn("closing {} failed", resource, e);
        }
    }

    /** Netty's view of the loop's clock. */
    private record LoopTicker(LongSupplier clock) implements Ticker {
        @Override
        public long initialNanoTime() {
            return 0;
        }

        @Override
        public long nanoTime() {
            return clock.getAsLong();
        }

        @Override
        public void sleep(long delay, TimeUnit unit) {
            throw new UnsupportedOperationException("the loop's clock is never slept on");
        }
    }
}
