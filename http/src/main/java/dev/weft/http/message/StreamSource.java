package dev.weft.http.message;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * A stream on its way out. Confined to the loop, but for {@link #fill}, which runs on a thread of the loop's executor, one at a
 * time. Invariant: a stream that was opened is closed exactly once.
 */
final class StreamSource implements BodySource {
    private static final int PIECE_BYTES = 64 << 10;

    private final Callable<? extends InputStream> opener;
    private final byte[] piece = new byte[PIECE_BYTES];
    private final Object lock = new Object();
    /** Guarded by the lock, as a read that was given up may still run when the source is closed. */
    private @Nullable InputStream open;

    private boolean closed;

    StreamSource(@Nullable InputStream open, Callable<? extends InputStream> opener) {
        this.open = open;
        this.opener = opener;
    }

    @Override
    public @Nullable ByteBuffer read() throws Exception {
        int count = Blocking.call(this::fill);
        return count < 0 ? null : ByteBuffer.wrap(piece, 0, count);
    }

    private int fill() throws Exception {
        InputStream stream = stream();
        int count;
        do {
            count = stream == null ? -1 : stream.read(piece);
        } while (count == 0);
        InputStream ended = count < 0 ? take() : null;
        if (ended != null) {
            ended.close();
        }
        return count;
    }

    /** The stream, opened if need be; null if it is closed. */
    private @Nullable InputStream stream() throws Exception {
        synchronized (lock) {
            if (open != null || closed) {
                return open;
            }
        }
        InputStream fresh = opener.call();
        synchronized (lock) {
            if (!closed) {
                open = fresh;
                return fresh;
            }
        }
        fresh.close();
        return null;
    }

    private @Nullable InputStream take() {
        synchronized (lock) {
            InputStream left = open;
            open = null;
            closed = true;
            return left;
        }
    }

    /** Does not wait: closing may block, and must come through where every worker sits in a read that only the close would end. */
    @Override
    public void close() {
        InputStream left = take();
        if (left != null) {
            Thread.ofVirtual().name("weft-close").start(() -> closeQuietly(left));
        }
    }

    private static void closeQuietly(InputStream stream) {
        try {
            stream.close();
        } catch (IOException e) {
            // The request has ended, and whoever waited for it has its own error.
        }
    }
}
