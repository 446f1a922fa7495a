package dev.weft.http.middleware;

import dev.weft.loop.Asyncio;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.jspecify.annotations.Nullable;

/** Files that are read and written as a whole, off the loop. Called by tasks, which wait. */
final class WholeFile {
    private WholeFile() {}

    /**
     * What a file holds; null if it is not there.
     *
     * @throws UncheckedIOException if it cannot be read
     */
    static byte @Nullable [] read(Path file) {
        return Asyncio.<byte @Nullable []>toThread(() -> {
                    try {
                        return Files.exists(file) ? Files.readAllBytes(file) : null;
                    } catch (IOException e) {
                        throw new UncheckedIOException("cannot read " + file, e);
                    }
                })
                .await();
    }

    /**
     * Replaces a file at once: nobody sees a part of it. Folders that are missing are made.
     *
     * @throws UncheckedIOException if it cannot be written; then what was there before still is
     */
    static void write(Path file, byte[] content) {
        Asyncio.toThread(() -> {
                    try {
                        replace(file.toAbsolutePath(), content);
                    } catch (IOException e) {
                        throw new UncheckedIOException("cannot write " + file, e);
                    }
                })
                .await();
    }

    private static void replace(Path file, byte[] content) throws IOException {
        Path folder = file.getParent();
        if (folder == null) {
            throw new IOException(file + " is no file");
        }
        Files.createDirectories(folder);
        Path unfinished = Files.createTempFile(folder, file.getFileName() + ".", ".tmp");
        try {
            Files.write(unfinished, content);
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }
}
