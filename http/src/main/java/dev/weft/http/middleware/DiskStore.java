package dev.weft.http.middleware;

import dev.weft.loop.Asyncio;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A cache in files: {@code <2 hex>/<64 hex of the key>-<32 hex variant>.entry}. The time of a file's last change is that of its last use.
 *
 * <p>Any loop; every method works on a thread of the loop's executor. Several processes may use the directory: a file appears by one atomic
 * rename, and one that another process removed meanwhile is simply not there. {@code bytes} is a guess, since others write too: before
 * anything is evicted the directory is measured.
 */
final class DiskStore implements CacheStore {
    private static final String ENTRY = "[0-9a-f]{64}-[0-9a-f]{32}\\.entry";
    private static final String UNFINISHED = "[0-9a-f]{64}-[0-9a-f]{32}\\..*\\.tmp";
    /** After this time nobody writes an unfinished file any more: its process ended. */
    private static final Duration ABANDONED = Duration.ofHours(1);

    private final Path directory;
    private final long maxBytes;
    private final InstantSource clock;
    /** About how many bytes there are; below 0: not measured yet. Guarded by this. */
    private long bytes = -1;

    DiskStore(Path directory, long maxBytes, InstantSource clock) {
        this.directory = directory;
        this.maxBytes = maxBytes;
        this.clock = clock;
    }

    private record Stored(Path file, long size, Instant used) {}

    @Override
    public @Nullable CacheEntry find(String key, Predicate<CacheEntry> selects) {
        return Asyncio.<@Nullable CacheEntry>toThread(() -> newest(key, selects))
                .await();
    }

    private @Nullable CacheEntry newest(String key, Predicate<CacheEntry> selects) throws IOException {
        CacheEntry newest = null;
        Path where = null;
        for (Path file : filesOf(key)) {
            CacheEntry entry = read(file);
            if (entry != null && entry.key().equals(key) && selects.test(entry) && isNewer(entry, newest)) {
                newest = entry;
                where = file;
            }
        }
        if (where != null) {
            touch(where);
        }
        return newest;
    }

    private static boolean isNewer(CacheEntry entry, @Nullable CacheEntry other) {
        return other == null || entry.received().isAfter(other.received());
    }

    private @Nullable CacheEntry read(Path file) throws IOException {
        byte[] content;
        try {
            content = Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            return null;
        }
        CacheEntry entry = EntryFile.read(content);
        if (entry == null) {
            Files.deleteIfExists(file);
        }
        return entry;
    }

    private void touch(Path file) {
        try {
            Files.setLastModifiedTime(file, FileTime.from(clock.instant()));
        } catch (IOException e) {
            // Another process removed it, or the disk is read-only: it is still a hit.
        }
    }

    @Override
    public void put(CacheEntry entry) {
        Asyncio.toThread(() -> write(entry)).await();
    }

    private void write(CacheEntry entry) throws IOException {
        byte[] content = EntryFile.write(entry);
        if (content.length > maxBytes) {
            return;
        }
        String name = Digests.sha256(entry.key()) + "-" + entry.variant();
        Path folder = madeFolder(name);
        Path file = folder.resolve(name + ".entry");
        Path unfinished = Files.createTempFile(folder, name + ".", ".tmp");
        try {
            Files.write(unfinished, content);
            Files.setLastModifiedTime(unfinished, FileTime.from(clock.instant()));
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(unfinished);
        }
        makeRoom(file, content.length);
    }

    private Path madeFolder(String name) throws IOException {
        FileAttribute<?>[] owners =
                FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
                        ? new FileAttribute<?>[] {
                            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
                        }
                        : new FileAttribute<?>[0];
        return Files.createDirectories(directory.resolve(name.substring(0, 2)), owners);
    }

    /**
     * Evicts what was not used for longest, but not what was just written; and a tenth more than it must, so that not every entry costs a look
     * at all of them.
     */
    private synchronized void makeRoom(Path written, long added) throws IOException {
        bytes = bytes < 0 ? measured() : bytes + added;
        if (bytes <= maxBytes) {
            return;
        }
        List<Stored> all = entries();
        all.sort(Comparator.comparing(Stored::used));
        long left = all.stream().mapToLong(Stored::size).sum();
        long wanted = left > maxBytes ? maxBytes - maxBytes / 10 : maxBytes;
        for (Stored oldest : all) {
            if (left <= wanted) {
                break;
            }
            if (!oldest.file().equals(written)) {
                Files.deleteIfExists(oldest.file());
                left -= oldest.size();
            }
        }
        bytes = left;
    }

    private long measured() throws IOException {
        return entries().stream().mapToLong(Stored::size).sum();
    }

    /** All entries there are. Removes what a process left unfinished. */
    private List<Stored> entries() throws IOException {
        List<Stored> all = new ArrayList<>();
        for (Path folder : list(directory, "[0-9a-f]{2}")) {
            for (Path file : list(folder, ENTRY + "|" + UNFINISHED)) {
                try {
                    BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
                    Instant used = attributes.lastModifiedTime().toInstant();
                    if (file.toString().endsWith(".entry")) {
                        all.add(new Stored(file, attributes.size(), used));
                    } else if (used.plus(ABANDONED).isBefore(clock.instant())) {
                        Files.deleteIfExists(file);
                    }
                } catch (NoSuchFileException e) {
                    // Another process was faster.
                }
            }
        }
        return all;
    }

    @Override
    public void remove(String key) {
        Asyncio.toThread(() -> delete(filesOf(key))).await();
    }

    @Override
    public void clear() {
        Asyncio.toThread(() -> delete(entries().stream().map(Stored::file).toList()))
                .await();
    }

    private void delete(List<Path> files) throws IOException {
        long freed = 0;
        for (Path file : files) {
            try {
                freed += Files.size(file);
                Files.delete(file);
            } catch (NoSuchFileException e) {
                // Another process was faster.
            }
        }
        synchronized (this) {
            bytes = bytes < 0 ? bytes : Math.max(0, bytes - freed);
        }
    }

    @Override
    public Usage usage() {
        return Asyncio.toThread(() -> {
                    List<Stored> all = entries();
                    return new Usage(
                            all.size(), all.stream().mapToLong(Stored::size).sum());
                })
                .await();
    }

    private List<Path> filesOf(String key) throws IOException {
        String digest = Digests.sha256(key);
        return list(directory.resolve(digest.substring(0, 2)), digest + "-[0-9a-f]{32}\\.entry");
    }

    private static List<Path> list(Path folder, String names) throws IOException {
        Pattern pattern = Pattern.compile(names);
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(
                folder, file -> pattern.matcher(file.getFileName().toString()).matches())) {
            stream.forEach(files::add);
        } catch (NoSuchFileException | NotDirectoryException e) {
            // Nothing was stored there yet.
        }
        return files;
    }
}
