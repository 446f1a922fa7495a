package dev.weft.http.encoding;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One coding of a stack, with all that does not depend on which: counts its bytes and holds them against the limits, remembers
 * a failure, frees the coding once. Every coding of the stack is measured against the bytes received, or what lies between two of
 * them could be without end though nothing comes out. Invariant: {@code codec} is not touched after {@code closed} or {@code failure}.
 */
final class GuardedDecoder implements ContentDecoder {
    private final ContentDecoder codec;
    private final DecodeLimits limits;
    /** Whose input is what was received. */
    private final GuardedDecoder outermost;

    private long used;
    private long decoded;
    private @Nullable CodingException failure;
    private boolean closed;

    /**
     * Takes the codec over.
     *
     * @param outermost the coding that was applied last; null if it is this one
     */
    GuardedDecoder(ContentDecoder codec, DecodeLimits limits, @Nullable GuardedDecoder outermost) {
        this.codec = codec;
        this.limits = limits;
        this.outermost = outermost == null ? this : outermost;
    }

    @Override
    public @Nullable ByteBuffer decode(ByteBuffer input) throws CodingException {
        checkUsable();
        int before = input.remaining();
        try {
            ByteBuffer piece = codec.decode(input);
            used += before - input.remaining();
            if (piece != null) {
                decoded += piece.remaining();
                limits.check(outermost.used, decoded);
            }
            return piece;
        } catch (CodingException e) {
            failure = e;
            throw e;
        }
    }

    @Override
    public void finish() throws CodingException {
        checkUsable();
        // No bytes at all are an empty body, whatever the header says: aiohttp, and every browser.
        if (used > 0) {
            codec.finish();
        }
    }

    private void checkUsable() throws CodingException {
        if (closed) {
            throw new IllegalStateException("the decoder is closed");
        }
        if (failure != null) {
            throw failure;
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            codec.close();
        }
    }
}
