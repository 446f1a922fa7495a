package dev.weft.http.middleware;

/**
 * How many of something there were in the last while, and how many of them were marked. The while is cut into ten slots; the oldest goes
 * as a whole. Pure; time is the caller's, in nanoseconds, and does not run backwards by more than a while, or everything is forgotten.
 */
final class RollingWindow {
    private static final int SLOTS = 10;

    private final long slotNanos;
    private final int[] all = new int[SLOTS];
    private final int[] marked = new int[SLOTS];
    /** The number of the slot that is being filled, counted from time zero. */
    private long newest;

    /** An empty window of a length in nanoseconds. */
    RollingWindow(long lengthNanos) {
        this.slotNanos = Math.max(1, lengthNanos / SLOTS);
    }

    /** Counts one. */
    void add(long now) {
        advance(now);
        all[at(newest)]++;
    }

    /** Marks one; it is not counted with that. */
    void mark(long now) {
        advance(now);
        marked[at(newest)]++;
    }

    /** How many were counted. */
    long count(long now) {
        advance(now);
        return sum(all);
    }

    /** How many were marked. */
    long marks(long now) {
        advance(now);
        return sum(marked);
    }

    /** Forgets everything. */
    void clear() {
        java.util.Arrays.fill(all, 0);
        java.util.Arrays.fill(marked, 0);
    }

    private void advance(long now) {
        long slot = Math.floorDiv(now, slotNanos);
        if (Math.abs(slot - newest) >= SLOTS) {
            clear();
            newest = slot;
        }
        while (newest < slot) {
            newest++;
            all[at(newest)] = 0;
            marked[at(newest)] = 0;
        }
    }

    private static int at(long slot) {
        return (int) Math.floorMod(slot, (long) SLOTS);
    }

    private static long sum(int[] slots) {
        long sum = 0;
        for (int slot : slots) {
            sum += slot;
        }
        return sum;
    }
}
