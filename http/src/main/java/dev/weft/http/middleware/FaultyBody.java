package dev.weft.http.middleware;

import dev.weft.http.message.BodyReader;
import dev.weft.http.message.ClientResponse;
import dev.weft.http.message.PayloadException;
import dev.weft.loop.Awaitable;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A body that comes in small pieces, or breaks after some bytes. Confined to the loop of its reader. */
final class FaultyBody implements BodyReader {
    private final ClientResponse answer;
    private final BodyReader body;
    private final int pieceBytes;
    private long left;
    private long given;
    /** What came and was not handed on yet. */
    private @Nullable ByteBuffer rest;

    FaultyBody(ClientResponse answer, long limitBytes, int pieceBytes) {
        this.answer = answer;
        this.body = answer.content();
        this.left = limitBytes;
        this.pieceBytes = pieceBytes;
    }

    @Override
    public Awaitable<@Nullable ByteBuffer, RuntimeException> read() {
        return this::next;
    }

    private @Nullable ByteBuffer next() {
        ByteBuffer from = rest;
        if (from == null || !from.hasRemaining()) {
            from = body.read().await();
            rest = from;
            if (from == null) {
                return null;
            }
        }
        if (left == 0) {
            body.close();
            throw new PayloadException(
                    answer.request(), given, answer.contentLength().orElse(-1), null);
        }
        int size = (int) Math.min(left, Math.min(pieceBytes, from.remaining()));
        ByteBuffer piece = from.slice(from.position(), size);
        from.position(from.position() + size);
        left -= size;
        given += size;
        return piece;
    }

    @Override
    public long bytesReceived() {
        return body.bytesReceived();
    }

    @Override
    public void close() {
        rest = null;
        left = 0;
        body.close();
    }
}
