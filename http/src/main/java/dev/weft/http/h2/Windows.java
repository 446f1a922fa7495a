package dev.weft.http.h2;

/**
 * How much each stream may have on its way to us. All windows of a connection together are what it can cost in memory: each begins with {@link #FIRST_BYTES},
 * and grows out of one budget. Pure.
 */
final class Windows {
    /** What each stream begins with, as SETTINGS_INITIAL_WINDOW_SIZE says. */
    static final int FIRST_BYTES = 256 << 10;

    /** What a large body should have before anything is known of the network. */
    static final int NEXT_BYTES = 768 << 10;

    /** What all streams of a connection may have beyond the first bytes. */
    static final int BUDGET_BYTES = 32 << 20;

    private int left = BUDGET_BYTES;

    /** By how much a window is to grow, towards what it should have: no more than a half of what is left of the budget, from which that is taken. */
    int grow(int nowBytes, int wantedBytes) {
        int delta = Math.max(0, Math.min(wantedBytes - nowBytes, left / 2));
        left -= delta;
        return delta;
    }

    /** A stream is over: what its window had beyond the first bytes is free again. */
    void ended(int grownBytes) {
        left += grownBytes;
    }
}
