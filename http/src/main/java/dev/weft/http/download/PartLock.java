package dev.weft.http.download;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The right to write one unfinished file: an open channel that nobody else writes to, in this process or another. Any thread.
 *
 * <p>Invariant: who holds {@code .NAME.part} holds the system's lock of the file, and the name is the file's. The first does not imply the
 * second: whoever waited for the lock may find that the file has its last name by now. So the name is looked at with the lock, by {@link #witness};
 * from then on nobody else takes it away, because that takes the lock. What else belongs to the name, the journal, is touched only meanwhile.
 *
 * <p>A lock of POSIX is lost when the process closes <em>any</em> descriptor of the file. So the witness stays open; a channel is never opened of
 * a file that is held here ({@link #IN_USE}); and what is done to a file by its path, as setting its time, is done when it is {@link #hidden}.
 *
 * @param path where it is now
 * @param channel reads and writes it
 * @param witness the same file, opened by its name when it was locked; null if the name is random, and nobody will look for it
 * @param existed whether it was there already, with unknown bytes
 */
record PartLock(Path path, FileChannel channel, @Nullable FileChannel witness, boolean existed) {
    private static final String SUFFIX = ".part";
    private static final int TRIES = 3;

    /** Those that this process writes under their shared names, absolute. */
    private static final Set<Path> IN_USE = ConcurrentHashMap.newKeySet();

    /** Never through a link. */
    private static final Set<OpenOption> OLD =
            Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);

    private static final Set<OpenOption> NEW = Set.of(
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            LinkOption.NOFOLLOW_LINKS);

    /** The name that a later run looks for. */
    static Path sharedPath(Path target) {
        return Beside.of(target, SUFFIX);
    }

    /** Whether a later run will look for it: else its name is random. */
    boolean isShared() {
        return witness != null;
    }

    /** Makes a new one; null if there is one under its name, which takes {@link #open}. */
    static @Nullable PartLock create(Path target) throws IOException {
        Path path = sharedPath(target);
        if (!IN_USE.add(key(path))) {
            return unique(target);
        }
        PartLock made = null;
        try {
            made = locked(path, FileChannel.open(path, NEW), false);
        } catch (FileAlreadyExistsException e) {
            return null;
        } finally {
            if (made == null) {
                IN_USE.remove(key(path));
            }
        }
        return made == null ? unique(target) : made;
    }

    /**
     * Opens the one that is there, or makes a new one; under another name if somebody else writes it, or could.
     *
     * @throws IOException if there is something in the way, or the directory cannot be written
     */
    static PartLock open(Path target) throws IOException {
        Path path = sharedPath(target);
        for (int i = 0; i < TRIES; i++) {
            PartLock created = create(target);
            if (created != null) {
                return created;
            }
            if (isOpenHere(path) || !IN_USE.add(key(path))) {
                break;
            }
            PartLock opened = null;
            try {
                opened = isOurs(path) ? locked(path, FileChannel.open(path, OLD), true) : null;
            } catch (NoSuchFileException e) {
                continue;
            } catch (AccessDeniedException e) {
                break;
            } finally {
                if (opened == null) {
                    IN_USE.remove(key(path));
                }
            }
            if (opened != null && isOnlyName(path)) {
                return opened;
            }
            if (opened != null) {
                // Another process ended between giving the whole file its last name and taking this one from it.
                Files.delete(path);
                opened.release();
            }
        }
        return unique(target);
    }

    /** A new one under a name that nobody else has. */
    private static PartLock unique(Path target) throws IOException {
        Path path = Beside.unique(target, SUFFIX);
        return new PartLock(path, FileChannel.open(path, NEW), null, false);
    }

    /** Null if somebody else has it, or had it until now; the channel is then closed. */
    static @Nullable PartLock locked(Path path, FileChannel channel, boolean existed) throws IOException {
        FileChannel witness = null;
        try {
            if (isLocked(channel)) {
                witness = witness(path);
            }
        } catch (NoSuchFileException e) {
            // It was renamed while the lock was waited for.
            return null;
        } finally {
            if (witness == null) {
                channel.close();
            }
        }
        return witness == null ? null : new PartLock(path, channel, witness, existed);
    }

    /**
     * A second channel of the file that this process has locked, by its name; null if the name is another's. That two channels are of one file
     * the JDK tells only so: it refuses a second lock.
     */
    private static @Nullable FileChannel witness(Path path) throws IOException {
        FileChannel second = FileChannel.open(path, OLD);
        boolean same = false;
        try {
            second.tryLock();
        } catch (OverlappingFileLockException e) {
            same = true;
        } finally {
            if (!same) {
                second.close();
            }
        }
        return same ? second : null;
    }

    private static boolean isLocked(FileChannel channel) {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException | IOException e) {
            // Held here by another path, or a file system without locks.
            return false;
        }
    }

    /** Whether this process has it open, perhaps by another path. */
    private static boolean isOpenHere(Path path) {
        for (Path open : IN_USE) {
            try {
                if (Files.isSameFile(open, path)) {
                    return true;
                }
            } catch (IOException e) {
                // It is gone by now.
            }
        }
        return false;
    }

    /**
     * Whether it is a file that the user of this process made: another's could be changed by him at any time. True where nobody can tell.
     *
     * @throws FileSystemException if it is no file
     */
    private static boolean isOurs(Path path) throws IOException {
        if (!Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .isRegularFile()) {
            throw new FileSystemException(path.toString(), null, "it is in the way, and no file: " + path);
        }
        Path self = Path.of("/proc/self");
        return !hasUnixView(path)
                || !Files.exists(self)
                || Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS)
                        .equals(Files.getAttribute(self, "unix:uid"));
    }

    private static boolean isOnlyName(Path path) throws IOException {
        return !hasUnixView(path)
                || Files.getAttribute(path, "unix:nlink", LinkOption.NOFOLLOW_LINKS)
                        .equals(1);
    }

    private static boolean hasUnixView(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("unix");
    }

    private static Path key(Path path) {
        return path.toAbsolutePath().normalize();
    }

    /**
     * Gives it a name that nobody looks for, so that the lock may be lost. Whoever has opened the file by its old name gets the lock then, and
     * finds that it is not the file of that name any more.
     */
    PartLock hidden(Path target) throws IOException {
        if (witness == null) {
            return this;
        }
        Path other = Beside.unique(target, SUFFIX);
        Files.move(path, other, StandardCopyOption.ATOMIC_MOVE);
        witness.close();
        IN_USE.remove(key(path));
        return new PartLock(other, channel, null, existed);
    }

    /** Gives the right back. The file stays where it is. */
    void release() throws IOException {
        try (channel;
                FileChannel closed = witness) {
            // Closed, whatever one of them throws.
        } finally {
            if (witness != null) {
                IN_USE.remove(key(path));
            }
        }
    }
}
