package dev.weft.http.download;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.http.Client;
import dev.weft.http.OverBoth;
import dev.weft.http.RawServer.Peer;
import dev.weft.http.download.FileServer.Asked;
import dev.weft.http.download.FileServer.Version;
import dev.weft.http.message.ClientResponseException;
import dev.weft.loop.Asyncio;
import dev.weft.loop.CancelledError;
import dev.weft.loop.Task;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Downloads by several connections, from servers that give so much to each. */
@Timeout(60)
@OverBoth
class SegmentedTest {
    private static final int LENGTH = 16 << 20;
    private static final byte[] ONE = FileServer.bytes(LENGTH, 1);
    private static final byte[] TWO = FileServer.bytes(LENGTH, 2);

    @TempDir
    private Path directory;

    /** 64 KiB every 8 ms: 8 MiB/s for each connection. */
    private static boolean paced(Peer peer, Asked asked) throws IOException {
        return asked.server().send(peer, asked, Integer.MAX_VALUE, () -> LockSupport.parkNanos(8_000_000));
    }

    private interface Use {
        void with(Downloader downloader, Path file) throws Exception;
    }

    private void run(Use use) throws Exception {
        Client.run(session -> {
            Downloader downloader = Downloader.builder(session)
                    .backoff(Duration.ZERO, Duration.ofMillis(1))
                    .segments(8)
                    .build();
            use.with(downloader, directory.resolve("file.bin"));
        });
    }

    private List<String> left() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void aSlowServerIsAskedForPartsAtTheSameTime() throws Exception {
        try (FileServer server = new FileServer(ONE).usually(SegmentedTest::paced)) {
            run((downloader, file) -> {
                Downloaded done = downloader.download(server.url(), file).await();
                // More is for RampTest: here a busy machine may be the narrowest place.
                assertTrue(done.segments() >= 2, done::toString);
                assertEquals(0, done.retries());
                assertArrayEquals(ONE, Files.readAllBytes(file));
            });
            assertEquals(List.of("file.bin"), left());
            server.requests().stream().skip(1).forEach(head -> assertTrue(head.contains("If-Range: \"one\""), head));
        }
    }

    @Test
    void aStreamHasNoParts() throws Exception {
        try (FileServer server = new FileServer(ONE).usually(SegmentedTest::paced)) {
            run((downloader, file) -> {
                ByteArrayOutputStream out = new ByteArrayOutputStream();
                downloader
                        .download(DownloadRequest.of(server.url(), out).build())
                        .await();
                assertArrayEquals(ONE, out.toByteArray());
            });
            assertEquals(1, server.requests().size());
        }
    }

    @Test
    void aFastServerIsAskedOnce() throws Exception {
        try (FileServer server = new FileServer(FileServer.bytes(1 << 20, 3))) {
            run((downloader, file) -> downloader.download(server.url(), file).await());
            assertEquals(1, server.requests().size());
        }
    }

    @Test
    void aServerWithoutPartsIsAskedOnce() throws Exception {
        try (FileServer server = new FileServer(ONE).withoutRanges().usually(SegmentedTest::paced)) {
            run((downloader, file) -> {
                assertEquals(1, downloader.download(server.url(), file).await().segments());
                assertArrayEquals(ONE, Files.readAllBytes(file));
            });
            assertEquals(1, server.requests().size());
        }
    }

    @Test
    void connectionsThatAreRefusedAreNotNeeded() throws Exception {
        AtomicInteger open = new AtomicInteger();
        try (FileServer server = new FileServer(ONE).usually((peer, asked) -> {
            if (open.incrementAndGet() > 2) {
                open.decrementAndGet();
                return FileServer.status("503 Two are enough").send(peer, asked);
            }
            try {
                return paced(peer, asked);
            } finally {
                open.decrementAndGet();
            }
        })) {
            run((downloader, file) -> {
                Downloaded done = downloader.download(server.url(), file).await();
                assertArrayEquals(ONE, Files.readAllBytes(file));
                assertEquals(2, done.segments());
            });
        }
    }

    @Test
    void aServerThatGivesTheWholeInsteadOfAPartIsReadByOne() throws Exception {
        try (FileServer server = new FileServer(ONE).usually(SegmentedTest::paced)) {
            server.on(2, (peer, asked) -> {
                peer.send("HTTP/1.1 200 OK\r\nETag: \"one\"\r\nContent-Length: " + LENGTH + "\r\n\r\n");
                return false;
            });
            run((downloader, file) -> {
                assertEquals(1, downloader.download(server.url(), file).await().segments());
                assertArrayEquals(ONE, Files.readAllBytes(file));
            });
            assertEquals(2, server.requests().size());
        }
    }

    @Test
    void aFileThatChangesMeanwhileIsTheNewOne() throws Exception {
        try (FileServer server = new FileServer(ONE).usually(SegmentedTest::paced)) {
            server.on(2, (peer, asked) -> {
                server.is(new Version(TWO, "\"two\"", null));
                return paced(peer, asked);
            });
            run((downloader, file) -> {
                downloader.download(server.url(), file).await();
                assertArrayEquals(TWO, Files.readAllBytes(file));
            });
            assertEquals(List.of("file.bin"), left());
        }
    }

    /** Each connection breaks after some of its part. */
    @Test
    void partsThatBreakAreFetchedByOthers() throws Exception {
        try (FileServer server = new FileServer(ONE).usually((peer, asked) -> {
            int most = asked.number() % 3 == 0 ? Integer.MAX_VALUE : 700_000;
            return asked.server().send(peer, asked, most, () -> LockSupport.parkNanos(8_000_000));
        })) {
            run((downloader, file) -> {
                downloader.download(server.url(), file).await();
                assertArrayEquals(ONE, Files.readAllBytes(file));
            });
            assertTrue(server.sent() < LENGTH + 4 * (1 << 20), () -> server.sent() + " bytes sent");
        }
    }

    /** The first connection gives nothing any more after a while: what it should have given comes through another one. */
    @Test
    void whatHasStalledIsTakenOver() throws Exception {
        try (FileServer server = new FileServer(ONE).usually(SegmentedTest::paced)) {
            server.on(2, (peer, asked) -> {
                asked.server().send(peer, asked, 500_000, () -> {});
                peer.awaitEnd();
                return false;
            });
            run((downloader, file) -> {
                Downloaded done = downloader.download(server.url(), file).await();
                assertArrayEquals(ONE, Files.readAllBytes(file));
                assertTrue(done.took().toSeconds() < 10, done::toString);
            });
        }
    }

    @Test
    void cancelledItLeavesAllPartsToTheNextRun() throws Exception {
        try (FileServer server = new FileServer(ONE).usually(SegmentedTest::paced)) {
            run((downloader, file) -> {
                Download download = downloader.download(server.url(), file);
                Task<?> task = Asyncio.createTask(download);
                Client.until(() -> download.progress().connections() >= 2
                        && download.progress().bytes() > 2 << 20);
                task.cancel();
                assertThrows(CancelledError.class, task::await);
                long there = download.progress().bytes();
                Downloaded done = downloader.download(server.url(), file).await();
                assertEquals(there, done.resumedFrom());
                assertEquals(LENGTH - there, done.received());
                assertArrayEquals(ONE, Files.readAllBytes(file));
            });
            assertEquals(List.of("file.bin"), left());
        }
    }

    @Test
    void whatIsFinalForTheLastConnectionEndsIt() throws Exception {
        try (FileServer server = new FileServer(ONE)
                .usually((peer, asked) -> asked.number() == 1
                        ? asked.server().send(peer, asked, 3 << 20, () -> LockSupport.parkNanos(8_000_000))
                        : FileServer.status("403 Forbidden").send(peer, asked))) {
            run((downloader, file) -> {
                Download download = downloader.download(server.url(), file);
                assertEquals(
                        403,
                        assertThrows(ClientResponseException.class, download::await)
                                .status());
            });
            assertEquals(List.of(".file.bin.part", ".file.bin.part.journal"), left());
        }
    }

    @Test
    void aDiskThatTakesNoMoreEndsAllConnections() throws Exception {
        try (FileServer server = new FileServer(ONE).usually(SegmentedTest::paced)) {
            run((downloader, file) -> {
                Files.createDirectory(file);
                Files.createFile(file.resolve("in the way"));
                assertThrows(
                        UncheckedIOException.class,
                        () -> downloader.download(server.url(), file).await());
            });
        }
    }

    @Test
    void allDownloadsTogetherKeepToTheLimitOfAHost() throws Exception {
        AtomicInteger open = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        try (FileServer server = new FileServer(ONE).usually((peer, asked) -> {
            most.accumulateAndGet(open.incrementAndGet(), Math::max);
            try {
                return paced(peer, asked);
            } finally {
                open.decrementAndGet();
            }
        })) {
            Client.run(session -> {
                Downloader downloader = Downloader.builder(session)
                        .segments(8)
                        .connectionsPerHost(3)
                        .build();
                Asyncio.gather(
                                List.of(1, 2),
                                number -> downloader
                                        .download(server.url(), directory.resolve("file" + number))
                                        .await())
                        .await();
                assertArrayEquals(ONE, Files.readAllBytes(directory.resolve("file1")));
                assertArrayEquals(ONE, Files.readAllBytes(directory.resolve("file2")));
            });
            // One that was taken over may be told so after its successor has begun.
            assertTrue(most.get() <= 4, most::toString);
        }
    }
}
