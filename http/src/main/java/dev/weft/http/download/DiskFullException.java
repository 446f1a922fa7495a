package dev.weft.http.download;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file system has no room for what a download has still to write. */
public final class DiskFullException extends FileSystemException {
    private static final long serialVersionUID = 1;

    private final long missingBytes;

    DiskFullException(Path directory, long needed, long usable) {
        this.missingBytes = needed - usable;
        super(
                directory.toString(),
                null,
                "no space left in " + directory + ": " + (needed - usable) + " bytes short of the " + needed
                        + " that are to be written");
    }

    /** How many bytes there should be more. */
    public long missingBytes() {
        return missingBytes;
    }

    /** Room that can be used in a directory, in bytes; as good as endless where nobody can tell. */
    static long usable(Path directory) {
        try {
            return Files.getFileStore(directory).getUsableSpace();
        } catch (IOException | SecurityException | UnsupportedOperationException e) {
            return Long.MAX_VALUE;
        }
    }
}
