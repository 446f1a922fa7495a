package dev.weft.http.middleware;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.CheckReturnValue;
import dev.weft.http.message.BodyReader;
import dev.weft.http.message.ClientRequest;
import dev.weft.http.message.ClientResponse;
import dev.weft.http.message.Middleware;
import dev.weft.http.message.ResponseHead;
import dev.weft.loop.Awaitable;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Records real exchanges into a file, for {@link Replay}. Made by {@link #all()}, which sends and records everything, or {@link #missing},
 * which answers from the file what it holds, and sends and records the rest.
 *
 * <p>The body of an answer is read into memory before the answer is handed on, so that it is recorded whatever the program does with it; no more
 * than {@code Options.MAX_BODY_SIZE}. What fails is not recorded. Secrets in headers are redacted, see {@link #redaction}; requests are compared as
 * {@link Replay} compares them.
 *
 * <p>Confined to one loop; best in the call ring, with Replay in its place later.
 */
@CheckReturnValue
public final class Recorder implements Middleware {
    private final Recordings recordings;
    private final boolean replays;
    private Redaction redaction = Redaction.standard();

    private Recorder(List<Recording> recordings, boolean replays) {
        this.recordings = new Recordings(recordings);
        this.replays = replays;
    }

    /** Sends and records every request. */
    public static Recorder all() {
        return new Recorder(List.of(), false);
    }

    /**
     * Answers what is recorded, each recording once; sends and records what is not. Awaiting it throws {@link java.io.UncheckedIOException} if
     * the file cannot be read, and {@link IllegalArgumentException} if it holds something else.
     *
     * @param file what an earlier recorder wrote; need not be there
     */
    public static Awaitable<Recorder, RuntimeException> missing(Path file) {
        return () -> {
            byte[] content = WholeFile.read(file);
            return new Recorder(content == null ? List.of() : Replay.parse(file, content, CassetteFile::read), true);
        };
    }

    /** What is kept out of the file; default {@link Redaction#standard()}. */
    @CanIgnoreReturnValue
    public Recorder redaction(Redaction value) {
        redaction = value;
        return this;
    }

    @Override
    public ClientResponse handle(ClientRequest request, Next next) {
        if (request.isUpgrade()) {
            return next.send(request);
        }
        String url = redaction.url(request.url().withFragment(null));
        String body = Recording.digest(request);
        Recording known = replays ? recordings.next(request.method(), url, body, false) : null;
        if (known != null) {
            return known.answer(request);
        }
        try (ClientResponse answer = next.send(request)) {
            byte[] content = answer.bytes().await();
            ResponseHead head = answer.head();
            Recording recording = new Recording(
                    request.method(),
                    url,
                    redaction.headers(request.headers()),
                    body,
                    new ResponseHead(head.status(), head.reason(), head.version(), redaction.headers(head.headers())),
                    content);
            recordings.record(recording);
            // Not redacted: the program gets what the server sent.
            return answer.withContent(BodyReader.of(content));
        }
    }

    /** How many exchanges there are, those of the file included. */
    public int size() {
        return recordings.all().size();
    }

    /**
     * Writes all there is, in the place of what the file held. Awaiting it throws {@link java.io.UncheckedIOException} if that cannot be.
     */
    public Awaitable<@Nullable Void, RuntimeException> write(Path file) {
        return () -> {
            WholeFile.write(file, CassetteFile.write(recordings.all()));
            return null;
        };
    }
}
