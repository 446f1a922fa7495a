package dev.weft.http.connect;

import io.netty.channel.Channel;

/** An open connection, held by one request or idle in the pool. Confined to the loop. */
public final class Connection {
    private final Origin origin;
    private final Channel channel;
    private boolean reused;
    /** When it is to be closed if it is still idle then, in nanoseconds of the loop's time. */
    private long idleDeadlineNanos;

    Connection(Origin origin, Channel channel) {
        this.origin = origin;
        this.channel = channel;
    }

    /** Where it goes. */
    public Origin origin() {
        return origin;
    }

    /** The channel, with the protocol's handlers in its pipeline. */
    public Channel channel() {
        return channel;
    }

    /** Whether it has served a request before. */
    public boolean isReused() {
        return reused;
    }

    void lend() {
        reused = true;
    }

    long idleDeadlineNanos() {
        return idleDeadlineNanos;
    }

    void idleUntil(long nanos) {
        idleDeadlineNanos = nanos;
    }

    @Override
    public String toString() {
        return origin + (reused ? " (reused)" : "");
    }
}
