package dev.weft.http.download;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.http.Client;
import dev.weft.http.download.FileServer.Version;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Downloads where a file of the name is there, and downloads whose bytes are compared. */
@Timeout(30)
class ExistingFileTest {
    private static final byte[] ONE = FileServer.bytes(300_000, 1);
    private static final byte[] TWO = FileServer.bytes(300_000, 2);
    private static final String MODIFIED = "Sun, 06 Nov 1994 08:49:37 GMT";
    private static final String LATER = "Mon, 07 Nov 1994 08:49:37 GMT";

    @TempDir
    private Path directory;

    private Path file() {
        return directory.resolve("file.bin");
    }

    private Downloaded fetch(FileServer server, Exists how) throws Exception {
        return fetch(DownloadRequest.of(server.url(), file()).exists(how).build());
    }

    private Downloaded fetch(DownloadRequest request) throws Exception {
        Downloaded[] done = new Downloaded[1];
        Client.run(session -> done[0] = Downloader.builder(session)
                .backoff(Duration.ZERO, Duration.ofMillis(1))
                .digests(Checksum.Algorithm.SHA256)
                .build()
                .download(request)
                .await());
        return done[0];
    }

    private List<String> left() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void skippedIsNotAskedFor() throws Exception {
        Files.writeString(file(), "mine");
        try (FileServer server = new FileServer(ONE)) {
            Downloaded done = fetch(server, Exists.SKIP);
            assertEquals(Downloaded.State.SKIPPED, done.state());
            assertEquals(4, done.bytes());
            assertEquals(0, server.requests().size());
        }
        assertEquals("mine", Files.readString(file()));
    }

    @Test
    void aFileThatMustNotBeThereIsAFailure() throws Exception {
        Files.writeString(file(), "mine");
        try (FileServer server = new FileServer(ONE)) {
            UncheckedIOException failure = assertThrows(UncheckedIOException.class, () -> fetch(server, Exists.FAIL));
            assertInstanceOf(FileAlreadyExistsException.class, failure.getCause());
            assertEquals(0, server.requests().size());
        }
        assertEquals("mine", Files.readString(file()));
        assertEquals(List.of("file.bin"), left());
    }

    /** As {@code -o /dev/null}: to put a file in its place would break the machine. */
    @ParameterizedTest
    @EnumSource(Exists.class)
    void aPipeOrDeviceIsWrittenTo(Exists how) throws Exception {
        Path pipe = file();
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
        byte[] big = FileServer.bytes(400_000, 4);
        for (byte[] content : List.of(ONE, new byte[] {1}, big)) {
            CompletableFuture<byte[]> read = new CompletableFuture<>();
            Thread.ofPlatform().daemon().start(() -> {
                try {
                    read.complete(Files.readAllBytes(pipe));
                } catch (IOException e) {
                    read.completeExceptionally(e);
                }
            });
            try (FileServer server = new FileServer(content)) {
                assertEquals(Downloaded.State.DONE, fetch(server, how).state());
                assertArrayEquals(content, read.get(10, TimeUnit.SECONDS));
            }
        }
        assertTrue(Files.readAttributes(pipe, BasicFileAttributes.class).isOther());
        assertEquals(List.of("file.bin"), left());
    }

    @Test
    void aDirectoryIsNoPlaceForAFile() throws Exception {
        Files.createDirectory(file());
        try (FileServer server = new FileServer(new byte[10])) {
            UncheckedIOException failure = assertThrows(UncheckedIOException.class, () -> fetch(server, Exists.RESUME));
            assertTrue(failure.getMessage().contains("is a directory"), failure.getMessage());
            assertEquals(0, server.requests().size());
        }
    }

    @Test
    void renamedIsTheFirstNumberThatIsFree() throws Exception {
        Files.writeString(file(), "mine");
        Files.writeString(directory.resolve("file.1.bin"), "mine too");
        try (FileServer server = new FileServer(ONE)) {
            assertEquals(
                    directory.resolve("file.2.bin"),
                    fetch(server, Exists.RENAME).path());
        }
        assertEquals("mine", Files.readString(file()));
        assertArrayEquals(ONE, Files.readAllBytes(directory.resolve("file.2.bin")));
        assertEquals(List.of("file.1.bin", "file.2.bin", "file.bin"), left());
    }

    @Test
    void overwrittenIsReplacedAtOnce() throws Exception {
        Files.write(file(), ONE);
        try (FileServer server = new FileServer(ONE)) {
            assertEquals(Downloaded.State.DONE, fetch(server, Exists.OVERWRITE).state());
            assertTrue(server.requests().stream().noneMatch(head -> head.contains("If-")));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Exists.class,
            names = {"RESUME", "UPDATE"})
    void theSameFileStays(Exists how) throws Exception {
        for (Version version : List.of(
                new Version(ONE, "\"one\"", MODIFIED),
                new Version(ONE, "\"one\"", null),
                new Version(ONE, null, MODIFIED))) {
            Files.deleteIfExists(file());
            try (FileServer server = new FileServer(ONE)) {
                server.is(version);
                assertEquals(Downloaded.State.DONE, fetch(server, how).state());
                Downloaded again = fetch(server, how);
                assertEquals(Downloaded.State.UNCHANGED, again.state(), version.etag() + " " + version.lastModified());
                assertEquals(ONE.length, again.bytes());
                assertEquals(file(), again.path());
            }
            assertArrayEquals(ONE, Files.readAllBytes(file()));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Exists.class,
            names = {"RESUME", "UPDATE"})
    void anotherOneReplacesIt(Exists how) throws Exception {
        for (Version version : List.of(
                new Version(TWO, "\"two\"", LATER),
                new Version(TWO, "\"two\"", MODIFIED),
                new Version(TWO, null, LATER))) {
            try (FileServer server = new FileServer(ONE)) {
                server.is(new Version(ONE, version.etag() == null ? null : "\"one\"", MODIFIED));
                fetch(server, Exists.OVERWRITE);
                server.is(version);
                assertEquals(Downloaded.State.DONE, fetch(server, how).state(), version.etag());
            }
            assertArrayEquals(TWO, Files.readAllBytes(file()));
        }
    }

    /** Its length alone says nothing. */
    @Test
    void aFileOfTheSameLengthThatNobodyKnowsIsReplaced() throws Exception {
        Files.write(file(), TWO);
        try (FileServer server = new FileServer(ONE)) {
            server.is(new Version(ONE, null, null));
            assertEquals(Downloaded.State.DONE, fetch(server, Exists.RESUME).state());
        }
        assertArrayEquals(ONE, Files.readAllBytes(file()));
    }

    @Test
    void aFileThatWasEditedIsReplaced() throws Exception {
        try (FileServer server = new FileServer(ONE)) {
            server.is(new Version(ONE, "\"one\"", MODIFIED));
            fetch(server, Exists.UPDATE);
            Files.write(file(), TWO);
            assertEquals(Downloaded.State.DONE, fetch(server, Exists.UPDATE).state());
        }
        assertArrayEquals(ONE, Files.readAllBytes(file()));
    }

    @Test
    void bytesThatAreNotWhatWasExpectedAreNoFile() throws Exception {
        try (FileServer server = new FileServer(ONE)) {
            DownloadRequest request = DownloadRequest.of(server.url(), file())
                    .checksum(Checksum.parse("md5:00000000000000000000000000000000"))
                    .build();
            ChecksumException failure = assertThrows(ChecksumException.class, () -> fetch(request));
            assertEquals("md5", failure.algorithm());
            assertEquals(List.of(), left());
            DownloadRequest right = DownloadRequest.of(server.url(), file())
                    .checksum(Checksum.parse("md5:" + failure.actual()))
                    .build();
            Downloaded done = fetch(right);
            assertTrue(done.verified());
            assertEquals(failure.actual(), done.digests().get("md5"));
            assertEquals(64, done.digests().get("sha256").length());
        }
    }

    /** What an earlier run left may be what is wrong. */
    @Test
    void wrongBytesOfAnEarlierRunAreFetchedAgain() throws Exception {
        String md5;
        try (FileServer server = new FileServer(ONE)) {
            DownloadRequest wrong = DownloadRequest.of(server.url(), file())
                    .checksum(Checksum.parse("md5:00000000000000000000000000000000"))
                    .build();
            md5 = assertThrows(ChecksumException.class, () -> fetch(wrong)).actual();
        }
        DownloadRequest.Target target = answer -> file();
        try (FileServer server = new FileServer(TWO).on(1, (peer, asked) -> {
            boolean open = FileServer.cut(200_000).send(peer, asked);
            // The same tag for other bytes: no server should, but some do.
            asked.server().is(new Version(ONE, "\"one\"", null));
            return open;
        })) {
            Downloaded done = fetch(DownloadRequest.of(server.url(), target)
                    .checksum(Checksum.parse("md5:" + md5))
                    .build());
            assertTrue(done.verified());
        }
        assertArrayEquals(ONE, Files.readAllBytes(file()));
    }

    @Test
    void whatTheServerPromisesMustBeSo() throws Exception {
        for (String promise : List.of(
                "Content-MD5: AAAAAAAAAAAAAAAAAAAAAA==",
                "Repr-Digest: sha-256=:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=:")) {
            try (FileServer server = new FileServer(ONE).usually((peer, asked) -> {
                peer.send("HTTP/1.1 200 OK\r\n" + promise + "\r\nContent-Length: 5\r\n\r\nhello");
                return true;
            })) {
                assertThrows(ChecksumException.class, () -> fetch(server, Exists.RESUME), promise);
                assertEquals(List.of(), left());
            }
        }
        try (FileServer server = new FileServer(ONE).usually((peer, asked) -> {
            peer.send("HTTP/1.1 200 OK\r\nContent-MD5: XUFAKrxLKna5cZ2REBfFkg==\r\nContent-Length: 5\r\n\r\nhello");
            return true;
        })) {
            assertTrue(fetch(server, Exists.RESUME).verified());
        }
    }
}
