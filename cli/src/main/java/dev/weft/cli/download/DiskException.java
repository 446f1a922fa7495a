package dev.weft.cli.download;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Locale;
import java.util.Objects;

/**
 * The local disk, or the permission to use it, is at fault: full, read-only, not ours. Its message names what was attempted, the
 * file and the reason, in words for the person at the terminal.
 */
public final class DiskException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /**
     * @param attempted what could not be done, to which file, as "cannot write x.iso"
     * @param cause why
     */
    public DiskException(String attempted, IOException cause) {
        super(attempted + ": " + reason(cause), cause);
    }

    /** The same, of a failure whose message says what was attempted. */
    public static DiskException of(UncheckedIOException e) {
        return new DiskException(String.valueOf(e.getMessage()), Objects.requireNonNull(e.getCause()));
    }

    /** Why the system refused, in a few words without the file's name. */
    static String reason(IOException e) {
        return switch (e) {
            case AccessDeniedException denied -> "permission denied";
            case NoSuchFileException missing -> "no such file or directory";
            case FileAlreadyExistsException exists -> "it exists and is no directory";
            case NotDirectoryException other -> "it is no directory";
            case AtomicMoveNotSupportedException move -> "the file system cannot rename it";
            case CharacterCodingException coding -> "the file system cannot hold this name";
            case FileSystemException system when system.getReason() != null -> lowerFirst(system.getReason());
            default -> e.getMessage() == null ? e.getClass().getSimpleName() : lowerFirst(e.getMessage());
        };
    }

    private static String lowerFirst(String text) {
        return text.substring(0, 1).toLowerCase(Locale.ROOT) + text.substring(1);
    }
}
