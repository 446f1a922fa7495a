package dev.weft.loop.sync;

/** A {@link Queue} was shut down: nothing can be put any more, or nothing is left to get. Source: {@code asyncio.QueueShutDown}. */
public final class QueueShutDownException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Says which queue, and how full it was. */
    public QueueShutDownException(String message) {
        super(message);
    }
}
