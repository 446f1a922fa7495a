package dev.weft.cli.download;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How one URL ended.
 *
 * @param url as it was given
 * @param path of the file; null if it failed
 * @param status of the answer; 0 if there was none
 * @param bytes of the body that were received, whether or not they became a file
 * @param took from its start to its end
 * @param failure why it failed; null if it did not
 */
public record Outcome(
        String url,
        @Nullable Path path,
        int status,
        long bytes,
        Duration took,
        @Nullable Failure failure) {
    /** Whether the file is there, whole. */
    public boolean isDone() {
        return failure == null;
    }
}
