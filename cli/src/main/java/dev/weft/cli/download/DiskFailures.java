package dev.weft.cli.download;

import dev.weft.cli.download.Failure.Kind;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.util.Locale;

/** Says in words what the local disk did. Pure; any thread. */
final class DiskFailures {
    private DiskFailures() {}

    /**
     * @param message what was attempted, with or without the reason at its end
     * @param cause what the system said
     */
    static Failure of(String message, IOException cause) {
        if (cause instanceof FileAlreadyExistsException exists) {
            return new Failure(Kind.EXISTS, "file exists", exists.getFile() + " exists");
        }
        String reason = DiskException.reason(cause);
        if (message.toLowerCase(Locale.ROOT).endsWith(reason.toLowerCase(Locale.ROOT))) {
            int end = message.length() - reason.length();
            return new Failure(Kind.DISK, reason, attempted(message.substring(0, end), cause) + reason);
        }
        return new Failure(Kind.DISK, reason, attempted(message + ": ", cause) + reason);
    }

    /** Where only the cause has said something, its class is of no use to a person: the file is. */
    private static String attempted(String message, IOException cause) {
        if (!message.startsWith(cause.getClass().getName())) {
            return message;
        }
        String file = cause instanceof FileSystemException system ? system.getFile() : null;
        return file == null ? "" : file + ": ";
    }

    /** Whether there is no room: on the disk, or in what the user may have of it. */
    static boolean isFull(IOException cause) {
        String message = String.valueOf(cause.getMessage());
        return message.contains("No space left") || message.contains("quota exceeded") || message.contains("Disk quota");
    }
}
