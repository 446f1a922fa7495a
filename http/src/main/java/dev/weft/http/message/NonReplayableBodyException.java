package dev.weft.http.message;

import org.jspecify.annotations.Nullable;

/** The request would have to be sent again, but its body can be read only once. Source: aiohttp's {@code ClientPayloadError}. */
public final class NonReplayableBodyException extends ClientException {
    private static final long serialVersionUID = 1;

    /** Says what happened, and why if that is known. */
    public NonReplayableBodyException(@Nullable ClientRequest request, String reason, @Nullable Throwable cause) {
        super(request, reason, cause);
    }
}
