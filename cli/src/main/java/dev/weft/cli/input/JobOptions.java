package dev.weft.cli.input;

import dev.weft.http.download.Checksum;
import dev.weft.http.message.Headers;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is said of one URL alone. Immutable.
 *
 * @param name of the file, may have directories; null if it is to be found
 * @param dir where the file goes, below the directory of the run; null for that directory itself
 * @param checksums what the file must have
 * @param headers sent with its requests in addition, in place of the session's of the same name
 * @param segments connections at most; 0 if nothing is said
 */
public record JobOptions(
        @Nullable String name, @Nullable String dir, List<Checksum> checksums, Headers headers, int segments) {
    /** Nothing is said. */
    public static final JobOptions NONE = new JobOptions(null, null, List.of(), Headers.empty(), 0);

    /** Copies the list. */
    public JobOptions {
        checksums = List.copyOf(checksums);
    }
}
