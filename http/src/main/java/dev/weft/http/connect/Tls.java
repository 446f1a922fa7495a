package dev.weft.http.connect;

import dev.weft.http.connect.OffLoop.Result;
import dev.weft.http.message.Phase;
import dev.weft.http.message.TlsException;
import dev.weft.loop.Loop;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * The TLS context of a session: made once, when first needed, off the loop (reading the trust store takes a tenth of a second). On
 * BoringSSL where its native library is, else on the JDK's own TLS.
 */
final class Tls {
    private final TlsSettings settings;
    private volatile @Nullable SslSource source;

    Tls(TlsSettings settings) {
        this.settings = settings;
    }

    /** What makes handlers; waits if it has to be made first. */
    SslSource ready(Loop loop, Patience wait) {
        SslSource made = source;
        if (made != null) {
            return made;
        }
        Result<SslSource> result = wait.await(Phase.TLS, OffLoop.call(loop, "weft-tls", this::make));
        made = result.value();
        if (made == null) {
            Exception failure = result.failure();
            throw new TlsException(
                    wait.request(),
                    "TLS cannot be set up"
                            + (settings.pem() == null ? "" : " with the certificates of " + settings.pem())
                            + ": " + (failure == null ? "" : failure.getMessage()),
                    failure);
        }
        return made;
    }

    private synchronized SslSource make() throws GeneralSecurityException, SSLException {
        SslSource made = source;
        if (made == null) {
            made = new SslSource(context());
            source = made;
        }
        return made;
    }

    private SslContext context() throws GeneralSecurityException, SSLException {
        SslContextBuilder builder = SslContextBuilder.forClient()
                .sslProvider(OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK)
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        Protocol.ALPN,
                        SelectorFailureBehavior.NO_ADVERTISE,
                        SelectedListenerFailureBehavior.ACCEPT,
                        "http/1.1"));
        KeyStore anchors = settings.anchors();
        if (settings.insecure()) {
            builder.trustManager(InsecureTrustManagerFactory.INSTANCE).endpointIdentificationAlgorithm(null);
        } else {
            builder.endpointIdentificationAlgorithm("HTTPS");
        }
        if (settings.pem() != null) {
            builder.trustManager(settings.pem().toFile());
        } else if (anchors != null) {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(anchors);
            builder.trustManager(factory);
        }
        return builder.build();
    }
}
