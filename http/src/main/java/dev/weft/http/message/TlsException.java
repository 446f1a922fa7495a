package dev.weft.http.message;

import org.jspecify.annotations.Nullable;

/** The TLS handshake failed, or the TLS stream is broken. Source: aiohttp's {@code ClientSSLError}. */
public class TlsException extends ClientConnectorException {
    private static final long serialVersionUID = 1;

    /** Says what happened, and why if that is known. */
    public TlsException(@Nullable ClientRequest request, String reason, @Nullable Throwable cause) {
        super(request, reason, cause);
    }
}
