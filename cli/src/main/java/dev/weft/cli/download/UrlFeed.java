package dev.weft.cli.download;

import dev.weft.loop.Asyncio;
import dev.weft.loop.Future;
import dev.weft.loop.Loop;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * A list of URLs that is read ahead by a thread of its own, because reading a pipe or a terminal blocks. At most
 * {@link #AHEAD} lines are in memory.
 *
 * <p>{@link #next} belongs to the loop's thread. The thread that reads ends with the list, and does not keep the process alive.
 */
public final class UrlFeed implements AutoCloseable {
    private static final int AHEAD = 1000;

    private final Loop loop = Asyncio.getRunningLoop();
    private final String name;
    private final BlockingQueue<String> lines = new ArrayBlockingQueue<>(AHEAD);
    /** Those who wait for a line. */
    private final ArrayDeque<Future<@Nullable Void>> waiters = new ArrayDeque<>();

    private final Thread reader;
    /** Whether the loop wants to be told of a line; set before it looks a last time. */
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
     * The next URL, or null at the end.
     *
     * @throws DiskException if the list cannot be read
     */
    @Nullable
    String next() {
        while (true) {
            String line = lines.poll();
            if (line != null) {
                return line;
            }
            wanted = true;
            boolean last = ended;
            line = lines.poll();
            if (line != null) {
                return line;
            }
            if (last) {
                if (failure != null) {
                    throw new DiskException("cannot read " + name, failure);
                }
                return null;
            }
            Future<@Nullable Void> wake = loop.createFuture();
            waiters.add(wake);
            try {
                wake.await();
            } finally {
                waiters.remove(wake);
            }
        }
    }

    private void read(Source source) {
        try (InputStream in = source.open()) {
            UrlLines urls = new UrlLines(in);
            for (String url = urls.next(); url != null; url = urls.next()) {
                lines.put(url);
                tell();
            }
        } catch (IOException e) {
            failure = e;
        } catch (RuntimeException e) {
            // A name that is no path, say. Whoever waits must not wait for ever.
            failure = new IOException(e.getMessage(), e);
        } catch (InterruptedException e) {
            return;
        }
        ended = true;
        tell();
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
        for (Future<@Nullable Void> waiter : waiters) {
            if (!waiter.isDone()) {
                waiter.setResult(null);
            }
        }
    }

    /** Reads no further. */
    @Override
    public void close() {
        reader.interrupt();
    }
}
