package dev.weft.cli.download;

import dev.weft.cli.input.FailedList;
import dev.weft.cli.input.Job;
import dev.weft.cli.name.Naming;
import dev.weft.http.download.DownloadRequest;
import org.jspecify.annotations.Nullable;

/**
 * How a run goes.
 *
 * @param naming where files go
 * @param jobs how many downloads at once
 * @param perHost how many of them from one host
 * @param failFast whether the first failure ends the run
 * @param failed is told what failed; null if nobody wants to know. It stays the caller's
 * @param terms what holds of every file
 */
public record Plan(
        Naming naming,
        int jobs,
        int perHost,
        boolean failFast,
        @Nullable FailedList failed,
        Terms terms) {
    /** What holds of every file: what is done where one exists, how long one may take, which checksums are known of it. */
    @FunctionalInterface
    public interface Terms {
        /** Nothing but the usual. */
        Terms NONE = (request, job, name) -> {};

        /**
         * Says it of one. What the job says of itself is added behind this.
         *
         * @param name of the file, as seen from the directory of the run; if only the answer tells it, what it is after its URL
         * @throws IllegalArgumentException if it cannot be fetched; its message says why
         */
        void apply(DownloadRequest.Builder request, Job job, String name);
    }
}
