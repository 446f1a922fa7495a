package dev.weft.cli.download;

import dev.weft.cli.input.Job;
import dev.weft.cli.name.TargetFile;
import dev.weft.http.message.HttpUrl;
import dev.weft.http.message.InvalidUrlException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A job of the run that has its number, and its name, unless only the answer tells it. Confined to the loop's thread.
 */
final class Work {
    final Job job;
    /** Of the URL in the run, from 1. */
    final long number;
    /** Scheme, host and port; empty if there is none. */
    final String host;
    /** Where the file would go, if it were the only one. */
    TargetFile wanted;
    /** Where it goes; null while only the answer can tell. */
    @Nullable
    TargetFile target;
    /** What it is written to in place of a file; null for a file. */
    @Nullable
    OutputStream out;

    Work(Job job, long number, TargetFile wanted) {
        this.job = job;
        this.number = number;
        this.host = host(job);
        this.wanted = wanted;
    }

    private static String host(Job job) {
        if (job.fault() != null) {
            return "";
        }
        try {
            return HttpUrl.parse(job.url()).origin();
        } catch (InvalidUrlException e) {
            // It fails in its turn.
            return "";
        }
    }

    /** What it is called, as far as that is known. */
    String name() {
        TargetFile known = target;
        return known == null ? wanted.shown() : known.shown();
    }

    /** Whether another URL of the run had the name first. */
    boolean isRenamed() {
        TargetFile known = target;
        return known != null && !known.inside().equals(wanted.inside());
    }
}
