package dev.weft.loop.net;

/** A line or chunk is longer than the reader's limit. Source: {@code asyncio.LimitOverrunError}. */
public final class LimitOverrunException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int consumed;

    /** Says what is too long, and how much of it has been looked at. */
    public LimitOverrunException(String message, int consumed) {
        super(message);
        this.consumed = consumed;
    }

    /** How many bytes, from the first unread one, have been looked at and hold no separator. */
    public int consumed() {
        return consumed;
    }
}
