package dev.weft.http.message;

import com.google.errorprone.annotations.CheckReturnValue;
import dev.weft.loop.Awaitable;
import java.nio.ByteBuffer;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * The body of a response as it comes in, content coding undone. The network is read only as far as the reader follows: about
 * 256 KiB ahead. What a program reads it with is {@link StreamReader}; middleware may have bodies of its own.
 *
 * <p>For one reader at a time, on the loop of the session. Iterating waits in {@code hasNext}, in the calling task. Source:
 * aiohttp's {@code StreamReader.iter_any}.
 */
@CheckReturnValue
public interface BodyReader extends Iterable<ByteBuffer>, AutoCloseable {
    /**
     * The next bytes, at least one, or null at the end. The buffer is valid until the next read or the close of the response.
     *
     * <p>Awaiting it throws {@link PayloadException} if the connection ends too early, {@link ProtocolException} if the framing is
     * malformed, {@link DecodeException} if the content coding is, {@link RequestTimeoutException} for a timeout,
     * {@link SessionClosedException} if the session was closed; and {@link IllegalStateException} if another task is reading, or
     * the response is closed. After a failure every read fails the same way.
     */
    Awaitable<@Nullable ByteBuffer, RuntimeException> read();

    /** The body of an answer that is in memory; the array is not copied. */
    static BodyReader of(byte[] bytes) {
        return new ArrayBody(bytes);
    }

    /** Bytes of the body that arrived on the wire so far, framing not counted. */
    long bytesReceived();

    /** Bytes that {@link #read()} gave so far, content coding undone. */
    default long bytesDecoded() {
        return bytesReceived();
    }

    /**
     * From now on a {@link #read()} that has to wait goes on when so many bytes are there, content coding not undone, or the body is at its end;
     * at first, when there is one. Saves whoever takes a large body the trouble of going on for each packet; the network is read further ahead for
     * that. A hint: middleware that has a body of its own need not take it. Source: {@code SO_RCVLOWAT} of sockets.
     *
     * @throws IllegalArgumentException if it is below 1
     */
    default void lowWater(int bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException("lowWater is " + bytes + ": it must be at least 1");
        }
    }

    /** Releases what it holds; see {@link ClientResponse#close()}. */
    @Override
    void close();

    @Override
    default Iterator<ByteBuffer> iterator() {
        return new PullIterator<>(() -> read().await());
    }
}
