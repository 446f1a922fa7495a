package dev.weft.http.message;

import org.jspecify.annotations.Nullable;

/** The body is not what its {@code Content-Encoding} says: corrupt, cut short, or a coding that is not known here. */
public final class DecodeException extends ClientException {
    private static final long serialVersionUID = 1;

    /** Says what happened, and why if that is known. */
    public DecodeException(@Nullable ClientRequest request, String reason, @Nullable Throwable cause) {
        super(request, reason, cause);
    }
}
