package dev.weft.http.download;

import java.nio.file.FileSystemException;
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
                "no space left: " + (needed - usable) + " bytes short of the " + needed + " that are to be written");
    }

    /** How many bytes there should be more. */
    public long missingBytes() {
        return missingBytes;
    }
}
