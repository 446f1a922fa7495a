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

/** Counts what has ended, and says it in a summary. Any one thread. */
public final class Tally {
    /** So many different failures are named in the summary; the rest are counted together. */
    private static final int MOST_NAMED = 4;

    private final Map<String, Long> failures = new LinkedHashMap<>();
    private long done;
    private long failed;
    private long cancelled;
    private long disk;
    private long bytes;

    /** Counts one. */
    public void add(Outcome outcome) {
        Failure failure = outcome.failure();
        if (failure == null) {
            done++;
            bytes += outcome.bytes();
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

    /** How many became files. */
    public long done() {
        return done;
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

    /** The bytes of the files that were fetched. */
    public long bytes() {
        return bytes;
    }

    /** The lines that tell the end of a run of so many files that took so long. */
    List<String> summary(long files, Duration took) {
        List<String> lines = new ArrayList<>();
        String line = "fetch: " + done + " of " + Sizes.count(files, "file") + ", " + Sizes.bytes(bytes) + " in "
                + Sizes.elapsed(took);
        if (bytes > 0 && took.isPositive()) {
            line += " (" + Sizes.rate(bytes * 1e9 / took.toNanos()) + ")";
        }
        lines.add(line);
        if (failed > 0) {
            lines.add("fetch: " + failed + " failed: " + Printable.of(reasons()));
        }
        return lines;
    }

    private String reasons() {
        List<Map.Entry<String, Long>> most = failures.entrySet().stream()
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .toList();
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
