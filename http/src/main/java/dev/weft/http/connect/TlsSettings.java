package dev.weft.http.connect;

import java.nio.file.Path;
import java.security.KeyStore;
import org.jspecify.annotations.Nullable;

/**
 * Whom to trust.
 *
 * @param pem certificates to trust instead of the system's; null for none
 * @param anchors the same as a key store; null for none
 * @param insecure whether nothing is checked
 */
public record TlsSettings(@Nullable Path pem, @Nullable KeyStore anchors, boolean insecure) {
    /** The trust store of the Java runtime. */
    public static final TlsSettings SYSTEM = new TlsSettings(null, null, false);
    /** Anyone. */
    public static final TlsSettings INSECURE = new TlsSettings(null, null, true);

    /** The certificates of a PEM file. */
    public static TlsSettings trusting(Path pem) {
        return new TlsSettings(pem, null, false);
    }

    /** The certificates of a key store. */
    public static TlsSettings trusting(KeyStore anchors) {
        return new TlsSettings(null, anchors, false);
    }
}
