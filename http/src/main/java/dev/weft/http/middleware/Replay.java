package dev.weft.http.middleware;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.CheckReturnValue;
import dev.weft.http.message.ClientRequest;
import dev.weft.http.message.ClientResponse;
import dev.weft.http.message.Middleware;
import dev.weft.loop.Awaitable;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;

/**
 * Answers requests from what a {@link Recorder} recorded, or from a HAR; for tests: nothing is sent.
 *
 * <p>A request is the same as a recorded one if method and URL are, and the body, where it is in memory or can be read again. What was recorded
 * several times is answered in that order; then {@link ReplayException}, or, after {@link #repeatLast()}, the last answer again.
 *
 * <p>Confined to one loop; best in the call ring, where nothing of the client comes before it.
 */
@CheckReturnValue
public final class Replay implements Middleware {
    private final Recordings recordings;
    private Redaction redaction = Redaction.standard();
    private boolean repeat;
    private boolean bodies = true;

    private Replay(List<Recording> recordings) {
        this.recordings = new Recordings(recordings);
    }

    /**
     * What a recorder wrote. Awaiting it throws {@link java.io.UncheckedIOException} if the file cannot be read, and
     * {@link IllegalArgumentException} if it is not there, or holds something else.
     */
    public static Awaitable<Replay, RuntimeException> from(Path file) {
        return () -> new Replay(parse(file, CassetteFile::read));
    }

    /** The exchanges of a HAR 1.2, of whatever program; awaiting it throws what {@link #from} throws. */
    public static Awaitable<Replay, RuntimeException> fromHar(Path file) {
        return () -> new Replay(parse(file, HarFile::read));
    }

    private static List<Recording> parse(Path file, Function<byte[], List<Recording>> format) {
        byte[] content = WholeFile.read(file);
        if (content == null) {
            throw new IllegalArgumentException("there are no recordings: no file " + file);
        }
        return parse(file, content, format);
    }

    /** What is in a file, named in the error if that is something else. */
    static List<Recording> parse(Path file, byte[] content, Function<byte[], List<Recording>> format) {
        try {
            return format.apply(content);
        } catch (RuntimeException e) {
            throw new IllegalArgumentException(file + " holds no recordings: " + e.getMessage(), e);
        }
    }

    /** Answers with the last recording again, when a request comes more often than it was recorded. */
    @CanIgnoreReturnValue
    public Replay repeatLast() {
        repeat = true;
        return this;
    }

    /** Takes requests for the same though their bodies differ. */
    @CanIgnoreReturnValue
    public Replay ignoringBodies() {
        bodies = false;
        return this;
    }

    /** How URLs were redacted when they were recorded, which they are before they are compared; default {@link Redaction#standard()}. */
    @CanIgnoreReturnValue
    public Replay redaction(Redaction value) {
        redaction = value;
        return this;
    }

    @Override
    public ClientResponse handle(ClientRequest request, Next next) {
        String url = redaction.url(request.url().withFragment(null));
        String body = bodies ? Recording.digest(request) : null;
        Recording recording = recordings.next(request.method(), url, body, repeat);
        if (recording == null) {
            throw new ReplayException(request, recordings.missing(request, url));
        }
        return recording.answer(request);
    }

    /** How many exchanges are recorded. */
    public int size() {
        return recordings.all().size();
    }
}
