package dev.weft.http.middleware;

import dev.weft.http.message.BodyReader;
import dev.weft.loop.Awaitable;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A body that cannot be read. */
record FailingBody(RuntimeException failure) implements BodyReader {
    @Override
    public Awaitable<@Nullable ByteBuffer, RuntimeException> read() {
        return () -> {
            throw failure;
        };
    }

    @Override
    public long bytesReceived() {
        return 0;
    }

    @Override
    public void close() {}
}
