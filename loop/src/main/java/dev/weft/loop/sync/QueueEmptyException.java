package dev.weft.loop.sync;

/** {@link Queue#getNowait()} found no item. Source: {@code asyncio.QueueEmpty}. */
public final class QueueEmptyException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Says which queue, and how full it was. */
    public QueueEmptyException(String message) {
        super(message);
    }
}
