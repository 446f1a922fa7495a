package dev.weft.http.download;

import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** How a whole file gets the name it keeps, at once or not at all. Any thread. */
final class LastName {
    private LastName() {}

    /**
     * Renames a file.
     *
     * @param replace whether one that has the name is replaced
     * @throws FileAlreadyExistsException if one has it and is not to be replaced
     */
    static void give(Path from, Path name, boolean replace) throws IOException {
        if (replace) {
            Files.move(from, name, StandardCopyOption.ATOMIC_MOVE);
            return;
        }
        try {
            // Unlike any rename it fails where there is a file.
            Files.createLink(name, from);
        } catch (FileAlreadyExistsException e) {
            throw e;
        } catch (UnsupportedOperationException | FileSystemException e) {
            // No links there; the JDK looks before it renames.
            Files.move(from, name);
            return;
        }
        Files.delete(from);
    }

    /** Has the system write down that a file has its name. */
    static void sync(Path file) throws IOException {
        if (File.separatorChar != '/') {
            // Windows opens no directories.
            return;
        }
        try (FileChannel directory = FileChannel.open(Room.directory(file), StandardOpenOption.READ)) {
            directory.force(true);
        }
    }
}
