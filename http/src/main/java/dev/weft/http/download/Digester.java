package dev.weft.http.download;

import dev.weft.http.download.Checksum.Algorithm;
import dev.weft.loop.Asyncio;
import dev.weft.loop.Future;
import dev.weft.loop.Loop;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Computes checksums of a file that is still being written: another thread reads back what is there without a gap, close behind, so that little
 * is left to do at the end. Confined to the loop.
 *
 * <p>Invariant: one read is under way at most. What it has {@link Taken} is its own until it ends; {@link #startOver} leaves that to it and begins
 * with another.
 */
final class Digester implements Store.Sums {
    /** What one read takes while the file grows: some milliseconds of work. */
    static final int STEP_BYTES = 4 << 20;

    /** A rest that is not worth another thread. */
    static final int SMALL_BYTES = 64 << 10;

    private static final int BUFFER_BYTES = 128 << 10;

    private final Loop loop = Asyncio.getRunningLoop();
    private final PartFile file;
    private final List<Algorithm> algorithms;
    private Taken taken;
    private boolean reading;
    private @Nullable Throwable failure;
    private @Nullable Future<Boolean> waiter;

    /** Of this file, from its first byte. */
    Digester(PartFile file, Collection<Algorithm> algorithms) {
        this.file = file;
        this.algorithms = new ArrayList<>(algorithms);
        this.taken = new Taken(algorithms);
    }

    /** The sums of a beginning of the file. */
    private static final class Taken {
        private final Running sums;
        private volatile long done;
        private volatile boolean abandoned;

        Taken(Collection<Algorithm> algorithms) {
            sums = new Running(algorithms);
        }

        Boolean take(PartFile file, long end) throws IOException {
            long at = done;
            // On the heap: a digest copies what is not, in small pieces.
            ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(BUFFER_BYTES, end - at));
            while (at < end && !abandoned) {
                buffer.clear().limit((int) Math.min(buffer.capacity(), end - at));
                int count = file.read(at, buffer);
                if (count < 0) {
                    throw new EOFException(file.target() + " became shorter while it was read");
                }
                sums.update(buffer.flip());
                at += count;
                done = at;
            }
            return true;
        }
    }

    /** Begins the next step, if there is enough for one. To be called when bytes were written. */
    @Override
    public void follow() {
        if (!reading && failure == null && !taken.abandoned && file.have().contiguousFrom(0) - taken.done >= STEP_BYTES) {
            read(taken.done + STEP_BYTES);
        }
    }

    private void read(long end) {
        Taken used = taken;
        reading = true;
        OffLoop.<Boolean>start(loop, () -> used.take(file, end), (done, thrown) -> {
            reading = false;
            // What goes wrong with a beginning that is given up is no matter.
            failure = used == taken ? thrown : failure;
            if (waiter != null && !waiter.isDone()) {
                waiter.setResult(true);
            }
            follow();
        });
    }

    /** Forgets all: the file begins anew. */
    void startOver() {
        taken.abandoned = true;
        taken = new Taken(algorithms);
        failure = null;
    }

    /** How many bytes of the file it has taken. */
    long done() {
        return taken.done;
    }

    /**
     * Takes the rest of the file, which is whole and must stay open meanwhile. May be waited for again if the wait was cancelled.
     *
     * @throws UncheckedIOException if it cannot be read
     */
    @Override
    public List<Checksum> finish() {
        long length = file.have().end();
        while (reading || taken.done < length) {
            if (taken.abandoned) {
                throw new IllegalStateException("closed");
            }
            if (failure != null) {
                throw failure instanceof IOException e
                        ? new UncheckedIOException(e)
                        : new IllegalStateException("checksums failed", failure);
            }
            if (!reading && length - taken.done <= SMALL_BYTES) {
                takeHere(length);
            } else {
                if (!reading) {
                    read(length);
                }
                waiter = loop.createFuture();
                waiter.await();
            }
        }
        return taken.sums.finish();
    }

    private void takeHere(long end) {
        try {
            taken.take(file, end);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads no further. */
    @Override
    public void close() {
        taken.abandoned = true;
    }
}
