package dev.weft.loop.net.channel;

import dev.weft.loop.net.dial.KeyMaterial;
import dev.weft.loop.net.dial.Tls;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** Whom a side trusts, as an object that decides. Reads the JDK's authorities, which takes a tenth of a second: not for the loop. */
final class TrustAnchors {
    private TrustAnchors() {}

    /** Who decides for these settings. */
    static X509TrustManager of(Tls tls) {
        X509TrustManager base = x509(tls.trust());
        if (tls.alsoTrusted().isEmpty()) {
            return base;
        }
        List<X509Certificate> all = new ArrayList<>(List.of(base.getAcceptedIssuers()));
        all.addAll(tls.alsoTrusted());
        return x509(KeyMaterial.trust(all));
    }

    private static X509TrustManager x509(@Nullable TrustManager given) {
        if (given instanceof X509TrustManager manager) {
            return manager;
        }
        if (given != null) {
            throw new IllegalArgumentException("a trust manager for TLS must be an X509TrustManager: " + given);
        }
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init((KeyStore) null);
            return x509(factory.getTrustManagers()[0]);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("the JDK's authorities cannot be read: " + e.getMessage(), e);
        }
    }
}
