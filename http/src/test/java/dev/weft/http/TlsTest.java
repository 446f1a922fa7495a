package dev.weft.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.http.message.CertificateException;
import dev.weft.http.message.ClientException;
import dev.weft.http.message.ProtocolException;
import dev.weft.http.message.TlsException;
import dev.weft.http.websocket.WebSocket;
import dev.weft.http.websocket.WsMessage;
import dev.weft.http.websocket.frame.Frames;
import dev.weft.loop.Asyncio;
import dev.weft.loop.Task;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
