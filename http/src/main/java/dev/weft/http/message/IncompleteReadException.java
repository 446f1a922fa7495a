package dev.weft.http.message;

import org.jspecify.annotations.Nullable;

/**
 * The body ended, as its framing says, before so many bytes were there as the reader asked for. A body that the connection cut short is a
 * {@link PayloadException}. Source: {@code asyncio.IncompleteReadError}.
 */
public final class IncompleteReadException extends ClientException {
    private static final long serialVersionUID = 1;

    private final byte[] partial;
    private final int expected;

    IncompleteReadException(@Nullable ClientRequest request, byte[] partial, int expected) {
        super(request, "the body ended after " + partial.length + " of the " + expected + " bytes asked for", null);
        this.partial = partial;
        this.expected = expected;
    }

    /** What was there; it has been taken out of the reader. */
    public byte[] partial() {
        return partial.clone();
    }

    /** How many bytes were asked for. */
    public int expected() {
        return expected;
    }
}
