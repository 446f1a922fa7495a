package dev.weft.cli.download;

import dev.weft.cli.download.Failure.Kind;
import dev.weft.http.download.DiskFullException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;

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
        String reason = cause instanceof DiskFullException ? "no space left" : DiskException.reason(cause);
        return new Failure(Kind.DISK, reason, attempted(message, cause, reason) + reason);
    }

    /** The message without what the cause says itself: its class is of no use to a person, and its words are those of the system. */
    private static String attempted(String message, IOException cause, String reason) {
        for (String end : new String[] {cause.toString(), String.valueOf(cause.getMessage()), reason}) {
            if (message.endsWith(end)) {
                String before = message.substring(0, message.length() - end.length());
                return before.isEmpty() && cause instanceof FileSystemException system && system.getFile() != null
                        ? system.getFile() + ": "
                        : before;
            }
        }
        return message + ": ";
    }

    /** Whether there is no room: on the disk, or in what the user may have of it. */
    static boolean isFull(IOException cause) {
        String message = String.valueOf(cause.getMessage());
        return cause instanceof DiskFullException
                || message.contains("No space left")
                || message.contains("quota exceeded")
                || message.contains("Disk quota");
    }

    /** Whether it was a pipe, and whoever read it is gone. */
    static boolean isClosedPipe(IOException cause) {
        return String.valueOf(cause.getMessage()).contains("Broken pipe");
    }
}
