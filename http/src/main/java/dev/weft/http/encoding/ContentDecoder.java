package dev.weft.http.encoding;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Undoes a content coding piece by piece, in bounded memory: at most {@value #PIECE} bytes come out at a time, and inside there is
 * no more than the window of the coding (deflate 32 KiB, zstd 8 MiB, br 16 MiB). One thread at a time.
 *
 * <p>How the input is cut changes where the pieces end, never whether it is an error.
 */
public interface ContentDecoder extends AutoCloseable {
    /** The most bytes of one piece. */
    int PIECE = 32 * 1024;

    /**
     * The next piece of the decoded bytes, at least one byte; null when all that can be made of the input was given out, and the
     * input is used up. To be called with the same input until then. The piece is valid until the next call.
     *
     * @throws CodingException if the input is corrupt or decodes to too much; then every further call throws the same
     * @throws IllegalStateException after {@link #close}
     */
    @Nullable
    ByteBuffer decode(ByteBuffer input) throws CodingException;

    /**
     * Checks that the input was whole. An empty one is.
     *
     * @throws CodingException if it was cut short
     * @throws IllegalStateException after {@link #close}
     */
    void finish() throws CodingException;

    /** Frees native memory; may be called again. */
    @Override
    void close();
}
