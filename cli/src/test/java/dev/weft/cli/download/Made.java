package dev.weft.cli.download;

import dev.weft.http.download.DownloadProgress;
import dev.weft.http.download.DownloadProgress.State;
import dev.weft.http.download.Downloaded;
import dev.weft.http.message.HttpUrl;
import dev.weft.http.message.Timings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;

/** Transfers and outcomes made up for tests. */
public final class Made {
    private Made() {}

    public static Outcome done(String url, String name, long bytes, Duration took) {
        return Outcome.done(new Transfer(url, name, 0), downloaded(Downloaded.State.DONE, url, name, bytes, took));
    }

    public static Outcome unchanged(String url, String name, long bytes) {
        return Outcome.done(
                new Transfer(url, name, 0),
                downloaded(Downloaded.State.UNCHANGED, url, name, bytes, Duration.ofMillis(10)));
    }

    public static Outcome skipped(String url, String name) {
        return Outcome.done(
                new Transfer(url, name, 0), downloaded(Downloaded.State.SKIPPED, url, name, 7, Duration.ofMillis(1)));
    }

    public static Outcome retried(String url, String name, long bytes, int retries) {
        Downloaded made = downloaded(Downloaded.State.DONE, url, name, bytes, Duration.ofSeconds(1));
        return Outcome.done(
                new Transfer(url, name, 0),
                new Downloaded(
                        made.state(),
                        made.path(),
                        made.url(),
                        made.status(),
                        made.version(),
                        bytes,
                        bytes,
                        0,
                        8,
                        retries,
                        "\"e1\"",
                        Map.of("sha256", "ab".repeat(32)),
                        true,
                        new Timings(
                                null,
                                Duration.ofMillis(3),
                                Duration.ofMillis(20),
                                Duration.ofMillis(41),
                                Duration.ofMillis(50),
                                Duration.ofSeconds(1)),
                        made.took()));
    }

    public static Outcome failed(String url, String name, long received, Duration took, Failure failure) {
        return new Outcome(url, name, took, receiving(received, OptionalLong.empty()), null, failure);
    }

    public static Downloaded downloaded(Downloaded.State state, String url, String name, long bytes, Duration took) {
        long received = state == Downloaded.State.DONE ? bytes : 0;
        int status = state == Downloaded.State.DONE ? 200 : state == Downloaded.State.UNCHANGED ? 304 : 0;
        return new Downloaded(
                state,
                Path.of(name),
                HttpUrl.parse(url),
                status,
                status == 0 ? "" : "HTTP/1.1",
                bytes,
                received,
                0,
                received > 0 ? 1 : 0,
                0,
                null,
                Map.of(),
                false,
                Timings.NONE,
                took);
    }

    public static DownloadProgress receiving(long bytes, OptionalLong total) {
        return new DownloadProgress(State.RECEIVING, bytes, total, 0, 1, 1, 6, 0, 0, null);
    }

    public static DownloadProgress resumed(long bytes, long total, long from) {
        return new DownloadProgress(State.RECEIVING, bytes, OptionalLong.of(total), from, 1, 1, 6, 0, 0, null);
    }

    public static Outcome notAsked(String url, String name, Failure failure) {
        return new Outcome(url, name, Duration.ofMillis(2), new Transfer(url, name, 0).progress(), null, failure);
    }
}
