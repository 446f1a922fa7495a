package dev.weft.http.encoding;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Undoes a content coding piece by piece, in bounded memory: at most {@value #PIECE} bytes come out at a time. */
public interface ContentDecoder extends AutoCloseable {
    /** The most bytes of one piece. */
    int PIECE = 32 * 1024;

    /**
     * The next piece of the decoded bytes, at least one byte; null when all that can be made of the input was given out, and the
     * input is used up. To be called with the same input until then. The piece is valid until the next call.
     *
     * @throws CodingException if the input is corrupt
     */
    @Nullable
    ByteBuffer decode(ByteBuffer input) throws CodingException;

    /**
     * Checks that the input was whole. An empty one is.
     *
     * @throws CodingException if it was cut short
     */
    void finish() throws CodingException;

    /** Frees native memory; may be called again. */
    @Override
    void close();
}
