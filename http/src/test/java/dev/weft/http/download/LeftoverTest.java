package dev.weft.http.download;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.http.Client;
import dev.weft.http.download.FileServer.Version;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a run has left, and who may go on with it. */
@Timeout(30)
class LeftoverTest {
    private static final int CUT = 300_000;
    private static final byte[] ONE = FileServer.bytes(1 << 20, 1);
    private static final byte[] TWO = FileServer.bytes(1 << 20, 2);

    @TempDir
    private Path directory;

    private Path file;

    @BeforeEach
    void nameIt() {
        file = directory.resolve("file.bin");
    }

    private Downloaded fetch(String url, String... mirrors) throws Exception {
        Downloaded[] done = new Downloaded[1];
        Client.run(session -> done[0] = Downloader.builder(session)
                .retries(0)
                .segments(1)
                .build()
                .download(
                        DownloadRequest.of(url, file).mirrors(List.of(mirrors)).build())
                .await());
        return done[0];
    }

    private void fail(FileServer server, String path) throws Exception {
        server.on(1, FileServer.cut(CUT));
        assertThrows(Exception.class, () -> fetch(server.url(path)));
        assertTrue(PartFile.isThere(file));
    }

    @Test
    void aLaterRunGoesOnWhateverTheSignature() throws Exception {
        try (FileServer server = new FileServer(ONE)) {
            fail(server, "/file.bin?signature=1");
            Downloaded done = fetch(server.url("/file.bin?signature=2"));
            assertEquals(CUT, done.resumedFrom());
            assertEquals(ONE.length - CUT, done.received());
            assertArrayEquals(ONE, Files.readAllBytes(file));
        }
    }

    /** Two files may have one tag, as a version number is; it is of its own place alone. */
    @Test
    void anotherPlaceBeginsAnewWhateverItsTag() throws Exception {
        try (FileServer server = new FileServer(ONE)) {
            fail(server, "/one/file.bin");
            server.is(new Version(TWO, "\"one\"", null));
            Downloaded done = fetch(server.url("/two/file.bin"));
            assertEquals(0, done.resumedFrom());
            assertArrayEquals(TWO, Files.readAllBytes(file));
        }
    }

    @Test
    void anotherVersionBeginsAnew() throws Exception {
        try (FileServer server = new FileServer(ONE)) {
            fail(server, "/file.bin");
            server.is(new Version(TWO, "\"two\"", null));
            assertArrayEquals(
                    TWO, Files.readAllBytes(fetch(server.url("/file.bin")).path()));
        }
    }

    @Test
    void damageIsFetchedAgain() throws Exception {
        try (FileServer server = new FileServer(ONE)) {
            fail(server, "/file.bin");
            Path part = directory.resolve(".file.bin.part");
            byte[] bytes = Files.readAllBytes(part);
            Arrays.fill(bytes, 1000, 2000, (byte) 0);
            Files.write(part, bytes);
            fetch(server.url("/file.bin"));
            assertArrayEquals(ONE, Files.readAllBytes(file));
        }
    }
}
