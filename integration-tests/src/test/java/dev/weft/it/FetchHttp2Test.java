package dev.weft.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The packaged fetch over HTTP/2, against Debian's nginx: every byte compared. */
@Timeout(120)
class FetchHttp2Test {
    private static final int SMALL_FILES = 2_000;
    private static final int LARGE_BYTES = 20 << 20;

    @TempDir
    static Path top;

    private static Path site;
    private static Keys keys;
    private static ServerProcess nginx;
    private static int both;
    private static int old;
    private static int plain;

    @BeforeAll
    static void start() throws Exception {
        ServerProcess.installed("nginx", "nginx-light");
        site = Files.createDirectories(top.resolve("site/uploads")).getParent();
        keys = Keys.in(top);
        Random random = new Random(1);
        for (int i = 0; i < SMALL_FILES; i++) {
            write("small-" + i, random, 1 + random.nextInt(20_000));
        }
        write("large", random, LARGE_BYTES);
        both = ServerProcess.freePort();
        old = ServerProcess.freePort();
        plain = ServerProcess.freePort();
        nginx = Nginx.start(top, both, "master_process off;", """
                access_log off;
                keepalive_requests 100;
                client_max_body_size 0;
                root %1$s;
                ssl_certificate %2$s;
                ssl_certificate_key %3$s;
                server {
                  listen 127.0.0.1:%4$d ssl http2;
                  listen 127.0.0.1:%5$d ssl;
                  listen 127.0.0.1:%6$d http2;
                  location /slow/ { alias %1$s/; limit_rate 4m; }
                  location /uploads/ { dav_methods PUT; }
                }
                """.formatted(
                        site, keys.certificate(), keys.key(), both, old, plain));
    }

    private static void write(String name, Random random, int size) throws IOException {
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        Files.write(site.resolve(name), bytes);
    }

    @AfterAll
    static void stop() throws Exception {
        if (nginx != null) {
            nginx.close();
        }
    }

    private static String url(int port, String path) {
        return "https://127.0.0.1:" + port + path;
    }

    private static Fetch.Result fetch(Path work, String... arguments) throws Exception {
        List<String> all =
                new ArrayList<>(List.of("--cacert", keys.certificate().toString()));
        all.addAll(List.of(arguments));
        return Fetch.run(work, all);
    }

    private static void assertSameFile(String name, Path got) throws IOException {
        assertEquals(-1, Files.mismatch(site.resolve(name), got), () -> got + " differs");
    }

    private static String field(Fetch.Result result, String name) {
        Matcher matcher = Pattern.compile("\"" + name + "\":\"?([^\",]*)").matcher(result.out());
        assertTrue(matcher.find(), () -> "no " + name + " in " + result);
        return matcher.group(1);
    }

    @Test
    void twoThousandSmallFiles_overConnectionsThatEndAfterAHundred(@TempDir Path work) throws Exception {
        Path list = Files.write(
                work.resolve("urls"),
                IntStream.range(0, SMALL_FILES)
                        .mapToObj(i -> url(both, "/small-" + i))
                        .toList());
        Fetch.Result result = fetch(work, "-j", "64", "-w", "%{http_version}\\n", "-d", "out", "-i", list.toString());
        assertEquals(0, result.exitCode(), result::toString);
        assertEquals("h2\n".repeat(SMALL_FILES), result.out());
        for (int i = 0; i < SMALL_FILES; i++) {
            assertSameFile("small-" + i, work.resolve("out/small-" + i));
        }
        assertTrue(result.err().contains("2000 of 2000"), result::toString);
        assertTrue(!result.err().contains("retries"), result::toString);
    }

    /** Each answer comes at 4 MiB a second: one would take 5 s. */
    @Test
    void partsOfAFileAreStreamsOfOneConnection(@TempDir Path work) throws Exception {
        Fetch.Result result = fetch(work, "--json", url(both, "/slow/large"));
        assertEquals(0, result.exitCode(), result::toString);
        assertSameFile("large", work.resolve("large"));
        assertEquals("h2", field(result, "http"));
        assertTrue(Integer.parseInt(field(result, "segments")) > 1, result::toString);
        assertTrue(result.took().toMillis() < 4_000, result::toString);
    }

    @Test
    void aFileUp(@TempDir Path work) throws Exception {
        Fetch.Result result =
                fetch(work, "-d", work.toString(), "-T", site.resolve("large").toString(), url(both, "/uploads/got"));
        assertEquals(0, result.exitCode(), result::toString);
        assertSameFile("large", site.resolve("uploads/got"));
    }

    @Test
    void whatIsMissingIsNamedAsEver(@TempDir Path work) throws Exception {
        Fetch.Result result = fetch(work, url(both, "/none"));
        assertEquals(1, result.exitCode(), result::toString);
        assertEquals(
                "fetch: 404 Not Found: " + url(both, "/none"),
                result.errorLines().getFirst());
    }

    @Test
    void theVersionIsChosen(@TempDir Path work) throws Exception {
        assertEquals("http/1.1", field(fetch(work, "--json", url(old, "/small-0")), "http"));
        assertEquals("http/1.1", field(fetch(work, "--json", "--http1.1", url(both, "/small-1")), "http"));
        assertEquals("h2", field(fetch(work, "--json", "--http2", url(both, "/small-2")), "http"));
        String clear = "http://127.0.0.1:" + plain + "/small-3";
        assertEquals("h2", field(fetch(work, "--json", "--http2-prior-knowledge", clear), "http"));
        Path config = Files.writeString(work.resolve("config"), "[host 127.0.0.1]\nhttp1.1\n");
        Fetch.Result result = fetch(work, "--config", config.toString(), "--json", url(both, "/small-4"));
        assertEquals("http/1.1", field(result, "http"));
    }

    @Test
    void aServerWithoutItIsToldApart(@TempDir Path work) throws Exception {
        Fetch.Result result = fetch(work, "--http2", "-r", "0", url(old, "/small-0"));
        assertEquals(1, result.exitCode(), result::toString);
        assertTrue(result.err().contains("hint: without --http2 "), result::toString);
    }
}
