package dev.weft.http.download;

import java.io.File;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;

/** Room on the disk. To look is all one can do: Java has no means to reserve it. Any thread. */
final class Room {
    private Room() {}

    /**
     * Finds out whether there is room beside a file.
     *
     * @throws DiskFullException if there is not
     */
    static void check(Path file, long neededBytes) throws DiskFullException {
        Path directory = directory(file);
        long usable = usable(directory);
        if (neededBytes > usable) {
            throw new DiskFullException(directory, neededBytes, usable);
        }
    }

    private static long usable(Path directory) {
        boolean local = directory.getFileSystem().equals(FileSystems.getDefault());
        // One system call, where a FileStore reads the table of mounts; but it says 0 also for "unknown".
        long quick = local ? new File(directory.toString()).getUsableSpace() : 0;
        if (quick > 0) {
            return quick;
        }
        try {
            return Files.getFileStore(directory).getUsableSpace();
        } catch (IOException | SecurityException | UnsupportedOperationException e) {
            return Long.MAX_VALUE;
        }
    }

    /** The same failure of a write, as one that says how much is missing if the disk is full: the system's words for that are in any language. */
    static IOException explained(IOException e, Path file, long neededBytes) {
        Path directory = directory(file);
        long usable = usable(directory);
        String message = e.getMessage();
        boolean said = message != null && message.contains("No space left");
        if (!said && usable > 0) {
            return e;
        }
        IOException told = new DiskFullException(directory, neededBytes, Math.min(usable, neededBytes - 1));
        told.initCause(e);
        return told;
    }

    static Path directory(Path file) {
        Path parent = file.toAbsolutePath().getParent();
        return parent == null ? file : parent;
    }
}
