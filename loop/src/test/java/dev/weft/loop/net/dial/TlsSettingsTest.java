package dev.weft.loop.net.dial;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What settings are by default, and what is wrong with wrong ones. */
class TlsSettingsTest {
    private static Path pem(String name) throws URISyntaxException {
        return Path.of(Objects.requireNonNull(TlsSettingsTest.class.getResource("/tls/" + name + ".pem"))
                .toURI());
    }

    @Test
    void theDefaultsAreAsyncios() {
        Tls client = Tls.client();
        assertSame(client, Tls.client());
        assertEquals(Duration.ofSeconds(60), client.handshakeTimeout());
        assertEquals(Duration.ofSeconds(30), client.shutdownTimeout());
        assertTrue(client.verifiesHostname());
        assertNull(client.trust());
        assertNull(client.key());
        assertEquals(Duration.ofMillis(250), ConnectOptions.DEFAULT.happyEyeballsDelay());
        assertEquals(64 * 1024, ConnectOptions.DEFAULT.limitBytes());
        assertEquals(Family.ANY, ConnectOptions.DEFAULT.family());
    }

    @ParameterizedTest
    @ValueSource(strings = {"server", "client"})
    void keysOfSeveralAlgorithmsAreRead(String name) throws Exception {
        assertNotNull(Tls.builder().key(pem(name), pem(name + "-key")).build().key());
    }

    @Test
    void aFileThatIsWrongIsNamed(@TempDir Path directory) throws Exception {
        Tls.Builder builder = Tls.builder();
        Path missing = directory.resolve("missing.pem");
        assertNames(missing, assertThrows(UncheckedIOException.class, () -> builder.trust(missing)));
        assertNames(missing, assertThrows(UncheckedIOException.class, () -> builder.key(pem("server"), missing)));
        Path empty = Files.createFile(directory.resolve("empty.pem"));
        assertNames(empty, assertThrows(IllegalArgumentException.class, () -> builder.trust(empty)));
        Path certificate = pem("server");
        assertNames(
                certificate, assertThrows(IllegalArgumentException.class, () -> builder.key(certificate, certificate)));
        Path garbage = Files.writeString(
                directory.resolve("garbage.pem"), "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
        assertNames(garbage, assertThrows(IllegalArgumentException.class, () -> builder.key(certificate, garbage)));
    }

    private static void assertNames(Path path, Exception error) {
        assertTrue(error.getMessage().contains(path.toString()), error.getMessage());
    }

    /** H200. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "md5/AAAAAAAAAAAAAAAAAAAAAA==",
                "sha1/AAAAAAAAAAAAAAAAAAAAAAAAAAA=",
                "sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAA=",
                "sha256/AAAAAAAAAAAAAAAAAAAAAA==",
                "sha256/",
                "sha256/%",
                "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
            })
    void aPinThatIsNoSha256IsRefused(String pin) {
        assertThrows(IllegalArgumentException.class, () -> Tls.builder().pin(pin));
        assertThrows(IllegalArgumentException.class, () -> Tls.builder().pinCertificate(new byte[20]));
    }

    /** One digest in 64 has a Base64 that begins with a slash; it is not curl's second one. */
    @Test
    void aPinMayBeginWithASlash() {
        String digest = "/" + "A".repeat(42) + "=";
        String once = Tls.builder().pin("sha256/" + digest).build().pins().toString();
        String twice = Tls.builder().pin("sha256//" + digest).build().pins().toString();
        assertEquals(once, twice);
        assertTrue(once.contains(digest), once);
    }

    @Test
    void pinsAddUp() {
        String one = "sha256/" + "A".repeat(43) + "=";
        Tls.Builder builder = Tls.builder();
        assertTrue(builder.build().pins().isEmpty());
        assertEquals(
                one,
                builder.pin("sha256//" + "A".repeat(43) + "=").build().pins().toString());
        assertEquals(
                one + " or certificate-" + one,
                builder.pinCertificate(new byte[32]).build().pins().toString());
    }

    @Test
    void whatIsOfferedIsMadeOnce() {
        Tls plain = Tls.builder().build();
        Tls http = plain.offering("http/1.1");
        assertSame(http, plain.offering("http/1.1"));
        assertEquals(List.of("http/1.1"), http.applicationProtocols());
        assertSame(http, http.offering("h2"));
        assertEquals(List.of(), plain.applicationProtocols());
    }

    @Test
    void settingsCanBeChanged() {
        Tls strict = Tls.builder()
                .minVersion(Tls.Version.TLS_1_3)
                .pinCertificate(new byte[32])
                .build();
        Tls.Builder changing = strict.toBuilder();
        Tls changed = changing.insecure().build();
        Tls later = changing.verifyHostname(true).build();
        assertEquals(strict.protocols(), changed.protocols());
        assertEquals(strict.pins().toString(), changed.pins().toString());
        assertTrue(changed.trustsAll());
        assertTrue(strict.verifiesHostname());
        assertTrue(later.verifiesHostname());
        assertTrue(!changed.verifiesHostname());
    }

    @Test
    void negativeTimesAndLimitsAreRefused() {
        Duration negative = Duration.ofNanos(-1);
        assertThrows(IllegalArgumentException.class, () -> Tls.builder().handshakeTimeout(negative));
        assertThrows(IllegalArgumentException.class, () -> Tls.builder().shutdownTimeout(negative));
        assertThrows(
                IllegalArgumentException.class, () -> ConnectOptions.builder().happyEyeballsDelay(negative));
        assertThrows(
                IllegalArgumentException.class, () -> ConnectOptions.builder().limitBytes(0));
    }

    @Test
    void aFailedConnectionKeepsEveryError() {
        IOException first = new IOException("a");
        IOException second = new IOException("b");
        ConnectFailedException failed = new ConnectFailedException("both", List.of(first, second));
        assertSame(first, failed.getCause());
        assertEquals(2, failed.getSuppressed().length);
        assertSame(second, failed.getSuppressed()[1]);
    }
}
