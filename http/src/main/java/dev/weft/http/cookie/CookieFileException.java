package dev.weft.http.cookie;

import java.nio.file.FileSystemException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A file of cookies is there and can be read, but what is in it is not in the form asked for. The message says where and what. */
public final class CookieFileException extends FileSystemException {
    private static final long serialVersionUID = 1;

    CookieFileException(Path file, String reason, @Nullable Throwable cause) {
        super(file.toString(), null, reason);
        initCause(cause);
    }
}
