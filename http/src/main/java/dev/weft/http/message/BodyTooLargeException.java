package dev.weft.http.message;

import org.jspecify.annotations.Nullable;

/** A body has more bytes than the session takes into memory; see {@code ClientSession.Builder.maxBodySize}. */
public final class BodyTooLargeException extends ClientException {
    private static final long serialVersionUID = 1;

    private final long limit;

    BodyTooLargeException(@Nullable ClientRequest request, long limit) {
        super(
                request,
                "the body has more than " + limit
                        + " bytes, the limit for one in memory: stream it, or raise the limit",
                null);
        this.limit = limit;
    }

    /** The limit, in bytes. */
    public long limit() {
        return limit;
    }
}
