package dev.weft.it;

import static dev.weft.loop.Asyncio.gather;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.http.ClientSession;
import dev.weft.http.SessionStats;
import dev.weft.http.message.ClientResponse;
import dev.weft.http.message.HttpVersion;
import dev.weft.it.Http2Server.Running;
import dev.weft.loop.Asyncio;
import dev.weft.loop.net.dial.Tls;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
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

/** The client over HTTP/2, against every server that {@link Http2Server} has, by TLS and in the clear: every byte compared. */
@Timeout(120)
class Http2InteropTest {
    private static final int SMALL_FILES = 100;
    private static final int LARGE_BYTES = 100 << 20;
    private static final int UPLOAD_BYTES = 20 << 20;

    @TempDir
    static Path top;

    private static Path site;
    private static Keys keys;
    private static String largeDigest;
    private static byte[] upload;
    private static final Map<Http2Server, Running> RUNNING = new EnumMap<>(Http2Server.class);

    @BeforeAll
    static void site() throws Exception {
        site = Files.createDirectories(top.resolve("site"));
        Path uploads = Files.createDirectory(site.resolve("uploads"));
        // Some servers read and write as another user.
        Files.setPosixFilePermissions(top, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setPosixFilePermissions(uploads, PosixFilePermissions.fromString("rwxrwxrwx"));
        keys = Keys.in(Files.createDirectory(top.resolve("keys")));
        Random random = new Random(1);
        for (int i = 0; i < SMALL_FILES; i++) {
            Files.write(site.resolve("small-" + i + ".bin"), bytes(random, random.nextInt(20_000)));
        }
        upload = bytes(random, UPLOAD_BYTES);
        MessageDigest digest = sha256();
        try (OutputStream large = Files.newOutputStream(site.resolve("large.bin"))) {
            for (int i = 0; i < LARGE_BYTES >> 20; i++) {
                byte[] piece = bytes(random, 1 << 20);
                digest.update(piece);
                large.write(piece);
            }
        }
        largeDigest = HexFormat.of().formatHex(digest.digest());
    }

    private static byte[] bytes(Random random, int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    @AfterAll
    static void stop() throws Exception {
        for (Running server : RUNNING.values()) {
            server.close();
        }
    }

    static Stream<Arguments> ways() {
        return Stream.of(Http2Server.values())
                .flatMap(server -> Stream.of(Arguments.of(server, true), Arguments.of(server, false)));
    }

    /** A test, by one of the ways. */
    private interface Way {
        void run(ClientSession session, String base) throws IOException;
    }

    /** Runs a test by one of the ways: it gets a session and what URLs begin with. */
    private static void by(Http2Server kind, boolean tls, Way test) throws Exception {
        Running server = RUNNING.get(kind);
        if (server == null) {
            server = kind.start(Files.createDirectories(top.resolve(kind.name())), site, keys);
            RUNNING.put(kind, server);
        }
        String base = tls ? server.url("") : server.plainUrl("");
        Asyncio.run(() -> {
            try (ClientSession session = ClientSession.builder()
                    .version(tls ? HttpVersion.AUTO : HttpVersion.HTTP_2)
                    .tls(Tls.builder().trust(keys.certificate()).build())
                    .build()) {
                test.run(session, base);
                assertEquals(0, session.stats().acquired());
            }
        });
    }

    private static byte[] file(String name) {
        try {
            return Files.readAllBytes(site.resolve(name));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void manySmallOnesAtOnce(Http2Server kind, boolean tls) throws Exception {
        by(kind, tls, (session, base) -> {
            List<Integer> numbers =
                    IntStream.range(0, 1_000).mapToObj(i -> i % SMALL_FILES).toList();
            List<byte[]> bodies = gather(
                            numbers,
                            i -> session.get(base + "/small-" + i + ".bin")
                                    .raiseForStatus(true)
                                    .bytes()
                                    .await())
                    .await();
            for (int i = 0; i < bodies.size(); i++) {
                assertArrayEquals(file("small-" + i % SMALL_FILES + ".bin"), bodies.get(i));
            }
        });
    }

    @ParameterizedTest
    @MethodSource("ways")
    void headsAndWhatIsMissing(Http2Server kind, boolean tls) throws Exception {
        by(kind, tls, (session, base) -> {
            long length = file("small-1.bin").length;
            try (ClientResponse response = session.head(base + "/small-1.bin").await()) {
                assertEquals(List.of(200, "HTTP/2"), List.of(response.status(), response.version()));
                assertEquals(Long.toString(length), response.headers().first("Content-Length"));
                assertEquals(0, response.bytes().await().length);
            }
            try (ClientResponse response = session.get(base + "/none").await()) {
                assertEquals(404, response.status());
                assertTrue(response.text().await().matches("(?s).*(404|not found).*"));
            }
        });
    }

    @ParameterizedTest
    @MethodSource("ways")
    void aLargeBodyDown(Http2Server kind, boolean tls) throws Exception {
        by(kind, tls, (session, base) -> {
            try (ClientResponse response = session.get(base + "/large.bin").await()) {
                assertEquals(largeDigest, digest(response, sha256()));
            }
        });
    }

    private static String digest(ClientResponse response, MessageDigest digest) {
        for (ByteBuffer piece : response.content()) {
            digest.update(piece);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    @ParameterizedTest
    @MethodSource("ways")
    void aLargeBodyUp(Http2Server kind, boolean tls) throws Exception {
        by(kind, tls, (session, base) -> {
            byte[] got = RUNNING.get(kind).upload(session, base, upload);
            assertArrayEquals(sha256().digest(upload), sha256().digest(got));
        });
    }

    @ParameterizedTest
    @MethodSource("ways")
    void whoReadsALargeBodySlowlyHoldsUpNobody(Http2Server kind, boolean tls) throws Exception {
        by(kind, tls, (session, base) -> {
            MessageDigest digest = sha256();
            try (ClientResponse response = session.get(base + "/large.bin").await()) {
                digest.update(response.content().iterator().next());
                for (int i = 0; i < 5; i++) {
                    gather(
                                    Collections.nCopies(50, base + "/small-7.bin"),
                                    url -> session.get(url).bytes().await())
                            .await()
                            .forEach(body -> assertArrayEquals(file("small-7.bin"), body));
                    assertEquals(new SessionStats(1, 0, 0), session.stats());
                }
                assertEquals(largeDigest, digest(response, digest));
            }
        });
    }

    @ParameterizedTest
    @MethodSource("ways")
    void whatIsGivenUpLeavesNothingBehind(Http2Server kind, boolean tls) throws Exception {
        by(kind, tls, (session, base) -> {
            for (int i = 0; i < 20; i++) {
                try (ClientResponse response = session.get(base + "/large.bin").await()) {
                    assertTrue(response.content().iterator().next().hasRemaining());
                }
            }
            assertArrayEquals(
                    file("small-3.bin"),
                    session.get(base + "/small-3.bin")
                            .timeout(Duration.ofSeconds(20))
                            .bytes()
                            .await());
        });
    }
}
