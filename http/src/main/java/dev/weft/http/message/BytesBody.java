package dev.weft.http.message;

import java.nio.ByteBuffer;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** A body in memory. Immutable as long as nobody writes to what it was made of. */
final class BytesBody implements Body {
    /** The type of bytes of which nothing is known. */
    static final String BINARY = "application/octet-stream";

    private final ByteBuffer bytes;
    private final @Nullable String contentType;

    BytesBody(ByteBuffer bytes, @Nullable String contentType) {
        this.bytes = bytes.slice();
        this.contentType = contentType;
    }

    @Override
    public OptionalLong length() {
        return OptionalLong.of(bytes.remaining());
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
        return bytes.asReadOnlyBuffer();
    }

    @Override
    public String toString() {
        return bytes.remaining() + " bytes" + (contentType == null ? "" : " of " + contentType);
    }
}
