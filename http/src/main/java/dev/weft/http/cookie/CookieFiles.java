package dev.weft.http.cookie;

import dev.weft.loop.Asyncio;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Files of cookies, read and written away from the loop. Called by a task, which waits meanwhile, or by a plain thread, which then does
 * the work itself.
 */
final class CookieFiles {
    /** Far beyond 3000 cookies of 4 KiB each: what is larger is no file of cookies. */
    private static final int MAX_BYTES = 64 << 20;

    private CookieFiles() {}

    static @Nullable Void save(Path file, CookieFormat format, List<Cookie> cookies) throws IOException {
        return offLoop(() -> {
            write(file, format.encode(cookies));
            return null;
        });
    }

    static List<Cookie> load(Path file, CookieFormat format, Instant now) throws IOException {
        return offLoop(() -> format.decode(read(file), file, now));
    }

    private static <T extends @Nullable Object> T offLoop(Callable<T> work) throws IOException {
        try {
            return isOnLoop() ? Asyncio.<T>toThread(work).await() : work.call();
        } catch (CompletionException e) {
            if (e.getCause() instanceof IOException failure) {
                throw failure;
            }
            throw e;
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isOnLoop() {
        try {
            var _ = Asyncio.getRunningLoop();
            return true;
        } catch (IllegalStateException plainThread) {
            return false;
        }
    }

    private static byte[] read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] content = in.readNBytes(MAX_BYTES + 1);
            if (content.length > MAX_BYTES) {
                throw new CookieFileException(file, "it has more than " + (MAX_BYTES >> 20) + " MiB", null);
            }
            return content;
        }
    }

    /** Writes beside the file and renames, so that whoever reads sees the old content or the new. */
    private static void write(Path file, byte[] content) throws IOException {
        Path target = Files.isSymbolicLink(file) ? file.toRealPath() : file.toAbsolutePath();
        Path directory = target.getParent();
        if (directory == null || Files.isDirectory(target)) {
            throw new FileSystemException(file.toString(), null, "it is a directory");
        }
        Path temporary = Files.createTempFile(directory, ".cookies-", ".tmp", ownerOnly(directory));
        try {
            try (FileChannel out = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
                ByteBuffer rest = ByteBuffer.wrap(content);
                while (rest.hasRemaining()) {
                    out.write(rest);
                }
                out.force(true);
            }
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private static FileAttribute<?>[] ownerOnly(Path directory) {
        return directory.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }
}
