package dev.weft.http.download;

import dev.weft.http.download.Checksum.Algorithm;
import dev.weft.loop.Asyncio;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that go out in their order as they come, to a pipe for example; what is out cannot be taken back. Confined to the loop; the stream is
 * written to on a thread of the loop's executor.
 */
final class StreamStore implements Store {
    private final OutputStream out;
    private final boolean owned;
    private final ByteRanges have = new ByteRanges();
    private @Nullable Origin origin;
    private @Nullable Running sums;

    /**
     * @param owned whether it is closed at the end
     */
    StreamStore(OutputStream out, boolean owned) {
        this.out = out;
        this.owned = owned;
    }

    @Override
    public ByteRanges have() {
        return have;
    }

    @Override
    public @Nullable Origin origin() {
        return origin;
    }

    @Override
    public void begin(Origin of) throws IOException {
        forget();
        origin = of;
    }

    @Override
    public void forget() throws IOException {
        if (have.total() > 0) {
            throw new IOException(
                    "the file cannot be gone on with, and " + have.total() + " bytes of it are out already");
        }
        origin = null;
    }

    @Override
    public void write(long position, ByteBuffer bytes) throws IOException {
        if (position != have.total()) {
            throw new IllegalStateException("byte " + position + " comes after byte " + have.total());
        }
        if (!bytes.hasRemaining()) {
            return;
        }
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        try {
            Asyncio.toThread(() -> {
                        out.write(copy);
                        out.flush();
                    })
                    .await();
        } catch (CompletionException e) {
            if (e.getCause() instanceof IOException cause) {
                throw cause;
            }
            throw e;
        }
        have.add(position, position + copy.length);
        if (sums != null) {
            sums.update(ByteBuffer.wrap(copy));
        }
    }

    @Override
    public boolean takesParts() {
        return false;
    }

    @Override
    public void length(long known) {}

    @Override
    public Sums sums(Collection<Algorithm> algorithms) {
        Running running = new Running(algorithms);
        sums = running;
        return new Sums() {
            @Override
            public void follow() {}

            @Override
            public List<Checksum> finish() {
                return running.finish();
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public void target(Path other) {
        throw new IllegalStateException("a stream has no name");
    }

    @Override
    public void commit(boolean replace, @Nullable Instant modified, boolean fsync) {}

    @Override
    public boolean keep() {
        close();
        return false;
    }

    @Override
    public void close() {
        try {
            if (owned) {
                out.close();
            }
        } catch (IOException e) {
            // All that was written was flushed.
        }
    }
}
