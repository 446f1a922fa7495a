package dev.weft.cli.report;

import dev.weft.cli.download.Failure;
import dev.weft.cli.download.Outcome;
import dev.weft.cli.text.Printable;
import dev.weft.cli.text.Sizes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Counts what has ended, and says it in a summary. Any one thread. */
public final class Tally {
    /** So many different failures are named in the summary; the rest are counted together. */
    private static final int MOST_NAMED = 4;

    private final Map<String, Long> failures = new LinkedHashMap<>();
    private long done;
    private long unchanged;
    private long skipped;
    private long failed;
    private long cancelled;
    private long disk;
    private long bytes;
    private long received;
    private long retries;

    /** Counts one. */
    public void add(Outcome outcome) {
        received += outcome.received();
        retries += Math.max(0, outcome.tries() - 1);
        Failure failure = outcome.failure();
        if (failure == null) {
            done++;
            bytes += outcome.bytes();
            unchanged += outcome.state() == Outcome.State.UNCHANGED ? 1 : 0;
            skipped += outcome.state() == Outcome.State.SKIPPED ? 1 : 0;
        } else if (failure.kind() == Failure.Kind.CANCELLED) {
            cancelled++;
        } else {
            failed++;
            failures.merge(failure.what(), 1L, Long::sum);
            disk += failure.kind() == Failure.Kind.DISK ? 1 : 0;
        }
    }

    /** Notes that the list of URLs could not be read to its end. */
    void listFailed() {
        disk++;
    }

    /** How many files are there, those that had been there before among them. */
    public long done() {
        return done;
    }

    /** How many of those that are there were the server's already. */
    public long unchanged() {
        return unchanged;
    }

    /** How many of those that are there were left alone. */
    public long skipped() {
        return skipped;
    }

    /** How many failed; those that were stopped do not count. */
    public long failed() {
        return failed;
    }

    /** Whether the local disk was at fault: a file that could not be written, a list that could not be read. */
    public boolean diskFailed() {
        return disk > 0;
    }

    /** How many were stopped. */
    public long cancelled() {
        return cancelled;
    }

    /** How many have ended in any way. */
    public long all() {
        return done + failed + cancelled;
    }

    /** The bytes of the files that are there. */
    public long bytes() {
        return bytes;
    }

    /** The bytes that came over the network, for files that failed too. */
    public long received() {
        return received;
    }

    /** How many requests were sent again. */
    public long retries() {
        return retries;
    }

    /**
     * The lines that tell the end of a run of so many files that took so long.
     *
     * @param failedList where those that failed are listed; null if they are not
     */
    List<String> summary(long files, Duration took, @Nullable String failedList) {
        List<String> lines = new ArrayList<>();
        String line = "fetch: " + done + " of " + Sizes.count(files, "file") + ", " + Sizes.bytes(received) + " in "
                + Sizes.elapsed(took);
        if (received > 0 && took.isPositive()) {
            line += " (" + Sizes.rate(received * 1e9 / took.toNanos()) + ")";
        }
        line += unchanged > 0 ? ", " + unchanged + " unchanged" : "";
        line += skipped > 0 ? ", " + skipped + " skipped" : "";
        line += retries > 0 ? ", " + (retries == 1 ? "1 retry" : retries + " retries") : "";
        lines.add(line);
        // Of a single URL everything has been said.
        if (failed > 0 && files > 1) {
            String list = failedList == null ? "--failed FILE" : failedList;
            lines.add("fetch: " + failed + " failed: " + Printable.of(reasons() + " (list: " + list + ")"));
        }
        return lines;
    }

    private String reasons() {
        List<Map.Entry<String, Long>> most = new ArrayList<>(failures.entrySet());
        most.sort(Map.Entry.comparingByValue(Comparator.reverseOrder()));
        List<String> words = new ArrayList<>();
        long named = 0;
        for (Map.Entry<String, Long> reason : most.subList(0, Math.min(MOST_NAMED, most.size()))) {
            words.add(reason.getValue() + " x " + reason.getKey());
            named += reason.getValue();
        }
        if (named < failed) {
            words.add((failed - named) + " for other reasons");
        }
        return String.join(", ", words);
    }
}
