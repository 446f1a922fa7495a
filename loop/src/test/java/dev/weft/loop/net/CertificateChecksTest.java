package dev.weft.loop.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.loop.Asyncio;
import dev.weft.loop.net.Certificates.Issued;
import dev.weft.loop.net.Certificates.Plan;
import dev.weft.loop.net.dial.CertificateRefusedException;
import dev.weft.loop.net.dial.CertificateRefusedException.Reason;
import dev.weft.loop.net.dial.ConnectOptions;
import dev.weft.loop.net.dial.KeyMaterial;
import dev.weft.loop.net.dial.PinMismatchException;
import dev.weft.loop.net.dial.Tls;
import dev.weft.loop.net.dial.TlsException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Which certificates of a server are taken and which refused, and with which words, by the JDK and by OpenSSL. */
@ExtendWith(BufferLeaks.class)
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CertificateChecksTest {
    private static final String HOST = "www.example.test";

    private static final Issued ROOT = Certificates.authority("Root").bySelf();
    private static final Issued INTERMEDIATE =
            Certificates.authority("Intermediate").by(ROOT);

    private static Plan leaf() {
        return Certificates.server(HOST);
    }

    private static Plan named() {
        return leaf().dns(HOST);
    }

    private static Tls.Builder trusting(Tls.Provider provider, Issued... authorities) {
        return Tls.builder()
                .provider(provider)
                .trust(Stream.of(authorities).map(Issued::certificate).toList());
    }

    /** Connects once, by a name that need not be the server's address. */
    private static void connect(Tls.Builder server, Tls.Builder client, String name) {
        Asyncio.run(() -> {
            Server listening = Streams.startServer(
                            Nets::echo,
                            Nets.HERE,
                            0,
                            ServerOptions.builder().tls(server.build()).build())
                    .await();
            ConnectOptions options = ConnectOptions.builder()
                    .tls(client.build())
                    .serverName(name)
                    .build();
            Streams.openConnection(Nets.HERE, listening.port(), options).await().close();
        });
    }

    private static CertificateRefusedException refused(Tls.Builder server, Tls.Builder client, String name) {
        TlsException e = assertThrows(TlsException.class, () -> connect(server, client, name));
        CertificateRefusedException why = assertInstanceOf(
                CertificateRefusedException.class, e.certificateProblem(), () -> e + " caused by " + e.getCause());
        assertTrue(e.getMessage().contains(why.getMessage()), e.getMessage());
        return why;
    }

    private static void assertRefused(Reason reason, String words, Issued server, Tls.Builder client) {
        CertificateRefusedException e = refused(server.server(), client, HOST);
        assertTrue(e.getMessage().contains(words), e.getMessage());
        assertEquals(reason, e.reason(), e.getMessage());
    }

    @ParameterizedTest
    @EnumSource(Tls.Provider.class)
    void whatIsRightIsTaken(Tls.Provider provider) {
        Tls.Builder client = trusting(provider, ROOT);
        connect(named().by(ROOT).server(), client, HOST);
        connect(named().by(INTERMEDIATE).server(), client, HOST);
        connect(named().rsa(2048).by(INTERMEDIATE).server(), client, HOST);
        connect(leaf().dns("*.example.test").by(ROOT).server(), client, HOST);
        connect(leaf().dns("other.test").dns(HOST).by(ROOT).server(), client, HOST.toUpperCase(Locale.ROOT));
        connect(leaf().ip("127.0.0.1").by(ROOT).server(), client, "127.0.0.1");
        connect(leaf().ip("::1").by(ROOT).server(), client, "0:0:0:0:0:0:0:1");
        connect(named().purpose(KeyPurposeId.id_kp_serverAuth).by(ROOT).server(), client, HOST);
        Issued itself = named().bySelf();
        connect(itself.server(), trusting(provider, itself), HOST);
    }

    @ParameterizedTest
    @EnumSource(Tls.Provider.class)
    void outOfDate(Tls.Provider provider) {
        Tls.Builder client = trusting(provider, ROOT);
        for (Issued by : List.of(ROOT, INTERMEDIATE)) {
            assertRefused(
                    Reason.EXPIRED,
                    "the certificate has expired (it was valid until ",
                    named().days(-20, -10).by(by),
                    client);
        }
        assertRefused(
                Reason.NOT_YET_VALID,
                "the certificate is not valid yet (from ",
                named().days(10, 20).by(ROOT),
                client);
        Issued gone = Certificates.authority("Gone").days(-20, -10).by(ROOT);
        assertRefused(
                Reason.EXPIRED,
                "the certificate depends on one that has expired",
                named().days(-15, 1).by(gone),
                client);
    }

    @ParameterizedTest
    @EnumSource(Tls.Provider.class)
    void anotherHosts(Tls.Provider provider) {
        Tls.Builder client = trusting(provider, ROOT);
        assertRefused(
                Reason.WRONG_HOST,
                "the certificate is for another host: it names other.example.test, not " + HOST,
                leaf().dns("other.example.test").by(ROOT),
                client);
        assertRefused(
                Reason.WRONG_HOST,
                "it has no subjectAltName, and the common name does not count",
                leaf().by(ROOT),
                client);
        for (String pattern : List.of("w*.example.test", "*.test", "www.*.test", "*.*.test", "*.www.example.test")) {
            assertRefused(
                    Reason.WRONG_HOST,
                    "is for another host",
                    leaf().dns(pattern).by(ROOT),
                    client);
        }
        Tls.Builder byName = leaf().dns("127.0.0.1").by(ROOT).server();
        assertEquals(Reason.WRONG_HOST, refused(byName, client, "127.0.0.1").reason());
        Tls.Builder otherAddress = leaf().ip("127.0.0.2").by(ROOT).server();
        CertificateRefusedException e = refused(otherAddress, client, "127.0.0.1");
        assertEquals(Reason.WRONG_HOST, e.reason());
        assertTrue(e.getMessage().endsWith("it names 127.0.0.2, not 127.0.0.1"), e.getMessage());
        connect(otherAddress, trusting(provider, ROOT).verifyHostname(false), HOST);
    }

    @ParameterizedTest
    @EnumSource(Tls.Provider.class)
    void byNobodyWhoIsTrusted(Tls.Provider provider) {
        Tls.Builder client = trusting(provider, ROOT);
        assertRefused(Reason.SELF_SIGNED, "the certificate is signed by itself", named().bySelf(), client);
        Issued stranger = Certificates.authority("Stranger").bySelf();
        Issued strangers = named().by(stranger);
        assertRefused(
                Reason.UNKNOWN_AUTHORITY,
                "the certificate leads to CN=Stranger, which is not trusted here",
                strangers,
                client);
        Issued withRoot = new Issued(
                strangers.keys(), strangers.certificate(), List.of(strangers.certificate(), stranger.certificate()));
        assertRefused(
                Reason.UNKNOWN_AUTHORITY,
                "the certificate is signed by CN=Stranger, which is not trusted here",
                withRoot,
                client);
        Issued deep = named().by(INTERMEDIATE);
        assertRefused(
                Reason.UNKNOWN_AUTHORITY,
                "leads to CN=Intermediate, which is not trusted here: nobody knows it, or the server does not send",
                new Issued(deep.keys(), deep.certificate(), List.of(deep.certificate())),
                client);
    }

    @ParameterizedTest
    @EnumSource(Tls.Provider.class)
    void forAnotherUse(Tls.Provider provider) {
        Tls.Builder client = trusting(provider, ROOT);
        assertRefused(
                Reason.WRONG_USAGE,
                "the certificate may not be used by a server",
                named().purpose(KeyPurposeId.id_kp_clientAuth).by(ROOT),
                client);
        // Who is no authority may not sign others.
        assertRefused(Reason.OTHER, "is not to be trusted", named().by(named().by(ROOT)), client);
    }

    @ParameterizedTest
    @EnumSource(Tls.Provider.class)
    void tooWeak(Tls.Provider provider) {
        Issued rsaRoot = Certificates.authority("RSA root").rsa(2048).bySelf();
        Tls.Builder client = trusting(provider, ROOT, rsaRoot);
        assertRefused(
                Reason.WEAK,
                "the certificate has a key that is too short: RSA, 1024 bits",
                named().rsa(1024).by(ROOT),
                client);
        assertRefused(
                Reason.WEAK,
                "the certificate has a signature of a broken kind: SHA1withRSA",
                named().rsa(2048).signedWith("SHA1withRSA").by(rsaRoot),
                client);
        Issued weakLink = Certificates.authority("Weak")
                .rsa(2048)
                .signedWith("SHA1withRSA")
                .by(rsaRoot);
        assertRefused(
                Reason.WEAK,
                "the certificate depends on one that has a signature of a broken kind",
                named().by(weakLink),
                client);
    }

    /** Whoever brings a trust manager decides on all but the name. */
    @ParameterizedTest
    @EnumSource(Tls.Provider.class)
    void aTrustManagersOwnJudgement(Tls.Provider provider) {
        Issued rsaRoot = Certificates.authority("RSA root").rsa(2048).bySelf();
        Tls.Builder sha1 =
                named().rsa(2048).signedWith("SHA1withRSA").by(rsaRoot).server();
        Tls.Builder client = Tls.builder().provider(provider).trust(KeyMaterial.trust(List.of(rsaRoot.certificate())));
        connect(sha1, client, HOST);
        assertEquals(Reason.WRONG_HOST, refused(sha1, client, "other.test").reason());
        assertThrows(
                IllegalArgumentException.class,
                () -> client.trustAlso(List.of(ROOT.certificate())).build());
    }

    @ParameterizedTest
    @EnumSource(Tls.Provider.class)
    void anAuthorityBesideOthers(Tls.Provider provider) {
        Tls.Builder mine = named().by(ROOT).server();
        List<X509Certificate> root = List.of(ROOT.certificate());
        connect(mine, Tls.builder().provider(provider).trustAlso(root), HOST);
        Issued second = Certificates.authority("Second").bySelf();
        Tls.Builder both = trusting(provider, second).trustAlso(root);
        connect(mine, both, HOST);
        connect(named().by(second).server(), both, HOST);
        Issued third = Certificates.authority("Third").bySelf();
        assertRefused(Reason.UNKNOWN_AUTHORITY, "CN=Third", named().by(third), both);
    }

    private static byte[] sha256(byte[] bytes) throws Exception {
        return MessageDigest.getInstance("SHA-256").digest(bytes);
    }

    private static String pin(X509Certificate certificate) throws Exception {
        return "sha256/"
                + Base64.getEncoder()
                        .encodeToString(sha256(certificate.getPublicKey().getEncoded()));
    }

    /** H195, H196. */
    @ParameterizedTest
    @EnumSource(Tls.Provider.class)
    void pins(Tls.Provider provider) throws Exception {
        Issued issued = named().by(ROOT);
        Tls.Builder good = issued.server();
        String right = pin(issued.certificate());
        String wrong = pin(ROOT.certificate());
        connect(good, trusting(provider, ROOT).pin(right), HOST);
        connect(good, trusting(provider, ROOT).pin(wrong).pin(right), HOST);
        byte[] whole = sha256(issued.certificate().getEncoded());
        connect(good, trusting(provider, ROOT).pinCertificate(whole), HOST);
        connect(good, Tls.builder().provider(provider).insecure().pin(right), "other.test");

        for (Tls.Builder client : List.of(
                trusting(provider, ROOT).pin(wrong),
                Tls.builder().provider(provider).insecure().pin(wrong))) {
            PinMismatchException e = assertInstanceOf(PinMismatchException.class, refused(good, client, HOST));
            assertEquals(Set.of(wrong), e.expected());
            assertEquals(right, e.got());
            assertEquals(HOST, e.host());
            assertTrue(e.port() > 0);
            assertEquals("the certificate has the key " + right + ", but pinned is " + wrong, e.getMessage());
        }
        // A pin is no trust.
        assertRefused(
                Reason.UNKNOWN_AUTHORITY,
                "leads to CN=Root",
                issued,
                trusting(provider, INTERMEDIATE).pin(right));
    }

    static Stream<Arguments> oldVersions() {
        return EnumSet.allOf(Tls.Provider.class).stream()
                .flatMap(provider -> Stream.of("TLSv1", "TLSv1.1").map(version -> Arguments.of(provider, version)));
    }

    /** Only OpenSSL still serves those. */
    @ParameterizedTest
    @MethodSource("oldVersions")
    void versionsBefore12(Tls.Provider provider, String version) {
        Tls.Builder old = named().rsa(2048)
                .by(ROOT)
                .server()
                .provider(Tls.Provider.OPENSSL)
                .protocols(version);
        TlsException e = assertThrows(TlsException.class, () -> connect(old, trusting(provider, ROOT), HOST));
        assertEquals(null, e.certificateProblem());
        if (provider == Tls.Provider.OPENSSL) {
            connect(old, trusting(provider, ROOT).protocols(version), HOST);
        }
    }

    @Test
    void theOldestVersion() {
        assertEquals(List.of("TLSv1.3", "TLSv1.2"), Tls.client().protocols());
        assertEquals(
                List.of("TLSv1.3"),
                Tls.builder().minVersion(Tls.Version.TLS_1_3).build().protocols());
        Tls.Builder twelve = named().by(ROOT).server().protocols("TLSv1.2");
        for (Tls.Provider provider : Tls.Provider.values()) {
            connect(twelve, trusting(provider, ROOT), HOST);
            assertThrows(
                    TlsException.class,
                    () -> connect(twelve, trusting(provider, ROOT).minVersion(Tls.Version.TLS_1_3), HOST));
        }
    }
}
