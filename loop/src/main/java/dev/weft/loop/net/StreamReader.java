package dev.weft.loop.net;

import com.google.errorprone.annotations.CheckReturnValue;
import dev.weft.loop.Awaitable;
import java.lang.ref.Reference;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;

/**
 * Reads what the other side of a {@link Connection} sends. One task at a time: a second one that reads while another waits fails with
 * {@link IllegalStateException}.
 *
 * <p>What returns an {@link Awaitable} is cold. Awaiting a read throws {@link dev.weft.loop.net.dial.ConnectionException} when the
 * connection was lost, and may be cancelled without losing bytes. Reading from the network pauses while more than twice the limit is
 * unread.
 *
 * <p>Source: {@code asyncio.StreamReader}.
 */
@CheckReturnValue
public final class StreamReader implements Iterable<byte[]> {
    private final Connection connection;
    private final Wire wire;

    StreamReader(Connection connection, Wire wire) {
        this.connection = connection;
        this.wire = wire;
    }

    private <T> Awaitable<T, RuntimeException> reading(Function<Inbox, T> read) {
        return () -> {
            try {
                return read.apply(wire.inbox());
            } finally {
                // A task that waits here uses the connection, although nothing else may refer to it.
                Reference.reachabilityFence(connection);
            }
        };
    }

    /**
     * Reads what is there, waiting only if nothing is.
     *
     * @param most the most bytes to return; a negative number reads to the end
     * @return the bytes, none at the end of the stream
     */
    public Awaitable<byte[], RuntimeException> read(int most) {
        return reading(inbox -> inbox.read(most));
    }

    /** Reads to the end of the stream. */
    public Awaitable<byte[], RuntimeException> read() {
        return read(-1);
    }

    /**
     * Reads so many bytes. Awaiting throws {@link IncompleteReadException}, with what was there, if the stream ends before.
     *
     * @throws IllegalArgumentException (the awaiting) if it is a negative number
     */
    public Awaitable<byte[], RuntimeException> readExactly(int length) {
        return reading(inbox -> inbox.readExactly(length));
    }

    /**
     * Reads a line, with the {@code \n} that ends it; without one if the stream ends, and empty at its end. Awaiting throws
     * {@link LimitOverrunException} if the line is longer than the limit; what was there of it has been dropped then.
     */
    public Awaitable<byte[], RuntimeException> readLine() {
        return reading(Inbox::readLine);
    }

    /**
     * Reads until one of several separators is found, and with it; the one that makes it shortest. Awaiting throws
     * {@link IncompleteReadException}, with what was there, if the stream ends before, and {@link LimitOverrunException} if there
     * is more than the limit before the separator; that can still be read then.
     *
     * @throws IllegalArgumentException (the awaiting) if there is no separator, or an empty one
     */
    public Awaitable<byte[], RuntimeException> readUntil(byte[]... separators) {
        List<byte[]> copies = List.of(separators).stream().map(byte[]::clone).toList();
        return reading(inbox -> inbox.readUntil(copies));
    }

    /**
     * The lines that follow, to the end of the stream: {@code for (byte[] line : reader)}, which waits in the calling task for each
     * as {@link #readLine} does.
     */
    @Override
    public Iterator<byte[]> iterator() {
        return new LineIterator(this);
    }

    /** Whether the stream has ended and all of it was read. */
    public boolean atEof() {
        return wire.inbox().atEnd();
    }

    @Override
    public String toString() {
        return "<StreamReader of " + connection + ">";
    }
}
