package dev.weft.http.download;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
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
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The right to write one unfinished file: an open channel that nobody else writes to, in this process or another. Any thread.
 *
 * <p>Invariant: who holds {@code .NAME.part} holds the system's lock of it, and has seen under that name, with the lock, the very file that is
 * open: what another process has meanwhile renamed is not touched. A lock of POSIX is lost when the process closes <em>any</em> descriptor of the
 * file, so a second channel is never opened of one that is held here ({@link #IN_USE}); setting a file's time or attributes by its
 * path does that as well.
 *
 * @param path where it is now
 * @param channel reads and writes it
 * @param isShared whether its name is the one that a later run looks for; else it is random, and nobody will
 * @param existed whether it was there already, with unknown bytes
 */
record PartLock(Path path, FileChannel channel, boolean isShared, boolean existed) {
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

    /** Makes a new one; null if there is one under its name, which takes {@link #open}. */
    static @Nullable PartLock create(Path target) throws IOException {
        Path path = sharedPath(target);
        if (!IN_USE.add(key(path))) {
            return unique(target);
        }
        PartLock made = null;
        try {
            made = createShared(path);
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
                opened = openShared(path);
            } catch (NoSuchFileException e) {
                continue;
            } catch (AccessDeniedException e) {
                break;
            } finally {
                if (opened == null) {
                    IN_USE.remove(key(path));
                }
            }
            if (opened != null) {
                return opened;
            }
        }
        return unique(target);
    }

    /** A new one under a name that nobody else has. */
    private static PartLock unique(Path target) throws IOException {
        Path path = Beside.unique(target, SUFFIX);
        return new PartLock(path, FileChannel.open(path, NEW), false, false);
    }

    /** Null if another process was quicker, which then has it. */
    private static @Nullable PartLock createShared(Path path) throws IOException {
        FileChannel channel = FileChannel.open(path, NEW);
        if (!isLocked(channel, true)) {
            channel.close();
            return null;
        }
        return new PartLock(path, channel, true, false);
    }

    /** Null if somebody else has it, or had it until now. */
    private static @Nullable PartLock openShared(Path path) throws IOException {
        Identity before = Identity.of(path);
        if (!isOurs(path)) {
            return null;
        }
        FileChannel channel = FileChannel.open(path, OLD);
        boolean ours = false;
        try {
            ours = isLocked(channel, false) && before.equals(Identity.of(path));
            if (ours && !isOnlyName(path)) {
                // Another process ended between giving the whole file its last name and taking this one from it.
                Files.delete(path);
                ours = false;
            }
        } finally {
            if (!ours) {
                channel.close();
            }
        }
        return ours ? new PartLock(path, channel, true, true) : null;
    }

    /** Which file a name stood for, for as long as it is not renamed away and back. */
    private record Identity(@Nullable Object fileKey, FileTime created) {
        static Identity of(Path path) throws IOException {
            BasicFileAttributes attributes =
                    Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (!attributes.isRegularFile()) {
                throw new FileSystemException(path.toString(), null, "it is in the way, and no file: " + path);
            }
            return new Identity(attributes.fileKey(), attributes.creationTime());
        }
    }

    /**
     * Whether the system gave the lock.
     *
     * @param otherwise what it is where the file system has no locks: what was made new is nobody else's, what was there may be
     */
    private static boolean isLocked(FileChannel channel, boolean otherwise) {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false;
        } catch (IOException e) {
            return otherwise;
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

    /** Whether the user of this process made a file: another's could be changed by him at any time. True where nobody can tell. */
    private static boolean isOurs(Path path) throws IOException {
        Path self = Path.of("/proc/self");
        if (!path.getFileSystem().supportedFileAttributeViews().contains("unix") || !Files.exists(self)) {
            return true;
        }
        return Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS)
                .equals(Files.getAttribute(self, "unix:uid"));
    }

    private static boolean isOnlyName(Path path) throws IOException {
        Map<String, Object> links =
                path.getFileSystem().supportedFileAttributeViews().contains("unix")
                        ? Files.readAttributes(path, "unix:nlink", LinkOption.NOFOLLOW_LINKS)
                        : Map.of();
        return links.getOrDefault("nlink", 1).equals(1);
    }

    private static Path key(Path path) {
        return path.toAbsolutePath().normalize();
    }

    /**
     * Gives it a name that nobody looks for, so that the lock may be lost. Whoever has opened the file by its old name gets the lock then, and
     * finds that it is not the file of that name any more.
     */
    PartLock hidden(Path target) throws IOException {
        if (!isShared) {
            return this;
        }
        Path other = Beside.unique(target, SUFFIX);
        Files.move(path, other, StandardCopyOption.ATOMIC_MOVE);
        IN_USE.remove(key(path));
        return new PartLock(other, channel, false, existed);
    }

    /** Gives the right back. The file stays where it is. */
    void release() throws IOException {
        try {
            channel.close();
        } finally {
            if (isShared) {
                IN_USE.remove(key(path));
            }
        }
    }
}
