package dev.weft.cli.input;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One file to fetch, as it was asked for. Immutable.
 *
 * @param url as it was given, checksums in its fragment included; not necessarily a valid one
 * @param mirrors other URLs of the same file
 * @param captures what the patterns of the command line stand for in this URL, {@code #1} first
 * @param options what was said of this URL alone
 * @param place where it stands in a list; null if it does not
 * @param fault why it cannot be fetched; null if nothing is known against it
 */
public record Job(
        String url,
        List<String> mirrors,
        List<String> captures,
        JobOptions options,
        @Nullable Place place,
        @Nullable Fault fault) {
    /** Copies the lists. */
    public Job {
        mirrors = List.copyOf(mirrors);
        captures = List.copyOf(captures);
    }

    /**
     * A line of a list.
     *
     * @param list the name of the list
     * @param line its number, from 1
     */
    public record Place(String list, long line) {
        /** As {@code urls.txt:17}. */
        @Override
        public String toString() {
            return list + ":" + line;
        }
    }

    /**
     * What is wrong with what was written.
     *
     * @param message in one line, the place first
     * @param text the lines that were written, each with its end; empty if they mean nothing elsewhere
     */
    public record Fault(String message, String text) {}

    /**
     * A URL alone, with nothing to say of it but the checksums in its fragment.
     *
     * @throws IllegalArgumentException if such a checksum is malformed
     */
    public static Job of(String url) {
        return of(url, List.of());
    }

    /** The same, with what patterns stand for in it. */
    static Job of(String url, List<String> captures) {
        if (url.indexOf('#') < 0) {
            return new Job(url, List.of(), captures, JobOptions.NONE, null, null);
        }
        JobDraft draft = new JobDraft(url);
        draft.takeFragment();
        draft.captures(captures);
        return draft.build(null);
    }

    /** The same file under a name of its own. */
    public Job named(String name) {
        JobOptions other = new JobOptions(name, null, options.checksums(), options.headers(), options.segments());
        return new Job(url, mirrors, List.of(), other, place, fault);
    }
}
