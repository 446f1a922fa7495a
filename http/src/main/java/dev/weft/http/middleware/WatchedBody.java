package dev.weft.http.middleware;

import dev.weft.http.message.BodyReader;
import dev.weft.http.message.ClientResponse;
import dev.weft.loop.Awaitable;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The body of an answer, for somebody who has to know when it is over: read to its end, failed, or closed. It is over once. Confined to
 * the loop.
 */
final class WatchedBody implements BodyReader {
    private final BodyReader body;
    private final Runnable whenOver;
    private final Awaitable<@Nullable ByteBuffer, RuntimeException> read = this::next;
    private boolean over;

    private WatchedBody(BodyReader body, Runnable whenOver) {
        this.body = body;
        this.whenOver = whenOver;
    }

    /** The answer, which calls back when its body is over: at once if it can have none. */
    static ClientResponse watch(ClientResponse response, Runnable whenOver) {
        if (ObservedBody.isEmpty(response)) {
            whenOver.run();
            return response;
        }
        return response.withContent(new WatchedBody(response.content(), whenOver));
    }

    @Override
    public Awaitable<@Nullable ByteBuffer, RuntimeException> read() {
        return read;
    }

    private @Nullable ByteBuffer next() {
        try {
            ByteBuffer piece = body.read().await();
            if (piece == null) {
                end();
            }
            return piece;
        } catch (IllegalStateException e) {
            // A mistake of this reader's: another may be reading.
            throw e;
        } catch (Throwable e) {
            end();
            throw e;
        }
    }

    private void end() {
        if (!over) {
            over = true;
            whenOver.run();
        }
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
        end();
    }
}
