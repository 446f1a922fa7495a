package dev.weft.http.message;

import static dev.weft.http.message.FakeBody.bytes;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.loop.Asyncio;
import dev.weft.loop.CancelledError;
import dev.weft.loop.Task;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.Pipe;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bodies on their way to files, channels and streams. */
class TransferTest {
    private static final PayloadException CUT =
            new PayloadException(ClientRequest.of("GET", HttpUrl.parse("http://h/")), 5, 10, null);

    @TempDir
    Path directory;

    private static byte[] large(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    private static FakeBody body(byte[] content, int pieceBytes) {
        List<byte[]> pieces = new ArrayList<>();
        for (int at = 0; at < content.length; at += pieceBytes) {
            pieces.add(Arrays.copyOfRange(content, at, Math.min(content.length, at + pieceBytes)));
        }
        return FakeBody.of(pieces);
    }

    private static StreamReader reader(byte[] content, int pieceBytes) {
        return StreamReader.of(body(content, pieceBytes));
    }

    /** The sizes are around those of the buffers: 16, 32, 64, 128, 256 KiB, and then 256 KiB each. */
    @Test
    void everySizeArrives() throws Exception {
        for (int size : new int[] {0, 1, 16 << 10, (16 << 10) + 1, 48 << 10, (496 << 10) - 1, 496 << 10, 3 << 20}) {
            byte[] content = large(size);
            for (int pieceBytes : new int[] {1000, 64 << 10, 1 << 20}) {
                Path file = directory.resolve("f" + size + "-" + pieceBytes);
                ByteArrayOutputStream stream = new ByteArrayOutputStream();
                ByteArrayOutputStream channel = new ByteArrayOutputStream();
                Asyncio.run(() -> {
                    assertEquals(
                            size, reader(content, pieceBytes).transferTo(file).await());
                    assertEquals(
                            size, reader(content, pieceBytes).transferTo(stream).await());
                    assertEquals(
                            size,
                            reader(content, pieceBytes)
                                    .transferTo(Channels.newChannel(channel))
                                    .await());
                    return null;
                });
                assertArrayEquals(content, Files.readAllBytes(file));
                assertArrayEquals(content, stream.toByteArray());
                assertArrayEquals(content, channel.toByteArray());
            }
        }
    }

    @Test
    void whatWasReadBeforeIsNotInIt() {
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        Asyncio.run(() -> {
            StreamReader reader = StreamReader.of(FakeBody.of("head\nta", "il"));
            assertEquals(5, reader.readLine().await().length);
            assertEquals(4, reader.transferTo(stream).await());
            return null;
        });
        assertEquals("tail", stream.toString(StandardCharsets.US_ASCII));
    }

    @Test
    void aFileIsOverwrittenAsAWhole() throws Exception {
        Path file = Files.writeString(directory.resolve("f"), "longer than before");
        Asyncio.run(() -> StreamReader.of(FakeBody.of("ab")).transferTo(file).await());
        assertEquals("ab", Files.readString(file));
    }

    @Test
    void writesOffTheLoopWhileTheNetworkGoesOn() {
        CountDownLatch release = new CountDownLatch(1);
        Thread loop = Thread.currentThread();
        OutputStream slow = new ByteArrayOutputStream() {
            @Override
            public synchronized void write(byte[] b, int off, int len) {
                assertNotSame(loop, Thread.currentThread());
                await(release);
                super.write(b, off, len);
            }
        };
        byte[] content = large(40 << 10);
        Asyncio.run(() -> {
            StreamReader reader = reader(content, 1 << 10);
            Task<Long> transfer = Asyncio.createTask(reader.transferTo(slow));
            // The first buffer is full and being written; the second is filled all the same.
            while (reader.bytesDecoded() < 40 << 10) {
                Asyncio.sleep(0).await();
            }
            assertFalse(transfer.isDone());
            release.countDown();
            assertEquals(40 << 10, transfer.await());
            return null;
        });
        assertArrayEquals(content, ((ByteArrayOutputStream) slow).toByteArray());
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aFullDiskIsTheFailure() {
        IOException full = new IOException("No space left on device");
        OutputStream failing = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw full;
            }
        };
        for (int size : new int[] {10, 16 << 10, 200 << 10}) {
            Asyncio.run(() -> {
                UncheckedIOException e = assertThrows(
                        UncheckedIOException.class,
                        () -> reader(large(size), 1000).transferTo(failing).await());
                assertSame(full, e.getCause());
                assertEquals("cannot write the stream: No space left on device", e.getMessage());
                return null;
            });
        }
    }

    @Test
    void whatCameBeforeAFailureIsWritten() throws Exception {
        Path file = directory.resolve("f");
        Asyncio.run(() -> {
            StreamReader reader = StreamReader.of(FakeBody.of("hel", "lo").failing(CUT));
            assertSame(
                    CUT,
                    assertThrows(
                            PayloadException.class,
                            () -> reader.transferTo(file).await()));
            return null;
        });
        assertEquals("hello", Files.readString(file));
    }

    @Test
    void cancelledWhileItWrites() throws Exception {
        CountDownLatch writing = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        OutputStream stuck = new OutputStream() {
            @Override
            public void write(int b) {
                writing.countDown();
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                    interrupted.countDown();
                }
            }
        };
        Asyncio.run(() -> {
            Task<Long> transfer =
                    Asyncio.createTask(StreamReader.of(FakeBody.of("a")).transferTo(stuck));
            while (writing.getCount() > 0) {
                Asyncio.sleep(0).await();
            }
            transfer.cancel();
            assertThrows(CancelledError.class, transfer::await);
            return null;
        });
        interrupted.await();
    }

    @Test
    void aChannelThatDoesNotBlockIsRefused() throws Exception {
        Pipe pipe = Pipe.open();
        try (Pipe.SinkChannel sink = pipe.sink();
                Pipe.SourceChannel source = pipe.source()) {
            sink.configureBlocking(false);
            assertThrows(
                    IllegalArgumentException.class,
                    () -> StreamReader.of(FakeBody.of("a")).transferTo(sink));
        }
    }

    @Test
    void noSuchDirectory() {
        Path file = directory.resolve("no/f");
        Asyncio.run(() -> {
            UncheckedIOException e = assertThrows(
                    UncheckedIOException.class,
                    () -> StreamReader.of(FakeBody.of("a")).transferTo(file).await());
            assertTrue(e.getMessage().contains(file.toString()), e.getMessage());
            assertTrue(e.getCause() instanceof NoSuchFileException);
            return null;
        });
    }

    // ---- downloads

    private static ClientResponse response(BodyReader body) {
        return ClientResponse.of(ClientRequest.of("GET", HttpUrl.parse("http://h/")), 200, Headers.empty(), new byte[0])
                .withContent(body);
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void aDownloadReplacesTheFile() throws Exception {
        Path file = Files.writeString(directory.resolve("f"), "before");
        byte[] content = large(700_000);
        Asyncio.run(() -> {
            assertSame(file, response(body(content, 30_000)).download(file).await());
            return null;
        });
        assertArrayEquals(content, Files.readAllBytes(file));
        assertEquals(List.of("f"), files());
    }

    @Test
    void aDownloadThatFailsLeavesNothing() throws Exception {
        Path file = directory.resolve("f");
        Asyncio.run(() -> {
            assertThrows(
                    PayloadException.class,
                    () -> response(body(large(700_000), 30_000).failing(CUT))
                            .download(file)
                            .await());
            return null;
        });
        assertEquals(List.of(), files());
        Files.writeString(file, "before");
        Asyncio.run(() -> {
            assertThrows(
                    PayloadException.class,
                    () -> response(FakeBody.of("a").failing(CUT)).download(file).await());
            return null;
        });
        assertEquals("before", Files.readString(file));
        assertEquals(List.of("f"), files());
    }

    /** Wherever it is cancelled: nothing is left, or, if it was done but for the return, the whole file. */
    @Test
    void aDownloadThatIsCancelledLeavesNothing() throws Exception {
        Path file = directory.resolve("f");
        Asyncio.run(() -> {
            for (int steps = 0; steps < 40; steps++) {
                Task<Path> download = Asyncio.createTask(
                        response(body(large(100_000), 10_000)).download(file));
                for (int i = 0; i < steps; i++) {
                    Asyncio.sleep(0).await();
                }
                boolean cancelled = download.cancel();
                try {
                    assertSame(file, download.await());
                    assertEquals(List.of("f"), files());
                    assertEquals(100_000, Files.size(file));
                    Files.delete(file);
                } catch (CancelledError e) {
                    assertTrue(cancelled);
                    assertEquals(List.of(), files(), "after " + steps + " steps");
                }
            }
            return null;
        });
    }

    @Test
    void aDownloadNeedsANameInADirectoryThatIsThere() throws Exception {
        Asyncio.run(() -> {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> response(FakeBody.of("a")).download(directory).await());
            assertThrows(
                    UncheckedIOException.class,
                    () -> response(FakeBody.of("a"))
                            .download(directory.resolve("no/f"))
                            .await());
            return null;
        });
        assertEquals(List.of(), files());
    }

    @Test
    void aReadDownloadIsNotThereAsText() throws Exception {
        Asyncio.run(() -> {
            ClientResponse response = response(FakeBody.of("a"));
            Path unused = response.download(directory.resolve("f")).await();
            assertThrows(IllegalStateException.class, () -> response.text().await());
            assertArrayEquals(bytes("a"), Files.readAllBytes(unused));
            return null;
        });
    }
}
