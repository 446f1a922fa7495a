package dev.weft.loop.net.dial;

import com.google.errorprone.annotations.CheckReturnValue;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * TLS settings, for either end of a connection. Immutable; make one and share it, among loops too: the contexts that are made from
 * it are kept with it, and with them the sessions that can be resumed. The file is long because each setting has its documentation.
 * Source: {@code ssl.SSLContext} as asyncio uses it.
 */
@CheckReturnValue
public final class Tls {
    private static final Tls CLIENT = builder().build();

    private final Builder settings;
    private final @Nullable TrustManager trust;
    private final boolean ownJudgement;
    private final List<X509Certificate> alsoTrusted;
    private final Pins pins;
    private final @Nullable Path keyLog;
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

    /** The same with application protocols, by these; so that there is one of each. */
    private final Map<List<String>, Tls> offering = new ConcurrentHashMap<>();

    private Tls(Builder builder) {
        settings = builder;
        trust = builder.trust;
        ownJudgement = builder.ownJudgement;
        alsoTrusted = List.copyOf(builder.alsoTrusted);
        pins = builder.pins;
        keyLog = builder.keyLog;
        key = builder.key;
        trustAll = builder.trustAll;
        verifyHostname = builder.verifyHostname;
        requireClientCertificate = builder.requireClientCertificate;
        protocols = builder.protocols.isEmpty() ? builder.minVersion.andLater() : builder.protocols;
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

    /** A version of TLS. Those before 1.2 are broken (RFC 8996); who needs one can name it as a protocol. */
    public enum Version {
        /** RFC 5246. */
        TLS_1_2,
        /** RFC 8446. */
        TLS_1_3;

        List<String> andLater() {
            return this == TLS_1_2 ? List.of("TLSv1.3", "TLSv1.2") : List.of("TLSv1.3");
        }
    }

    /** A client that trusts whom the JDK trusts and checks that the certificate is the host's. */
    public static Tls client() {
        return CLIENT;
    }

    /** Settings to be set one by one. */
    public static Builder builder() {
        return new Builder();
    }

    /** These settings, to be changed. */
    public Builder toBuilder() {
        return new Builder(settings);
    }

    /** These settings with application protocols to offer, unless they have some; the same object each time. */
    public Tls offering(String... names) {
        return applicationProtocols.isEmpty()
                ? offering.computeIfAbsent(
                        List.of(names),
                        key -> toBuilder().applicationProtocols(names).build())
                : this;
    }

    /** Who is trusted, null for the JDK's authorities. */
    public @Nullable TrustManager trust() {
        return trust;
    }

    /** Whether {@link #trust()} was given as it is, so that nobody else judges keys and signatures. */
    public boolean trustsByOwnJudgement() {
        return ownJudgement;
    }

    /** Who is trusted beside these. */
    public List<X509Certificate> alsoTrusted() {
        return alsoTrusted;
    }

    /** What the peer's certificate must be, whoever signed it. */
    public Pins pins() {
        return pins;
    }

    /** Where the secrets of connections are written, null for nowhere. */
    public @Nullable Path keyLog() {
        return keyLog;
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

    /** The versions to offer, the newest first. */
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
        private boolean ownJudgement;
        private List<X509Certificate> alsoTrusted = List.of();
        private Pins pins = Pins.NONE;
        private @Nullable Path keyLog;
        private Version minVersion = Version.TLS_1_2;
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

        private Builder(Builder other) {
            trust = other.trust;
            ownJudgement = other.ownJudgement;
            alsoTrusted = other.alsoTrusted;
            pins = other.pins;
            keyLog = other.keyLog;
            minVersion = other.minVersion;
            key = other.key;
            trustAll = other.trustAll;
            verifyHostname = other.verifyHostname;
            requireClientCertificate = other.requireClientCertificate;
            protocols = other.protocols;
            ciphers = other.ciphers;
            applicationProtocols = other.applicationProtocols;
            handshakeTimeout = other.handshakeTimeout;
            shutdownTimeout = other.shutdownTimeout;
            provider = other.provider;
        }

        /**
         * Trusts whom this object trusts, instead of the JDK's authorities. It alone decides on keys and signatures; that the
         * certificate is the host's is checked too.
         */
        public Builder trust(TrustManager value) {
            trust = Objects.requireNonNull(value, "trust");
            ownJudgement = true;
            return this;
        }

        private Builder trustAuthorities(TrustManager value) {
            trust = value;
            ownJudgement = false;
            return this;
        }

        /** Trusts these certificates and what they have signed, instead of the JDK's authorities. */
        public Builder trust(List<X509Certificate> authorities) {
            return trustAuthorities(KeyMaterial.trust(authorities));
        }

        /**
         * Trusts the certificates of a key store and what they have signed, instead of the JDK's authorities.
         *
         * @throws IllegalArgumentException if there is none in it
         */
        public Builder trust(KeyStore authorities) {
            return trustAuthorities(KeyMaterial.trust(authorities));
        }

        /** Trusts these certificates and what they have signed too, beside the JDK's authorities or those that are set. */
        public Builder trustAlso(List<X509Certificate> authorities) {
            alsoTrusted =
                    Stream.concat(alsoTrusted.stream(), authorities.stream()).toList();
            return this;
        }

        /**
         * Trusts the certificates of a PEM file too; see {@link #trustAlso(List)}.
         *
         * @throws java.io.UncheckedIOException if the file cannot be read
         * @throws IllegalArgumentException if there is no certificate in it
         */
        public Builder trustAlso(Path pem) {
            return trustAlso(KeyMaterial.certificates(pem));
        }

        /**
         * Takes only a server whose own certificate has this public key, or another one that was pinned. In addition to every other
         * check; alone after {@link #insecure()}. Source: aiohttp's {@code Fingerprint}, RFC 7469.
         *
         * @param pin {@code sha256/} and the Base64 of the SHA-256 of the key ({@code SubjectPublicKeyInfo})
         * @throws IllegalArgumentException if it is anything else, as a shorter hash
         */
        public Builder pin(String pin) {
            pins = pins.and(pin);
            return this;
        }

        /**
         * Takes only a server that has this very certificate, or what else was pinned; see {@link #pin}.
         *
         * @param sha256 the SHA-256 of the certificate's encoding
         * @throws IllegalArgumentException if it is not 32 bytes long
         */
        public Builder pinCertificate(byte[] sha256) {
            pins = pins.andCertificate(sha256);
            return this;
        }

        /**
         * Writes the secrets of every connection to a file, in NSS' format, for Wireshark. For debugging: who has the file can read
         * everything. Needs OpenSSL; the JDK does not give its secrets away, so its connections fail then. Each line is written at once,
         * on the loop. Source: {@code SSLContext.keylog_filename}.
         */
        public Builder keyLog(Path file) {
            keyLog = Objects.requireNonNull(file, "file");
            return this;
        }

        /** The same, to the file that the environment's {@code SSLKEYLOGFILE} names; nothing if it names none. */
        public Builder keyLogFromEnvironment() {
            String file = System.getenv("SSLKEYLOGFILE");
            return file == null || file.isEmpty() ? this : keyLog(Path.of(file));
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

        /** Takes any certificate for any host, but for pins. For tests: whoever is on the way can read along. */
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

        /** The oldest version to take; default TLS 1.2. Source: {@code SSLContext.minimum_version}. */
        public Builder minVersion(Version value) {
            minVersion = Objects.requireNonNull(value, "minVersion");
            return this;
        }

        /** The versions to offer, as the JDK names them, whatever the oldest is; default from the oldest on. */
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

        /**
         * The settings.
         *
         * @throws IllegalArgumentException if somebody is to be trusted beside a trust manager, which decides alone
         */
        public Tls build() {
            if (ownJudgement && !alsoTrusted.isEmpty()) {
                throw new IllegalArgumentException("trustAlso adds to certificates, not to a trust manager");
            }
            return new Tls(new Builder(this));
        }
    }
}
