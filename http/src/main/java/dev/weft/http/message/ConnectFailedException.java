package dev.weft.http.message;

import org.jspecify.annotations.Nullable;

/** None of the host's addresses took the connection: refused, unreachable. What each address said is {@linkplain #getSuppressed() suppressed}. */
public final class ConnectFailedException extends ClientConnectorException {
    private static final long serialVersionUID = 1;

    /** Says what happened, and why if that is known. */
    public ConnectFailedException(@Nullable ClientRequest request, String reason, @Nullable Throwable cause) {
        super(request, reason, cause);
    }
}
