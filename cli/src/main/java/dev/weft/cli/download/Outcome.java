package dev.weft.cli.download;

import dev.weft.http.download.DownloadProgress;
import dev.weft.http.download.Downloaded;
import dev.weft.http.message.Timings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How one URL ended. Immutable.
 *
 * @param url as it was given
 * @param name of the file, as it was shown
 * @param took from its start to its end
 * @param last how far it was
 * @param downloaded what it has become; null if it failed
 * @param failure why it failed; null if it did not
 */
public record Outcome(
        String url,
        String name,
        Duration took,
        DownloadProgress last,
        @Nullable Downloaded downloaded,
        @Nullable Failure failure) {
    /** How it can end. */
    public enum State {
        /** The file was fetched. */
        DONE("done"),
        /** The file that was there is the server's. */
        UNCHANGED("unchanged"),
        /** The file that was there stays, and the server was not asked. */
        SKIPPED("skipped"),
        /** No file came of it. */
        FAILED("failed"),
        /** The run was stopped first. */
        CANCELLED("cancelled");

        private final String label;

        State(String label) {
            this.label = label;
        }

        /** The name in JSON lines; never changes. */
        public String label() {
            return label;
        }
    }

    /** The file is there. */
    public static Outcome done(Transfer transfer, Downloaded downloaded) {
        return new Outcome(transfer.url(), transfer.name(), downloaded.took(), transfer.progress(), downloaded, null);
    }

    /** No file came of it, for what the download threw. */
    public static Outcome failed(Transfer transfer, RuntimeException e) {
        return failed(transfer, Failures.of(e, transfer));
    }

    /** No file came of it. */
    public static Outcome failed(Transfer transfer, Failure failure) {
        Duration took = Duration.ofNanos(System.nanoTime() - transfer.startNanos());
        return new Outcome(transfer.url(), transfer.name(), took, transfer.progress(), null, failure);
    }

    /** The run was stopped first. */
    public static Outcome cancelled(Transfer transfer) {
        return failed(transfer, Failures.CANCELLED);
    }

    /** How it ended. */
    public State state() {
        if (downloaded != null) {
            return switch (downloaded.state()) {
                case DONE -> State.DONE;
                case UNCHANGED -> State.UNCHANGED;
                case SKIPPED -> State.SKIPPED;
            };
        }
        return failure != null && failure.kind() == Failure.Kind.CANCELLED ? State.CANCELLED : State.FAILED;
    }

    /** Whether the file is there, whole, whoever fetched it and when. */
    public boolean isDone() {
        return downloaded != null;
    }

    /** Where the file is; null if there is none. */
    public @Nullable Path path() {
        return downloaded == null ? null : downloaded.path();
    }

    /** What was asked last, after redirects, without credentials; null if nothing was. */
    public @Nullable String finalUrl() {
        if (downloaded != null) {
            return downloaded.status() == 0 ? null : downloaded.url().toString();
        }
        return failure == null ? null : failure.finalUrl();
    }

    /** The status of the last answer; 0 if there was none. */
    public int status() {
        if (downloaded != null) {
            return downloaded.status();
        }
        return failure == null ? 0 : failure.status();
    }

    /** The length of the file; of what is there of it, if it is not whole. */
    public long bytes() {
        return downloaded == null ? last.bytes() : downloaded.bytes();
    }

    /** How many bytes came over the network. */
    public long received() {
        return downloaded == null ? Math.max(0, last.bytes() - last.resumedFrom()) : downloaded.received();
    }

    /** How many bytes of the file were there from an earlier run. */
    public long resumedFrom() {
        return downloaded == null ? last.resumedFrom() : downloaded.resumedFrom();
    }

    /** How many connections gave bytes at the same time, at most; 0 if none did. */
    public int segments() {
        return downloaded == null ? last.connections() : downloaded.segments();
    }

    /** How many requests were tries at it; 0 if nothing was asked. */
    public int tries() {
        if (downloaded != null) {
            return downloaded.status() == 0 ? 0 : downloaded.retries() + 1;
        }
        return last.attempt() == 0 ? 0 : last.retries() + 1;
    }

    /** What was computed of the file: the algorithm, as {@code sha256}, and the value in hexadecimal. */
    public Map<String, String> digests() {
        return downloaded == null ? Map.of() : downloaded.digests();
    }

    /** The entity tag of the file; null if the server gave none. */
    public @Nullable String etag() {
        return downloaded == null ? null : downloaded.etag();
    }

    /** The protocol by its name in ALPN, as {@code http/1.1} and {@code h2}; empty if nothing was asked, or it failed. */
    public String http() {
        return switch (downloaded == null ? "" : downloaded.version()) {
            case "HTTP/1.1" -> "http/1.1";
            case "HTTP/1.0" -> "http/1.0";
            case "HTTP/2", "HTTP/2.0" -> "h2";
            case "HTTP/3", "HTTP/3.0" -> "h3";
            default -> "";
        };
    }

    /** Where the time of the first answer went. */
    public Timings timings() {
        return downloaded == null ? Timings.NONE : downloaded.timings();
    }
}
