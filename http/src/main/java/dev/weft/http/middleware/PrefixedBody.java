package dev.weft.http.middleware;

import dev.weft.http.message.BodyReader;
import dev.weft.http.message.ClientException;
import dev.weft.loop.Awaitable;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A body whose beginning is in memory, and whose rest comes from elsewhere, or is missing because of a failure. Confined to the loop. */
final class PrefixedBody implements BodyReader {
    /** Bytes on the wire, if there is no rest to ask. */
    private final long received;

    private final @Nullable BodyReader rest;
    private final @Nullable ClientException failure;
    private final Awaitable<@Nullable ByteBuffer, RuntimeException> read = this::next;
    private @Nullable ByteBuffer prefix;
    private long given;

    /**
     * A body.
     *
     * @param prefix in memory; may be shared with others
     * @param received how many bytes on the wire that was
     * @param rest what comes then, owned by this; null for nothing
     * @param failure how it ends, if there is no rest; null: as it should
     */
    PrefixedBody(ByteBuffer prefix, long received, @Nullable BodyReader rest, @Nullable ClientException failure) {
        this.received = received;
        this.prefix = prefix.hasRemaining() ? prefix.asReadOnlyBuffer() : null;
        this.rest = rest;
        this.failure = failure;
    }

    @Override
    public Awaitable<@Nullable ByteBuffer, RuntimeException> read() {
        return read;
    }

    private @Nullable ByteBuffer next() {
        ByteBuffer first = prefix;
        if (first != null) {
            prefix = null;
            given += first.remaining();
            return first;
        }
        if (failure != null) {
            throw failure;
        }
        ByteBuffer piece = rest == null ? null : rest.read().await();
        given += piece == null ? 0 : piece.remaining();
        return piece;
    }

    @Override
    public long bytesReceived() {
        return rest == null ? received : rest.bytesReceived();
    }

    @Override
    public long bytesDecoded() {
        return given;
    }

    @Override
    public void close() {
        prefix = null;
        if (rest != null) {
            rest.close();
        }
    }
}
