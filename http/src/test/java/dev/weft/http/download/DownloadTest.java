package dev.weft.http.download;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.http.Client;
import dev.weft.http.ClientSession;
import dev.weft.http.OverBoth;
import dev.weft.http.download.FileServer.Version;
import dev.weft.http.message.ClientResponseException;
import dev.weft.http.message.PayloadException;
import dev.weft.loop.Asyncio;
import dev.weft.loop.CancelledError;
import dev.weft.loop.Task;
import dev.weft.loop.TimeoutException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whole downloads against a server that does what a test says; by one connection. See {@link SegmentedTest} for several. */
@Timeout(30)
@OverBoth
class DownloadTest {
    private static final byte[] ONE = FileServer.bytes(1 << 20, 1);
    private static final byte[] TWO = FileServer.bytes(1 << 20, 2);
    private static final String MODIFIED = "Sun, 06 Nov 1994 08:49:37 GMT";

    @TempDir
    private Path directory;

    private interface Use {
        void with(Downloader downloader, Path file) throws Exception;
    }

    private static Downloader.Builder quick(ClientSession session) {
        return Downloader.builder(session)
                .backoff(Duration.ZERO, Duration.ofMillis(1))
                .segments(1);
    }

    private void run(Use use) throws Exception {
        Client.run(session -> use.with(quick(session).build(), directory.resolve("file.bin")));
    }

    /** Names of files, hidden ones too. */
    private List<String> left() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void aFileIsThereWithItsTimeAndNothingElse() throws Exception {
        try (FileServer server = new FileServer(ONE)) {
            server.is(new Version(ONE, "\"one\"", MODIFIED));
            run((downloader, file) -> {
                Download download = downloader.download(server.url(), file);
                Downloaded done = download.await();
                assertEquals(Downloaded.State.DONE, done.state());
                assertEquals(file, done.path());
                assertEquals(200, done.status());
                assertEquals(ONE.length, done.bytes());
                assertEquals(ONE.length, done.received());
                assertEquals("\"one\"", done.etag());
                assertEquals(0, done.retries());
                assertEquals(DownloadProgress.State.ENDED, download.progress().state());
                assertArrayEquals(ONE, Files.readAllBytes(file));
                assertEquals(
                        Instant.parse("1994-11-06T08:49:37Z"),
                        Files.getLastModifiedTime(file).toInstant());
                assertThrows(IllegalStateException.class, download::await);
            });
            assertEquals(List.of("file.bin"), left());
            assertEquals(1, server.requests().size());
        }
    }

    @Test
    void anEmptyFileIsAFile() throws Exception {
        try (FileServer server = new FileServer(new byte[0])) {
            run((downloader, file) -> {
                assertEquals(0, downloader.download(server.url(), file).await().bytes());
                assertEquals(0, Files.size(file));
            });
        }
    }

    @Test
    void aFileOfUnknownLengthEndsWithItsBody() throws Exception {
        try (FileServer server = new FileServer(ONE).usually((peer, asked) -> {
            peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
            return true;
        })) {
            run((downloader, file) -> {
                assertEquals(5, downloader.download(server.url(), file).await().bytes());
                assertEquals("abcde", Files.readString(file));
            });
        }
    }

    @Test
    void whatWasCutShortIsGoneOnWith() throws Exception {
        try (FileServer server =
                new FileServer(ONE).on(1, FileServer.cut(300_000)).on(2, FileServer.cut(200_000))) {
            run((downloader, file) -> {
                Downloaded done = downloader.download(server.url(), file).await();
                assertEquals(2, done.retries());
                assertEquals(0, done.resumedFrom());
                assertArrayEquals(ONE, Files.readAllBytes(file));
            });
            assertEquals(ONE.length, server.sent());
            assertTrue(
                    server.requests().get(1).contains("Range: bytes=300000-"),
                    server.requests().get(1));
            assertTrue(
                    server.requests().get(1).contains("If-Range: \"one\""),
                    server.requests().get(1));
            assertEquals(List.of("file.bin"), left());
        }
    }

    @Test
    void aDateServesWhereThereIsNoTag() throws Exception {
        try (FileServer server = new FileServer(ONE).on(1, FileServer.cut(300_000))) {
            server.is(new Version(ONE, null, MODIFIED));
            run((downloader, file) -> {
                downloader.download(server.url(), file).await();
                assertArrayEquals(ONE, Files.readAllBytes(file));
            });
            assertEquals(ONE.length, server.sent());
            assertTrue(
                    server.requests().get(1).contains("If-Range: " + MODIFIED),
                    server.requests().get(1));
        }
    }

    @Test
    void aDateServesWhereTheTagIsNotTaken() throws Exception {
        try (FileServer server = new FileServer(ONE)
                .on(1, FileServer.cut(300_000))
                .on(2, (peer, asked) -> {
                    peer.send(
                            "HTTP/1.1 200 OK\r\nContent-Length: " + ONE.length + "\r\nETag: \"one\"\r\nLast-Modified: "
                                    + MODIFIED + "\r\nDate: Thu, 26 Nov 2026 12:00:00 GMT\r\n\r\n");
                    return false;
                })) {
            server.is(new Version(ONE, "\"one\"", MODIFIED));
            run((downloader, file) -> {
                downloader.download(server.url(), file).await();
                assertArrayEquals(ONE, Files.readAllBytes(file));
            });
            assertEquals(ONE.length, server.sent());
            assertTrue(
                    server.requests().get(2).contains("If-Range: " + MODIFIED),
                    server.requests().get(2));
        }
    }

    @Test
    void withoutAValidatorItBeginsAnew() throws Exception {
        try (FileServer server = new FileServer(ONE).on(1, FileServer.cut(300_000))) {
            server.is(new Version(ONE, null, null));
            run((downloader, file) -> {
                downloader.download(server.url(), file).await();
                assertArrayEquals(ONE, Files.readAllBytes(file));
            });
            assertFalse(
                    server.requests().get(1).contains("Range:"),
                    server.requests().get(1));
        }
    }

    @Test
    void aFileThatChangedBetweenTriesIsTheNewOne() throws Exception {
        try (FileServer server = new FileServer(ONE)) {
            server.on(1, (peer, asked) -> {
                boolean open = FileServer.cut(300_000).send(peer, asked);
                server.is(new Version(TWO, "\"two\"", null));
                return open;
            });
            run((downloader, file) -> {
                Downloaded done = downloader.download(server.url(), file).await();
                assertEquals("\"two\"", done.etag());
                assertArrayEquals(TWO, Files.readAllBytes(file));
            });
        }
    }

    @Test
    void aServerThatGivesPartsOfTheNewFileIsNotBelieved() throws Exception {
        try (FileServer server = new FileServer(ONE)) {
            server.on(1, (peer, asked) -> {
                boolean open = FileServer.cut(300_000).send(peer, asked);
                server.is(new Version(TWO, "\"two\"", null));
                return open;
            });
            server.on(2, (peer, asked) -> {
                int from = (int) asked.from();
                peer.send("HTTP/1.1 206 Partial Content\r\nETag: \"two\"\r\nContent-Length: " + (TWO.length - from)
                        + "\r\nContent-Range: bytes " + from + "-" + (TWO.length - 1) + "/" + TWO.length + "\r\n\r\n");
                peer.send(java.util.Arrays.copyOfRange(TWO, from, TWO.length));
                return true;
            });
            run((downloader, file) -> {
                downloader.download(server.url(), file).await();
                assertArrayEquals(TWO, Files.readAllBytes(file));
            });
        }
    }

    @Test
    void aPartThatWasNotAskedForIsNotBelieved() throws Exception {
        for (String range : List.of(
                "bytes 0-99/" + ONE.length,
                "bytes 300001-300100/" + ONE.length,
                "bytes 300000-300099/" + (ONE.length + 1),
                "bytes 300000-300099",
                "")) {
            try (FileServer server = new FileServer(ONE)
                    .on(1, FileServer.cut(300_000))
                    .on(2, (peer, asked) -> {
                        peer.send("HTTP/1.1 206 Partial Content\r\nETag: \"one\"\r\nContent-Length: 100\r\n"
                                + (range.isEmpty() ? "" : "Content-Range: " + range + "\r\n") + "\r\n"
                                + "x".repeat(100));
                        return true;
                    })) {
                run((downloader, file) -> {
                    downloader.download(server.url(), file).await();
                    assertArrayEquals(ONE, Files.readAllBytes(file), range);
                });
            }
        }
    }

    @Test
    void anErrorIsNoFileAndIsFinal() throws Exception {
        try (FileServer server = new FileServer(ONE).usually(FileServer.status("404 Not Found"))) {
            run((downloader, file) -> {
                Download download = downloader.download(server.url(), file);
                assertEquals(
                        404,
                        assertThrows(ClientResponseException.class, download::await)
                                .status());
            });
            assertEquals(1, server.requests().size());
            assertEquals(List.of(), left());
        }
    }

    @Test
    void whatMayPassIsTriedAgain() throws Exception {
        for (String status : List.of("408 x", "425 x", "429 x", "500 x", "502 x", "503 x", "504 x", "520 x", "524 x")) {
            try (FileServer server = new FileServer(ONE)
                    .on(1, FileServer.status(status))
                    .on(2, FileServer.status(status, "Retry-After: 0"))) {
                run((downloader, file) -> assertEquals(
                        2, downloader.download(server.url(), file).await().retries(), status));
            }
        }
    }

    @Test
    void theTriesEndAndWhatIsThereStaysForTheNextRun() throws Exception {
        try (FileServer server = new FileServer(ONE).usually((peer, asked) -> {
            if (asked.number() == 1) {
                return FileServer.cut(300_000).send(peer, asked);
            }
            return asked.number() <= 7
                    ? FileServer.status("503 Busy").send(peer, asked)
                    : FileServer.asItShould(peer, asked);
        })) {
            run((downloader, file) -> {
                Download download = downloader.download(server.url(), file);
                assertEquals(
                        503,
                        assertThrows(ClientResponseException.class, download::await)
                                .status());
                assertEquals(6, download.progress().attempt());
                assertEquals(300_000, download.progress().bytes());
                assertEquals(List.of(".file.bin.part", ".file.bin.part.journal"), left());
                Downloaded done = downloader.download(server.url(), file).await();
                assertEquals(300_000, done.resumedFrom());
                assertEquals(ONE.length - 300_000, done.received());
                assertArrayEquals(ONE, Files.readAllBytes(file));
            });
            assertEquals(ONE.length, server.sent());
            assertEquals(List.of("file.bin"), left());
        }
    }

    @Test
    void cancelledItLeavesWhatCanBeGoneOnWith() throws Exception {
        try (FileServer server = new FileServer(ONE).on(1, (peer, asked) -> {
            FileServer.cut(300_000).send(peer, asked);
            peer.awaitEnd();
            return false;
        })) {
            run((downloader, file) -> {
                Download download = downloader.download(server.url(), file);
                Task<?> task = Asyncio.createTask(download);
                Client.until(() -> download.progress().bytes() == 300_000);
                task.cancel();
                assertThrows(CancelledError.class, task::await);
                assertEquals(List.of(".file.bin.part", ".file.bin.part.journal"), left());
                assertEquals(
                        300_000, downloader.download(server.url(), file).await().resumedFrom());
                assertArrayEquals(ONE, Files.readAllBytes(file));
            });
            assertEquals(ONE.length, server.sent());
        }
    }

    @Test
    void itsTimeEndsIt() throws Exception {
        try (FileServer server = new FileServer(ONE).usually((peer, asked) -> {
            peer.awaitEnd();
            return false;
        })) {
            run((downloader, file) -> {
                DownloadRequest request = DownloadRequest.of(server.url(), file)
                        .maxTime(Duration.ofMillis(50))
                        .build();
                assertThrows(
                        TimeoutException.class,
                        () -> downloader.download(request).await());
            });
            assertEquals(List.of(), left());
        }
    }

    @Test
    void aNameThatTheAnswerGivesFindsWhatAnEarlierRunLeft() throws Exception {
        try (FileServer server = new FileServer(ONE)
                .usually((peer, asked) -> asked.number() <= 2
                        ? FileServer.cut(300_000 / asked.number()).send(peer, asked)
                        : FileServer.asItShould(peer, asked))) {
            Client.run(session -> {
                DownloadRequest request = DownloadRequest.of(
                                server.url(),
                                answer -> directory.resolve(answer.url().path().substring(1)))
                        .build();
                Downloader once = quick(session).retries(0).build();
                assertThrows(
                        PayloadException.class, () -> once.download(request).await());
                Downloaded done = quick(session).build().download(request).await();
                assertEquals(300_000, done.resumedFrom());
                assertEquals(directory.resolve("file.bin"), done.path());
                assertArrayEquals(ONE, Files.readAllBytes(directory.resolve("file.bin")));
            });
        }
    }

    @Test
    void aStreamGetsEachByteOnce() throws Exception {
        try (FileServer server = new FileServer(ONE).on(1, FileServer.cut(300_000))) {
            run((downloader, file) -> {
                ByteArrayOutputStream out = new ByteArrayOutputStream();
                Downloaded done = downloader
                        .download(DownloadRequest.of(server.url(), out).build())
                        .await();
                assertNull(done.path());
                assertEquals(1, done.retries());
                assertArrayEquals(ONE, out.toByteArray());
            });
            assertEquals(ONE.length, server.sent());
            assertEquals(List.of(), left());
        }
    }

    @Test
    void aStreamCannotBeginAnew() throws Exception {
        try (FileServer server = new FileServer(ONE).on(1, FileServer.cut(300_000))) {
            server.is(new Version(ONE, null, null));
            run((downloader, file) -> {
                ByteArrayOutputStream out = new ByteArrayOutputStream();
                Download download = downloader.download(
                        DownloadRequest.of(server.url(), out).build());
                UncheckedIOException failure = assertThrows(UncheckedIOException.class, download::await);
                assertTrue(failure.getMessage().contains("300000 bytes of it are out already"), failure.getMessage());
            });
        }
    }

    @Test
    void aMirrorIsAskedWhereTheFirstHasFailed() throws Exception {
        try (FileServer bad = new FileServer(ONE).usually(FileServer.status("404 Not Found"));
                FileServer good = new FileServer(ONE)) {
            run((downloader, file) -> {
                DownloadRequest request = DownloadRequest.of(bad.url(), file)
                        .mirrors(List.of(bad.url("/other"), good.url()))
                        .build();
                Downloaded done = downloader.download(request).await();
                assertEquals(good.url(), done.url().toString());
                assertArrayEquals(ONE, Files.readAllBytes(file));
            });
            assertEquals(2, bad.requests().size());
        }
    }

    @Test
    void aMirrorOfAnotherVersionIsFetchedWhole() throws Exception {
        try (FileServer bad =
                        new FileServer(ONE).on(1, FileServer.cut(300_000)).usually(FileServer.status("404 Not Found"));
                FileServer other = new FileServer(TWO)) {
            other.is(new Version(TWO, "\"two\"", null));
            run((downloader, file) -> {
                DownloadRequest request = DownloadRequest.of(bad.url(), file)
                        .mirrors(List.of(other.url()))
                        .build();
                downloader.download(request).await();
                assertArrayEquals(TWO, Files.readAllBytes(file));
            });
        }
    }

    @Test
    void aMirrorOfTheSameVersionGivesTheRest() throws Exception {
        try (FileServer bad =
                        new FileServer(ONE).on(1, FileServer.cut(300_000)).usually(FileServer.status("404 Not Found"));
                FileServer same = new FileServer(ONE)) {
            run((downloader, file) -> {
                DownloadRequest request = DownloadRequest.of(bad.url(), file)
                        .mirrors(List.of(same.url()))
                        .build();
                downloader.download(request).await();
                assertArrayEquals(ONE, Files.readAllBytes(file));
            });
            assertEquals(ONE.length - 300_000, same.sent());
        }
    }

    @Test
    void theRateIsKept() throws Exception {
        try (FileServer server = new FileServer(ONE)) {
            Client.run(session -> {
                Downloader slow = quick(session).bytesPerSecond(4 << 20).build();
                Downloaded done =
                        slow.download(server.url(), directory.resolve("x")).await();
                assertTrue(done.took().toMillis() >= 140, done::toString);
            });
        }
    }
}
