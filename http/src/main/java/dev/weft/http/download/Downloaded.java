package dev.weft.http.download;

import dev.weft.http.message.HttpUrl;
import dev.weft.http.message.Timings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a download has become.
 *
 * @param state what was done
 * @param path where the file is; null if it went to a stream
 * @param url where it came from, after redirects; as it was asked for if nothing was asked of the server
 * @param status of the answer that gave the file, or the first part of what was missing; 0 if nothing was asked
 * @param version {@code HTTP/1.1}, for example; empty if nothing was asked
 * @param bytes the length of the file
 * @param received how many bytes of bodies came over the network, those thrown away among them
 * @param resumedFrom how many bytes were there from an earlier run
 * @param segments how many connections gave bytes at the same time, at most
 * @param retries how often a request was sent again
 * @param etag of the file; null if the server gave none
 * @param digests what was computed: name of the algorithm, as {@code sha256}, and the value in hexadecimal
 * @param verified whether a checksum was expected, by the caller or the server's {@code Repr-Digest} or {@code Content-MD5}, and agreed
 * @param timings of the first answer
 * @param took from the start to the end
 */
public record Downloaded(
        State state,
        @Nullable Path path,
        HttpUrl url,
        int status,
        String version,
        long bytes,
        long received,
        long resumedFrom,
        int segments,
        int retries,
        @Nullable String etag,
        Map<String, String> digests,
        boolean verified,
        Timings timings,
        Duration took) {
    /** What was done. */
    public enum State {
        /** The file was fetched, or what was missing of it. */
        DONE,
        /** The file that was there is the server's. */
        UNCHANGED,
        /** The file that was there stays, and the server was not asked. */
        SKIPPED
    }
}
