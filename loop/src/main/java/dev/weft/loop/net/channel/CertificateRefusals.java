package dev.weft.loop.net.channel;

import dev.weft.loop.net.dial.CertificateRefusedException;
import dev.weft.loop.net.dial.CertificateRefusedException.Reason;
import java.security.PublicKey;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.CertificateRevokedException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECKey;
import java.security.interfaces.RSAKey;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What is wrong with a server's certificates, in words, and what is wrong with them beyond the JDK's opinion. Pure. */
final class CertificateRefusals {
    /** NIST SP 800-57 part 1, table 2: less than 112 bits of security. */
    private static final int SHORTEST_RSA = 2048;

    private static final int SHORTEST_EC = 224;

    private CertificateRefusals() {}

    /** Whether the JDK found that the chain is fine, but another host's. */
    static boolean isAboutTheHost(CertificateException refusal) {
        String message = String.valueOf(refusal.getMessage());
        return refusal.getCause() == null
                && (message.startsWith("No subject alternative") || message.startsWith("No name matching"));
    }

    /** A refusal of the JDK in our words. */
    static CertificateRefusedException explain(X509Certificate[] chain, CertificateException refusal) {
        if (refusal instanceof CertificateRefusedException explained) {
            return explained;
        }
        if (isAboutTheHost(refusal)) {
            return refused(Reason.WRONG_HOST, "is for another host: " + refusal.getMessage(), refusal);
        }
        if (find(refusal, CertificateExpiredException.class) != null || has(refusal, BasicReason.EXPIRED)) {
            return refused(Reason.EXPIRED, validity(chain, true), refusal);
        }
        if (find(refusal, CertificateNotYetValidException.class) != null || has(refusal, BasicReason.NOT_YET_VALID)) {
            return refused(Reason.NOT_YET_VALID, validity(chain, false), refusal);
        }
        CertificateRevokedException revoked = find(refusal, CertificateRevokedException.class);
        if (revoked != null) {
            return refused(
                    Reason.REVOKED,
                    "was revoked at " + revoked.getRevocationDate().toInstant(),
                    refusal);
        }
        if (has(refusal, BasicReason.ALGORITHM_CONSTRAINED)) {
            return refused(Reason.WEAK, "depends on what is not safe any more: " + innermost(refusal), refusal);
        }
        String said = String.valueOf(refusal.getMessage());
        String lower = said.toLowerCase(Locale.ROOT);
        if (lower.contains("key usage") || lower.contains("keyusage")) {
            return refused(Reason.WRONG_USAGE, "may not be used by a server: " + said, refusal);
        }
        return lower.contains("unable to find valid certification path")
                ? unknown(chain, refusal)
                : refused(Reason.OTHER, "is not to be trusted: " + said, refusal);
    }

    private static CertificateRefusedException unknown(X509Certificate[] chain, CertificateException refusal) {
        X509Certificate last = chain[chain.length - 1];
        if (!isSelfIssued(last)) {
            return refused(
                    Reason.UNKNOWN_AUTHORITY,
                    "leads to " + last.getIssuerX500Principal()
                            + ", which is not trusted here: nobody knows it, or the server does not send its whole chain",
                    refusal);
        }
        return chain.length == 1
                ? refused(Reason.SELF_SIGNED, "is signed by itself, so nobody vouches for it", refusal)
                : refused(
                        Reason.UNKNOWN_AUTHORITY,
                        "is signed by " + last.getSubjectX500Principal() + ", which is not trusted here",
                        refusal);
    }

    /** Whose time is over or has not come, and when. */
    private static String validity(X509Certificate[] chain, boolean over) {
        Instant now = Instant.now();
        for (X509Certificate certificate : chain) {
            Instant bound = (over ? certificate.getNotAfter() : certificate.getNotBefore()).toInstant();
            if (over ? bound.isBefore(now) : bound.isAfter(now)) {
                String what = over
                        ? "has expired (it was valid until " + bound + ")"
                        : "is not valid yet (from " + bound + " on)";
                return certificate.equals(chain[0])
                        ? what
                        : "depends on one that " + what + ": " + certificate.getSubjectX500Principal();
            }
        }
        return over ? "has expired" : "is not valid yet";
    }

    /**
     * Checks keys and signatures: authorities have not been allowed to use SHA-1 and RSA of less than 2048 bits since 2014 to 2016, but
     * the JDK takes them from any that is not its own.
     *
     * @throws CertificateRefusedException if one is too weak
     */
    static void checkStrength(X509Certificate[] chain) throws CertificateRefusedException {
        for (X509Certificate certificate : chain) {
            String whose = certificate.equals(chain[0]) ? "has" : "depends on one that has";
            String algorithm = certificate.getSigAlgName().toUpperCase(Locale.ROOT);
            // What somebody says of himself proves nothing anyway: he is trusted, or not.
            boolean counts = !isSelfIssued(certificate);
            if (counts && (algorithm.startsWith("SHA1") || algorithm.startsWith("MD"))) {
                throw refused(
                        Reason.WEAK, whose + " a signature of a broken kind: " + certificate.getSigAlgName(), null);
            }
            String weak = weakness(certificate.getPublicKey());
            if (weak != null) {
                throw refused(Reason.WEAK, whose + " a key that is too short: " + weak, null);
            }
        }
    }

    private static @Nullable String weakness(PublicKey key) {
        int bits = switch (key) {
            case RSAKey rsa -> rsa.getModulus().bitLength();
            case ECKey ec -> ec.getParams().getOrder().bitLength();
            default -> Integer.MAX_VALUE;
        };
        return bits < (key instanceof ECKey ? SHORTEST_EC : SHORTEST_RSA)
                ? key.getAlgorithm() + ", " + bits + " bits"
                : null;
    }

    private static boolean isSelfIssued(X509Certificate certificate) {
        return certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
    }

    private static CertificateRefusedException refused(Reason reason, String why, @Nullable Throwable cause) {
        return new CertificateRefusedException(reason, why, cause);
    }

    private static boolean has(Throwable failure, CertPathValidatorException.Reason reason) {
        CertPathValidatorException path = find(failure, CertPathValidatorException.class);
        return path != null && Objects.equals(path.getReason(), reason);
    }

    private static String innermost(Throwable failure) {
        CertPathValidatorException path = find(failure, CertPathValidatorException.class);
        return String.valueOf((path == null ? failure : path).getMessage());
    }

    /** The first of a kind among the causes. */
    static <T extends Throwable> @Nullable T find(Throwable failure, Class<T> type) {
        int depth = 0;
        for (Throwable cause = failure; cause != null && depth < 20; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return type.cast(cause);
            }
            depth++;
        }
        return null;
    }
}
