package dev.weft.loop.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.loop.Asyncio;
import dev.weft.loop.net.Certificates.Issued;
import dev.weft.loop.net.dial.ConnectOptions;
import dev.weft.loop.net.dial.Tls;
import dev.weft.loop.net.dial.Tls.Provider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is kept of a TLS connection: the session, for the next one; its secrets, for who wants to look. */
@ExtendWith(BufferLeaks.class)
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TlsSessionTest {
    private static final Issued SERVER =
            Certificates.server("localhost").dns("localhost").ip("127.0.0.1").bySelf();

    /** Is asked in a full handshake only. */
    private static final class Counting implements X509TrustManager {
        final AtomicInteger asked = new AtomicInteger();

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {
            asked.incrementAndGet();
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    private static Server serve(Tls.Builder tls) {
        return Streams.startServer(
                        Nets::echo,
                        Nets.HERE,
                        0,
                        ServerOptions.builder().tls(tls.build()).build())
                .await();
    }

    /** Connects, and says and hears something: the tickets of TLS 1.3 come with the first bytes. */
    private static void talk(Server server, Tls client) {
        ConnectOptions options = ConnectOptions.builder().tls(client).build();
        try (Connection connection =
                Streams.openConnection(Nets.HERE, server.port(), options).await()) {
            connection.writer().write(Nets.bytes("x")).await();
            assertEquals("x", Nets.text(connection.reader().readExactly(1).await()));
        }
    }

    static Stream<Arguments> pairs() {
        return Stream.of(Provider.JDK, Provider.OPENSSL)
                .flatMap(client -> Stream.of(Provider.JDK, Provider.OPENSSL)
                        .flatMap(server ->
                                Stream.of("TLSv1.2", "TLSv1.3").map(version -> Arguments.of(client, server, version))));
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void theSecondHandshakeIsResumed(Provider client, Provider server, String version) {
        Counting counting = new Counting();
        Tls tls = Tls.builder().provider(client).trust(counting).build();
        Asyncio.run(() -> {
            Server listening = serve(SERVER.server().provider(server).protocols(version));
            for (int i = 0; i < 4; i++) {
                talk(listening, tls);
            }
            assertEquals(1, counting.asked.get());
            // Other settings trust others: they have no part in it.
            talk(listening, tls.toBuilder().build());
            assertEquals(2, counting.asked.get());
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void secretsAreLogged(String version, @TempDir Path directory) throws Exception {
        Path log = directory.resolve("keys");
        Tls tls = Tls.builder()
                .provider(Provider.OPENSSL)
                .insecure()
                .protocols(version)
                .keyLog(log)
                .build();
        Asyncio.run(() -> talk(serve(SERVER.server()), tls));
        List<String> lines = Files.readAllLines(log);
        String first = version.equals("TLSv1.2") ? "CLIENT_RANDOM" : "CLIENT_HANDSHAKE_TRAFFIC_SECRET";
        assertTrue(
                lines.stream().anyMatch(line -> line.matches(first + " [0-9a-f]{64} [0-9a-f]{64,96}")),
                lines.toString());
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(log)));
        // Another context adds to it.
        Asyncio.run(() -> talk(serve(SERVER.server()), tls.toBuilder().build()));
        assertTrue(Files.readAllLines(log).size() > lines.size());
    }

    @Test
    void secretsThatCannotBeLogged(@TempDir Path directory) throws IOException {
        Path log = directory.resolve("keys");
        Tls jdk = Tls.builder().provider(Provider.JDK).insecure().keyLog(log).build();
        Path nowhere = directory.resolve("no/such/directory/keys");
        Tls lost = jdk.toBuilder().provider(Provider.OPENSSL).keyLog(nowhere).build();
        Asyncio.run(() -> {
            Server server = serve(SERVER.server());
            IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> talk(server, jdk));
            assertEquals(
                    "the key log " + log
                            + " needs OpenSSL (netty-tcnative): the JDK's TLS does not give its secrets away",
                    e.getMessage());
            e = assertThrows(IllegalArgumentException.class, () -> talk(server, lost));
            assertTrue(e.getMessage().startsWith("cannot write the key log " + nowhere), e.getMessage());
        });
        assertTrue(Files.notExists(log));
    }
}
