package dev.weft.http.download;

import dev.weft.http.download.Checksum.Algorithm;
import dev.weft.loop.Asyncio;
import dev.weft.loop.Future;
import dev.weft.loop.Loop;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Computes checksums of a file that is still being written: another thread reads back what is there without a gap, close behind, so that little
 * is left to do at the end. Confined to the loop.
 *
 * <p>Invariant: one read is under way at most. Its {@link Sums} are its own until it ends; {@link #startOver} leaves them to it and begins with
 * others.
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
    private Sums sums;
    private boolean reading;
    private @Nullable Throwable failure;
    private @Nullable Future<Boolean> waiter;

    /** Of this file, from its first byte. */
    Digester(PartFile file, Collection<Algorithm> algorithms) {
        this.file = file;
        this.algorithms = new ArrayList<>(algorithms);
        this.sums = new Sums(algorithms);
    }

    /** The sums of a beginning of the file. */
    private static final class Sums {
        private final Map<Algorithm, MessageDigest> digests = new EnumMap<>(Algorithm.class);
        private volatile long done;
        private volatile boolean abandoned;

        Sums(Collection<Algorithm> algorithms) {
            for (Algorithm algorithm : algorithms) {
                try {
                    digests.put(algorithm, MessageDigest.getInstance(algorithm.jdkName()));
                } catch (NoSuchAlgorithmException e) {
                    throw new IllegalStateException("this Java runtime has no " + algorithm.jdkName(), e);
                }
            }
        }

        Boolean take(PartFile file, long end) throws IOException {
            byte[] buffer = new byte[(int) Math.min(BUFFER_BYTES, end - done)];
            while (done < end && !abandoned) {
                int most = (int) Math.min(buffer.length, end - done);
                int count = file.read(done, ByteBuffer.wrap(buffer, 0, most));
                if (count < 0) {
                    throw new EOFException(file.target() + " became shorter while it was read");
                }
                for (MessageDigest digest : digests.values()) {
                    digest.update(buffer, 0, count);
                }
                done = done + count;
            }
            return true;
        }
    }

    /** Begins the next step, if there is enough for one. To be called when bytes were written. */
    @Override
    public void follow() {
        if (!reading && failure == null && !sums.abandoned && file.have().contiguousFrom(0) - sums.done >= STEP_BYTES) {
            read(sums.done + STEP_BYTES);
        }
    }

    private void read(long end) {
        Sums used = sums;
        reading = true;
        OffLoop.<Boolean>start(loop, () -> used.take(file, end), (taken, thrown) -> {
            reading = false;
            // What goes wrong with a beginning that is given up is no matter.
            failure = used == sums ? thrown : failure;
            if (waiter != null && !waiter.isDone()) {
                waiter.setResult(true);
            }
            follow();
        });
    }

    /** Forgets all: the file begins anew. */
    void startOver() {
        sums.abandoned = true;
        sums = new Sums(algorithms);
        failure = null;
    }

    /** How many bytes of the file it has taken. */
    long done() {
        return sums.done;
    }

    /**
     * Takes the rest of the file, which is whole and must stay open meanwhile. May be waited for again if the wait was cancelled.
     *
     * @throws UncheckedIOException if it cannot be read
     */
    @Override
    public List<Checksum> finish() {
        long length = file.have().end();
        while (reading || sums.done < length) {
            if (sums.abandoned) {
                throw new IllegalStateException("closed");
            }
            if (failure != null) {
                throw failure instanceof IOException e
                        ? new UncheckedIOException(e)
                        : new IllegalStateException("checksums failed", failure);
            }
            if (!reading && length - sums.done <= SMALL_BYTES) {
                takeHere(length);
            } else {
                if (!reading) {
                    read(length);
                }
                waiter = loop.createFuture();
                waiter.await();
            }
        }
        List<Checksum> found = new ArrayList<>(algorithms.size());
        sums.digests.forEach((algorithm, digest) ->
                found.add(new Checksum(algorithm, HexFormat.of().formatHex(digest.digest()))));
        return found;
    }

    private void takeHere(long end) {
        try {
            sums.take(file, end);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads no further. */
    @Override
    public void close() {
        sums.abandoned = true;
    }
}
