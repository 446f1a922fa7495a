package dev.weft.http.message;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A body on its way out, piece by piece. Read by one task of the session's loop, which waits between two pieces until the
 * network has taken the last; closed by it, whatever happens.
 */
@FunctionalInterface
public interface BodySource extends AutoCloseable {
    /**
     * The next piece, or null at the end. May await; must not block the loop. The buffer is the reader's until the next call.
     *
     * @throws Exception if there is no next piece; the request fails with it as the cause
     */
    @Nullable
    ByteBuffer read() throws Exception;

    /** Lets go of what it reads from; may be called again. Nothing to do unless overridden. */
    @Override
    default void close() {}
}
