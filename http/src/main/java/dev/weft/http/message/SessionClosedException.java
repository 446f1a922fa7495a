package dev.weft.http.message;

import org.jspecify.annotations.Nullable;

/** The session was closed before the request came to its end. */
public final class SessionClosedException extends ClientException {
    private static final long serialVersionUID = 1;

    /** Says what happened, and why if that is known. */
    public SessionClosedException(@Nullable ClientRequest request, String reason, @Nullable Throwable cause) {
        super(request, reason, cause);
    }
}
