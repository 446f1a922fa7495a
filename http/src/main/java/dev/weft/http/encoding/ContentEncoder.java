package dev.weft.http.encoding;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Applies a content coding piece by piece, in bounded memory: at most {@value #PIECE} bytes come out at a time. One thread at a time.
 *
 * <p>Call {@link #encode} with each input until it gives null, then {@link #finish} until it gives null, then {@link #close}.
 */
public interface ContentEncoder extends AutoCloseable {
    /** The most bytes of one piece. */
    int PIECE = 32 * 1024;

    /**
     * The next piece of the encoded bytes, at least one byte; null when the input is used up. Most of what was taken may still be
     * held back. To be called with the same input until then. The piece is valid until the next call.
     *
     * @throws IllegalStateException after {@link #finish} or {@link #close}
     */
    @Nullable
    ByteBuffer encode(ByteBuffer input);

    /**
     * The next piece of what was held back and of the coding's end; null when all was given out. The piece is valid until the next
     * call.
     *
     * @throws IllegalStateException after {@link #close}
     */
    @Nullable
    ByteBuffer finish();

    /** Frees native memory; may be called at any time, and again. */
    @Override
    void close();
}
