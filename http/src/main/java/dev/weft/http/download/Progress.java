package dev.weft.http.download;

import dev.weft.http.download.DownloadProgress.State;
import dev.weft.http.message.ClientException;
import dev.weft.http.message.ClientResponse;
import dev.weft.http.message.Timings;
import dev.weft.loop.Loop;
import java.time.Duration;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What is to be told of a download, now and at its end. Confined to the loop. */
final class Progress {
    private final Loop loop;
    private long startNanos;
    private State state = State.ASKING;
    private @Nullable Tries tries;
    private @Nullable Fetching fetching;
    private @Nullable Copy copy;
    private @Nullable ClientResponse first;
    private @Nullable ClientResponse last;
    private @Nullable ClientResponse accepted;
    private long received;
    private int mostConnections;
    private long waitUntilNanos;
    private @Nullable String trouble;

    Progress(Loop loop) {
        this.loop = loop;
        this.startNanos = loop.nanoTime();
    }

    void starts() {
        startNanos = loop.nanoTime();
    }

    void of(Copy bytes) {
        copy = bytes;
    }

    void of(Fetching work, Tries counted) {
        fetching = work;
        tries = counted;
    }

    void asks() {
        state = State.ASKING;
        trouble = null;
    }

    void checks() {
        state = State.CHECKING;
    }

    void ended() {
        state = State.ENDED;
    }

    void waits(Duration wait, String why) {
        state = State.WAITING;
        waitUntilNanos = loop.nanoTime() + wait.toNanos();
        trouble = why;
    }

    void answered(ClientResponse response) {
        state = State.RECEIVING;
        trouble = null;
        first = first == null ? response : first;
        last = response;
    }

    /** The body of this answer goes into the file. */
    void accepted(ClientResponse response) {
        accepted = accepted == null ? response : accepted;
    }

    void failed(ClientException failure) {
        trouble = failure.reason();
    }

    void received(int bytes) {
        received += bytes;
    }

    void connections(int giving) {
        mostConnections = Math.max(mostConnections, giving);
    }

    /** Bytes of bodies that came over the network. */
    long received() {
        return received;
    }

    int mostConnections() {
        return mostConnections;
    }

    int retries() {
        return tries == null ? 0 : tries.retries();
    }

    Duration elapsed() {
        return Duration.ofNanos(loop.nanoTime() - startNanos);
    }

    Timings timings() {
        return first == null ? Timings.NONE : first.timings();
    }

    /** The answer that the file is of: the first one that gave some of it, or the last one if none did. */
    @Nullable
    ClientResponse answer() {
        return accepted == null ? last : accepted;
    }

    DownloadProgress now() {
        Copy bytes = copy;
        long length = bytes == null ? -1 : bytes.length();
        return new DownloadProgress(
                state,
                bytes == null ? 0 : bytes.bytes(),
                length < 0 ? OptionalLong.empty() : OptionalLong.of(length),
                bytes == null ? 0 : bytes.resumedFrom(),
                fetching == null || state == State.ENDED ? 0 : fetching.giving(),
                tries == null ? 1 : tries.attempt(),
                tries == null ? 1 : tries.attempts(),
                retries(),
                state == State.WAITING ? Math.max(0, waitUntilNanos - loop.nanoTime()) : 0,
                trouble);
    }
}
