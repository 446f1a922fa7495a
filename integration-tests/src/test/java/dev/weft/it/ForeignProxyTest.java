package dev.weft.it;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.http.ClientSession;
import dev.weft.http.SessionStats;
import dev.weft.http.message.ClientResponse;
import dev.weft.http.message.HttpVersion;
import dev.weft.http.message.PayloadException;
import dev.weft.http.message.ProxyException;
import dev.weft.loop.Asyncio;
import dev.weft.loop.net.dial.Tls;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The client through every proxy that {@link ForeignProxy} has, to an nginx that speaks HTTP/2: what it agrees on by TLS, and what it is known to speak. */
@Timeout(120)
class ForeignProxyTest {
    private static final int REQUESTS = 100;
    private static final byte[] SMALL = bytes(300);
    private static final byte[] LARGE = bytes(20 << 20);

    @TempDir
    static Path top;

    private static Keys keys;
    private static Http2Server.Running server;

    /** What is spoken with the server. */
    private enum Spoken {
        HTTP_2_BY_TLS(HttpVersion.AUTO, "HTTP/2"),
        HTTP_2_IN_THE_CLEAR(HttpVersion.HTTP_2, "HTTP/2"),
        HTTP_1_1_BY_TLS(HttpVersion.HTTP_1_1, "HTTP/1.1");

        final HttpVersion asked;
        final String name;

        Spoken(HttpVersion asked, String name) {
            this.asked = asked;
            this.name = name;
        }

        String url(String path) {
            return this == HTTP_2_IN_THE_CLEAR ? server.plainUrl(path) : server.url(path);
        }
    }

    private static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        new Random(count).nextBytes(bytes);
        return bytes;
    }

    @BeforeAll
    static void serve() throws Exception {
        Files.setPosixFilePermissions(top, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path site = Files.createDirectory(top.resolve("site"));
        Files.createDirectory(site.resolve("uploads"));
        Files.write(site.resolve("small"), SMALL);
        Files.write(site.resolve("large"), LARGE);
        keys = Keys.in(Files.createDirectory(top.resolve("keys")));
        server = Http2Server.NGINX.start(Files.createDirectory(top.resolve("nginx")), site, keys);
    }

    @AfterAll
    static void stop() throws Exception {
        if (server != null) {
            server.close();
        }
    }

    static Stream<Arguments> ways() {
        return Stream.of(ForeignProxy.values())
                .flatMap(proxy -> Stream.of(Spoken.values()).map(spoken -> Arguments.of(proxy, spoken)));
    }

    private static ForeignProxy.Running start(ForeignProxy proxy, Spoken spoken) throws Exception {
        return proxy.start(Files.createTempDirectory(top, proxy + "-" + spoken));
    }

    private static ClientSession session(ForeignProxy.Running through, Spoken spoken) {
        return ClientSession.builder()
                .tls(Tls.builder().trust(keys.certificate()).build())
                .version(spoken.asked)
                .proxy(through.proxy())
                .build();
    }

    @ParameterizedTest
    @MethodSource("ways")
    void everyByteArrives(ForeignProxy proxy, Spoken spoken) throws Exception {
        try (ForeignProxy.Running through = start(proxy, spoken)) {
            Asyncio.run(() -> {
                try (ClientSession session = session(through, spoken)) {
                    try (ClientResponse first =
                            session.get(spoken.url("/small")).await()) {
                        assertEquals(spoken.name, first.version());
                        assertArrayEquals(SMALL, first.bytes().await());
                    }
                    Asyncio.gather(IntStream.range(0, REQUESTS)
                                    .mapToObj(_ -> Asyncio.createTask(
                                            session.get(spoken.url("/small")).bytes()))
                                    .toList())
                            .await()
                            .forEach(body -> assertArrayEquals(SMALL, body));
                    assertArrayEquals(
                            LARGE, session.get(spoken.url("/large")).bytes().await());
                    assertArrayEquals(LARGE, server.upload(session, spoken.url(""), LARGE));
                    if (spoken.name.equals("HTTP/2")) {
                        assertEquals(new SessionStats(0, 1, 0), session.stats());
                    }
                }
            });
        }
    }

    /** In the midst of an answer: that fails, and so does what comes behind it, each saying why. */
    @ParameterizedTest
    @MethodSource("ways")
    void theProxyGoesAway(ForeignProxy proxy, Spoken spoken) throws Exception {
        try (ForeignProxy.Running through = start(proxy, spoken)) {
            Asyncio.run(() -> {
                try (ClientSession session = session(through, spoken);
                        ClientResponse cut = session.get(spoken.url("/large")).await()) {
                    assertTrue(cut.content().read().await().hasRemaining());
                    through.close();
                    PayloadException e = assertThrows(PayloadException.class, () -> {
                        while (cut.content().read().await().hasRemaining()) {
                            assertEquals(200, cut.status());
                        }
                    });
                    assertEquals(LARGE.length, e.expected().orElseThrow());
                    assertThrows(
                            ProxyException.class,
                            () -> session.get(spoken.url("/small")).await());
                    assertEquals(new SessionStats(0, 0, 0), session.stats());
                }
            });
        }
    }
}
