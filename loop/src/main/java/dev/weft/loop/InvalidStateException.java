package dev.weft.loop;

/**
 * A {@link Future} was asked for what its state does not allow: the result of one that is not done, or a second result.
 * Source: {@code asyncio.InvalidStateError}.
 */
public final class InvalidStateException extends IllegalStateException {
    private static final long serialVersionUID = 1;

    /** Says what was asked of which future. */
    public InvalidStateException(String message) {
        super(message);
    }
}
