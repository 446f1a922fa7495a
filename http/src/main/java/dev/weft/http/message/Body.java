package dev.weft.http.message;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The body of a request, in memory: it can be sent again. Immutable as long as nobody writes to the array it was made of. */
public final class Body {
    private final byte[] bytes;
    private final @Nullable String contentType;

    private Body(byte[] bytes, @Nullable String contentType) {
        this.bytes = bytes;
        this.contentType = contentType;
    }

    /** These bytes, as {@code application/octet-stream}. The array is not copied: leave it alone until the request has ended. */
    public static Body of(byte[] bytes) {
        return new Body(bytes, "application/octet-stream");
    }

    /** This text in UTF-8, as {@code text/plain; charset=utf-8}. */
    public static Body of(String text) {
        return new Body(text.getBytes(StandardCharsets.UTF_8), "text/plain; charset=utf-8");
    }

    /** These bytes with another {@code Content-Type}, none for null. */
    public static Body of(byte[] bytes, @Nullable String contentType) {
        return new Body(bytes, contentType);
    }

    /** How many bytes it has. */
    public int length() {
        return bytes.length;
    }

    /** The content, read-only. */
    public ByteBuffer content() {
        return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
    }

    /** What {@code Content-Type} it announces unless the request sets one; null for none. */
    public @Nullable String contentType() {
        return contentType;
    }

    @Override
    public String toString() {
        return length() + " bytes" + (contentType == null ? "" : " of " + contentType);
    }
}
