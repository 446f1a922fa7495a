package dev.weft.http.connect;

import io.netty.channel.Channel;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An open connection, held by one request or idle in the pool. Confined to the loop. */
public final class Connection {
    private final Origin origin;
    private final Channel channel;
    private boolean reused;
    private @Nullable Consumer<String> closeListener;
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

    /** Who is told, once, why it is closed; null for nobody. Takes the place of who was told before. */
    public void whenClosed(@Nullable Consumer<String> told) {
        closeListener = told;
    }

    /** It is about to be closed, or is closed; the first reason counts. */
    public void closes(String reason) {
        Consumer<String> told = closeListener;
        closeListener = null;
        if (told != null) {
            told.accept(reason);
        }
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
