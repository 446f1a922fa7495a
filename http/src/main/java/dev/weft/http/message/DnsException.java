package dev.weft.http.message;

import org.jspecify.annotations.Nullable;

/** The host's name has no address. Source: aiohttp's {@code ClientConnectorDNSError}. */
public final class DnsException extends ClientConnectorException {
    private static final long serialVersionUID = 1;

    /** Says what happened, and why if that is known. */
    public DnsException(@Nullable ClientRequest request, String reason, @Nullable Throwable cause) {
        super(request, reason, cause);
    }
}
