package dev.weft.http.message;

import org.jspecify.annotations.Nullable;

/** The body of the request could not be read to its end, or is not as long as it says. The connection is closed. */
public final class UploadException extends ClientException {
    private static final long serialVersionUID = 1;

    /** Says what happened, and why if that is known. */
    public UploadException(@Nullable ClientRequest request, String reason, @Nullable Throwable cause) {
        super(request, reason, cause);
    }
}
