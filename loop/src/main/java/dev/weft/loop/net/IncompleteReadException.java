package dev.weft.loop.net;

import java.io.EOFException;
import java.io.UncheckedIOException;

/** The stream ended before what was asked for was there. Source: {@code asyncio.IncompleteReadError}. */
public final class IncompleteReadException extends UncheckedIOException {
    private static final long serialVersionUID = 1;

    private final byte[] partial;
    private final int expected;

    /**
     * The stream ended early.
     *
     * @param partial what was there; it has been taken out of the reader
     * @param expected how many bytes were asked for, -1 if a separator was
     */
    public IncompleteReadException(byte[] partial, int expected) {
        String message = partial.length + " bytes read on a total of "
                + (expected < 0 ? "undefined" : String.valueOf(expected)) + " expected bytes";
        super(message, new EOFException(message));
        this.partial = partial.clone();
        this.expected = expected;
    }

    /** What was there. */
    public byte[] partial() {
        return partial.clone();
    }

    /** How many bytes were asked for, -1 if a separator was. */
    public int expected() {
        return expected;
    }
}
