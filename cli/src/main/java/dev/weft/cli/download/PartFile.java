package dev.weft.cli.download;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A file that is not whole yet: written under a temporary name beside its last one, and renamed when whole.
 *
 * <p>Invariant: under the last name there is what was there before, or the whole new file, and nothing else at any time; after
 * {@link #close()} the temporary file is gone. The temporary name is of this file alone, so two processes that fetch the same
 * thing do not write into each other's. Writes go to the page cache and are short, so they are done right on the loop's thread.
 */
final class PartFile implements AutoCloseable {
    private static final int TAG = 8;
    private static final String SUFFIX = ".part";
    /** The bytes that a temporary name has more than the last one: {@code .NAME.TAG.part}. */
    static final int MARK_BYTES = 1 + 1 + TAG + SUFFIX.length();

    /** Never through a link, and never into a file that someone else made. */
    private static final Set<OpenOption> NEW_FILE =
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);

    private final Path target;
    private final Path temporary;
    private final FileChannel channel;
    private boolean renamed;

    private PartFile(Path target, Path temporary, FileChannel channel) {
        this.target = target;
        this.temporary = temporary;
        this.channel = channel;
    }

    /**
     * Creates the temporary file.
     *
     * @param directory where; it must exist
     * @param safeName the last name, as {@link SafeName} gives it
     * @throws DiskException if it cannot be created
     */
    static PartFile create(Path directory, String safeName) {
        Path target;
        Path temporary;
        try {
            target = directory.resolve(safeName);
            temporary = directory.resolve("." + safeName + "." + tag() + SUFFIX);
        } catch (InvalidPathException e) {
            // A locale whose charset has no such letters.
            throw new DiskException(
                    "cannot create " + safeName + " in " + directory, new IOException("no such name there", e));
        }
        try {
            return new PartFile(target, temporary, FileChannel.open(temporary, NEW_FILE));
        } catch (IOException e) {
            throw new DiskException("cannot create " + target, e);
        }
    }

    /** Where the file will be. */
    Path target() {
        return target;
    }

    /**
     * Appends all that remains in the buffer.
     *
     * @throws DiskException if the disk does not take it
     */
    void write(ByteBuffer bytes) {
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException e) {
            throw new DiskException("cannot write " + target, e);
        }
    }

    /**
     * Gives the file its last name; one that is there under it is replaced.
     *
     * @throws DiskException if that fails; the temporary file is then still to be closed
     */
    void commit() {
        try {
            channel.close();
            Files.move(temporary, target, ATOMIC_MOVE);
            renamed = true;
        } catch (IOException e) {
            throw new DiskException("cannot write " + target, e);
        }
    }

    /** Removes the temporary file, unless it was renamed. Never throws: whoever closes has an error of his own to tell. */
    @Override
    public void close() {
        if (renamed) {
            return;
        }
        try {
            channel.close();
        } catch (IOException e) {
            // What was written is thrown away in any case.
        }
        try {
            Files.deleteIfExists(temporary);
        } catch (IOException e) {
            // Then it stays, under a name that says what it is.
        }
    }

    private static String tag() {
        long random = ThreadLocalRandom.current().nextLong(pow36(TAG - 1), pow36(TAG));
        return Long.toString(random, 36);
    }

    private static long pow36(int exponent) {
        return exponent == 0 ? 1 : 36 * pow36(exponent - 1);
    }
}
