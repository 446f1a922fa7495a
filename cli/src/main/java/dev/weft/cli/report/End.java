package dev.weft.cli.report;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a run has ended, as far as a report cannot know it.
 *
 * @param took how long it took
 * @param exitCode of the process
 * @param failedList where the URLs that failed are listed; null if they are not
 * @param goOn the command that goes on with a run that was stopped; null if it was not
 */
public record End(
        Duration took,
        int exitCode,
        @Nullable String failedList,
        @Nullable CommandText goOn) {
    /** What became of what was written to standard output. */
    public enum Written {
        /** All of it was taken. */
        ALL,
        /** Whoever read it has gone away, as {@code head} does: nothing to complain of. */
        READER_GONE,
        /** It could not be written. */
        NOT_ALL
    }
}
