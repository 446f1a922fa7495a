package dev.weft.http.message;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A body on its way into a file. Confined to the loop, where it creates, renames and removes the file; bytes are written on another thread.
 * Invariant: under the target's name there is what was there before, or the whole new file; the temporary one beside it is gone when this
 * ends, however it does.
 */
final class Download {
    /** Never through a link, and never into a file that someone else made. */
    private static final Set<OpenOption> NEW_FILE =
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);

    private Download() {}

    static Path save(BodyReader body, Path target) {
        if (Files.isDirectory(target)) {
            throw new IllegalArgumentException(target + " is a directory: name the file in it");
        }
        Path temporary = target.resolveSibling(
                ".weft-" + Long.toHexString(ThreadLocalRandom.current().nextLong()) + ".part");
        try {
            FileChannel channel = FileChannel.open(temporary, NEW_FILE);
            fill(channel, body, temporary, target);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + target + ": " + e.getMessage(), e);
        }
        return target;
    }

    private static void fill(FileChannel channel, BodyReader body, Path temporary, Path target) throws IOException {
        boolean renamed = false;
        try (channel) {
            Transfer.to(body, channel, target);
            channel.close();
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
            renamed = true;
        } finally {
            if (!renamed) {
                remove(temporary);
            }
        }
    }

    private static void remove(Path temporary) {
        try {
            Files.deleteIfExists(temporary);
        } catch (IOException e) {
            // Then it stays, under a name that says what it is.
        }
    }
}
