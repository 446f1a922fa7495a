package dev.weft.http.message;

import org.jspecify.annotations.Nullable;

/** The server's certificate is not to be trusted: unknown issuer, another host's, expired. Source: aiohttp's {@code ClientConnectorCertificateError}. */
public sealed class CertificateException extends TlsException permits PinMismatchException {
    private static final long serialVersionUID = 1;

    /** Says what happened, and why if that is known. */
    public CertificateException(@Nullable ClientRequest request, String reason, @Nullable Throwable cause) {
        super(request, reason, cause);
    }
}
