package dev.weft.cli.input;

import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The jobs of a run in their order: those of the command line, then those of a list, read as it comes. Patterns are expanded as they are
 * needed. {@link #hasNext} waits where the list does not have the next one yet. Confined to the loop's thread, one task at a time.
 */
public final class Jobs implements Iterator<Job>, AutoCloseable {
    private final Iterator<Job> given;
    private final @Nullable UrlFeed list;
    /** How many the command line stands for. */
    private final long givenCount;

    private long fromList;
    private @Nullable Job next;
    private boolean ended;

    /**
     * @param given those of the command line
     * @param list more of them; null if there are none. Closed with this
     */
    public Jobs(Patterns given, @Nullable UrlFeed list) {
        this.given = given.iterator();
        this.givenCount = given.count();
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
            next = given.hasNext() ? given.next() : ofList();
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
        return list == null || ended ? OptionalLong.of(givenCount + fromList) : OptionalLong.empty();
    }

    @Override
    public void close() {
        if (list != null) {
            list.close();
        }
    }
}
