package dev.weft.loop.net.channel;

import dev.weft.loop.net.dial.Tls;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.ReferenceCountedOpenSslContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.function.Function;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLException;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Netty's contexts for TLS settings. Making one is slow (it reads the authorities' certificates), so each is kept as long as its
 * settings are in use. Any thread; who asks for one that is being made waits, who asks whether it is there does not.
 */
final class TlsContexts {
    private static final TlsContexts CLIENTS = new TlsContexts(TlsContexts::newClient);
    private static final TlsContexts SERVERS = new TlsContexts(TlsContexts::newServer);

    /** A context refers to nothing that refers to its settings: they would never be forgotten. */
    private final Map<Tls, Made> all = Collections.synchronizedMap(new WeakHashMap<>());

    private final Function<Tls, SslContext> make;

    private TlsContexts(Function<Tls, SslContext> make) {
        this.make = make;
    }

    /** A context, once it is made. Nothing is remembered of a failure. */
    private static final class Made {
        private volatile @Nullable SslContext context;

        SslContext get(Tls tls, Function<Tls, SslContext> make) {
            SslContext there = context;
            return there == null ? orMake(tls, make) : there;
        }

        private synchronized SslContext orMake(Tls tls, Function<Tls, SslContext> make) {
            SslContext there = context;
            if (there == null) {
                there = make.apply(tls);
                context = there;
            }
            return there;
        }
    }

    private Made of(Tls tls) {
        return all.computeIfAbsent(tls, absent -> new Made());
    }

    static boolean hasClient(Tls tls) {
        return CLIENTS.of(tls).context != null;
    }

    static boolean hasServer(Tls tls) {
        return SERVERS.of(tls).context != null;
    }

    /**
     * The context of a client.
     *
     * @throws IllegalArgumentException if the settings do not work
     */
    static SslContext client(Tls tls) {
        return CLIENTS.of(tls).get(tls, CLIENTS.make);
    }

    /**
     * The context of a server.
     *
     * @throws IllegalArgumentException if the settings have no certificate
     */
    static SslContext server(Tls tls) {
        return SERVERS.of(tls).get(tls, SERVERS.make);
    }

    private static SslContext newClient(Tls tls) {
        SslContextBuilder builder = SslContextBuilder.forClient();
        KeyManager key = tls.key();
        if (key != null) {
            builder.keyManager(key);
        }
        X509TrustManager trust = tls.trustsAll() ? anyone() : TrustAnchors.of(tls);
        boolean strong = !tls.trustsAll() && !tls.trustsByOwnJudgement();
        SslContext context = build(
                tls,
                builder.trustManager(new CheckedTrust(trust, strong, tls.verifiesHostname(), tls.pins()))
                        .endpointIdentificationAlgorithm(tls.verifiesHostname() ? "HTTPS" : null));
        if (context.sessionContext() instanceof OpenSslSessionContext sessions) {
            // Without keys of its own a client only takes the tickets that servers of TLS 1.2 give.
            sessions.setTicketKeys();
        }
        return context;
    }

    private static X509TrustManager anyone() {
        return (X509TrustManager) InsecureTrustManagerFactory.INSTANCE.getTrustManagers()[0];
    }

    private static SslContext newServer(Tls tls) {
        KeyManager key = tls.key();
        if (key == null) {
            throw new IllegalArgumentException("a TLS server needs a certificate: Tls.builder().key(...)");
        }
        SslContextBuilder builder = SslContextBuilder.forServer(key);
        if (tls.requiresClientCertificate()) {
            builder.clientAuth(ClientAuth.REQUIRE).trustManager(tls.trustsAll() ? anyone() : TrustAnchors.of(tls));
        }
        return build(tls, builder);
    }

    private static SslContext build(Tls tls, SslContextBuilder builder) {
        builder.protocols(tls.protocols());
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
            case OPENSSL -> {
                if (!OpenSsl.isAvailable()) {
                    throw new IllegalArgumentException(
                            "OpenSSL (netty-tcnative) is not there: " + OpenSsl.unavailabilityCause(),
                            OpenSsl.unavailabilityCause());
                }
                builder.sslProvider(SslProvider.OPENSSL);
            }
        }
        SslContext context;
        try {
            context = builder.build();
        } catch (SSLException e) {
            throw new IllegalArgumentException("these TLS settings do not work: " + e.getMessage(), e);
        }
        Path keyLog = tls.keyLog();
        if (keyLog == null) {
            return context;
        }
        if (!(context instanceof ReferenceCountedOpenSslContext open)) {
            throw new IllegalArgumentException("the key log " + keyLog
                    + " needs OpenSSL (netty-tcnative): the JDK's TLS does not give its secrets away");
        }
        OpenSslKeyLog.attach(open, keyLog);
        return context;
    }
}
