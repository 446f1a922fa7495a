package dev.weft.loop.net.channel;

import dev.weft.loop.net.dial.CertificateRefusedException;
import dev.weft.loop.net.dial.Pins;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * What a client asks of a server's certificate: somebody trusts it, it is strong enough, it is the host's, it is pinned. Whatever it fails
 * at is told in words. Any thread.
 *
 * @see CertificateRefusals
 */
final class CheckedTrust extends X509ExtendedTrustManager {
    private final X509TrustManager trust;
    private final boolean strong;
    private final boolean host;
    private final Pins pins;

    /**
     * Asks for all that is wanted.
     *
     * @param trust who decides on the chain of certificates
     * @param strong whether short keys and broken signatures are refused, beyond what {@code trust} refuses
     * @param host whether the certificate must be the host's
     */
    CheckedTrust(X509TrustManager trust, boolean strong, boolean host, Pins pins) {
        this.trust = trust;
        this.strong = strong;
        this.host = host;
        this.pins = pins;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        X509Certificate own = chain[0];
        String name = engine.getPeerHost();
        try {
            if (trust instanceof X509ExtendedTrustManager extended) {
                extended.checkServerTrusted(chain, authType, engine);
            } else {
                trust.checkServerTrusted(chain, authType);
            }
        } catch (CertificateException e) {
            if (host && CertificateRefusals.isAboutTheHost(e)) {
                ServiceIdentity.check(own, name);
            }
            throw CertificateRefusals.explain(chain, e);
        }
        if (strong) {
            CertificateRefusals.checkStrength(chain);
        }
        if (host) {
            ServiceIdentity.check(own, name);
        }
        pins.check(own, name, engine.getPeerPort());
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw withoutEngine();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw withoutEngine();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw withoutEngine();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw withoutEngine();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        throw withoutEngine();
    }

    /** Nobody asks that of a client's side; if somebody does, nobody is trusted. */
    private static CertificateRefusedException withoutEngine() {
        return new CertificateRefusedException(
                CertificateRefusedException.Reason.OTHER, "is not checked outside of a client's handshake", null);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return trust.getAcceptedIssuers();
    }
}
