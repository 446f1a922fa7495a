package dev.weft.it;

import static dev.weft.loop.Asyncio.gather;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.http.ClientSession;
import dev.weft.http.SessionStats;
import dev.weft.http.message.ClientResponse;
import dev.weft.http.message.HttpVersion;
import dev.weft.loop.Asyncio;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Nghttp2's own server, made to do what others do seldom: small windows, few streams, padding, trailers. */
@Timeout(60)
class NghttpdTest {
    @TempDir
    Path site;

    @TempDir
    Path work;

    private final Random random = new Random(1);
    private ServerProcess server;
    private int port;

    @BeforeEach
    void installed() {
        ServerProcess.installed("nghttpd", "nghttp2-server");
    }

    @AfterEach
    void stop() throws Exception {
        if (server != null) {
            server.close();
        }
    }

    private String url(String path) {
        return "http://127.0.0.1:" + port + path;
    }

    private byte[] file(String name, int size) throws Exception {
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        Files.write(site.resolve(name), bytes);
        return bytes;
    }

    private void with(List<String> options, Consumer<ClientSession> test) throws Exception {
        port = ServerProcess.freePort();
        List<String> command = new ArrayList<>(
                List.of(ServerProcess.installed("nghttpd", "nghttp2-server").toString(), "--no-tls", "-a127.0.0.1"));
        command.addAll(options);
        command.addAll(List.of("-d" + site, Integer.toString(port)));
        server = ServerProcess.start(work, port, command.toArray(String[]::new));
        Asyncio.run(() -> {
            try (ClientSession session =
                    ClientSession.builder().version(HttpVersion.HTTP_2).build()) {
                test.accept(session);
                assertEquals(0, session.stats().acquired());
            }
        });
    }

    @Test
    void windowsOf255Bytes() throws Exception {
        byte[] expected = file("f", 300_000);
        byte[] upload = file("u", 300_000);
        with(List.of("-w8", "-W16", "--echo-upload"), session -> {
            assertArrayEquals(expected, session.get(url("/f")).bytes().await());
            gather(
                            Collections.nCopies(8, upload),
                            content -> session.post(url("/e"))
                                    .body(content)
                                    .bytes()
                                    .await())
                    .await()
                    .forEach(echo -> assertArrayEquals(upload, echo));
        });
    }

    @Test
    void tenRequestsAtATime_theOthersTakeTurnsOrOtherConnections() throws Exception {
        byte[] expected = file("f", 20_000);
        with(List.of("-m10"), session -> {
            // So that it is known how many the server takes.
            assertArrayEquals(expected, session.get(url("/f")).bytes().await());
            gather(
                            Collections.nCopies(500, url("/f")),
                            url -> session.get(url).bytes().await())
                    .await()
                    .forEach(body -> assertArrayEquals(expected, body));
            SessionStats stats = session.stats();
            assertTrue(stats.idle() <= 50, stats::toString);
        });
        stop();
        with(List.of("-m10"), session -> {
            gather(
                            Collections.nCopies(500, url("/f")),
                            url -> session.get(url).bytes().await())
                    .await()
                    .forEach(body -> assertArrayEquals(expected, body));
        });
    }

    @Test
    void trailers_paddingAndNoLength() throws Exception {
        byte[] expected = file("f", 200_000);
        with(List.of("--trailer", "x-sum: 17", "-b200", "--no-content-length"), session -> {
            try (ClientResponse response = session.get(url("/f")).await()) {
                assertNull(response.headers().first("Content-Length"));
                assertFalse(response.headers().contains("x-sum"));
                assertArrayEquals(expected, response.bytes().await());
                assertEquals("17", response.trailers().first("X-Sum"));
            }
        });
    }

    @Test
    void answersThatComeBeforeTheRequestIsWhole() throws Exception {
        byte[] expected = file("f", 1000);
        byte[] upload = file("u", 2 << 20);
        with(List.of("--early-response"), session -> {
            for (int i = 0; i < 10; i++) {
                try (ClientResponse response =
                        session.post(url("/f")).body(upload).await()) {
                    assertArrayEquals(expected, response.bytes().await());
                }
            }
        });
    }

    @Test
    void tablesOfNoBytes() throws Exception {
        byte[] expected = file("f", 1000);
        with(List.of("-c0", "--encoder-header-table-size=0"), session -> {
            gather(
                            Collections.nCopies(100, url("/f")),
                            url -> session.get(url)
                                    .header("X-Same", "always the same value")
                                    .bytes()
                                    .await())
                    .await()
                    .forEach(body -> assertArrayEquals(expected, body));
        });
    }
}
