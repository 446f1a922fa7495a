package dev.weft.http.middleware;

import dev.weft.http.message.BodyReader;
import dev.weft.http.message.ClientException;
import dev.weft.loop.Awaitable;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A body whose beginning is in memory, and whose rest comes from elsewhere, or is missing because of a failure. Confined to the loop. */
final class PrefixedBody implements BodyReader {
    private final int prefixBytes;
    private final @Nullable BodyReader rest;
    private final @Nullable ClientException failure;
    private final Awaitable<@Nullable ByteBuffer, RuntimeException> read = this::next;
    private @Nullable ByteBuffer prefix;

    private PrefixedBody(byte[] prefix, @Nullable BodyReader rest, @Nullable ClientException failure) {
        this.prefixBytes = prefix.length;
        this.prefix = prefix.length == 0 ? null : ByteBuffer.wrap(prefix).asReadOnlyBuffer();
        this.rest = rest;
        this.failure = failure;
    }

    /** A body that goes on; it owns the rest. */
    static BodyReader of(byte[] prefix, BodyReader rest) {
        return new PrefixedBody(prefix, rest, null);
    }

    /** A body that ends with a failure. */
    static BodyReader broken(byte[] prefix, ClientException failure) {
        return new PrefixedBody(prefix, null, failure);
    }

    @Override
    public Awaitable<@Nullable ByteBuffer, RuntimeException> read() {
        return read;
    }

    private @Nullable ByteBuffer next() {
        ByteBuffer first = prefix;
        if (first != null) {
            prefix = null;
            return first;
        }
        if (failure != null) {
            throw failure;
        }
        return rest == null ? null : rest.read().await();
    }

    @Override
    public long bytesReceived() {
        return rest == null ? prefixBytes : rest.bytesReceived();
    }

    @Override
    public void close() {
        prefix = null;
        if (rest != null) {
            rest.close();
        }
    }
}
