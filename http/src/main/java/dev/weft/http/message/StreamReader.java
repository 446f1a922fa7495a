package dev.weft.http.message;

import com.google.errorprone.annotations.CheckReturnValue;
import dev.weft.loop.Awaitable;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * Reads a body in whatever way is wanted: pieces as they come, so many bytes, lines, into a file, as another kind of stream. The ways may be
 * mixed: each goes on where the last one ended.
 *
 * <p>The file is long because there is a method, with its documentation, for each way.
 *
 * <p>For one reader at a time, on the loop of the session: a second one while the first waits gets {@link IllegalStateException}. What returns
 * an {@link Awaitable} is cold; iterating waits in {@code hasNext}, in the calling task. A {@link ByteBuffer} that it gives is valid until
 * the next read, or the close of the response; arrays and texts are the reader's own. Awaiting throws what {@link BodyReader#read} throws. A
 * read that is cancelled loses nothing that had come.
 *
 * <p>Source: aiohttp's {@code StreamReader}.
 */
@CheckReturnValue
public final class StreamReader implements BodyReader {
    /** The longest line, in bytes, where nothing else is said: 512 KiB, as in aiohttp. */
    static final int LINE_BYTES = 512 << 10;

    private static final byte[] NEWLINE = {'\n'};

    private final BodyReader body;
    private final @Nullable ClientRequest request;
    private final Awaitable<@Nullable ByteBuffer, RuntimeException> read = this::next;
    /** What was read of the body and not taken yet; comes before anything else. */
    private final Window unread = new Window();

    private long decoded;
    private boolean ended;
    private boolean busy;

    private StreamReader(BodyReader body, @Nullable ClientRequest request) {
        this.body = body;
        this.request = request;
    }

    /** Reads a body. From then on only through this. */
    public static StreamReader of(BodyReader body) {
        return of(body, null);
    }

    /** Reads the body of the answer to a request, which its errors name. */
    static StreamReader of(BodyReader body, @Nullable ClientRequest request) {
        return body instanceof StreamReader reader ? reader : new StreamReader(body, request);
    }

    /** One read at a time: another one would take bytes out of the middle of what the first is collecting. */
    private <T extends @Nullable Object> Awaitable<T, RuntimeException> reading(
            Awaitable<T, RuntimeException> operation) {
        return () -> {
            begin();
            try {
                return operation.await();
            } finally {
                busy = false;
            }
        };
    }

    private void begin() {
        if (busy) {
            throw new IllegalStateException(
                    (request == null ? "" : request + ": ") + "another task is reading the body");
        }
        busy = true;
    }

    @Override
    public Awaitable<@Nullable ByteBuffer, RuntimeException> read() {
        return read;
    }

    @Override
    public void lowWater(int bytes) {
        body.lowWater(bytes);
    }

    private @Nullable ByteBuffer next() {
        begin();
        try {
            return unread.size() > 0 ? unread.lend(Integer.MAX_VALUE) : receive();
        } finally {
            busy = false;
        }
    }

    /** The next piece of the body itself. */
    private @Nullable ByteBuffer receive() {
        ByteBuffer piece = ended ? null : body.read().await();
        ended = piece == null;
        decoded += piece == null ? 0 : piece.remaining();
        return piece;
    }

    /** Waits for more to be unread; false at the end. */
    private boolean fill() {
        ByteBuffer piece = receive();
        if (piece != null) {
            unread.append(piece);
        }
        return piece != null;
    }

    /**
     * The next bytes, at least one and at most so many, or null at the end.
     *
     * @throws IllegalArgumentException if that is less than 1
     */
    public Awaitable<@Nullable ByteBuffer, RuntimeException> read(int maxBytes) {
        atLeast(1, maxBytes);
        return reading(() -> {
            if (unread.size() == 0) {
                ByteBuffer piece = receive();
                if (piece == null || piece.remaining() <= maxBytes) {
                    return piece;
                }
                // Copied, because what the connection lent may be gone when the rest of it is asked for.
                unread.append(piece);
            }
            return unread.lend(maxBytes);
        });
    }

    /**
     * So many bytes. Awaiting it throws {@link IncompleteReadException}, with what was there, if the body ends before.
     *
     * @throws IllegalArgumentException if that is a negative number
     */
    public Awaitable<byte[], RuntimeException> readExactly(int length) {
        atLeast(0, length);
        return reading(() -> {
            while (unread.size() < length) {
                if (!fill()) {
                    throw new IncompleteReadException(request, unread.take(length), length);
                }
            }
            return unread.take(length);
        });
    }

    /** A line of at most 512 KiB; see {@link #readLine(int)}. */
    public Awaitable<byte[], RuntimeException> readLine() {
        return readLine(LINE_BYTES);
    }

    /**
     * A line, with the {@code \n} that ends it; without one if the body ends, and empty at its end. Awaiting it throws
     * {@link LineTooLongException} if it has more bytes; they can still be read then.
     */
    public Awaitable<byte[], RuntimeException> readLine(int maxBytes) {
        return readUntil(NEWLINE, maxBytes);
    }

    /**
     * What comes before a separator, and the separator; if the body ends without one, what is left of it, which is nothing at its
     * end. Awaiting it throws {@link LineTooLongException} if that is more than so many bytes; they can still be read then.
     *
     * @throws IllegalArgumentException if the separator is empty, or longer than the limit
     */
    public Awaitable<byte[], RuntimeException> readUntil(byte[] separator, int maxBytes) {
        atLeast(1, separator.length);
        atLeast(separator.length, maxBytes);
        byte[] end = separator.clone();
        return reading(() -> until(end, maxBytes));
    }

    private byte[] until(byte[] separator, int maxBytes) {
        int from = 0;
        while (true) {
            int at = unread.indexOf(separator, from);
            if (at < 0 ? unread.size() > maxBytes : at + separator.length > maxBytes) {
                throw new LineTooLongException(request, maxBytes);
            }
            if (at >= 0) {
                return unread.take(at + separator.length);
            }
            // What is behind it may be the start of a separator whose end has not come yet.
            from = Math.max(0, unread.size() + 1 - separator.length);
            if (!fill()) {
                return unread.take(Integer.MAX_VALUE);
            }
        }
    }

    /** All that is left. Awaiting it throws {@link BodyTooLargeException}, and closes the response, if that is more than so many bytes. */
    public Awaitable<byte[], RuntimeException> readAll(int maxBytes) {
        atLeast(0, maxBytes);
        return reading(() -> {
            boolean more = true;
            while (more && unread.size() <= maxBytes) {
                more = fill();
            }
            if (unread.size() > maxBytes) {
                close();
                throw new BodyTooLargeException(request, maxBytes);
            }
            return unread.take(Integer.MAX_VALUE);
        });
    }

    private static void atLeast(int least, int number) {
        if (number < least) {
            throw new IllegalArgumentException(number + " bytes: it takes " + least + " or more");
        }
    }

    /** Whether the end was seen and everything is read. */
    public boolean atEof() {
        return ended && unread.size() == 0;
    }

    /** The lines that follow, in UTF-8, of at most 512 KiB each; see {@link #lines(Charset, int)}. */
    public Iterable<String> lines() {
        return lines(StandardCharsets.UTF_8, LINE_BYTES);
    }

    /**
     * The lines that follow, without the {@code \n} or {@code \r\n} that ends them; malformed bytes become U+FFFD. Iterating throws what
     * {@link #readLine(int)} throws.
     *
     * @throws IllegalArgumentException for a charset in which a line feed is not one byte, as UTF-16
     */
    public Iterable<String> lines(Charset charset, int maxBytes) {
        if ("\n".getBytes(charset).length != 1) {
            throw new IllegalArgumentException("lines in " + charset + ": a line feed is not one byte there");
        }
        atLeast(1, maxBytes);
        return () -> new PullIterator<>(() -> line(charset, maxBytes));
    }

    private @Nullable String line(Charset charset, int maxBytes) {
        boolean isFirst = decoded == unread.size();
        byte[] line = readLine(maxBytes).await();
        return line.length == 0 ? null : TextCoding.line(line, charset, isFirst);
    }

    /**
     * The pieces that follow, of exactly so many bytes, but for the last one.
     *
     * @throws IllegalArgumentException if that is less than 1
     */
    public Iterable<ByteBuffer> chunks(int size) {
        atLeast(1, size);
        return () -> new PullIterator<>(() -> chunk(size));
    }

    private @Nullable ByteBuffer chunk(int size) {
        begin();
        try {
            while (unread.size() < size) {
                ByteBuffer piece = receive();
                if (piece == null) {
                    return unread.size() == 0 ? null : unread.lend(size);
                }
                if (unread.size() == 0 && piece.remaining() == size) {
                    return piece;
                }
                unread.append(piece);
            }
            return unread.lend(size);
        } finally {
            busy = false;
        }
    }

    /**
     * Writes what is left to a file, which is created, or overwritten; one that fails leaves it short, see {@link ClientResponse#download} for
     * whole ones. Gives the number of bytes. Awaiting it throws {@link java.io.UncheckedIOException} if the disk does not take it.
     */
    public Awaitable<Long, RuntimeException> transferTo(Path file) {
        return () -> Transfer.toFile(this, file);
    }

    /**
     * Writes what is left to a channel, which stays open: on a thread of the loop's executor, while the next bytes come in. Gives
     * the number of bytes. Awaiting it throws {@link java.io.UncheckedIOException} if the channel does not take it; when it is cancelled,
     * the write under way is interrupted and not waited for.
     *
     * @throws IllegalArgumentException if the channel does not block
     */
    public Awaitable<Long, RuntimeException> transferTo(WritableByteChannel channel) {
        Transfer.checkBlocking(channel);
        return () -> Transfer.to(this, channel);
    }

    /** Writes what is left to a stream, which stays open; see {@link #transferTo(WritableByteChannel)}. */
    public Awaitable<Long, RuntimeException> transferTo(OutputStream stream) {
        return () -> Transfer.to(this, stream);
    }

    /**
     * What is left as a stream for code that blocks: on any thread that is not a loop's, as in {@code toThread}, where a read blocks the
     * thread, and in a task of this loop, where it awaits. Its reads throw {@link java.io.IOException}, with the
     * {@link ClientException} as cause. Closing it closes the response.
     */
    public InputStream inputStream() {
        return new BodyInputStream(this);
    }

    /**
     * What is left for one subscriber, in buffers that are its own; called on the loop, on which it also signals. No more than it asks
     * for; cancelling closes the response.
     */
    public Flow.Publisher<ByteBuffer> publisher() {
        return new BodyPublisher(this);
    }

    @Override
    public long bytesReceived() {
        return body.bytesReceived();
    }

    /** Bytes of the body that came here so far, content coding undone. Source: aiohttp's {@code total_bytes}. */
    @Override
    public long bytesDecoded() {
        return decoded;
    }

    /** The request whose answer this is; null if that is not known. */
    @Nullable
    ClientRequest request() {
        return request;
    }

    /** What was not read is dropped; see {@link ClientResponse#close()}. */
    @Override
    public void close() {
        unread.clear();
        body.close();
    }
}
