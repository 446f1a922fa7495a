package dev.weft.loop.sync;

/**
 * A {@link Barrier} was reset while the task waited, or it is broken. Unchecked, unlike its namesake in
 * {@code java.util.concurrent}. Source: {@code asyncio.BrokenBarrierError}.
 */
public final class BrokenBarrierException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Says which barrier, and what happened to it. */
    public BrokenBarrierException(String message) {
        super(message);
    }
}
