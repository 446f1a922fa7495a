package dev.weft.http.message;

import org.jspecify.annotations.Nullable;

/** A body is not the multipart body that its head announces: malformed, more than the limits allow, or cut off before its last boundary. */
public final class MultipartException extends ClientException {
    private static final long serialVersionUID = 1;

    /** Says what is wrong. */
    public MultipartException(@Nullable ClientRequest request, String reason) {
        super(request, reason, null);
    }
}
