package dev.weft.it;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weft.http.ClientSession;
import dev.weft.http.SessionStats;
import dev.weft.http.message.HttpVersion;
import dev.weft.http.websocket.WebSocket;
import dev.weft.loop.Asyncio;
import dev.weft.loop.Task;
import dev.weft.loop.net.dial.Tls;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** WebSockets over HTTP/2 (RFC 8441) through Debian's Apache, which has them since 2.4.58, to a server that knows HTTP/1.1 alone. */
@Timeout(60)
class ApacheWebSocketTest {
    @TempDir
    Path work;

    private Keys keys;
    private EchoSocket echo;
    private ServerProcess apache;
    private int port;

    @BeforeEach
    void start() throws Exception {
        String program = ServerProcess.installed("apache2", "apache2-bin").toString();
        keys = Keys.in(work);
        echo = new EchoSocket();
        port = ServerProcess.freePort();
        Files.writeString(work.resolve("page"), "a page");
        work.toFile().setExecutable(true, false);
        work.toFile().setReadable(true, false);
        Path config = Files.writeString(work.resolve("apache.conf"), """
                LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so
                LoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so
                LoadModule ssl_module /usr/lib/apache2/modules/mod_ssl.so
                LoadModule http2_module /usr/lib/apache2/modules/mod_http2.so
                LoadModule proxy_module /usr/lib/apache2/modules/mod_proxy.so
                LoadModule proxy_http_module /usr/lib/apache2/modules/mod_proxy_http.so
                ServerName localhost
                ServerRoot %1$s
                PidFile %1$s/apache.pid
                ErrorLog %1$s/error.log
                DefaultRuntimeDir %1$s
                User www-data
                Group www-data
                Listen 127.0.0.1:%2$d
                Protocols h2 http/1.1
                H2WebSockets on
                DocumentRoot %1$s
                <Directory %1$s>
                  Require all granted
                </Directory>
                <VirtualHost *:%2$d>
                  SSLEngine on
                  SSLCertificateFile %1$s/certificate.pem
                  SSLCertificateKeyFile %1$s/key.pem
                  ProxyPass /ws http://127.0.0.1:%3$d/ws upgrade=websocket
                </VirtualHost>
                """.formatted(work, port, echo.port()));
        apache = ServerProcess.start(work, port, program, "-f", config.toString(), "-DFOREGROUND");
    }

    @AfterEach
    void stop() throws Exception {
        if (apache != null) {
            apache.close();
            echo.close();
        }
    }

    private ClientSession.Builder session() {
        return ClientSession.builder()
                .tls(Tls.builder().trust(keys.certificate()).build());
    }

    private String url(String scheme, String path) {
        return scheme + "://127.0.0.1:" + port + path;
    }

    private static void converse(WebSocket ws, int seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 20; i++) {
            byte[] message = new byte[random.nextInt(60_000)];
            random.nextBytes(message);
            ws.send(message).await();
            assertArrayEquals(message, ws.receiveBytes().await());
        }
        ws.close();
        assertEquals(OptionalInt.of(1000), ws.closeCode());
    }

    @Test
    void manyOnOneConnection_besideOrdinaryRequests() {
        Asyncio.run(() -> {
            try (ClientSession session = session().version(HttpVersion.HTTP_2).build()) {
                List<Task<Void>> tasks = new ArrayList<>();
                for (int i = 0; i < 20; i++) {
                    int seed = i;
                    tasks.add(Asyncio.createTask(() -> {
                        try (WebSocket ws = session.ws(url("wss", "/ws")).await()) {
                            assertEquals("HTTP/2", ws.response().version());
                            converse(ws, seed);
                        }
                        return null;
                    }));
                }
                for (int i = 0; i < 50; i++) {
                    assertEquals(
                            "a page", session.get(url("https", "/page")).text().await());
                }
                for (Task<Void> task : tasks) {
                    task.await();
                }
                assertEquals(new SessionStats(0, 1, 0), session.stats());
            }
        });
    }

    /** Where nothing is said, the connection that is there is used; without one, it is HTTP/1.1. */
    @Test
    void theConnectionThatIsThereIsUsed() {
        Asyncio.run(() -> {
            try (ClientSession session = session().build()) {
                try (WebSocket ws = session.ws(url("wss", "/ws")).await()) {
                    assertEquals("HTTP/1.1", ws.response().version());
                    converse(ws, 1);
                }
                assertEquals("a page", session.get(url("https", "/page")).text().await());
                try (WebSocket ws = session.ws(url("wss", "/ws")).await()) {
                    assertEquals("HTTP/2", ws.response().version());
                    converse(ws, 2);
                }
                assertEquals(new SessionStats(0, 1, 0), session.stats());
            }
        });
    }
}
