package dev.weft.http.download;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
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
    private final Path journalPath;
    private final Unjournalled unjournalled = new Unjournalled();
    private PartLock lock;
    private ByteRanges have = new ByteRanges();
    private @Nullable Origin origin;
    private @Nullable Journal journal;
    /** Whether the file may hold bytes that {@link #have} does not say. */
    private boolean dirty;

    private boolean journalled;
    private boolean ended;

    private PartFile(Path target, PartLock lock) {
        this.target = target;
        this.lock = lock;
        this.journalPath = Beside.of(target, JOURNAL);
        this.dirty = lock.existed();
    }

    /** How a file gets its last name. */
    enum Commit {
        /** In place of what is there. */
        REPLACE,
        /** Only if nothing is there. */
        NEW
    }

    /** Whether an earlier run left something: then it takes {@link #open}, and a moment. */
    static boolean isThere(Path target) {
        return Files.exists(PartLock.sharedPath(target));
    }

    /**
     * Begins with an empty file.
     *
     * @return null if an earlier run left one, or another process writes it now: {@link #open} finds out
     * @throws IOException if it cannot be made
     */
    static @Nullable PartFile create(Path target) throws IOException {
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
        return opened(target, PartLock.open(target), resume);
    }

    private static PartFile opened(Path target, PartLock lock, boolean resume) throws IOException {
        PartFile file = new PartFile(target, lock);
        boolean done = false;
        try {
            if (lock.isShared()) {
                file.load(resume && lock.existed());
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

    private void load(boolean wanted) throws IOException {
        // Follows links, which nobody makes here, because the JDK answers this one without an exception.
        boolean there = Files.exists(journalPath);
        Leftover left = there && wanted ? Leftover.read(lock.channel(), journalPath) : null;
        if (left != null) {
            origin = left.head().origin();
            have = left.have();
            journal = Journal.resume(journalPath, left.head());
            journalled = true;
        } else if (there) {
            // Before the file is written: else it would be taken for a journal of what comes now.
            Files.delete(journalPath);
        }
    }

    /** Where the file will be. */
    Path target() {
        return target;
    }

    /** Gives it another last name, in the same directory; for when {@link Commit#NEW} found the first taken. */
    void target(Path other) {
        target = other;
    }

    /** Of which representation the bytes are; null if there are none. */
    @Override
    public @Nullable Origin origin() {
        return origin;
    }

    /** Which bytes are there. To be looked at only. */
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
        origin = of;
        journalled = lock.isShared() && Validators.ifRange(of) != null;
    }

    @Override
    public void forget() throws IOException {
        have.clear();
        unjournalled.clear();
        origin = null;
        journalled = false;
        if (journal != null) {
            journal.close();
            journal = null;
            Files.deleteIfExists(journalPath);
        }
        if (dirty) {
            lock.channel().truncate(0);
            dirty = false;
        }
    }

    /** Tells how long the file will be, once that is known. */
    void length(long known) {
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
        while (bytes.hasRemaining()) {
            ByteBuffer written = journalled ? bytes.duplicate() : bytes;
            int count = write(bytes, at);
            have.add(at, at + count);
            if (journalled) {
                unjournalled.add(at, written.limit(written.position() + count));
            }
            at += count;
        }
        if (journalled && unjournalled.isDue()) {
            note(origin);
        }
    }

    private int write(ByteBuffer bytes, long at) throws IOException {
        try {
            return lock.channel().write(bytes, at);
        } catch (IOException e) {
            throw explained(e, bytes.remaining());
        }
    }

    private void note(Origin of) throws IOException {
        try {
            if (journal == null) {
                journal = Journal.create(journalPath, of);
            }
            unjournalled.flushDue(journal);
        } catch (FileSystemException e) {
            // There is something in the journal's way: no reason to fail, but then nobody can go on with this file.
            journalled = false;
            unjournalled.clear();
        } catch (IOException e) {
            throw explained(e, 1);
        }
    }

    private IOException explained(IOException e, long atLeast) {
        long left = origin == null ? 0 : origin.length() - have.total();
        return Room.explained(e, target, Math.max(left, atLeast));
    }

    /**
     * Finds out whether the disk has room for a file of this length, of which some may be there.
     *
     * @throws DiskFullException if it has not
     */
    void checkRoom(long length) throws DiskFullException {
        Room.check(target, length - have.total());
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
     * @param how what is done with a file of that name
     * @param lastModified the time it gets; null for now
     * @param fsync whether it must be on the disk before
     * @throws FileAlreadyExistsException if there is one and it is not to be replaced; this may then be tried again with another {@link
     *     #target(Path)}
     * @throws IOException if the disk does not do it; the file is then still to be closed
     * @throws IllegalStateException if bytes are missing
     */
    void commit(Commit how, @Nullable Instant lastModified, boolean fsync) throws IOException {
        long length = have.end();
        boolean known = origin != null && origin.length() >= 0;
        if (origin == null || !have.isWhole(known ? origin.length() : length)) {
            throw new IllegalStateException("not whole: " + have + " of " + origin);
        }
        FileChannel channel = lock.channel();
        if (lock.existed()) {
            channel.truncate(length);
        }
        if (lastModified != null) {
            lock = lock.hidden(target);
            journalled = false;
            Files.setLastModifiedTime(lock.path(), FileTime.from(lastModified));
        }
        if (fsync) {
            channel.force(true);
        }
        LastName.give(lock.path(), target, how == Commit.REPLACE);
        ended = true;
        if (fsync) {
            LastName.sync(target);
        }
        forgetJournal();
        lock.release();
    }

    /** After the file has its name, or is gone: without it, a journal is not believed. */
    private void forgetJournal() throws IOException {
        if (journal != null) {
            journal.close();
            journal = null;
            Files.deleteIfExists(journalPath);
        }
    }

    /**
     * Ends it so that a later run can go on with it, if one could: removed is what no server would complete.
     *
     * @return whether it is kept
     */
    @Override
    public boolean keep() {
        if (ended || origin == null || !journalled || have.total() == 0) {
            close();
            return false;
        }
        try {
            if (journal == null) {
                journal = Journal.create(journalPath, origin);
            }
            unjournalled.flush(journal);
        } catch (IOException e) {
            // The disk is full, perhaps. What the journal has already is of use all the same.
        }
        if (journal == null) {
            close();
            return false;
        }
        ended = true;
        quietly(journal::close);
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
        quietly(() -> Files.deleteIfExists(lock.path()));
        quietly(this::forgetJournal);
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
