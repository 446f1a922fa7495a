package dev.weft.http.message;

import java.nio.ByteBuffer;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** A body in memory. Immutable as long as nobody writes to the array it was made of. */
final class BytesBody implements Body {
    private final byte[] bytes;
    private final @Nullable String contentType;

    BytesBody(byte[] bytes, @Nullable String contentType) {
        this.bytes = bytes;
        this.contentType = contentType;
    }

    @Override
    public OptionalLong length() {
        return OptionalLong.of(bytes.length);
    }

    @Override
    public boolean isReplayable() {
        return true;
    }

    @Override
    public @Nullable String contentType() {
        return contentType;
    }

    @Override
    public BodySource open() {
        ByteBuffer content = content();
        return () -> {
            if (!content.hasRemaining()) {
                return null;
            }
            ByteBuffer all = content.slice();
            content.position(content.limit());
            return all;
        };
    }

    @Override
    public ByteBuffer content() {
        return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
    }

    @Override
    public String toString() {
        return bytes.length + " bytes" + (contentType == null ? "" : " of " + contentType);
    }
}
