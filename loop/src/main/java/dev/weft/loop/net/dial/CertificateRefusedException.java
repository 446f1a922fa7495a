package dev.weft.loop.net.dial;

import java.security.cert.CertificateException;
import org.jspecify.annotations.Nullable;

/**
 * A certificate is not to be trusted. The cause of the {@link TlsException} that a connection ends with; its message is a sentence that
 * begins with "the certificate". Source: {@code ssl.SSLCertVerificationError}.
 */
public class CertificateRefusedException extends CertificateException {
    private static final long serialVersionUID = 1;

    private final Reason reason;
    private final String why;

    /**
     * Says what is wrong.
     *
     * @param why what the certificate is or does, to be put behind "the certificate"
     */
    public CertificateRefusedException(Reason reason, String why, @Nullable Throwable cause) {
        super("the certificate " + why, cause);
        this.reason = reason;
        this.why = why;
    }

    /** What is wrong with a certificate. */
    public enum Reason {
        /** Its time is over, or that of one it depends on. */
        EXPIRED,
        /** Its time, or that of one it depends on, has not begun. */
        NOT_YET_VALID,
        /** It is for other names (RFC 9525). */
        WRONG_HOST,
        /** It vouches for itself. */
        SELF_SIGNED,
        /** Whoever signed it is not trusted, or the certificates that lead to the one who is were not sent. */
        UNKNOWN_AUTHORITY,
        /** It may not be used for what it was used for. */
        WRONG_USAGE,
        /** A key is too short, or a signature is made with a broken algorithm. */
        WEAK,
        /** It was revoked. */
        REVOKED,
        /** It is valid, but none of those that were {@linkplain Tls.Builder#pin pinned}. */
        NOT_PINNED,
        /** Something else. */
        OTHER
    }

    /** What is wrong. */
    public final Reason reason() {
        return reason;
    }

    /** The message without "the certificate": what the certificate is or does. */
    public final String why() {
        return why;
    }
}
