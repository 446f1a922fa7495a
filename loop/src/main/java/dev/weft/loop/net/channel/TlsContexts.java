package dev.weft.loop.net.channel;

import dev.weft.loop.net.dial.Tls;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;

/**
 * Netty's contexts for TLS settings. Making one is slow (it reads the authorities' certificates), so each is kept as long as its
 * settings are in use. Any thread.
 */
final class TlsContexts {
    private static final Map<Tls, SslContext> CLIENTS = Collections.synchronizedMap(new WeakHashMap<>());
    private static final Map<Tls, SslContext> SERVERS = Collections.synchronizedMap(new WeakHashMap<>());

    private TlsContexts() {}

    static boolean hasClient(Tls tls) {
        return CLIENTS.containsKey(tls);
    }

    static boolean hasServer(Tls tls) {
        return SERVERS.containsKey(tls);
    }

    static SslContext client(Tls tls) {
        return CLIENTS.computeIfAbsent(tls, TlsContexts::newClient);
    }

    /**
     * The context of a server.
     *
     * @throws IllegalArgumentException if the settings have no certificate
     */
    static SslContext server(Tls tls) {
        return SERVERS.computeIfAbsent(tls, TlsContexts::newServer);
    }

    private static SslContext newClient(Tls tls) {
        SslContextBuilder builder = SslContextBuilder.forClient();
        KeyManager key = tls.key();
        if (key != null) {
            builder.keyManager(key);
        }
        return build(tls, builder.endpointIdentificationAlgorithm(tls.verifiesHostname() ? "HTTPS" : null));
    }

    private static SslContext newServer(Tls tls) {
        KeyManager key = tls.key();
        if (key == null) {
            throw new IllegalArgumentException("a TLS server needs a certificate: Tls.builder().key(...)");
        }
        return build(
                tls,
                SslContextBuilder.forServer(key)
                        .clientAuth(tls.requiresClientCertificate() ? ClientAuth.REQUIRE : ClientAuth.NONE));
    }

    private static SslContext build(Tls tls, SslContextBuilder builder) {
        TrustManager trust = tls.trust();
        if (tls.trustsAll()) {
            builder.trustManager(InsecureTrustManagerFactory.INSTANCE);
        } else if (trust != null) {
            builder.trustManager(trust);
        }
        if (!tls.protocols().isEmpty()) {
            builder.protocols(tls.protocols());
        }
        if (!tls.ciphers().isEmpty()) {
            builder.ciphers(tls.ciphers());
        }
        if (!tls.applicationProtocols().isEmpty()) {
            builder.applicationProtocolConfig(new ApplicationProtocolConfig(
                    Protocol.ALPN,
                    SelectorFailureBehavior.NO_ADVERTISE,
                    SelectedListenerFailureBehavior.ACCEPT,
                    tls.applicationProtocols()));
        }
        switch (tls.provider()) {
            case AUTO -> {}
            case JDK -> builder.sslProvider(SslProvider.JDK);
            case OPENSSL -> builder.sslProvider(SslProvider.OPENSSL);
        }
        try {
            return builder.build();
        } catch (SSLException e) {
            throw new IllegalArgumentException("these TLS settings do not work: " + e.getMessage(), e);
        }
    }
}
