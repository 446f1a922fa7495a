package dev.weft.http.wire;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.weft.http.message.ClientRequest;
import dev.weft.loop.Future;
import dev.weft.loop.Loop;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer on a connection: with HTTP/1.1 the connection itself, one request after the other; with HTTP/2 a stream.
 *
 * <p>Its methods may be called by tasks and on the loop's thread; the listener is told on the loop's thread, outside of tasks.
 */
public interface Wire {
    /**
     * Sends a request; a body that {@linkplain Framing#isUpload is uploaded} follows by {@link #write} and {@link #endUpload}. All that comes
     * back comes through the listener, the end of a connection that has closed meanwhile too.
     *
     * @param target path and query, or the whole URL for a proxy
     */
    void send(ClientRequest request, String target, ResponseListener to);

    /**
     * Sends the next piece of a body.
     *
     * @param last whether it is the last, of a body whose length was announced: the server may answer as soon as it has it
     * @return done when the network has taken it, or failed to: whether it did
     */
    Future<Boolean> write(Loop loop, ByteBuffer piece, boolean last);

    /** Ends a body whose length was not announced; otherwise as {@link #write}. */
    Future<Boolean> endUpload(Loop loop);

    /** Reads on: the listener wants more again. Gives whether it was held back. */
    @CanIgnoreReturnValue
    boolean resume();

    /** Ends it, wherever it is; the listener hears nothing more. */
    void abort();

    /** Whether any byte of the request may have reached the server. */
    boolean wasWritten();

    /** Whether the server has said that it did not act upon the request. Source: RFC 9113 section 8.7. */
    boolean wasRefused();

    /** How many bytes of the answer came, its head included. */
    long received();

    /** How long the server keeps the connection when it is idle, null if it does not say. */
    @Nullable
    Duration keepAlive();

    /** Why the connection cannot serve another request after this one; null if it can. */
    @Nullable
    String notReusable();

    /** Whether the answer agreed to another protocol: a 101, or with HTTP/2 a 2xx to a request that asked for one. */
    boolean hasSwitched();

    /** What that protocol is spoken on: the connection, or the stream as a channel of its own. */
    Channel upgraded();

    /**
     * Makes way for another protocol, after an answer that agreed to it: the new handlers get what has come since, on a connection that was
     * closed meanwhile too. They read by {@link io.netty.channel.Channel#read()}.
     */
    void upgrade(ChannelHandler... handlers);
}
