package dev.weft.loop.net.channel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file of TLS secrets in NSS' format, a line each, as Wireshark reads it. Only its owner may read it. There is one for each path, and it
 * stays open as long as the JVM runs. Any thread.
 */
final class KeyLogFile {
    private static final Logger LOG = LoggerFactory.getLogger(KeyLogFile.class);
    private static final ConcurrentHashMap<Path, KeyLogFile> OPEN = new ConcurrentHashMap<>();

    private final Path path;
    private final FileChannel channel;

    private KeyLogFile(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /**
     * The file at a path; lines are added behind what it holds.
     *
     * @throws IllegalArgumentException if it cannot be written
     */
    static KeyLogFile open(Path path) {
        return OPEN.computeIfAbsent(path.toAbsolutePath().normalize(), KeyLogFile::create);
    }

    private static KeyLogFile create(Path path) {
        try {
            boolean posix = path.getFileSystem().supportedFileAttributeViews().contains("posix");
            if (posix && Files.notExists(path)) {
                Files.createFile(
                        path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            }
            Set<StandardOpenOption> how =
                    EnumSet.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
            KeyLogFile file = new KeyLogFile(path, FileChannel.open(path, how));
            LOG.warn("the secrets of TLS connections are written to {}: who has it can read what was sent", path);
            return file;
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot write the key log " + path + ": " + e.getMessage(), e);
        }
    }

    /** Adds a line. One write: other processes may write to the same file. */
    synchronized void write(byte[] line) {
        ByteBuffer whole = ByteBuffer.allocate(line.length + 1);
        whole.put(line).put((byte) '\n').flip();
        try {
            while (whole.hasRemaining()) {
                channel.write(whole);
            }
        } catch (IOException e) {
            LOG.warn("cannot write to the key log {}", path, e);
        }
    }
}
