package dev.weft.http.middleware;

import dev.weft.http.message.BodyReader;
import dev.weft.http.message.ClientException;
import dev.weft.http.message.ClientResponse;
import dev.weft.loop.Awaitable;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A body that somebody looks at while its reader reads it. Confined to the loop of its reader.
 *
 * <p>The observer hears of every piece before the reader gets it, and then of the end, once: that the body is whole, or that it broke or was
 * given up. A read that was cancelled is no end: another may follow.
 */
final class ObservedBody implements BodyReader {
    private final BodyReader body;
    private final Observer observer;
    private final Awaitable<@Nullable ByteBuffer, RuntimeException> read = this::next;
    private boolean ended;

    private ObservedBody(BodyReader body, Observer observer) {
        this.body = body;
        this.observer = observer;
    }

    /** The answer with a body that is looked at; if it can have none, that is whole at once: nobody reads what is not there. */
    static ClientResponse observe(ClientResponse answer, Observer observer) {
        if (isEmpty(answer)) {
            observer.whole();
            return answer;
        }
        return answer.withContent(new ObservedBody(answer.content(), observer));
    }

    /** Whether there is no body, by method, status or length: RFC 9112 section 6.3. */
    static boolean isEmpty(ClientResponse answer) {
        int status = answer.status();
        return answer.method().equals("HEAD")
                || status < 200
                || status == 204
                || status == 304
                || answer.contentLength().orElse(-1) == 0;
    }

    /** What looks on. It must not throw. */
    interface Observer {
        /** The next bytes, read-only, valid during the call. */
        void piece(ByteBuffer bytes);

        /** The body is whole. Runs in the task that read its end; may await. */
        void whole();

        /** The body will not be whole: it broke, or, for null, nobody reads it to its end. Must not await. */
        void cutShort(@Nullable ClientException cause);
    }

    @Override
    public Awaitable<@Nullable ByteBuffer, RuntimeException> read() {
        return read;
    }

    private @Nullable ByteBuffer next() {
        ByteBuffer piece;
        try {
            piece = body.read().await();
        } catch (ClientException e) {
            if (!ended) {
                ended = true;
                observer.cutShort(e);
            }
            throw e;
        }
        if (piece != null) {
            observer.piece(piece.asReadOnlyBuffer());
        } else if (!ended) {
            ended = true;
            observer.whole();
        }
        return piece;
    }

    @Override
    public long bytesReceived() {
        return body.bytesReceived();
    }

    @Override
    public long bytesDecoded() {
        return body.bytesDecoded();
    }

    @Override
    public void close() {
        body.close();
        if (!ended) {
            ended = true;
            observer.cutShort(null);
        }
    }
}
