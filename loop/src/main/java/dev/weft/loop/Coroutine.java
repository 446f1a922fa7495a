package dev.weft.loop;

/**
 * A body that gives up its thread in {@link #suspend()} and goes on after {@link #resume()}. Runs on a virtual thread of its
 * own; the baton goes back and forth, so that of resumer and body only one runs at any time.
 */
interface Coroutine {
    /**
     * Hands the baton to the body, and returns when the body suspends or ends. If the body blocks in the JDK meanwhile (a lock, a
     * sleep), this waits for it.
     */
    void resume();

    /** Gives the baton back to the resumer until the next {@link #resume()}. Called by the body only. */
    void suspend();

    /** The body's thread. */
    Thread thread();
}
