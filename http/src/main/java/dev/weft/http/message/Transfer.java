package dev.weft.http.message;

import dev.weft.loop.Asyncio;
import dev.weft.loop.Future;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * One body on its way into something that blocks. Two buffers: while one is written on a thread of the loop's executor, the
 * network fills the other. Confined to the loop. Invariant: at most one write runs; unless the task was cancelled, none does once
 * this has returned or thrown, and what came before a failure of the network is written.
 */
final class Transfer {
    /** Small at first: most bodies are, and there may be thousands of them at once. */
    private static final int FIRST_BYTES = 16 << 10;

    private static final int MOST_BYTES = 256 << 10;

    private final BodyReader from;
    private final String target;
    private final Output output;
    private ByteBuffer filling = ByteBuffer.allocate(FIRST_BYTES);
    private @Nullable ByteBuffer spare;
    private @Nullable Future<@Nullable Void> writing;
    private long total;

    /** Writes all that remains in a buffer; on another thread. */
    @FunctionalInterface
    private interface Output {
        void write(ByteBuffer bytes) throws IOException;
    }

    private Transfer(BodyReader from, String target, Output output) {
        this.from = from;
        this.target = target;
        this.output = output;
    }

    static long to(BodyReader from, OutputStream stream) {
        return new Transfer(
                        from,
                        "the stream",
                        bytes -> stream.write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining()))
                .run();
    }

    static long to(BodyReader from, WritableByteChannel channel) {
        return new Transfer(from, "the channel", bytes -> write(channel, bytes)).run();
    }

    /** Into a file that is open. */
    static long to(BodyReader from, FileChannel channel, Path name) {
        return new Transfer(from, name.toString(), bytes -> write(channel, bytes)).run();
    }

    static long toFile(BodyReader from, Path file) {
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            return to(from, channel, file);
        } catch (IOException e) {
            throw failed(file.toString(), e);
        }
    }

    /**
     * Checks that a write to a channel ends when all is written.
     *
     * @throws IllegalArgumentException if it may end before
     */
    static void checkBlocking(WritableByteChannel channel) {
        if (channel instanceof SelectableChannel selectable && !selectable.isBlocking()) {
            throw new IllegalArgumentException(channel + " does not block: configure it to, or write to it yourself");
        }
    }

    private static void write(WritableByteChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private static UncheckedIOException failed(String target, IOException cause) {
        return new UncheckedIOException("cannot write " + target + ": " + cause.getMessage(), cause);
    }

    private long run() {
        try {
            receive();
            flush();
            join();
            return total;
        } catch (ClientException | IllegalStateException e) {
            keep(e);
            throw e;
        } finally {
            if (writing != null) {
                writing.cancel();
            }
        }
    }

    private void receive() {
        for (ByteBuffer piece : from) {
            total += piece.remaining();
            while (piece.hasRemaining()) {
                int count = Math.min(piece.remaining(), filling.remaining());
                filling.put(piece.slice().limit(count));
                piece.position(piece.position() + count);
                if (!filling.hasRemaining()) {
                    flush();
                }
            }
        }
    }

    /** Has what is filled written, when the write before has ended. */
    private void flush() {
        join();
        ByteBuffer full = filling.flip();
        if (!full.hasRemaining()) {
            return;
        }
        writing = Asyncio.getRunningLoop().runInExecutor(null, () -> {
            output.write(full);
            return null;
        });
        ByteBuffer next = spare;
        spare = full;
        filling = next != null && next.capacity() == MOST_BYTES
                ? next.clear()
                : ByteBuffer.allocate(Math.min(MOST_BYTES, 2 * full.capacity()));
    }

    private void join() {
        Future<@Nullable Void> running = writing;
        if (running == null) {
            return;
        }
        try {
            running.await();
        } catch (CompletionException e) {
            throw e.getCause() instanceof IOException cause ? failed(target, cause) : e;
        }
        writing = null;
    }

    /** Writes what came before a failure. */
    private void keep(RuntimeException failure) {
        try {
            flush();
            join();
        } catch (UncheckedIOException e) {
            failure.addSuppressed(e);
        }
    }
}
