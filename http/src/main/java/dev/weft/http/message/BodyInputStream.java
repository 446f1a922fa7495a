package dev.weft.http.message;

import dev.weft.loop.Asyncio;
import dev.weft.loop.Awaitable;
import dev.weft.loop.CancelledError;
import dev.weft.loop.Future;
import dev.weft.loop.Loop;
import dev.weft.loop.Task;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A body as a stream. Made on the loop of the body; read by one thread at a time, of whatever kind. The body is read by a task of its
 * loop, which copies each piece, and the reader waits for that: a future's {@code await} does so in a task and on a plain thread.
 */
final class BodyInputStream extends InputStream {
    private static final byte[] NONE = new byte[0];

    private final Loop loop = Asyncio.getRunningLoop();
    private final BodyReader body;
    private byte[] piece = NONE;
    private int next;
    private boolean ended;
    private volatile boolean closed;

    BodyInputStream(BodyReader body) {
        this.body = body;
    }

    @Override
    public int read() throws IOException {
        return fill() ? piece[next++] & 0xff : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, target.length);
        if (length == 0) {
            return 0;
        }
        if (!fill()) {
            return -1;
        }
        int count = Math.min(length, piece.length - next);
        System.arraycopy(piece, next, target, offset, count);
        next += count;
        return count;
    }

    @Override
    public int available() {
        return piece.length - next;
    }

    /** Waits until there is a byte; false at the end. */
    private boolean fill() throws IOException {
        if (closed) {
            throw new IOException("the stream is closed");
        }
        while (next == piece.length && !ended) {
            byte[] received = receive();
            piece = received == null ? NONE : received;
            next = 0;
            ended = received == null;
        }
        return !ended;
    }

    private byte @Nullable [] receive() throws IOException {
        Future<byte @Nullable []> received = loop.createFuture();
        try {
            loop.callSoonThreadsafe(() -> startReading(received));
            return received.await();
        } catch (ClientException | IllegalStateException e) {
            throw new IOException(e.getMessage(), e);
        } catch (CancelledError e) {
            // Cancelled is who reads from this, so the body need not be read for him.
            received.cancel();
            if (Thread.currentThread().isInterrupted()) {
                throw (IOException) new InterruptedIOException("interrupted while waiting for the body").initCause(e);
            }
            throw e;
        }
    }

    private void startReading(Future<byte @Nullable []> received) {
        Awaitable<byte @Nullable [], RuntimeException> copied = this::copyNext;
        Task<byte @Nullable []> reading = loop.createTask(copied, "body stream");
        reading.addDoneCallback(done -> pass(done, received));
        received.addDoneCallback(done -> reading.cancel());
    }

    private byte @Nullable [] copyNext() {
        ByteBuffer given = body.read().await();
        if (given == null) {
            return null;
        }
        byte[] copy = new byte[given.remaining()];
        given.get(copy);
        return copy;
    }

    private static void pass(Future<byte @Nullable []> done, Future<byte @Nullable []> received) {
        if (received.isDone()) {
            return;
        }
        Throwable failure = done.isCancelled()
                ? new IllegalStateException("the loop that reads the body has ended")
                : done.exception();
        if (failure == null) {
            received.setResult(done.result());
        } else {
            received.setException(failure);
        }
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        closeSoon(loop, body);
    }

    /** Closes a body on its loop; nothing is left to close when that is closed. */
    static void closeSoon(Loop loop, BodyReader body) {
        try {
            loop.callSoonThreadsafe(body::close);
        } catch (IllegalStateException e) {
            // The session was closed with its loop.
        }
    }
}
