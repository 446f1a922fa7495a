package dev.weft.loop.net;

import dev.weft.loop.net.dial.Tls;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Certificates for tests, good ones and bad ones. */
final class Certificates {
    private static final AtomicLong SERIAL = new AtomicLong(1);

    private Certificates() {}

    /** A certificate, its key, and those that lead from it to a root, without the root. */
    record Issued(KeyPair keys, X509Certificate certificate, List<X509Certificate> chain) {
        Tls.Builder server() {
            return Tls.builder().key(keys.getPrivate(), chain);
        }
    }

    /** What is to be in a certificate; valid from yesterday to tomorrow unless said otherwise. */
    static final class Plan {
        private final String name;
        private final List<GeneralName> names = new ArrayList<>();
        private Instant from = Instant.now().minus(Duration.ofDays(1));
        private Instant until = Instant.now().plus(Duration.ofDays(1));
        private boolean authority;
        private KeyPurposeId purpose;
        private String keyAlgorithm = "EC";
        private int bits = 256;
        private String signature;

        private Plan(String name) {
            this.name = name;
        }

        Plan dns(String host) {
            names.add(new GeneralName(GeneralName.dNSName, host));
            return this;
        }

        Plan ip(String address) {
            names.add(new GeneralName(GeneralName.iPAddress, address));
            return this;
        }

        Plan days(int first, int last) {
            from = Instant.now().plus(Duration.ofDays(first));
            until = Instant.now().plus(Duration.ofDays(last));
            return this;
        }

        Plan purpose(KeyPurposeId only) {
            purpose = only;
            return this;
        }

        Plan rsa(int length) {
            keyAlgorithm = "RSA";
            bits = length;
            return this;
        }

        Plan signedWith(String algorithm) {
            signature = algorithm;
            return this;
        }

        Issued bySelf() {
            return by(null);
        }

        Issued by(Issued issuer) {
            try {
                return issue(issuer);
            } catch (GeneralSecurityException | OperatorCreationException | CertIOException e) {
                throw new AssertionError(e);
            }
        }

        private Issued issue(Issued issuer)
                throws GeneralSecurityException, OperatorCreationException, CertIOException {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(keyAlgorithm);
            generator.initialize(bits);
            KeyPair keys = generator.generateKeyPair();
            KeyPair signing = issuer == null ? keys : issuer.keys;
            X500Name subject = new X500Name("CN=" + name);
            JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    issuer == null
                            ? subject
                            : X500Name.getInstance(
                                    issuer.certificate.getSubjectX500Principal().getEncoded()),
                    BigInteger.valueOf(SERIAL.getAndIncrement()),
                    Date.from(from),
                    Date.from(until),
                    subject,
                    keys.getPublic());
            if (authority) {
                builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
            }
            if (!names.isEmpty()) {
                builder.addExtension(
                        Extension.subjectAlternativeName, false, new GeneralNames(names.toArray(GeneralName[]::new)));
            }
            if (purpose != null) {
                builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose));
            }
            String algorithm = signature != null
                    ? signature
                    : signing.getPrivate().getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
            X509Certificate certificate = new JcaX509CertificateConverter()
                    .getCertificate(builder.build(new JcaContentSignerBuilder(algorithm).build(signing.getPrivate())));
            List<X509Certificate> chain = new ArrayList<>(List.of(certificate));
            if (issuer != null && !issuer.chain.isEmpty()) {
                chain.addAll(issuer.chain);
            }
            boolean root = authority && issuer == null;
            return new Issued(keys, certificate, root ? List.of() : chain);
        }
    }

    /** One who may sign others. */
    static Plan authority(String name) {
        Plan plan = new Plan(name);
        plan.authority = true;
        return plan;
    }

    /** A server's; it has no names but the common one yet. */
    static Plan server(String commonName) {
        return new Plan(commonName);
    }
}
