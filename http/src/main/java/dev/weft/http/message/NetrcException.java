package dev.weft.http.message;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A netrc file cannot be read, or is malformed: the message says where. Nothing of the request was sent. */
public final class NetrcException extends ClientException implements BeforeSendFailure {
    private static final long serialVersionUID = 1;

    private final transient Path file;

    NetrcException(Path file, String reason, @Nullable Throwable cause) {
        super(null, "netrc file " + file + ": " + reason, cause);
        this.file = file;
    }

    /** The file; null after serialization. */
    public Path file() {
        return file;
    }
}
