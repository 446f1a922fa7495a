package dev.weft.cli.input;

import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The jobs of a run in their order: those of the command line, then those of a list, read as it comes. Patterns are expanded as they are
 * needed. {@link #hasNext} waits where the list does not have the next one yet. Confined to the loop's thread, one task at a time.
 */
public final class Jobs implements Iterator<Job>, AutoCloseable {
    private final Iterator<Glob> patterns;
    private final @Nullable UrlFeed list;
    /** How many the patterns stand for. */
    private final long given;

    private Iterator<Job> current = Collections.emptyIterator();
    private long fromList;
    private @Nullable Job next;
    private boolean ended;

    /**
     * @param urls those of the command line
     * @param globs whether they are patterns
     * @param list more of them; null if there are none. Closed with this
     * @throws IllegalArgumentException if a pattern is malformed, says where
     */
    public Jobs(List<String> urls, boolean globs, @Nullable UrlFeed list) {
        List<Glob> all = new ArrayList<>(urls.size());
        long count = 0;
        for (String url : urls) {
            Glob pattern = globs ? Glob.parse(url) : Glob.literal(url);
            Job.Fault fault = pattern.job(0).fault();
            if (fault != null) {
                throw new IllegalArgumentException(fault.message());
            }
            all.add(pattern);
            count = Glob.sum(count, pattern.count());
        }
        this.patterns = all.iterator();
        this.given = count;
        this.list = list;
    }

    /**
     * Whether there is one more; waits until that is known.
     *
     * @throws UncheckedIOException if the list cannot be read; it is told once, then it is the end
     */
    @Override
    public boolean hasNext() {
        while (next == null && !ended) {
            if (current.hasNext()) {
                next = current.next();
            } else if (patterns.hasNext()) {
                current = patterns.next().iterator();
            } else {
                next = ofList();
            }
        }
        return next != null;
    }

    private @Nullable Job ofList() {
        try {
            Job job = list == null ? null : list.next();
            ended = job == null;
            fromList += job == null ? 0 : 1;
            return job;
        } catch (UncheckedIOException e) {
            ended = true;
            throw e;
        }
    }

    @Override
    public Job next() {
        Job job = hasNext() ? next : null;
        if (job == null) {
            throw new NoSuchElementException("no more URLs");
        }
        next = null;
        return job;
    }

    /** How many there are, where that is known already. */
    public OptionalLong size() {
        return list == null || ended ? OptionalLong.of(given + fromList) : OptionalLong.empty();
    }

    @Override
    public void close() {
        if (list != null) {
            list.close();
        }
    }
}
