package dev.weft.http.message;

import org.jspecify.annotations.Nullable;

/** What the server sent is not HTTP as RFC 9112 or RFC 9113 has it. Never disguised as a response. */
public final class ProtocolException extends ClientException {
    private static final long serialVersionUID = 1;

    /** Says what happened, and why if that is known. */
    public ProtocolException(@Nullable ClientRequest request, String reason, @Nullable Throwable cause) {
        super(request, reason, cause);
    }
}
