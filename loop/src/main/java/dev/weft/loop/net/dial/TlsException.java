package dev.weft.loop.net.dial;

import java.io.IOException;
import java.security.cert.CertificateException;
import org.jspecify.annotations.Nullable;

/**
 * The peer was reached, but no TLS connection came of it: its certificate was refused, there is no common version, it took too
 * long. Source: {@code ssl.SSLError}.
 */
public final class TlsException extends ConnectionException {
    private static final long serialVersionUID = 1;

    /** Says which peer, and why. */
    public TlsException(String message, IOException cause) {
        super(message, cause);
    }

    /** Why the peer's certificate was refused; null if it was something else. */
    public @Nullable CertificateException certificateProblem() {
        for (Throwable cause = getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateException problem) {
                return problem;
            }
        }
        return null;
    }
}
