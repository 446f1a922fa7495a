package dev.weft.loop.poll;

import io.netty.channel.IoEventLoop;
import java.util.function.Supplier;

/**
 * What the loop waits on: one transport's channels and Netty's own queue.
 *
 * <p>Owned by the platform thread that made it, which waits. A thread that has the loop meanwhile
 * may look for what is ready, and wait for a moment.
 * {@link #wakeup()} and {@link #isWoken()} are for any thread.
 */
public interface Poller extends AutoCloseable {
    /** Waits without a bound of its own. */
    long FOREVER = Long.MAX_VALUE;

    /**
     * Runs what polls, for as long as it does, with what Netty keeps for threads of its own: pools of buffers, and of the objects around
     * them. What it keeps ends with it. Any thread.
     */
    void drive(Runnable polling);

    /**
     * Runs what is ready: channel handlers and tasks that were given to {@link #eventLoop()}. To them the calling thread is the event loop's.
     *
     * @param waitNanos how long to wait when nothing is ready: 0 does not wait, {@link #FOREVER} waits for I/O or a wake-up
     * @return whether anything ran
     */
    boolean poll(long waitNanos);

    /** Ends a running or the next {@link #poll} that would wait. Any thread. */
    void wakeup();

    /**
     * Whether somebody has asked for a {@link #poll} since the last one: by {@link #wakeup()}, or by giving {@link #eventLoop()} a task
     * from outside of a poll. Any thread.
     */
    boolean isWoken();

    /** When Netty's own next timer is due, in the clock's nanoseconds, or {@link #FOREVER}. */
    long nextTimerNanos();

    /** The loop to register channels with. */
    IoEventLoop eventLoop();

    /** The transport's classes, for bootstraps. */
    Transport transport();

    /**
     * Something of which a loop has one per key, a resolver for example: made when it is asked for first, and closed with the
     * transport. On the loop.
     */
    <T extends AutoCloseable> T resource(Object key, Supplier<T> make);

    /** Closes the resources, then the transport; channels that are still registered are closed. */
    @Override
    void close();
}
