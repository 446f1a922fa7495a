package dev.weft.http.download;

import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * How far a download is, at one moment.
 *
 * @param state what it does
 * @param bytes of the file that are there, those of an earlier run among them
 * @param total how many it will be; empty while that is not known
 * @param resumedFrom how many of the bytes were there when it began, from an earlier run
 * @param connections how many requests give bytes now
 * @param attempt the number of this try, from 1; tries that got further do not count
 * @param attempts how many tries there are at most
 * @param retries how often a request was sent again, so far
 * @param waitNanos how long it waits still; 0 if it does not
 * @param trouble why it waits or tries again, in a few words, as {@code 429} or {@code connection reset}; null if all went well
 */
public record DownloadProgress(
        State state,
        long bytes,
        OptionalLong total,
        long resumedFrom,
        int connections,
        int attempt,
        int attempts,
        int retries,
        long waitNanos,
        @Nullable String trouble) {
    /** What it does. */
    public enum State {
        /** Asks for the file: until the first head of an answer. */
        ASKING,
        /** Bytes come. */
        RECEIVING,
        /** Waits until it tries again. */
        WAITING,
        /** Compares checksums: of what an earlier run left, or of the whole. */
        CHECKING,
        /** It has ended, in whichever way. */
        ENDED
    }
}
