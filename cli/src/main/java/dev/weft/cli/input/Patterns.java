package dev.weft.cli.input;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/** The URLs of a command line, each of which may stand for many. Expanded as they are iterated over. Immutable; any thread. */
public final class Patterns implements Iterable<Job> {
    /** No URLs. */
    public static final Patterns NONE = new Patterns(List.of(), 0);

    private final List<Glob> globs;
    private final long count;

    private Patterns(List<Glob> globs, long count) {
        this.globs = globs;
        this.count = count;
    }

    /**
     * Reads the URLs of a command line.
     *
     * @param globs whether they are patterns; else they are taken as they are
     * @throws IllegalArgumentException if a pattern is malformed, or a checksum in a fragment; says where
     */
    public static Patterns parse(List<String> urls, boolean globs) {
        List<Glob> all = new ArrayList<>(urls.size());
        long count = 0;
        for (String url : urls) {
            Glob glob = globs ? Glob.parse(url) : Glob.literal(url);
            Job.Fault fault = glob.job(0).fault();
            if (fault != null) {
                throw new IllegalArgumentException(fault.message());
            }
            all.add(glob);
            count = Glob.sum(count, glob.count());
        }
        return new Patterns(all, count);
    }

    /** For how many URLs they stand. */
    public long count() {
        return count;
    }

    @Override
    public Iterator<Job> iterator() {
        Iterator<Glob> patterns = globs.iterator();
        return new Iterator<>() {
            private Iterator<Job> current = Collections.emptyIterator();

            @Override
            public boolean hasNext() {
                while (!current.hasNext() && patterns.hasNext()) {
                    current = patterns.next().iterator();
                }
                return current.hasNext();
            }

            @Override
            public Job next() {
                if (!hasNext()) {
                    throw new NoSuchElementException("no more URLs");
                }
                return current.next();
            }
        };
    }
}
