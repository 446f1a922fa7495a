package dev.weft.http.cookie;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.http.message.HttpUrl;
import dev.weft.loop.Asyncio;
import dev.weft.loop.Awaitable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** H124: what is in a jar survives in a file. */
class CookieFilesTest {
    private static final HttpUrl HTTPS = HttpUrl.parse("https://a.example.com/p/q");

    @TempDir
    Path folder;

    private final TestClock clock = new TestClock();
    private final CookieJar jar = CookieJar.builder().clock(clock).build();

    private CookieJar fresh() {
        return CookieJar.builder().clock(clock).build();
    }

    /** The two forms, so that what holds for both is tested for both. */
    enum Form {
        JSON {
            @Override
            Awaitable<Void, IOException> save(CookieJar jar, Path file) {
                return jar.save(file);
            }

            @Override
            Awaitable<Void, IOException> load(CookieJar jar, Path file) {
                return jar.load(file);
            }
        },
        NETSCAPE {
            @Override
            Awaitable<Void, IOException> save(CookieJar jar, Path file) {
                return jar.saveNetscape(file);
            }

            @Override
            Awaitable<Void, IOException> load(CookieJar jar, Path file) {
                return jar.loadNetscape(file);
            }
        };

        abstract Awaitable<Void, IOException> save(CookieJar jar, Path file);

        abstract Awaitable<Void, IOException> load(CookieJar jar, Path file);
    }

    private void fill() {
        for (String setCookie : List.of(
                "host=1",
                "domain=2; Domain=example.com; Path=/",
                "lasting=3; Max-Age=1000; HttpOnly",
                "quoted=\"x y\"; Secure; SameSite=None; Partitioned; Expires=Sun, 01 Mar 2026 12:00:00 GMT",
                "letters=é€; SameSite=Strict",
                "noname",
                "empty=",
                "__Host-x=1; Secure; Path=/")) {
            jar.update(setCookie, HTTPS);
            clock.advanceSeconds(1);
        }
        jar.update("address=1", HttpUrl.parse("http://127.0.0.1/"));
        jar.update("address=1", HttpUrl.parse("http://[::1]/"));
    }

    @Test
    void jsonKeepsEverything() throws IOException {
        fill();
        jar.shared("shared", "1");
        jar.update("tab=x\ty", HTTPS);
        Path file = folder.resolve("cookies.json");
        jar.save(file).await();
        CookieJar loaded = fresh();
        loaded.load(file).await();
        assertEquals(jar.cookies(), loaded.cookies());
        assertEquals(jar.headerFor(HTTPS), loaded.headerFor(HTTPS));
    }

    @Test
    void netscapeKeepsWhatItCan() throws IOException {
        fill();
        List<Cookie> expected = jar.cookies().stream()
                .map(c -> c.toBuilder()
                        .sameSite(SameSite.DEFAULT)
                        .partitioned(false)
                        .created(clock.instant())
                        .build())
                .toList();
        jar.shared("shared", "1");
        jar.update("tab=x\ty", HTTPS);
        Path file = folder.resolve("cookies.txt");
        jar.saveNetscape(file).await();
        CookieJar loaded = fresh();
        loaded.loadNetscape(file).await();
        assertEquals(expected, loaded.cookies());
    }

    @Test
    void netscapeIsWhatOthersWrite() throws IOException {
        jar.update("a=1", HTTPS);
        jar.update("b=2; Domain=example.com; Path=/; Secure; HttpOnly; Max-Age=60", HTTPS);
        Path file = folder.resolve("cookies.txt");
        jar.saveNetscape(file).await();
        List<String> lines = Files.readAllLines(file);
        assertEquals("# Netscape HTTP Cookie File", lines.getFirst());
        assertEquals(
                List.of(
                        "a.example.com\tFALSE\t/p\tFALSE\t0\ta\t1",
                        "#HttpOnly_.example.com\tTRUE\t/\tTRUE\t1767225660\tb\t2"),
                lines.stream().filter(line -> line.contains("\t")).toList());
    }

    @Test
    void readsWhatOthersWrite() throws IOException {
        Path file = folder.resolve("cookies.txt");
        Files.writeString(
                file,
                "\ufeff# HTTP Cookie File\r\n\r\n#\tcomment\r\n"
                        + "127.0.0.1:45061\tFALSE\t/p/\tFALSE\t0\ts\t1\r\n"
                        + "example.com\tTRUE\t/\ttrue\t99999999999999\ta\t1\r\n"
                        + ".example.net\tTRUE\t/\tFALSE\t\tsession\tx=y \r\n"
                        + "old.example\tFALSE\t/\tFALSE\t1\told\t1\r\n"
                        + "::1\tFALSE\t/\tFALSE\t0\tempty\r\n"
                        + "#HttpOnly_h\tFALSE\t/\tFALSE\t0\t\tnoname");
        jar.add("gone", "1", HTTPS);
        jar.loadNetscape(file).await();
        assertEquals(5, jar.size());
        assertEquals("s=1", jar.headerFor(HttpUrl.parse("http://127.0.0.1:80/p/x")));
        assertEquals("a=1", jar.headerFor(HttpUrl.parse("https://www.example.com/")));
        assertNull(jar.headerFor(HttpUrl.parse("http://www.example.com/")));
        assertEquals("session=x=y", jar.headerFor(HttpUrl.parse("http://example.net/")));
        assertEquals("empty=", jar.headerFor(HttpUrl.parse("http://[::1]/")));
        assertEquals("noname", jar.headerFor(HttpUrl.parse("http://h/")));
        assertTrue(jar.cookies().getLast().httpOnly());
        Files.write(file, "h\tFALSE\t/\tFALSE\t0\ta\té".getBytes(StandardCharsets.ISO_8859_1));
        jar.loadNetscape(file).await();
        assertEquals("a=é", jar.headerFor(HttpUrl.parse("http://h/")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "h FALSE / FALSE 0 a 1 | there are 1 fields",
                "h\\tFALSE\\t/\\tFALSE\\t0 | there are 5 fields",
                "h\\tFALSE\\t/\\tFALSE\\t0\\ta\\t1\\t2 | there are 8 fields",
                "h\\tyes\\t/\\tFALSE\\t0\\ta\\t1 | second field",
                "h\\tFALSE\\t/\\t1\\t0\\ta\\t1 | fourth field",
                "h\\tFALSE\\t/\\tFALSE\\tsoon\\ta\\t1 | fifth field",
                "h\\tFALSE\\t/\\tFALSE\\t1.5\\ta\\t1 | fifth field",
                "h\\tFALSE\\tp\\tFALSE\\t0\\ta\\t1 | path",
                "a b\\tFALSE\\t/\\tFALSE\\t0\\ta\\t1 | name of a host",
                "h\\tFALSE\\t/\\tFALSE\\t0\\t\\t | neither name nor value",
                "h\\tFALSE\\t/\\tFALSE\\t0\\t__Host-a\\t1 | __Host-",
            })
    void aMalformedLineIsAnErrorWithItsNumber(String line, String reason) throws IOException {
        Path file = folder.resolve("cookies.txt");
        Files.writeString(file, "# comment\nh\tFALSE\t/\tFALSE\t0\tgood\t1\n" + line.replace("\\t", "\t") + "\n");
        jar.add("kept", "1", HTTPS);
        CookieFileException e = assertThrows(
                CookieFileException.class, () -> jar.loadNetscape(file).await());
        assertTrue(e.getMessage().contains("line 3: "), e.getMessage());
        assertTrue(e.getMessage().contains(reason), e.getMessage());
        assertEquals(file.toString(), e.getFile());
        assertEquals("kept=1", jar.headerFor(HTTPS));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`` | no version",
                "{ | not JSON",
                "[] | no version",
                "{\"cookies\":[]} | no version",
                "{\"version\":2,\"cookies\":[]} | no version",
                "{\"version\":1,\"cookies\":[{\"name\":\"a\",\"domain\":\"h\"}]} | cookie 1: there is no value",
                "{\"version\":1,\"cookies\":[{\"name\":\"a\",\"value\":1}]} | cookie 1: value is not a text",
                "{\"version\":1,\"cookies\":[{\"name\":\"a\",\"value\":\"1\"},7]} | cookie 2: there is no name",
                "{\"version\":1,\"cookies\":[{\"name\":\"a\",\"value\":\"1\",\"secure\":1}]} | secure is neither",
                "{\"version\":1,\"cookies\":[{\"name\":\"a\",\"value\":\"1\",\"expires\":\"x\"}]} | expires is not a time",
                "{\"version\":1,\"cookies\":[{\"name\":\"a\",\"value\":\"1\",\"sameSite\":\"x\"}]} | sameSite",
                "{\"version\":1,\"cookies\":[{\"name\":\"a\",\"value\":\"1\\n2\"}]} | control",
                "{\"version\":1,\"cookies\":[{\"name\":\"a\",\"value\":\"1\",\"domain\":\"a b\"}]} | name of a host",
            })
    void malformedJsonIsAnError(String text, String reason) throws IOException {
        Path file = folder.resolve("cookies.json");
        Files.writeString(file, text);
        jar.add("kept", "1", HTTPS);
        CookieFileException e =
                assertThrows(CookieFileException.class, () -> jar.load(file).await());
        assertTrue(e.getMessage().contains(reason), e.getMessage());
        assertEquals("kept=1", jar.headerFor(HTTPS));
    }

    @ParameterizedTest
    @EnumSource
    void loadReplacesAndDropsWhatHasExpired(Form form) throws IOException {
        jar.update("short=1; Max-Age=10", HTTPS);
        jar.update("long=1; Max-Age=100", HTTPS);
        Path file = folder.resolve("cookies");
        form.save(jar, file).await();
        clock.advanceSeconds(10);
        CookieJar loaded = fresh();
        loaded.add("before", "1", HTTPS);
        form.load(loaded, file).await();
        assertEquals("long=1", loaded.headerFor(HTTPS));
        clock.advanceSeconds(90);
        assertEquals(0, loaded.size());
    }

    @ParameterizedTest
    @EnumSource
    void onlyTheOwnerMayRead(Form form) throws IOException {
        Path file = folder.resolve("cookies");
        Files.writeString(file, "old");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
        jar.add("a", "1", HTTPS);
        form.save(jar, file).await();
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertEquals(List.of(file), files());
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.toList();
        }
    }

    @Test
    void aLinkStaysALink() throws IOException {
        Path file = Files.writeString(folder.resolve("cookies"), "old");
        Path link = Files.createSymbolicLink(folder.resolve("link"), file);
        jar.add("a", "1", HTTPS);
        jar.save(link).await();
        assertTrue(Files.isSymbolicLink(link));
        fresh().load(file).await();
    }

    @ParameterizedTest
    @EnumSource
    void whatFailsLeavesNothingBehind(Form form) throws IOException {
        jar.add("a", "1", HTTPS);
        Path directory = Files.createDirectory(folder.resolve("directory"));
        assertThrows(FileSystemException.class, () -> form.save(jar, directory).await());
        assertThrows(
                FileSystemException.class, () -> form.save(jar, Path.of("/")).await());
        assertThrows(
                NoSuchFileException.class,
                () -> form.save(jar, folder.resolve("no/cookies")).await());
        assertThrows(
                NoSuchFileException.class,
                () -> form.load(jar, folder.resolve("no")).await());
        assertEquals(List.of(directory), files());
        assertEquals("a=1", jar.headerFor(HTTPS));
    }

    @Test
    void whatIsFarTooLargeIsNotRead() {
        Path endless = Path.of("/dev/zero");
        Assumptions.assumeTrue(Files.exists(endless), "there is no /dev/zero here");
        CookieFileException e =
                assertThrows(CookieFileException.class, () -> jar.load(endless).await());
        assertTrue(e.getMessage().contains("64 MiB"), e.getMessage());
    }

    @ParameterizedTest
    @EnumSource
    void worksWithinALoopToo(Form form) throws IOException {
        Path file = folder.resolve("cookies");
        Asyncio.run(() -> {
            jar.add("a", "1", HTTPS);
            form.save(jar, file).await();
            CookieJar loaded = fresh();
            form.load(loaded, file).await();
            assertEquals("a=1", loaded.headerFor(HTTPS));
            assertThrows(
                    NoSuchFileException.class,
                    () -> form.load(loaded, folder.resolve("no")).await());
        });
    }

    @Test
    void nothingIsDoneBeforeItIsAwaited() throws IOException {
        Path file = folder.resolve("cookies");
        Awaitable<Void, IOException> save = jar.save(file);
        assertFalse(Files.exists(file));
        jar.add("a", "1", HTTPS);
        save.await();
        assertTrue(Files.readString(file).contains("\"a\""));
    }

    /** Opening a pipe blocks until someone writes to it, and the loop's other task does: the loop goes on meanwhile. */
    @Test
    void theLoopGoesOnWhileAFileIsRead() throws Exception {
        Path pipe = folder.resolve("pipe");
        Process made = new ProcessBuilder("mkfifo", pipe.toString()).start();
        Assumptions.assumeTrue(made.waitFor(10, TimeUnit.SECONDS) && made.exitValue() == 0, "no mkfifo here");
        byte[] content = "h\tFALSE\t/\tFALSE\t0\ta\t1\n".getBytes(StandardCharsets.UTF_8);
        Asyncio.run(() -> {
            var load = Asyncio.createTask(() -> jar.loadNetscape(pipe).await());
            Asyncio.toThread(() -> Files.write(pipe, content)).await();
            load.await();
        });
        assertEquals("a=1", jar.headerFor(HttpUrl.parse("http://h/")));
    }
}
