package dev.weft.http.download;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.CheckReturnValue;
import dev.weft.http.RequestBuilder;
import dev.weft.http.message.ClientResponse;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** One file to fetch: from where, to where, and what must hold of it. Immutable; any thread. */
@CheckReturnValue
public final class DownloadRequest {
    private final Builder made;

    private DownloadRequest(Builder made) {
        this.made = made;
    }

    /** Says where the file goes. */
    @FunctionalInterface
    public interface Target {
        /**
         * The path, once the head of an answer is there. Called once, on the loop's thread; it must not wait. What it throws ends the download.
         */
        Path of(ClientResponse answer);
    }

    /** A file at a URL, to a path that is known. */
    public static Builder of(String url, Path file) {
        return new Builder(url, file, null, null);
    }

    /** A file whose path is found when the server has answered, from {@code Content-Disposition} for example. */
    public static Builder of(String url, Target target) {
        return new Builder(url, null, target, null);
    }

    /**
     * A file that is written to a stream as it comes, by one connection. A retry goes on where the last try ended; if the server does not allow
     * that, the download fails once something is out. The stream stays the caller's.
     */
    public static Builder of(String url, OutputStream out) {
        return new Builder(url, null, null, out);
    }

    String url() {
        return made.url;
    }

    List<String> mirrors() {
        return made.mirrors;
    }

    /** Null while only the answer can tell, or if it becomes no file. */
    @Nullable
    Path file() {
        return made.file;
    }

    /** The path, as the answer makes it. */
    Path target(ClientResponse answer) {
        if (made.target == null) {
            throw new IllegalStateException("nobody has said where the file goes");
        }
        return made.target.of(answer);
    }

    /** Null if it becomes a file. */
    @Nullable
    OutputStream out() {
        return made.out;
    }

    Exists exists() {
        return made.exists;
    }

    List<Checksum> checksums() {
        return made.checksums;
    }

    UnaryOperator<RequestBuilder> change() {
        return made.change;
    }

    int segments() {
        return made.segments;
    }

    @Nullable
    Duration maxTime() {
        return made.maxTime;
    }

    /** Collects what there is to say of a file. */
    public static final class Builder {
        private final String url;
        private final @Nullable Path file;
        private final @Nullable Target target;
        private final @Nullable OutputStream out;
        private List<String> mirrors = List.of();
        private Exists exists = Exists.RESUME;
        private List<Checksum> checksums = List.of();
        private UnaryOperator<RequestBuilder> change = request -> request;
        private int segments;
        private @Nullable Duration maxTime;

        private Builder(String url, @Nullable Path file, @Nullable Target target, @Nullable OutputStream out) {
            this.url = url;
            this.file = file;
            this.target = target;
            this.out = out;
        }

        private Builder(Builder other) {
            this(other.url, other.file, other.target, other.out);
            mirrors = other.mirrors;
            exists = other.exists;
            checksums = other.checksums;
            change = other.change;
            segments = other.segments;
            maxTime = other.maxTime;
        }

        /** Other places of the same file: asked when the one before fails. They must agree with it in length and validators. */
        @CanIgnoreReturnValue
        public Builder mirrors(List<String> urls) {
            mirrors = List.copyOf(urls);
            return this;
        }

        /** What is done where a file of that name is there; {@link Exists#RESUME} by default. */
        @CanIgnoreReturnValue
        public Builder exists(Exists what) {
            exists = what;
            return this;
        }

        /** Adds a value that the file must have; it does not get its name before it has. */
        @CanIgnoreReturnValue
        public Builder checksum(Checksum expected) {
            List<Checksum> all = new ArrayList<>(checksums);
            all.add(expected);
            checksums = List.copyOf(all);
            return this;
        }

        /** What is done to each request before it is sent, behind what was said before: headers, for example. */
        @CanIgnoreReturnValue
        public Builder request(UnaryOperator<RequestBuilder> what) {
            UnaryOperator<RequestBuilder> before = change;
            change = request -> what.apply(before.apply(request));
            return this;
        }

        /**
         * Connections for this file at most, in place of what the downloader says; 1: no segments.
         *
         * @throws IllegalArgumentException if it is less than 1
         */
        @CanIgnoreReturnValue
        public Builder segments(int most) {
            if (most < 1) {
                throw new IllegalArgumentException(most + " segments: it takes 1 at least, which is the whole");
            }
            segments = most;
            return this;
        }

        /** How long all of it may take, tries and waits included; no limit by default. */
        @CanIgnoreReturnValue
        public Builder maxTime(Duration longest) {
            maxTime = longest;
            return this;
        }

        /** The request; the builder may go on. */
        public DownloadRequest build() {
            return new DownloadRequest(new Builder(this));
        }
    }
}
