package dev.weft.cli.download;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.OptionalLong;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** The URLs of a run in their order: those of the command line, then those of a list, read as it comes. Confined to the loop's thread. */
public final class Urls implements AutoCloseable {
    private final Queue<String> given;
    private final @Nullable UrlFeed list;
    private long count;
    private boolean ended;

    /**
     * @param given the URLs that are known
     * @param list more of them; null if there are none. Closed with this
     */
    public Urls(Collection<String> given, @Nullable UrlFeed list) {
        this.given = new ArrayDeque<>(given);
        this.list = list;
    }

    /**
     * The next URL, or null at the end; waits where the list does not have it yet. Several tasks may ask at the same time.
     *
     * @throws DiskException if the list cannot be read; it is told once, then it is the end
     */
    @Nullable
    String next() {
        String url = given.poll();
        if (url == null && list != null && !ended) {
            try {
                url = list.next();
            } catch (DiskException e) {
                boolean first = !ended;
                ended = true;
                if (first) {
                    throw e;
                }
                return null;
            }
        }
        if (url == null) {
            ended = true;
        } else {
            count++;
        }
        return url;
    }

    /** How many there are, where that is known already. */
    OptionalLong size() {
        return list == null || ended ? OptionalLong.of(count + given.size()) : OptionalLong.empty();
    }

    @Override
    public void close() {
        if (list != null) {
            list.close();
        }
    }
}
