package dev.weft.http.message;

import org.jspecify.annotations.Nullable;

/** A line, or what comes before another separator, is longer than the reader takes. Source: aiohttp's {@code LineTooLong}. */
public final class LineTooLongException extends ClientException {
    private static final long serialVersionUID = 1;

    private final int limit;

    LineTooLongException(@Nullable ClientRequest request, int limit) {
        super(request, "a line of the body has more than " + limit + " bytes, the limit for one", null);
        this.limit = limit;
    }

    /** The limit, in bytes. */
    public int limit() {
        return limit;
    }
}
