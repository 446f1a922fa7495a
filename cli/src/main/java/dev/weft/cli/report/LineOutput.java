package dev.weft.cli.report;

import dev.weft.loop.Asyncio;
import dev.weft.loop.Future;
import dev.weft.loop.Loop;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Lines for whoever reads standard output, written in their order by a thread of its own: a reader that is slow, or stands still, must not hold the
 * downloads' thread. {@link #write} never waits; who writes much calls {@link #room} after it.
 */
final class LineOutput {
    /** More lines than this are not meant to wait. */
    private static final int MOST = 1000;

    private final PrintStream out;
    private final Thread writer = new Thread(this::work, "standard-output");
    private final Queue<String> lines = new ArrayDeque<>();
    private boolean started;
    private boolean writing;
    private boolean gone;
    private @Nullable Runnable whenGone;
    /** Those who wait for room, completed on their loop. */
    private final Queue<Waiter> waiters = new ArrayDeque<>();

    private record Waiter(Loop loop, Future<@Nullable Void> wake) {
        void tell() {
            post(loop, () -> {
                if (!wake.isDone()) {
                    wake.setResult(null);
                }
            });
        }
    }

    /**
     * @param out where to; flushed whenever there is nothing more to write
     */
    LineOutput(PrintStream out) {
        this.out = out;
        // A reader that never reads does not keep the process.
        writer.setDaemon(true);
    }

    /** Adds a text, with its own line ends. Any thread. */
    synchronized void write(String text) {
        if (gone) {
            return;
        }
        if (!started) {
            started = true;
            writer.start();
        }
        lines.add(text);
        notifyAll();
    }

    /** Suspends the calling task until not too many lines wait. */
    void room() {
        while (true) {
            Future<@Nullable Void> wake;
            synchronized (this) {
                if (gone || lines.size() < MOST) {
                    return;
                }
                Loop loop = Asyncio.getRunningLoop();
                wake = loop.createFuture();
                waiters.add(new Waiter(loop, wake));
            }
            wake.await();
        }
    }

    /** Runs something, once, on the loop of the caller when nobody takes lines any more; at its next tick if that is so already. */
    synchronized void whenGone(Runnable what) {
        Loop loop = Asyncio.getRunningLoop();
        whenGone = () -> post(loop, what);
        if (gone) {
            whenGone.run();
        }
    }

    /**
     * Waits until all is written, for so long at most. Called by a plain thread.
     *
     * @return whether all was taken
     */
    synchronized boolean drain(Duration longest) {
        long end = System.nanoTime() + longest.toNanos();
        try {
            while (!gone && (writing || !lines.isEmpty())) {
                long millis = (end - System.nanoTime()) / 1_000_000;
                if (millis <= 0) {
                    return false;
                }
                wait(millis);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
        return !gone;
    }

    private void work() {
        for (String text = next(); text != null; text = next()) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            out.write(bytes, 0, bytes.length);
            if (out.checkError()) {
                end();
                return;
            }
        }
    }

    private synchronized @Nullable String next() {
        writing = false;
        notifyAll();
        try {
            while (lines.isEmpty()) {
                wait();
            }
        } catch (InterruptedException e) {
            return null;
        }
        writing = true;
        String text = lines.remove();
        if (lines.size() < MOST / 2) {
            wakeAll();
        }
        return text;
    }

    private synchronized void end() {
        gone = true;
        lines.clear();
        notifyAll();
        wakeAll();
        if (whenGone != null) {
            whenGone.run();
        }
    }

    private void wakeAll() {
        waiters.forEach(Waiter::tell);
        waiters.clear();
    }

    private static void post(Loop loop, Runnable what) {
        try {
            loop.callSoonThreadsafe(what);
        } catch (IllegalStateException e) {
            // The loop is closed: nobody waits there.
        }
    }
}
