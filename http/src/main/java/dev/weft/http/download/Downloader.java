package dev.weft.http.download;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.CheckReturnValue;
import dev.weft.http.ClientSession;
import dev.weft.http.message.ClientTimeout;
import dev.weft.loop.Asyncio;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;

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
    private final Builder settings;
    private final Connections connections;
    private final Throughput throughput;

    private Downloader(Builder builder) {
        this.settings = builder;
        this.connections = new Connections(builder.connectionsPerHost);
        this.throughput =
                new Throughput(builder.bytesPerSecond, Asyncio.getRunningLoop().nanoTime());
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

    ClientSession session() {
        return settings.session;
    }

    int segments() {
        return settings.segments;
    }

    Tries.Limits limits() {
        return new Tries.Limits(
                settings.retries,
                settings.retryTime,
                settings.firstWait,
                settings.longestWait,
                settings.longestRetryAfter);
    }

    Set<Integer> retryStatuses() {
        return settings.retryStatuses;
    }

    RandomGenerator random() {
        return settings.random;
    }

    /** A download has its own limit for the whole. */
    ClientTimeout timeout() {
        return ClientTimeout.builder()
                .total(ClientTimeout.FOREVER)
                .read(settings.silence)
                .build();
    }

    boolean isCompressed() {
        return settings.compressed;
    }

    boolean isSynced() {
        return settings.fsync;
    }

    Set<Checksum.Algorithm> digests() {
        return settings.digests;
    }

    Connections connections() {
        return connections;
    }

    Throughput throughput() {
        return throughput;
    }

    /** Collects the settings. */
    public static final class Builder {
        private final ClientSession session;
        private int segments = 8;
        private int connectionsPerHost = 16;
        private int retries = 5;
        private Set<Integer> retryStatuses = Set.of();
        private Duration retryTime = Duration.ofDays(365);
        private Duration firstWait = Duration.ofMillis(500);
        private Duration longestWait = Duration.ofMinutes(1);
        private Duration longestRetryAfter = Duration.ofMinutes(5);
        private Duration silence = Duration.ofSeconds(30);
        private long bytesPerSecond;
        private boolean fsync;
        private boolean compressed;
        private Set<Checksum.Algorithm> digests = Set.of();
        private RandomGenerator random = () -> ThreadLocalRandom.current().nextLong();

        private Builder(ClientSession session) {
            this.session = session;
        }

        private Builder(Builder other) {
            session = other.session;
            segments = other.segments;
            connectionsPerHost = other.connectionsPerHost;
            retries = other.retries;
            retryStatuses = other.retryStatuses;
            retryTime = other.retryTime;
            firstWait = other.firstWait;
            longestWait = other.longestWait;
            longestRetryAfter = other.longestRetryAfter;
            silence = other.silence;
            bytesPerSecond = other.bytesPerSecond;
            fsync = other.fsync;
            compressed = other.compressed;
            digests = other.digests;
            random = other.random;
        }

        /**
         * Connections for one file at most; it begins with one, and gets more while that makes it faster. 8 by default; 1: no segments.
         *
         * @throws IllegalArgumentException if it is less than 1
         */
        @CanIgnoreReturnValue
        public Builder segments(int most) {
            segments = atLeast(1, "segments", most);
            return this;
        }

        /**
         * How many connections all downloads have to one scheme, host and port before none is added for another segment; 16 by default. The
         * limits of the session hold besides.
         *
         * @throws IllegalArgumentException if it is less than 1
         */
        @CanIgnoreReturnValue
        public Builder connectionsPerHost(int most) {
            connectionsPerHost = atLeast(1, "connectionsPerHost", most);
            return this;
        }

        /**
         * Tries in a row that get no further, after the first; 5 by default, 0 for no retry.
         *
         * @throws IllegalArgumentException if it is negative
         */
        @CanIgnoreReturnValue
        public Builder retries(int most) {
            retries = atLeast(0, "retries", most);
            return this;
        }

        private static int atLeast(int least, String what, int value) {
            if (value < least) {
                throw new IllegalArgumentException(what + " is " + value + ": it must be " + least + " at least");
            }
            return value;
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

        /** The wait before the first retry is a random part of the first, 500 ms by default; it doubles with each, up to the second, 60 s. */
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

        /**
         * How long nothing may come before a connection is given up, and its part tried again; 30 s by default, whatever the session says. The
         * session's total timeout does not hold: see {@link DownloadRequest.Builder#maxTime}.
         */
        @CanIgnoreReturnValue
        public Builder silence(Duration longest) {
            silence = longest;
            return this;
        }

        /**
         * Bytes a second that all downloads of this downloader take together at most; 0, the default, for no limit.
         *
         * @throws IllegalArgumentException if it is negative
         */
        @CanIgnoreReturnValue
        public Builder bytesPerSecond(long most) {
            if (most < 0) {
                throw new IllegalArgumentException("bytesPerSecond is " + most + ": it must be 0 (no limit) or more");
            }
            bytesPerSecond = most;
            return this;
        }

        /** Whether a file is on the disk, and not in the system's memory alone, before it gets its name; false by default. */
        @CanIgnoreReturnValue
        public Builder fsync(boolean sync) {
            fsync = sync;
            return this;
        }

        /** Whether content codings are asked for and undone; false by default: a file is kept as the server has it, and can be resumed. */
        @CanIgnoreReturnValue
        public Builder compressed(boolean ask) {
            compressed = ask;
            return this;
        }

        /** What is computed of every file, besides what its checksums need; nothing by default. */
        @CanIgnoreReturnValue
        public Builder digests(Checksum.Algorithm... which) {
            digests = Set.copyOf(Arrays.asList(which));
            return this;
        }

        /** Where the jitter comes from; a seeded one makes the waits repeatable. */
        @CanIgnoreReturnValue
        public Builder random(RandomGenerator generator) {
            random = generator;
            return this;
        }

        /**
         * The downloader; the builder may go on. Called on the loop of the session.
         *
         * @throws IllegalStateException if no loop runs here
         */
        public Downloader build() {
            return new Downloader(new Builder(this));
        }
    }
}
