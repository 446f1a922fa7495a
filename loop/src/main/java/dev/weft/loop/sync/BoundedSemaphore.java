package dev.weft.loop.sync;

/**
 * A {@link Semaphore} that refuses to have more permits than it started with: one release too many is a bug that it finds.
 * Source: {@code asyncio.BoundedSemaphore}.
 */
public final class BoundedSemaphore extends Semaphore {
    private final int bound;

    /** A semaphore with one permit. */
    public BoundedSemaphore() {
        this(1);
    }

    /**
     * A semaphore with a number of permits, which may be 0.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public BoundedSemaphore(int permits) {
        super(permits);
        bound = permits;
    }

    /**
     * Gives a permit back.
     *
     * @throws IllegalStateException if all permits are back already
     */
    @Override
    public void release() {
        if (availablePermits() >= bound) {
            throw new IllegalStateException("released more often than acquired: " + this + " of " + bound);
        }
        super.release();
    }
}
