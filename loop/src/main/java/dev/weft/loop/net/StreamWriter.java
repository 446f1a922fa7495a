package dev.weft.loop.net;

import com.google.errorprone.annotations.CheckReturnValue;
import dev.weft.loop.Awaitable;
import dev.weft.loop.net.dial.ConnectionException;
import dev.weft.loop.net.dial.Tls;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Sends to the other side of a {@link Connection}. Awaiting a write gives its bytes to the connection, and waits only while 64 KiB of
 * what was written are unsent: there is no {@code drain} to forget. It throws {@link ConnectionException} when the connection was
 * lost or closed.
 *
 * <p>Source: {@code asyncio.StreamWriter}.
 */
@CheckReturnValue
public final class StreamWriter {
    private final Connection connection;
    private final Wire wire;

    StreamWriter(Connection connection, Wire wire) {
        this.connection = connection;
        this.wire = wire;
    }

    /**
     * Sends bytes. They are copied when it is awaited; a cancelled write has sent them all the same.
     *
     * @throws IllegalStateException (the awaiting) after {@link #writeEof}
     */
    public Awaitable<@Nullable Void, RuntimeException> write(byte[] data) {
        Objects.requireNonNull(data, "data");
        return write(ByteBuffer.wrap(data));
    }

    /** Sends what is between a buffer's position and its limit, which stay as they are; see {@link #write(byte[])}. */
    public Awaitable<@Nullable Void, RuntimeException> write(ByteBuffer data) {
        Objects.requireNonNull(data, "data");
        return using(() -> wire.outbox().write(data));
    }

    /** Sends several pieces of bytes, one after the other; see {@link #write(byte[])}. Nothing is put between them. */
    public Awaitable<@Nullable Void, RuntimeException> writeLines(Iterable<byte[]> pieces) {
        Objects.requireNonNull(pieces, "pieces");
        return using(() -> {
            for (byte[] piece : pieces) {
                wire.outbox().write(ByteBuffer.wrap(piece));
            }
        });
    }

    /**
     * Tells the other side that nothing follows; it can still be read from.
     *
     * @throws UnsupportedOperationException (the awaiting) on TLS, which cannot be closed by half
     */
    public Awaitable<@Nullable Void, RuntimeException> writeEof() {
        return using(() -> {
            if (wire.isSecure()) {
                throw new UnsupportedOperationException("a TLS connection cannot be closed by half: " + connection);
            }
            wire.outbox().end();
        });
    }

    /**
     * Secures the connection from here on (STARTTLS), in the role it has: the side that connected is the client. Awaiting throws
     * {@link dev.weft.loop.net.dial.TlsException} if that fails; the connection is closed then. Bytes that were received and not
     * read count as TLS's.
     *
     * @param serverName the name that the server's certificate must carry; null for the host that was connected to
     */
    public Awaitable<@Nullable Void, RuntimeException> startTls(Tls tls, @Nullable String serverName) {
        Objects.requireNonNull(tls, "tls");
        return using(() -> connection.secure(tls, serverName));
    }

    /** Secures the connection from here on, for the host that was connected to. */
    public Awaitable<@Nullable Void, RuntimeException> startTls(Tls tls) {
        return startTls(tls, null);
    }

    /** Begins to close the connection: what was written is sent before. Does not wait; see {@link #waitClosed}. */
    public void close() {
        wire.checkLoop();
        wire.close();
    }

    /** Whether it is closed, or was asked to be. */
    public boolean isClosing() {
        wire.checkLoop();
        return wire.isClosing();
    }

    /** Waits until the connection is closed. Awaiting throws {@link ConnectionException} if it was lost. */
    public Awaitable<@Nullable Void, RuntimeException> waitClosed() {
        return using(() -> {
            wire.checkLoop();
            wire.awaitGone();
            ConnectionException loss = wire.loss();
            if (loss != null) {
                throw loss;
            }
        });
    }

    private Awaitable<@Nullable Void, RuntimeException> using(Runnable action) {
        return () -> {
            try {
                action.run();
                return null;
            } finally {
                // A task that waits here uses the connection, although nothing else may refer to it.
                Reference.reachabilityFence(connection);
            }
        };
    }

    @Override
    public String toString() {
        return "<StreamWriter of " + connection + ">";
    }
}
