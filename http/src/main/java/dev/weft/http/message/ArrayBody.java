package dev.weft.http.message;

import dev.weft.loop.Awaitable;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The body of an answer that is in memory. */
final class ArrayBody implements BodyReader {
    private final byte[] bytes;
    private @Nullable ByteBuffer rest;

    ArrayBody(byte[] bytes) {
        this.bytes = bytes;
        this.rest = bytes.length == 0 ? null : ByteBuffer.wrap(bytes).asReadOnlyBuffer();
    }

    @Override
    public Awaitable<@Nullable ByteBuffer, RuntimeException> read() {
        return () -> {
            ByteBuffer all = rest;
            rest = null;
            return all;
        };
    }

    @Override
    public long bytesReceived() {
        return bytes.length;
    }

    @Override
    public void close() {
        rest = null;
    }
}
