package dev.weft.loop;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The loop's default executor: platform threads, made when they are first needed and dropped when idle for a minute. Not virtual
 * threads: what blocks them would hold the JDK's carriers, on which the tasks of the handoff carrier run.
 */
final class Workers implements Executor {
    private static final AtomicInteger NUMBER = new AtomicInteger();
    /** As many as asyncio's default executor has. */
    private static final int MOST = Math.min(32, Runtime.getRuntime().availableProcessors() + 4);

    private @Nullable ThreadPoolExecutor pool;

    @Override
    public void execute(Runnable work) {
        ThreadPoolExecutor threads = pool;
        if (threads == null) {
            threads = new ThreadPoolExecutor(
                    MOST, MOST, 1, TimeUnit.MINUTES, new LinkedBlockingQueue<>(), Workers::thread);
            threads.allowCoreThreadTimeOut(true);
            pool = threads;
        }
        threads.execute(work);
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "weft-worker-" + NUMBER.incrementAndGet());
        thread.setDaemon(true);
        return thread;
    }

    /**
     * Takes no more work and waits for what runs.
     *
     * @return false if the time was over; the threads run on as daemons
     */
    boolean join(Duration patience) {
        ThreadPoolExecutor threads = pool;
        if (threads == null) {
            return true;
        }
        threads.shutdown();
        try {
            return threads.awaitTermination(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
