package dev.weft.it;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.http.ClientSession;
import dev.weft.loop.Asyncio;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged fetch, and the client as a library, against Debian's nginx: every byte compared. */
class NginxTest {
    private static final int SMALL_FILES = 2_000;
    private static final int[] LARGE_FILES = {1 << 20, 20 << 20, 33_333_333};

    @TempDir
    static Path top;

    private static Path site;
    private static Nginx nginx;

    @BeforeAll
    static void start() throws Exception {
        site = Files.createDirectories(top.resolve("site"));
        Random random = new Random(1);
        for (int i = 0; i < SMALL_FILES; i++) {
            write("small-%04d.bin".formatted(i), random, 1 + random.nextInt(64 << 10));
        }
        for (int size : LARGE_FILES) {
            write("large-" + size + ".bin", random, size);
        }
        Files.writeString(site.resolve("page.txt"), "0123456789 ".repeat(500));
        nginx = Nginx.serving(site, Files.createDirectories(top.resolve("nginx")));
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

    private static void assertSameFile(Path expected, Path got) throws IOException {
        assertEquals(-1, Files.mismatch(expected, got), () -> got + " differs from " + expected);
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void twoThousandSmallFilesAt32(@TempDir Path work) throws Exception {
        List<String> urls = new ArrayList<>();
        for (int i = 0; i < SMALL_FILES; i++) {
            urls.add(nginx.url("/small-%04d.bin".formatted(i)));
        }
        Path list = Files.write(work.resolve("urls.txt"), urls);
        Fetch.Result result =
                Fetch.run(work, List.of("-j", "32", "--per-host", "32", "-d", "out", "-i", list.toString()));
        assertEquals(0, result.exitCode(), result::toString);
        assertEquals(SMALL_FILES, names(work.resolve("out")).size(), result::toString);
        for (int i = 0; i < SMALL_FILES; i++) {
            String name = "small-%04d.bin".formatted(i);
            assertSameFile(site.resolve(name), work.resolve("out").resolve(name));
        }
        assertTrue(result.err().contains("2000 of 2000"), result::toString);
    }

    @Test
    void largeFilesFromStandardInput(@TempDir Path work) throws Exception {
        StringBuilder input = new StringBuilder();
        for (int size : LARGE_FILES) {
            input.append(nginx.url("/large-" + size + ".bin")).append('\n');
        }
        Fetch.Result result = Fetch.run(work, input.toString(), List.of("-d", "out", "-i", "-"));
        assertEquals(0, result.exitCode(), result::toString);
        for (int size : LARGE_FILES) {
            String name = "large-" + size + ".bin";
            assertSameFile(site.resolve(name), work.resolve("out").resolve(name));
        }
    }

    /** Connections for one file until they no longer make it faster: at 4 MiB a second each, 20 MiB would take 4 s on one. */
    @Test
    void segmentsWhereTheServerIsSlow(@TempDir Path work) throws Exception {
        String name = "large-" + LARGE_FILES[1] + ".bin";
        Fetch.Result result = Fetch.run(work, List.of("--json", nginx.url("/slow/" + name)));
        assertEquals(0, result.exitCode(), result::toString);
        assertSameFile(site.resolve(name), work.resolve(name));
        assertTrue(number(result, "segments") > 1, result::toString);
        assertTrue(result.took().toMillis() < 3_500, result::toString);
        assertEquals(List.of(name), names(work));
    }

    @Test
    void killedAndGoneOnWith(@TempDir Path work) throws Exception {
        String name = "large-" + LARGE_FILES[1] + ".bin";
        List<String> arguments = List.of("--json", "-s", "1", nginx.url("/slow/" + name));
        try (Fetch first = Fetch.start(work, arguments)) {
            awaitBytes(work, 6 << 20);
            first.kill();
            first.await(Duration.ofSeconds(10));
        }
        assertFalse(Files.exists(work.resolve(name)), "killed in the middle");
        Fetch.Result second = Fetch.run(work, arguments);
        assertEquals(0, second.exitCode(), second::toString);
        assertSameFile(site.resolve(name), work.resolve(name));
        assertTrue(number(second, "resumed_from") >= 5 << 20, second::toString);
        assertEquals(List.of(name), names(work));
    }

    /** Waits until so much of a download is in the directory. */
    private static void awaitBytes(Path directory, long bytes) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (allocated(directory) < bytes) {
            assertTrue(System.nanoTime() < deadline, () -> "no " + bytes + " bytes in " + directory);
            LockSupport.parkNanos(5_000_000);
        }
    }

    /** What the files take on the disk: a file that was made as long as it will be has its length at once, but not its blocks. */
    private static long allocated(Path directory) throws IOException {
        Process du = new ProcessBuilder("du", "-s", "-B", "1", directory.toString()).start();
        String said = new String(du.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return Long.parseLong(said.split("\\s")[0]);
    }

    @Test
    void updateFetchesWhatHasChangedAlone(@TempDir Path work) throws Exception {
        Files.writeString(site.resolve("kept.txt"), "kept");
        Files.writeString(site.resolve("changing.txt"), "one");
        List<String> arguments =
                List.of("--json", "--exists", "update", nginx.url("/kept.txt"), nginx.url("/changing.txt"));
        assertEquals(0, Fetch.run(work, arguments).exitCode());
        Files.writeString(site.resolve("changing.txt"), "two");
        Files.setLastModifiedTime(
                site.resolve("changing.txt"), FileTime.from(Instant.now().plusSeconds(5)));
        Fetch.Result second = Fetch.run(work, arguments);
        assertEquals(0, second.exitCode(), second::toString);
        List<String> lines = second.out().lines().toList();
        assertTrue(
                lines.stream()
                        .anyMatch(line ->
                                line.contains("/kept.txt") && line.contains("\"unchanged\"") && line.contains("304")),
                second::toString);
        assertTrue(
                lines.stream().anyMatch(line -> line.contains("/changing.txt") && line.contains("\"done\"")),
                second::toString);
        assertEquals("kept", Files.readString(work.resolve("kept.txt")));
        assertEquals("two", Files.readString(work.resolve("changing.txt")));
    }

    /** A number in the first line of JSON. */
    private static long number(Fetch.Result result, String name) {
        Matcher matcher = Pattern.compile("\"" + name + "\": ?(\\d+)").matcher(result.out());
        assertTrue(matcher.find(), () -> "no " + name + " in " + result);
        return Long.parseLong(matcher.group(1));
    }

    @Test
    void aMissingPageIsOneClearLineAndTheOthersGoOn(@TempDir Path work) throws Exception {
        Fetch.Result result = Fetch.run(
                work,
                List.of(
                        "-r",
                        "0",
                        nginx.url("/missing.bin"),
                        "http://127.0.0.1:1/refused",
                        "not a url",
                        nginx.url("/small-0000.bin"),
                        nginx.url("/page.txt")));
        assertEquals(1, result.exitCode(), result::toString);
        assertEquals(List.of("page.txt", "small-0000.bin"), names(work));
        assertSameFile(site.resolve("page.txt"), work.resolve("page.txt"));
        List<String> lines = result.err().lines().toList();
        assertEquals(
                1,
                lines.stream()
                        .filter(line -> line.contains("/missing.bin") && line.contains("404"))
                        .count());
        assertEquals(
                1, lines.stream().filter(line -> line.contains("127.0.0.1:1")).count(), result::toString);
        assertEquals(
                1, lines.stream().filter(line -> line.contains("not a url")).count(), result::toString);
    }

    @Test
    void theLibraryReadsTheSameBytes() throws Exception {
        byte[] expected = Files.readAllBytes(site.resolve("large-" + LARGE_FILES[0] + ".bin"));
        Asyncio.run(() -> {
            try (var session = ClientSession.create()) {
                byte[] got = session.get(nginx.url("/large-" + LARGE_FILES[0] + ".bin"))
                        .bytes()
                        .await();
                assertArrayEquals(expected, got);
                assertEquals(
                        Files.readString(site.resolve("page.txt")),
                        session.get(nginx.url("/page.txt")).text().await());
            }
        });
    }
}
