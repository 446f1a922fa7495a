package dev.weft.http.download;

import dev.weft.http.download.Checksum.Algorithm;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * A file that is not whole yet: {@code .NAME.part} beside its last name, and, once there is something to lose, {@code .NAME.part.journal}, from
 * which a later run knows what of it is right.
 *
 * <p>Invariants: under the last name there is what was there before, or the whole new file, and nothing else at any time. What {@link #have} says is
 * in the file, of the representation that {@link #origin} says; after a crash at any moment what a later run finds is right as well, because the
 * journal is written after the bytes and its checksums are compared with them. Whichever of {@link #commit}, {@link #keep} and {@link #close}
 * ends it, the lock is given back last.
 *
 * <p>Writes go to the page cache and are short, so they may be done on the loop's thread. Confined to it, but for {@link #open}, which reads what
 * is there and belongs on another thread, and {@link #read}. The thread that is in one of these must not be interrupted: the JDK would
 * close the file.
 */
final class PartFile implements Store {
    private static final String JOURNAL = ".part.journal";

    private Path target;
    private final Notes notes;
    private PartLock lock;
    private ByteRanges have = new ByteRanges();
    private @Nullable Origin origin;
    /** Whether the file may hold bytes that {@link #have} does not say. */
    private boolean dirty;

    private boolean ended;

    private PartFile(Path target, PartLock lock) {
        this.target = target;
        this.lock = lock;
        this.notes = new Notes(Beside.of(target, JOURNAL));
        this.dirty = lock.existed();
    }

    /** Whether an earlier run left something: then it takes {@link #open}, and a moment. */
    static boolean isThere(Path target) {
        return Beside.isThere(PartLock.sharedPath(target));
    }

    /**
     * Begins with an empty file.
     *
     * @return null if an earlier run left one, or another process writes it now: {@link #open} finds out
     * @throws IOException if it cannot be made
     */
    static @Nullable PartFile create(Path target) throws IOException {
        checkNoDirectory(target);
        PartLock lock = PartLock.create(target);
        return lock == null ? null : opened(target, lock, false);
    }

    /**
     * Opens what an earlier run left, or begins with an empty file. If another process writes it, or could, this one gets a name that nobody
     * looks for later.
     *
     * @param resume whether what is there is wanted: then all of it is read and compared with its checksums
     * @throws IOException if it cannot be made or read
     */
    static PartFile open(Path target, boolean resume) throws IOException {
        checkNoDirectory(target);
        return opened(target, PartLock.open(target), resume);
    }

    private static void checkNoDirectory(Path target) throws IOException {
        if (Files.isDirectory(target)) {
            throw new FileSystemException(target.toString(), null, "is a directory");
        }
    }

    private static PartFile opened(Path target, PartLock lock, boolean resume) throws IOException {
        PartFile file = new PartFile(target, lock);
        boolean done = false;
        try {
            if (lock.isShared()) {
                Leftover left = file.notes.left(lock, resume && lock.existed());
                if (left != null) {
                    file.origin = left.head().origin();
                    file.have = left.have();
                }
            }
            done = true;
        } finally {
            if (!done) {
                file.ended = true;
                lock.release();
            }
        }
        return file;
    }

    /** Where the file will be. */
    Path target() {
        return target;
    }

    @Override
    public void target(Path other) {
        target = other;
    }

    @Override
    public @Nullable Origin origin() {
        return origin;
    }

    @Override
    public ByteRanges have() {
        return have;
    }

    /**
     * Forgets what is there, and takes bytes of this representation from now on.
     *
     * @throws IOException if the disk does not do it
     */
    @Override
    public void begin(Origin of) throws IOException {
        forget();
        if (of.length() > 0) {
            Room.check(target, of.length());
        }
        origin = of;
        if (lock.isShared() && Validators.ifRange(of) != null) {
            notes.begin(of);
        }
    }

    @Override
    public void forget() throws IOException {
        have.clear();
        origin = null;
        notes.forget();
        if (dirty) {
            lock.channel().truncate(0);
            dirty = false;
        }
    }

    @Override
    public boolean takesParts() {
        return true;
    }

    @Override
    public void length(long known) {
        if (origin != null) {
            origin = origin.withLength(known);
        }
    }

    /**
     * Writes all that remains in the buffer.
     *
     * @throws DiskFullException if there is no room
     * @throws IOException if the disk does not take it; what was written before stays
     */
    @Override
    public void write(long position, ByteBuffer bytes) throws IOException {
        if (origin == null) {
            throw new IllegalStateException("bytes of nothing: begin() first");
        }
        dirty = true;
        long at = position;
        boolean noted = notes.areTaken();
        try {
            while (bytes.hasRemaining()) {
                ByteBuffer written = noted ? bytes.duplicate() : bytes;
                int count = lock.channel().write(bytes, at);
                have.add(at, at + count);
                if (noted) {
                    notes.wrote(at, written.limit(written.position() + count));
                }
                at += count;
            }
            notes.writeDue();
        } catch (IOException e) {
            throw explained(e, Math.max(1, bytes.remaining()));
        }
    }

    private IOException explained(IOException e, long atLeast) {
        long left = origin == null ? 0 : origin.length() - have.total();
        return Room.explained(e, target, Math.max(left, atLeast));
    }

    @Override
    public Sums sums(Collection<Algorithm> algorithms) {
        return new Digester(this, algorithms);
    }

    /**
     * Reads bytes that are there, on any thread.
     *
     * @return how many; -1 if there are none at that position
     */
    int read(long position, ByteBuffer into) throws IOException {
        return lock.channel().read(into, position);
    }

    /**
     * Gives the whole file its last name.
     *
     * @param replace what is done with a file of that name
     * @param lastModified the time it gets; null for now
     * @param fsync whether it must be on the disk before
     * @throws FileAlreadyExistsException if there is one and it is not to be replaced; this may then be tried again with another {@link
     *     #target(Path)}
     * @throws IOException if the disk does not do it; the file is then still to be closed
     * @throws IllegalStateException if bytes are missing
     */
    @Override
    public void commit(boolean replace, @Nullable Instant lastModified, boolean fsync) throws IOException {
        long length = have.end();
        boolean known = origin != null && origin.length() >= 0;
        if (origin == null || !have.isWhole(known ? origin.length() : length)) {
            throw new IllegalStateException("not whole: " + have + " of " + origin);
        }
        if (lock.channel().isOpen()) {
            finish(length, lastModified, fsync);
        }
        LastName.give(lock.path(), target, replace);
        ended = true;
        if (fsync) {
            LastName.sync(target);
        }
    }

    /** The last that is done to the file itself. It is closed before it gets its name, because some file systems tell only then what failed. */
    private void finish(long length, @Nullable Instant lastModified, boolean fsync) throws IOException {
        if (lock.existed()) {
            lock.channel().truncate(length);
        }
        // While the name is ours: behind the rename it could be another's.
        notes.forget();
        lock = lock.hidden(target);
        if (lastModified != null) {
            Files.setLastModifiedTime(lock.path(), FileTime.from(lastModified));
        }
        if (fsync) {
            lock.channel().force(true);
        }
        lock.release();
    }

    /**
     * Ends it so that a later run can go on with it, if one could: removed is what no server would complete.
     *
     * @return whether it is kept
     */
    @Override
    public boolean keep() {
        if (ended || !lock.isShared() || have.total() == 0 || !notes.keep()) {
            close();
            return false;
        }
        ended = true;
        quietly(lock::release);
        return true;
    }

    /** Removes it, unless it was committed or kept. Never throws: whoever closes has an error of his own to tell. */
    @Override
    public void close() {
        if (ended) {
            return;
        }
        ended = true;
        quietly(notes::forget);
        quietly(() -> Files.deleteIfExists(lock.path()));
        quietly(lock::release);
    }

    private interface Step {
        void run() throws IOException;
    }

    private static void quietly(Step step) {
        try {
            step.run();
        } catch (NoSuchFileException e) {
            // All the better.
        } catch (IOException e) {
            // Then it stays, under a name that says what it is.
        }
    }
}
