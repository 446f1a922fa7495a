package dev.weft.loop.net.dial;

import com.google.errorprone.annotations.CheckReturnValue;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.KeyManager;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * TLS settings, for either end of a connection. Immutable; make one and share it, among loops too: the contexts that are made from
 * it are kept with it. Source: {@code ssl.SSLContext} as asyncio uses it.
 */
@CheckReturnValue
public final class Tls {
    private static final Tls CLIENT = builder().build();

    private final @Nullable TrustManager trust;
    private final @Nullable KeyManager key;
    private final boolean trustAll;
    private final boolean verifyHostname;
    private final boolean requireClientCertificate;
    private final List<String> protocols;
    private final List<String> ciphers;
    private final List<String> applicationProtocols;
    private final Duration handshakeTimeout;
    private final Duration shutdownTimeout;
    private final Provider provider;

    private Tls(Builder builder) {
        trust = builder.trust;
        key = builder.key;
        trustAll = builder.trustAll;
        verifyHostname = builder.verifyHostname;
        requireClientCertificate = builder.requireClientCertificate;
        protocols = builder.protocols;
        ciphers = builder.ciphers;
        applicationProtocols = builder.applicationProtocols;
        handshakeTimeout = builder.handshakeTimeout;
        shutdownTimeout = builder.shutdownTimeout;
        provider = builder.provider;
    }

    /** Who does the cryptography. */
    public enum Provider {
        /** OpenSSL if netty-tcnative is there, else the JDK. */
        AUTO,
        /** The JDK. */
        JDK,
        /** OpenSSL, through netty-tcnative. */
        OPENSSL
    }

    /** A client that trusts whom the JDK trusts and checks that the certificate is the host's. */
    public static Tls client() {
        return CLIENT;
    }

    /** Settings to be set one by one. */
    public static Builder builder() {
        return new Builder();
    }

    /** Who is trusted, null for the JDK's authorities. */
    public @Nullable TrustManager trust() {
        return trust;
    }

    /** The own certificate, null for none. */
    public @Nullable KeyManager key() {
        return key;
    }

    /** Whether any certificate is taken. */
    public boolean trustsAll() {
        return trustAll;
    }

    /** Whether a client checks that the certificate is the host's. */
    public boolean verifiesHostname() {
        return verifyHostname;
    }

    /** Whether a server demands a certificate of its clients. */
    public boolean requiresClientCertificate() {
        return requireClientCertificate;
    }

    /** The versions to offer, empty for the provider's. */
    public List<String> protocols() {
        return protocols;
    }

    /** The cipher suites to offer, empty for the provider's. */
    public List<String> ciphers() {
        return ciphers;
    }

    /** The application protocols to offer (ALPN), the best first. */
    public List<String> applicationProtocols() {
        return applicationProtocols;
    }

    /** How long the handshake may take. */
    public Duration handshakeTimeout() {
        return handshakeTimeout;
    }

    /** How long closing waits for what is unsent, and then for the peer's goodbye. */
    public Duration shutdownTimeout() {
        return shutdownTimeout;
    }

    /** Who does the cryptography. */
    public Provider provider() {
        return provider;
    }

    /** Sets TLS settings. */
    public static final class Builder {
        private @Nullable TrustManager trust;
        private @Nullable KeyManager key;
        private boolean trustAll;
        private boolean verifyHostname = true;
        private boolean requireClientCertificate;
        private List<String> protocols = List.of();
        private List<String> ciphers = List.of();
        private List<String> applicationProtocols = List.of();
        private Duration handshakeTimeout = Duration.ofSeconds(60);
        private Duration shutdownTimeout = Duration.ofSeconds(30);
        private Provider provider = Provider.AUTO;

        private Builder() {}

        /** Trusts whom this object trusts, instead of the JDK's authorities. */
        public Builder trust(TrustManager value) {
            trust = Objects.requireNonNull(value, "trust");
            return this;
        }

        /** Trusts these certificates and what they have signed, instead of the JDK's authorities. */
        public Builder trust(List<X509Certificate> authorities) {
            return trust(KeyMaterial.trust(authorities));
        }

        /**
         * Trusts the certificates of a PEM file, instead of the JDK's authorities.
         *
         * @throws java.io.UncheckedIOException if the file cannot be read
         * @throws IllegalArgumentException if there is no certificate in it
         */
        public Builder trust(Path pem) {
            return trust(KeyMaterial.certificates(pem));
        }

        /** Takes any certificate for any host. For tests: whoever is on the way can read along. */
        public Builder insecure() {
            trustAll = true;
            verifyHostname = false;
            return this;
        }

        /** Whether a client checks that the certificate is the host's; default true. */
        public Builder verifyHostname(boolean value) {
            verifyHostname = value;
            return this;
        }

        /** The own certificate; a server needs one. */
        public Builder key(KeyManager value) {
            key = Objects.requireNonNull(value, "key");
            return this;
        }

        /** The own certificate, the chain that proves it, and its key. */
        public Builder key(PrivateKey privateKey, List<X509Certificate> chain) {
            return key(KeyMaterial.key(privateKey, chain));
        }

        /**
         * The own certificate, from two PEM files.
         *
         * @param chain the certificate and what proves it
         * @param privateKey its key, in PKCS#8 and not encrypted
         * @throws java.io.UncheckedIOException if one cannot be read
         * @throws IllegalArgumentException if one does not hold what it should
         */
        public Builder key(Path chain, Path privateKey) {
            return key(KeyMaterial.privateKey(privateKey), KeyMaterial.certificates(chain));
        }

        /** Whether a server demands a certificate of its clients; default false. */
        public Builder requireClientCertificate(boolean value) {
            requireClientCertificate = value;
            return this;
        }

        /** The versions to offer, as the JDK names them; default what the provider offers. */
        public Builder protocols(String... names) {
            protocols = List.of(names);
            return this;
        }

        /** The cipher suites to offer, as the JDK names them; default what the provider offers. */
        public Builder ciphers(String... names) {
            ciphers = List.of(names);
            return this;
        }

        /** The application protocols to offer (ALPN), the best first; default none. */
        public Builder applicationProtocols(String... names) {
            applicationProtocols = List.of(names);
            return this;
        }

        /** How long the handshake may take; default 60 s. Zero does not limit it. */
        public Builder handshakeTimeout(Duration value) {
            handshakeTimeout = notNegative(value);
            return this;
        }

        /** How long closing waits for what is unsent, and then for the peer's goodbye; default 30 s. Zero does not wait. */
        public Builder shutdownTimeout(Duration value) {
            shutdownTimeout = notNegative(value);
            return this;
        }

        /** Who does the cryptography; default {@link Provider#AUTO}. */
        public Builder provider(Provider value) {
            provider = Objects.requireNonNull(value, "provider");
            return this;
        }

        private static Duration notNegative(Duration value) {
            if (value.isNegative()) {
                throw new IllegalArgumentException("a timeout cannot be negative: " + value);
            }
            return value;
        }

        /** The settings. */
        public Tls build() {
            return new Tls(this);
        }
    }
}
