package dev.weft.loop.net.dial;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The certificates that a peer may have, by the SHA-256 of their public key (RFC 7469 section 2.4) or of all of it. None means any.
 * Immutable, pure.
 */
public final class Pins {
    /** Any certificate will do. */
    public static final Pins NONE = new Pins(Set.of());

    private static final String KEY = "sha256/";
    /** How long the Base64 of a SHA-256 is. */
    private static final int ENCODED_CHARS = 44;

    private static final String CERTIFICATE = "certificate-sha256/";
    private static final int LENGTH = 32;

    private final Set<String> pins;

    private Pins(Set<String> pins) {
        this.pins = pins;
    }

    /** Base64 may begin with a slash of its own: curl's second one makes it one longer than a digest is. */
    private static String encoded(String behindSlash) {
        return behindSlash.startsWith("/") && behindSlash.length() > ENCODED_CHARS
                ? behindSlash.substring(1)
                : behindSlash;
    }

    /**
     * These and one more.
     *
     * @param pin {@code sha256/} and the Base64 of the SHA-256 of a public key, as OkHttp has it; a second slash, as curl has it, is
     *     taken too
     * @throws IllegalArgumentException if it is not that
     */
    public Pins and(String pin) {
        int slash = pin.indexOf('/');
        if (slash < 0) {
            throw new IllegalArgumentException("the pin " + pin + " names no algorithm: it must be sha256/ and Base64");
        }
        if (!pin.startsWith(KEY)) {
            throw new IllegalArgumentException("cannot pin by " + pin.substring(0, slash) + ": it must be sha256/...");
        }
        byte[] digest;
        try {
            digest = Base64.getDecoder().decode(encoded(pin.substring(slash + 1)));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the pin " + pin + " does not end in Base64: " + e.getMessage(), e);
        }
        return with(KEY, digest);
    }

    /**
     * These and one more, of a whole certificate.
     *
     * @param sha256 the SHA-256 of its encoding
     * @throws IllegalArgumentException if it is not 32 bytes long
     */
    public Pins andCertificate(byte[] sha256) {
        return with(CERTIFICATE, sha256);
    }

    private Pins with(String kind, byte[] digest) {
        if (digest.length != LENGTH) {
            String broken = digest.length == 16 ? ", as MD5 has" : digest.length == 20 ? ", as SHA-1 has" : "";
            throw new IllegalArgumentException(
                    "a pin is a SHA-256, of 32 bytes; this one has " + digest.length + broken);
        }
        Set<String> more = new LinkedHashSet<>(pins);
        more.add(kind + Base64.getEncoder().encodeToString(digest));
        return new Pins(more);
    }

    /** Whether any certificate will do. */
    public boolean isEmpty() {
        return pins.isEmpty();
    }

    /**
     * Checks a peer's own certificate.
     *
     * @throws PinMismatchException if it is none of these
     */
    public void check(X509Certificate certificate, String host, int port)
            throws PinMismatchException, CertificateEncodingException {
        String key = KEY + hash(certificate.getPublicKey().getEncoded());
        if (!pins.isEmpty() && !pins.contains(key) && !pins.contains(CERTIFICATE + hash(certificate.getEncoded()))) {
            throw new PinMismatchException(pins, key, host, port);
        }
    }

    private static String hash(byte[] bytes) {
        try {
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** The pins. */
    @Override
    public String toString() {
        return String.join(" or ", pins);
    }
}
