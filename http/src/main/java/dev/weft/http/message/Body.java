package dev.weft.http.message;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request. One that is in memory, or can be opened again, is replayable: it can be sent again after a redirect that keeps
 * it, a challenge, or a connection that turned out dead.
 *
 * <p>Source: aiohttp's payloads.
 */
public interface Body {
    /** How many bytes it has; empty if that is not known before its end: then it is sent in chunks. */
    OptionalLong length();

    /** Whether {@link #open} may be called again. */
    boolean isReplayable();

    /** What {@code Content-Type} it announces unless the request sets one; null for none. */
    @Nullable
    String contentType();

    /**
     * The content, from its beginning.
     *
     * @throws IllegalStateException if it was opened before and is not replayable
     * @throws java.io.UncheckedIOException if it cannot be opened
     */
    BodySource open();

    /** The whole content, read-only, if it is in memory; null if it has to be read from {@link #open}. */
    default @Nullable ByteBuffer content() {
        return null;
    }

    /** These bytes, as {@code application/octet-stream}. The array is not copied: leave it alone until the request has ended. */
    static Body of(byte[] bytes) {
        return new BytesBody(bytes, "application/octet-stream");
    }

    /** This text in UTF-8, as {@code text/plain; charset=utf-8}. */
    static Body of(String text) {
        return new BytesBody(text.getBytes(StandardCharsets.UTF_8), "text/plain; charset=utf-8");
    }

    /** These bytes with another {@code Content-Type}, none for null. */
    static Body of(byte[] bytes, @Nullable String contentType) {
        return new BytesBody(bytes, contentType);
    }
}
