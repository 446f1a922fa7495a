package dev.weft.http.download;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.CheckReturnValue;
import dev.weft.http.ClientSession;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;

/**
 * Downloads files through a session, with what they share: how often to try again, how many connections a file may have, how fast all of them
 * together may be. {@snippet :
 * try (var session = ClientSession.create()) {
 *     Downloaded iso = Downloader.of(session).download("https://host/a.iso", Path.of("a.iso")).await();
 * }
 * }
 *
 * <p>Confined to the loop of its session, which stays the caller's.
 */
@CheckReturnValue
public final class Downloader {
    private final ClientSession session;

    private Downloader(Builder builder) {
        this.session = builder.session;
    }

    /** With all settings as they are by default. */
    public static Downloader of(ClientSession session) {
        return builder(session).build();
    }

    /** Sets what is different from the default. */
    public static Builder builder(ClientSession session) {
        return new Builder(session);
    }

    /** A download of a URL into a file; nothing happens before it is awaited. */
    public Download download(String url, Path file) {
        return download(DownloadRequest.of(url, file).build());
    }

    /** The same, with more to say of it. */
    public Download download(DownloadRequest request) {
        return new Download(this, request);
    }

    /** Collects the settings. */
    public static final class Builder {
        private final ClientSession session;
        private int segments = 8;
        private int retries = 5;
        private Set<Integer> retryStatuses = Set.of();
        private Duration retryTime = Duration.ofDays(365);
        private Duration firstWait = Duration.ofSeconds(1);
        private Duration longestWait = Duration.ofMinutes(1);
        private Duration longestRetryAfter = Duration.ofMinutes(5);
        private long bytesPerSecond;
        private boolean fsync;

        private Builder(ClientSession session) {
            this.session = session;
        }

        /** Connections for one file at most; it begins with one, and gets more while that makes it faster. 8 by default; 1: no segments. */
        @CanIgnoreReturnValue
        public Builder segments(int most) {
            segments = most;
            return this;
        }

        /** Tries in a row that get no further, after the first; 5 by default, 0 for no retry. */
        @CanIgnoreReturnValue
        public Builder retries(int most) {
            retries = most;
            return this;
        }

        /** Statuses that are tried again besides 408, 425, 429, 500, 502, 503, 504 and 520 to 527. */
        @CanIgnoreReturnValue
        public Builder retryStatuses(Integer... more) {
            retryStatuses = Set.copyOf(Arrays.asList(more));
            return this;
        }

        /** No try begins when so much time has passed since the download began; no limit by default. */
        @CanIgnoreReturnValue
        public Builder retryTime(Duration longest) {
            retryTime = longest;
            return this;
        }

        /** The wait before the first retry is a random part of the first, 1 s by default; it doubles with each, up to the second, 60 s. */
        @CanIgnoreReturnValue
        public Builder backoff(Duration longestFirst, Duration longest) {
            firstWait = longestFirst;
            longestWait = longest;
            return this;
        }

        /** The longest {@code Retry-After} that is waited for; what asks for more has failed. 5 minutes by default. */
        @CanIgnoreReturnValue
        public Builder longestRetryAfter(Duration longest) {
            longestRetryAfter = longest;
            return this;
        }

        /** Bytes a second that all downloads of this downloader take together at most; 0, the default, for no limit. */
        @CanIgnoreReturnValue
        public Builder bytesPerSecond(long most) {
            bytesPerSecond = most;
            return this;
        }

        /** Whether a file is on the disk, and not in the system's memory alone, before it gets its name; false by default. */
        @CanIgnoreReturnValue
        public Builder fsync(boolean sync) {
            fsync = sync;
            return this;
        }

        /** The downloader; the builder may go on. */
        public Downloader build() {
            return new Downloader(this);
        }
    }
}
