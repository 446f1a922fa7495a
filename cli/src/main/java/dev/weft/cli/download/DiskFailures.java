package dev.weft.cli.download;

import dev.weft.cli.download.Failure.Kind;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;

/** Says in words what the local disk did. Pure; any thread. */
final class DiskFailures {
    private DiskFailures() {}

    /**
     * @param message what was attempted, as whoever failed says it; its end is the reason where it is a {@link DiskException}'s
     * @param cause what the system said
     */
    static Failure of(String message, IOException cause) {
        if (cause instanceof FileAlreadyExistsException exists) {
            return new Failure(Kind.EXISTS, "file exists", exists.getFile() + " exists");
        }
        String reason = DiskException.reason(cause);
        // The words of the JDK are the file's name alone, or the class of the cause and all it says.
        boolean plain = message.contains(reason);
        String attempted = message.equals(cause.toString()) ? String.valueOf(cause.getMessage()) : message;
        return new Failure(Kind.DISK, reason, plain ? message : attempted + ": " + reason);
    }

    /** Whether there is no room: on the disk, or in what the user may have of it. */
    static boolean isFull(IOException cause) {
        String message = String.valueOf(cause.getMessage());
        return message.contains("No space left") || message.contains("quota exceeded") || message.contains("Disk quota");
    }
}
