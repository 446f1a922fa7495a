package dev.weft.loop.poll;

import io.netty.channel.IoEventLoop;
import io.netty.channel.ManualIoEventLoop;
import io.netty.util.concurrent.FastThreadLocalThread;
import io.netty.util.concurrent.Ticker;
import java.util.IdentityHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@link Poller} on Netty's {@link ManualIoEventLoop}, driven by the thread that makes it. */
public final class NettyPoller implements Poller {
    private static final Logger LOG = LoggerFactory.getLogger(NettyPoller.class);

    private final Transport transport;
    private final IdentityHashMap<Object, AutoCloseable> resources = new IdentityHashMap<>();
    private final LoopTicker ticker;
    private final AtomicBoolean woken = new AtomicBoolean();
    private final Driven driven;

    /**
     * Opens a transport for the calling thread.
     *
     * @param nanoTime the clock that Netty's timers read
     * @param mayWait asked by the poller once a wake-up can no longer be missed: false makes it return without waiting
     */
    public NettyPoller(Transport transport, LongSupplier nanoTime, BooleanSupplier mayWait) {
        this.transport = transport;
        this.ticker = new LoopTicker(nanoTime);
        this.driven = new Driven(transport, ticker, mayWait, woken);
    }

    @Override
    public void drive(Runnable ticks) {
        if (FastThreadLocalThread.currentThreadHasFastThreadLocal()) {
            ticks.run();
        } else {
            FastThreadLocalThread.runWithFastThreadLocal(ticks);
        }
    }

    @Override
    public boolean poll(long waitNanos) {
        woken.set(false);
        // Netty reads 0 as "for ever" and -1 as "do not wait".
        return driven.run(waitNanos == 0 ? -1 : waitNanos, 0) > 0;
    }

    @Override
    public void wakeup() {
        driven.wakeup();
    }

    @Override
    public boolean isWoken() {
        return woken.get();
    }

    @Override
    public long nextTimerNanos() {
        return driven.nextTimerNanos();
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
        ticker.closing = true;
        driven.shutdownGracefully(0, 0, TimeUnit.NANOSECONDS);
        while (!driven.isTerminated()) {
            driven.runNow();
        }
    }

    private static void closeResource(AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception e) {
            LOG.warn("closing {} failed", resource, e);
        }
    }

    private static final class Driven extends ManualIoEventLoop {
        private final BooleanSupplier mayWait;
        private final Ticker ticker;

        Driven(Transport transport, Ticker ticker, BooleanSupplier mayWait, AtomicBoolean woken) {
            super(
                    null,
                    Thread.currentThread(),
                    executor -> new NoticingHandler(transport.handlerFactory().newHandler(executor), woken),
                    ticker);
            this.mayWait = mayWait;
            this.ticker = ticker;
        }

        /** The transports ask with the system's time; timers are due by the loop's. */
        @Override
        protected long delayNanos(long systemNanos, long mostNanos) {
            return super.delayNanos(ticker.nanoTime(), mostNanos);
        }

        @Override
        protected boolean canBlock() {
            return mayWait.getAsBoolean();
        }

        long nextTimerNanos() {
            long next = nextScheduledTaskDeadlineNanos();
            return next < 0 ? FOREVER : next;
        }
    }

    /**
     * Netty's view of the loop's clock. While the transport closes it moves with every look: Netty waits until time has passed
     * since its last task, which on a clock that stands still would be for ever.
     */
    private static final class LoopTicker implements Ticker {
        private final LongSupplier clock;
        private boolean closing;
        private long looks;

        LoopTicker(LongSupplier clock) {
            this.clock = clock;
        }

        @Override
        public long initialNanoTime() {
            return 0;
        }

        @Override
        public long nanoTime() {
            return closing ? clock.getAsLong() + ++looks : clock.getAsLong();
        }

        @Override
        public void sleep(long delay, TimeUnit unit) {
            throw new UnsupportedOperationException("the loop's clock is never slept on");
        }
    }
}
