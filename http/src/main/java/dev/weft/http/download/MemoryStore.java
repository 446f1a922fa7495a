package dev.weft.http.download;

import dev.weft.http.download.Checksum.Algorithm;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A small file, kept in memory until it is whole: thousands of them need neither locks nor journals. Written under a name of its own and
 * renamed at once. Confined to the loop, on which it also writes: to the page cache, which is short.
 */
final class MemoryStore implements Store {
    /** What is more is worth a file that can be gone on with. */
    static final int MOST_BYTES = 64 << 10;

    private static final Set<OpenOption> NEW_FILE =
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);

    private Path target;
    private final ByteRanges have = new ByteRanges();
    private byte[] bytes = {};
    private @Nullable Origin origin;

    MemoryStore(Path target) {
        this.target = target;
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
    public void begin(Origin of) {
        forget();
        bytes = new byte[Math.toIntExact(of.length())];
        origin = of;
    }

    @Override
    public void forget() {
        have.clear();
        origin = null;
    }

    @Override
    public boolean takesParts() {
        return true;
    }

    @Override
    public void length(long known) {}

    @Override
    public void write(long position, ByteBuffer from) {
        int count = from.remaining();
        if (count > 0) {
            from.get(bytes, (int) position, count);
            have.add(position, position + count);
        }
    }

    @Override
    public Sums sums(Collection<Algorithm> algorithms) {
        return new Sums() {
            @Override
            public void follow() {}

            @Override
            public List<Checksum> finish() {
                Running all = new Running(algorithms);
                all.update(ByteBuffer.wrap(bytes));
                return all.finish();
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public void target(Path other) {
        target = other;
    }

    @Override
    public void commit(boolean replace, @Nullable Instant modified, boolean fsync) throws IOException {
        if (!have.isWhole(bytes.length)) {
            throw new IllegalStateException("not whole: " + have + " of " + bytes.length + " bytes");
        }
        Path temporary = Beside.unique(target, ".part");
        boolean done = false;
        try {
            write(temporary, fsync);
            if (modified != null) {
                Files.setLastModifiedTime(temporary, FileTime.from(modified));
            }
            LastName.give(temporary, target, replace);
            done = true;
        } finally {
            if (!done) {
                Files.deleteIfExists(temporary);
            }
        }
        if (fsync) {
            LastName.sync(target);
        }
    }

    private void write(Path file, boolean fsync) throws IOException {
        try (FileChannel channel = FileChannel.open(file, NEW_FILE)) {
            ByteBuffer all = ByteBuffer.wrap(bytes);
            while (all.hasRemaining()) {
                channel.write(all);
            }
            if (fsync) {
                channel.force(true);
            }
        } catch (IOException e) {
            throw Room.explained(e, file, bytes.length);
        }
    }

    @Override
    public boolean keep() {
        return false;
    }

    @Override
    public void close() {}
}
