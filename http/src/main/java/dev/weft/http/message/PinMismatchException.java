package dev.weft.http.message;

import java.util.Set;

/** The server's certificate is none of those that were pinned. The connection was not used. Source: aiohttp's {@code ServerFingerprintMismatch}. */
public final class PinMismatchException extends CertificateException {
    private static final long serialVersionUID = 1;

    private final dev.weft.loop.net.dial.PinMismatchException mismatch;

    /**
     * Says whose certificate it was.
     *
     * @param peer host and port
     */
    public PinMismatchException(
            ClientRequest request, String peer, dev.weft.loop.net.dial.PinMismatchException mismatch) {
        super(request, "the certificate of " + peer + " " + mismatch.why(), mismatch);
        this.mismatch = mismatch;
    }

    /** The pins. */
    public Set<String> expected() {
        return mismatch.expected();
    }

    /** What the server's key would be pinned as. */
    public String got() {
        return mismatch.got();
    }

    /** The host's name, or the one that was asked for in its place. */
    public String host() {
        return mismatch.host();
    }

    /** The host's port. */
    public int port() {
        return mismatch.port();
    }
}
