package dev.weft.cli.input;

import dev.weft.loop.Asyncio;
import dev.weft.loop.Future;
import dev.weft.loop.Loop;
import dev.weft.loop.TimerHandle;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A list of URLs that is read ahead by a thread of its own, because reading a pipe or a terminal blocks. At most
 * {@link #AHEAD} jobs are in memory.
 *
 * <p>The last URL that came may have options in lines that are still to come. It is given out when the next URL or the end shows that
 * it has none, or when nothing more came for {@link #PATIENCE}: who types a URL, or follows a file that grows, is served.
 *
 * <p>{@link #next} belongs to the loop's thread, one task at a time. The thread that reads ends with the list, and does not keep the
 * process alive.
 */
public final class UrlFeed implements AutoCloseable {
    private static final int AHEAD = 1000;
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final Loop loop = Asyncio.getRunningLoop();
    private final String name;
    private final BlockingQueue<Job> jobs = new ArrayBlockingQueue<>(AHEAD);
    /** The last URL while it waits for options; who takes it out has it. */
    private final AtomicReference<@Nullable Job> incomplete = new AtomicReference<>();

    private final Thread reader;
    /** Who waits for a job. */
    private @Nullable Future<@Nullable Void> waiter;
    /** Whether the loop wants to be told of a job; set before it looks a last time. */
    private volatile boolean wanted;

    private volatile boolean ended;
    /** Why the list ended early; written before {@link #ended}. */
    private @Nullable IOException failure;

    private UrlFeed(String name, Source source) {
        this.name = name;
        this.reader = new Thread(() -> read(source), "url-list");
        reader.setDaemon(true);
    }

    /** Opens the list. Called by the thread that reads it: opening a named pipe waits for who writes to it. */
    @FunctionalInterface
    public interface Source {
        /** The bytes of the list. */
        InputStream open() throws IOException;
    }

    /**
     * Starts to read. Called on the loop's thread.
     *
     * @param name what errors call the list
     * @param source the list; it is closed at its end
     */
    public static UrlFeed start(String name, Source source) {
        UrlFeed feed = new UrlFeed(name, source);
        feed.reader.start();
        return feed;
    }

    /**
     * The next job, or null at the end.
     *
     * @throws UncheckedIOException if the list cannot be read
     */
    @Nullable
    Job next() {
        boolean patient = false;
        while (true) {
            Job job = jobs.poll();
            if (job == null) {
                wanted = true;
                boolean last = ended;
                job = jobs.poll();
                if (job == null && last) {
                    return end();
                }
            }
            if (job == null && patient) {
                job = incomplete.getAndSet(null);
            }
            if (job != null) {
                return job;
            }
            patient = waitForMore(incomplete.get() != null);
        }
    }

    private @Nullable Job end() {
        if (failure != null) {
            throw new UncheckedIOException("cannot read " + name, failure);
        }
        return null;
    }

    /** Waits until the thread that reads has something to tell; if limited, no longer than patience lasts. Whether that was over. */
    private boolean waitForMore(boolean limited) {
        Future<@Nullable Void> wake = loop.createFuture();
        waiter = wake;
        boolean[] over = {false};
        TimerHandle timer = limited
                ? loop.callLater(PATIENCE, () -> {
                    over[0] = true;
                    wake();
                })
                : null;
        try {
            wake.await();
        } finally {
            waiter = null;
            if (timer != null) {
                timer.cancel();
            }
        }
        return over[0];
    }

    private void read(Source source) {
        UrlList list = new UrlList(name, jobs::put);
        try {
            try (InputStream in = source.open()) {
                read(new UrlLines(in), list);
            } catch (IOException e) {
                failure = e;
            } catch (RuntimeException e) {
                // A name that is no path, say. Whoever waits must not wait for ever.
                failure = new IOException(e.getMessage(), e);
            }
            list.end();
        } catch (InterruptedException e) {
            return;
        }
        ended = true;
        tell();
    }

    private void read(UrlLines lines, UrlList list) throws IOException, InterruptedException {
        boolean offered = false;
        try {
            for (UrlLines.Line line = lines.next(); line != null; line = lines.next()) {
                if (offered && incomplete.getAndSet(null) == null) {
                    list.taken();
                }
                offered = false;
                list.line(line);
                tell();
                Job last = list.incomplete();
                if (last != null && !lines.hasMore()) {
                    incomplete.set(last);
                    offered = true;
                    tell();
                }
            }
        } finally {
            if (offered && incomplete.getAndSet(null) == null) {
                list.taken();
            }
        }
    }

    private void tell() {
        if (wanted) {
            wanted = false;
            try {
                loop.callSoonThreadsafe(this::wake);
            } catch (IllegalStateException e) {
                // The loop is closed: nobody waits.
                Thread.currentThread().interrupt();
            }
        }
    }

    private void wake() {
        Future<@Nullable Void> waiting = waiter;
        if (waiting != null && !waiting.isDone()) {
            waiting.setResult(null);
        }
    }

    /** Reads no further. */
    @Override
    public void close() {
        reader.interrupt();
    }
}
