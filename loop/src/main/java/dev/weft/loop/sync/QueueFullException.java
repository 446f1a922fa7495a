package dev.weft.loop.sync;

/** {@link Queue#putNowait} found no room. Source: {@code asyncio.QueueFull}. */
public final class QueueFullException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Says which queue, and how full it was. */
    public QueueFullException(String message) {
        super(message);
    }
}
