package dev.weft.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.http.message.CertificateException;
import dev.weft.http.message.ClientException;
import dev.weft.http.message.PinMismatchException;
import dev.weft.http.message.ProtocolException;
import dev.weft.http.message.TlsException;
import dev.weft.http.websocket.WebSocket;
import dev.weft.http.websocket.WsMessage;
import dev.weft.http.websocket.frame.Frames;
import dev.weft.loop.Asyncio;
import dev.weft.loop.Task;
import dev.weft.loop.net.IncompleteReadException;
import dev.weft.loop.net.Server;
import dev.weft.loop.net.ServerOptions;
import dev.weft.loop.net.Streams;
import dev.weft.loop.net.dial.ConnectionException;
import dev.weft.loop.net.dial.Tls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TlsTest {
    private static final char[] PASSWORD = "password".toCharArray();

    @TempDir
    static Path dir;

    private static KeyStore trusted;

    /** One authority, and what it signed: a good certificate, one for another host, one that is out of date. */
    @BeforeAll
    static void certificates() throws Exception {
        keytool(
                "-genkeypair",
                "-alias",
                "ca",
                "-dname",
                "CN=Test CA",
                "-ext",
                "bc:critical=ca:true",
                "-validity",
                "30");
        keytool(
                "-exportcert",
                "-rfc",
                "-alias",
                "ca",
                "-file",
                dir.resolve("ca.pem").toString());
        leaf("good", "san=ip:127.0.0.1,dns:localhost", "-validity", "30");
        leaf("other", "san=dns:other.example", "-validity", "30");
        leaf("old", "san=ip:127.0.0.1", "-startdate", "-10d", "-validity", "5");
        trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("ca", keys().getCertificate("ca"));
    }

    private static void leaf(String alias, String names, String... more) throws Exception {
        List<String> args = new ArrayList<>(
                List.of("-genkeypair", "-alias", alias, "-dname", "CN=" + alias, "-signer", "ca", "-ext", names));
        args.addAll(Arrays.asList(more));
        keytool(args.toArray(String[]::new));
    }

    private static void keytool(String... args) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(Arrays.asList(args));
        command.addAll(List.of("-keystore", dir.resolve("keys.p12").toString(), "-storepass", new String(PASSWORD)));
        if (args[0].equals("-genkeypair")) {
            command.addAll(List.of("-keyalg", "EC"));
        }
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(dir.resolve("keytool.log").toFile())
                .start();
        assertEquals(0, process.waitFor(), () -> {
            try {
                return Files.readString(dir.resolve("keytool.log"));
            } catch (IOException e) {
                return e.toString();
            }
        });
    }

    private static KeyStore keys() throws Exception {
        return KeyStore.getInstance(dir.resolve("keys.p12").toFile(), PASSWORD);
    }

    /** A server with one of the certificates. */
    private static RawServer server(String alias, RawServer.Script script) throws Exception {
        KeyStore one = KeyStore.getInstance("PKCS12");
        one.load(null, null);
        one.setKeyEntry(alias, keys().getKey(alias, PASSWORD), PASSWORD, keys().getCertificateChain(alias));
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(one, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(factory.getKeyManagers(), null, null);
        return RawServer.start(context.getServerSocketFactory(), peer -> {
            try {
                script.run(peer);
            } catch (SSLException e) {
                // The client did not like the certificate.
            }
        });
    }

    private static RawServer answering(String alias) throws Exception {
        return server(alias, peer -> {
            while (peer.request() != null) {
                peer.send(RawServer.OK);
            }
        });
    }

    private static String https(RawServer server) {
        return server.url("/").replace("http:", "https:");
    }

    private static <E extends ClientException> E fails(ClientSession.Builder settings, Class<E> how, String url)
            throws Exception {
        List<E> failure = new ArrayList<>();
        Client.run(
                settings,
                session -> failure.add(assertThrows(how, () -> session.get(url).await())));
        return failure.getFirst();
    }

    @Test
    void trustedByFileAndByKeyStore() throws Exception {
        try (RawServer server = answering("good")) {
            for (ClientSession.Builder settings : List.of(
                    ClientSession.builder().trust(dir.resolve("ca.pem")),
                    ClientSession.builder().trust(trusted))) {
                Client.run(settings, session -> {
                    for (int i = 0; i < 3; i++) {
                        assertEquals("ok", session.get(https(server)).text().await());
                    }
                    assertEquals(
                            "ok",
                            session.get(https(server).replace("127.0.0.1", "localhost"))
                                    .text()
                                    .await());
                    assertEquals(2, session.stats().idle());
                });
            }
            assertEquals(4, server.connections());
        }
    }

    @Test
    void manyAtOnce() throws Exception {
        try (RawServer server = answering("good")) {
            Client.run(ClientSession.builder().trust(trusted), session -> {
                List<Task<String>> tasks = new ArrayList<>();
                for (int i = 0; i < 20; i++) {
                    tasks.add(Asyncio.createTask(session.get(https(server)).text()));
                }
                for (Task<String> task : tasks) {
                    assertEquals("ok", task.await());
                }
            });
        }
    }

    @Test
    void largeBody() throws Exception {
        byte[] body = new byte[4 << 20];
        new java.util.Random(3).nextBytes(body);
        try (RawServer server = server("good", peer -> {
            while (peer.request() != null) {
                peer.send("HTTP/1.1 200 OK\r\nContent-Length: " + body.length + "\r\n\r\n");
                peer.send(body);
            }
        })) {
            Client.run(ClientSession.builder().trust(trusted), session -> {
                for (int i = 0; i < 2; i++) {
                    assertTrue(Arrays.equals(
                            body, session.get(https(server)).bytes().await()));
                }
                assertEquals(1, server.connections());
            });
        }
    }

    @Test
    void unknownAuthority() throws Exception {
        try (RawServer server = answering("good")) {
            CertificateException e = fails(ClientSession.builder(), CertificateException.class, https(server));
            assertTrue(e.getMessage().contains("is signed by CN=Test CA, which is not trusted here"), e.getMessage());
        }
    }

    @Test
    void anotherHost() throws Exception {
        try (RawServer server = answering("other")) {
            ClientSession.Builder settings = ClientSession.builder().trust(trusted);
            CertificateException e = fails(settings, CertificateException.class, https(server));
            assertTrue(e.getMessage().contains("is for another host"), e.getMessage());
            String byName = https(server).replace("127.0.0.1", "localhost");
            e = fails(settings, CertificateException.class, byName);
            assertTrue(e.getMessage().contains("is for another host"), e.getMessage());
            Client.run(
                    ClientSession.builder().insecure(),
                    session -> assertEquals("ok", session.get(byName).text().await()));
        }
    }

    @Test
    void outOfDate() throws Exception {
        try (RawServer server = answering("old")) {
            CertificateException e =
                    fails(ClientSession.builder().trust(trusted), CertificateException.class, https(server));
            assertTrue(e.getMessage().contains("has expired"), e.getMessage());
        }
    }

    @Test
    void noTlsThere() throws Exception {
        try (RawServer server = RawServer.start(peer -> peer.send("HTTP/1.1 400 Bad Request\r\n\r\n"))) {
            TlsException e = fails(ClientSession.builder().insecure(), TlsException.class, https(server));
            assertTrue(e.getMessage().contains("does not speak TLS: try http://"), e.getMessage());
        }
    }

    @Test
    void closedInTheHandshake() throws Exception {
        try (RawServer server =
                RawServer.start(peer -> peer.socket.getInputStream().read())) {
            TlsException e = fails(ClientSession.builder().insecure(), TlsException.class, https(server));
            assertTrue(e.getMessage().contains("in the TLS handshake"), e.getMessage());
        }
    }

    /** H199. */
    @Test
    void plainHttpToATlsPort() throws Exception {
        try (RawServer server = answering("good")) {
            ProtocolException e = fails(ClientSession.builder(), ProtocolException.class, server.url("/"));
            assertTrue(e.getMessage().contains("it seems to speak TLS: try https://"), e.getMessage());
        }
    }

    @Test
    void trustThatCannotBeRead() {
        Path none = dir.resolve("none.pem");
        UncheckedIOException e = assertThrows(
                UncheckedIOException.class, () -> ClientSession.builder().trust(none));
        assertTrue(e.getMessage().contains("none.pem"), e.getMessage());
    }

    private static String pin(String alias) throws Exception {
        byte[] key = keys().getCertificate(alias).getPublicKey().getEncoded();
        return "sha256/"
                + Base64.getEncoder()
                        .encodeToString(MessageDigest.getInstance("SHA-256").digest(key));
    }

    /** H195: settings that differ do not share a connection, even to one host. */
    @Test
    void otherSettingsAnotherConnection() throws Exception {
        Tls known = Tls.builder().trust(trusted).build();
        Tls pinned = known.toBuilder().pin(pin("good")).build();
        Tls anyone = Tls.builder().insecure().build();
        try (RawServer server = answering("good")) {
            Client.run(session -> {
                for (int i = 0; i < 2; i++) {
                    for (Tls tls : List.of(known, pinned, anyone)) {
                        assertEquals(
                                "ok", session.get(https(server)).tls(tls).text().await());
                    }
                }
                assertEquals(3, session.stats().idle());
            });
            assertEquals(3, server.connections());
        }
    }

    /** H196. */
    @Test
    void aCertificateThatIsNotPinned() throws Exception {
        try (RawServer server = answering("good")) {
            for (Tls tls : List.of(
                    Tls.builder().trust(trusted).pin(pin("other")).build(),
                    Tls.builder().insecure().pin(pin("other")).build())) {
                PinMismatchException e =
                        fails(ClientSession.builder().tls(tls), PinMismatchException.class, https(server));
                assertEquals(Set.of(pin("other")), e.expected());
                assertEquals(pin("good"), e.got());
                assertEquals("127.0.0.1", e.host());
                assertEquals(server.port(), e.port());
                assertEquals(
                        "the certificate of 127.0.0.1:" + server.port() + " has the key " + pin("good")
                                + ", but pinned is " + pin("other"),
                        e.reason());
            }
        }
    }

    /** H197. */
    @Test
    void anotherNameThanTheHosts() throws Exception {
        try (RawServer server = answering("other")) {
            Client.run(ClientSession.builder().trust(trusted), session -> {
                assertEquals(
                        "ok",
                        session.get(https(server))
                                .serverName("other.example")
                                .text()
                                .await());
                assertThrows(
                        CertificateException.class,
                        () -> session.get(https(server)).text().await());
                assertEquals(1, session.stats().idle());
            });
        }
    }

    /** Only OpenSSL still serves that. */
    @ParameterizedTest
    @EnumSource(Tls.Provider.class)
    void aServerOfOldTimes(Tls.Provider provider) throws Exception {
        Client.run(session -> {
            Tls old = serving("good")
                    .provider(Tls.Provider.OPENSSL)
                    .protocols("TLSv1.1")
                    .build();
            try (Server server = listen(old)) {
                TlsException e = assertThrows(
                        TlsException.class,
                        () -> session.get(https(server))
                                .tls(Tls.builder()
                                        .provider(provider)
                                        .trust(trusted)
                                        .build())
                                .text()
                                .await());
                assertTrue(e.reason().contains("speaks no version of TLS that is taken here"), e.reason());
            }
        });
    }

    @ParameterizedTest
    @EnumSource(Tls.Provider.class)
    void noCipherSuiteInCommon(Tls.Provider provider) throws Exception {
        Client.run(session -> {
            Tls one = serving("good")
                    .protocols("TLSv1.2")
                    .ciphers("TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384")
                    .build();
            try (Server server = listen(one)) {
                Tls other = Tls.builder()
                        .provider(provider)
                        .trust(trusted)
                        .protocols("TLSv1.2")
                        .ciphers("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256")
                        .build();
                TlsException e = assertThrows(
                        TlsException.class,
                        () -> session.get(https(server)).tls(other).text().await());
                assertTrue(e.reason().contains("takes no cipher suite that is offered here"), e.reason());
            }
        });
    }

    /** What is offered may be taken. */
    @ParameterizedTest
    @EnumSource(Tls.Provider.class)
    void aProtocolThatIsNotSpokenHere(Tls.Provider provider) throws Exception {
        Client.run(session -> {
            try (Server server =
                    listen(serving("good").applicationProtocols("spdy/3").build())) {
                Tls offering = Tls.builder()
                        .provider(provider)
                        .trust(trusted)
                        .applicationProtocols("spdy/3", "http/1.1")
                        .build();
                TlsException e = assertThrows(
                        TlsException.class,
                        () -> session.get(https(server)).tls(offering).text().await());
                assertTrue(e.reason().contains("wants to speak spdy/3"), e.reason());
            }
        });
    }

    @ParameterizedTest
    @EnumSource(Tls.Provider.class)
    void aCertificateOfTheClient(Tls.Provider provider) throws Exception {
        Client.run(session -> {
            Tls demanding = serving("good")
                    .protocols("TLSv1.2")
                    .trust(trusted)
                    .requireClientCertificate(true)
                    .build();
            try (Server server = listen(demanding)) {
                Tls.Builder client = Tls.builder().provider(provider).trust(trusted);
                assertThrows(
                        ClientException.class,
                        () -> session.get(https(server))
                                .tls(client.build())
                                .text()
                                .await());
                Tls known = client.key(key("other"), chain("other")).build();
                assertEquals("ok", session.get(https(server)).tls(known).text().await());
            }
        });
    }

    private static PrivateKey key(String alias) throws Exception {
        return (PrivateKey) keys().getKey(alias, PASSWORD);
    }

    private static List<X509Certificate> chain(String alias) throws Exception {
        return Arrays.stream(keys().getCertificateChain(alias))
                .map(X509Certificate.class::cast)
                .toList();
    }

    private static Tls.Builder serving(String alias) throws Exception {
        return Tls.builder().key(key(alias), chain(alias));
    }

    /** A server on the loop itself, which can do more than the JDK's. */
    private static Server listen(Tls tls) {
        return Streams.startServer(
                        connection -> {
                            try (connection) {
                                connection
                                        .reader()
                                        .readUntil("\r\n\r\n".getBytes())
                                        .await();
                                connection
                                        .writer()
                                        .write(RawServer.OK.getBytes())
                                        .await();
                            } catch (ConnectionException | IncompleteReadException e) {
                                // The client did not like it.
                            }
                        },
                        "127.0.0.1",
                        0,
                        ServerOptions.builder().tls(tls).build())
                .await();
    }

    private static String https(Server server) {
        return "https://127.0.0.1:" + server.port() + "/";
    }
    /** What follows the 101 in the same record goes through TLS too, however it ends. */
    @Test
    void webSockets() throws Exception {
        try (RawServer server = server("good", peer -> {
            String request = peer.request();
            peer.send(
                    Frames.concat(WsPeer.answer(request).getBytes(StandardCharsets.ISO_8859_1), Frames.text("early")));
            Frames.Sent sent = Frames.read(peer.socket.getInputStream());
            peer.send(Frames.concat(Frames.frame(sent.first(), sent.payload()), Frames.close(1000, "bye")));
        })) {
            Client.run(ClientSession.builder().trust(trusted), session -> {
                String url = server.url("/").replace("http:", "wss:");
                try (WebSocket ws = session.ws(url).await()) {
                    assertEquals("early", ws.receiveText().await());
                    ws.send("x".repeat(100_000)).await();
                    assertEquals(100_000, ws.receiveText().await().length());
                    assertEquals(new WsMessage.Close(1000, "bye"), ws.receive().await());
                    assertTrue(ws.response().url().isTls());
                }
            });
        }
    }

    /** Listeners hear of the handshake; what was agreed on is said, or that it failed. */
    @Test
    void listenersHearOfTheHandshake() throws Exception {
        Signals signals = new Signals();
        try (RawServer good = answering("good");
                RawServer other = answering("other")) {
            Client.run(ClientSession.builder().trust(trusted).listener(signals.listener), session -> {
                session.get(https(good)).text().await();
                List<String> steps = signals.names().subList(0, 6);
                assertEquals(
                        List.of("requestStart", "connectStart", "connectEnd", "tlsStart", "tlsEnd", "headersSent"),
                        steps);
                assertEquals("tlsEnd TLSv1.3", signals.only("tlsEnd").toString());
                signals.all.clear();
                assertThrows(
                        CertificateException.class,
                        () -> session.get(https(other)).await());
                assertEquals(
                        List.of("requestStart", "connectStart", "connectEnd", "tlsStart", "tlsEnd", "requestFailed"),
                        signals.names().subList(0, 6));
                assertEquals("tlsEnd null", signals.only("tlsEnd").toString());
            });
        }
    }
}
