package dev.weft.cli.download;

import static dev.weft.loop.Asyncio.createTask;
import static dev.weft.loop.Asyncio.gather;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.loop.Asyncio;
import dev.weft.loop.Task;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class UrlFeedTest {
    @Test
    void aLineIsThereBeforeTheListEnds() throws IOException {
        Asyncio.run(() -> {
            PipedInputStream in = new PipedInputStream();
            PipedOutputStream pipe = new PipedOutputStream(in);
            try (UrlFeed feed = UrlFeed.start("pipe", () -> in)) {
                Task<String> first = createTask(feed::next);
                pipe.write("one\n".getBytes(StandardCharsets.UTF_8));
                pipe.flush();
                assertEquals("one", first.await());

                Task<String> second = createTask(feed::next);
                assertFalse(second.isDone());
                pipe.write("two\nthree".getBytes(StandardCharsets.UTF_8));
                pipe.close();
                assertEquals("two", second.await());
                assertEquals("three", feed.next());
                assertNull(feed.next());
                assertNull(feed.next());
            }
        });
    }

    @Test
    void manyWorkersShareManyLinesAndEachGoesToOne() {
        int lines = 20_000;
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < lines; i++) {
            text.append("u").append(i).append('\n');
        }
        Set<String> seen = new HashSet<>();
        Asyncio.run(() -> {
            try (UrlFeed feed = UrlFeed.start("text", () -> bytes(text.toString()))) {
                gather(Collections.nCopies(50, feed), shared -> {
                            for (String url = shared.next(); url != null; url = shared.next()) {
                                assertTrue(seen.add(url));
                            }
                            return null;
                        })
                        .await();
            }
        });
        assertEquals(lines, seen.size());
    }

    @Test
    void whatIsReadAheadIsBounded() throws InterruptedException {
        CountDownLatch farEnough = new CountDownLatch(1);
        long[] given = {0};
        InputStream endless = new InputStream() {
            @Override
            public int read() {
                return given[0]++ % 2 == 0 ? 'u' : '\n';
            }

            @Override
            public int read(byte[] buffer, int from, int length) {
                for (int i = 0; i < length; i++) {
                    buffer[from + i] = (byte) read();
                }
                farEnough.countDown();
                return length;
            }
        };
        Asyncio.run(() -> {
            try (UrlFeed feed = UrlFeed.start("endless", () -> endless)) {
                for (int i = 0; i < 100_000; i++) {
                    assertEquals("u", feed.next());
                }
            }
        });
        farEnough.await();
        // Two bytes a line, the queue of 1000 lines, and the buffer of the reader, twice at most.
        assertTrue(given[0] <= 2 * (100_000 + 1001) + 2 * (1 << 16), given[0] + " bytes read");
    }

    @Test
    void aListThatBreaksIsToldOnceAfterItsLines() {
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("Input/output error");
            }
        };
        Asyncio.run(() -> {
            try (Urls urls = new Urls(
                    List.of("given"),
                    UrlFeed.start("x.txt", () -> new SequenceInputStream(bytes("one\ntwo\n"), broken)))) {
                assertEquals(OptionalLong.empty(), urls.size());
                List<String> seen = new ArrayList<>();
                DiskException e = assertThrows(DiskException.class, () -> {
                    while (true) {
                        seen.add(urls.next());
                    }
                });
                assertEquals("cannot read x.txt: input/output error", e.getMessage());
                assertEquals(List.of("given", "one", "two"), seen);
                assertNull(urls.next());
                assertEquals(OptionalLong.of(3), urls.size());
            }
        });
    }

    @Test
    void aListThatCannotBeOpenedIsToldWhateverTheReason() {
        Asyncio.run(() -> {
            try (UrlFeed feed =
                    UrlFeed.start("x", () -> Path.of("a\0b").toUri().toURL().openStream())) {
                DiskException e = assertThrows(DiskException.class, feed::next);
                assertEquals("cannot read x: nul character not allowed: a\0b", e.getMessage());
            }
        });
    }

    @Test
    void theNumberIsKnownWhereThereIsNoListOrItHasEnded() {
        Asyncio.run(() -> {
            assertEquals(OptionalLong.of(2), new Urls(List.of("a", "b"), null).size());
            try (Urls urls = new Urls(List.of("a"), UrlFeed.start("text", () -> bytes("b\nc")))) {
                assertEquals(OptionalLong.empty(), urls.size());
                while (urls.next() != null) {
                    // Read to the end.
                }
                assertEquals(OptionalLong.of(3), urls.size());
            }
        });
    }

    @Test
    void whoeverWaitsCanBeCancelled() throws IOException {
        Asyncio.run(() -> {
            PipedInputStream in = new PipedInputStream();
            try (PipedOutputStream pipe = new PipedOutputStream(in);
                    UrlFeed feed = UrlFeed.start("pipe", () -> in)) {
                Task<String> waiting = createTask(feed::next);
                Task<String> other = createTask(feed::next);
                Asyncio.sleep(0).await();
                waiting.cancel();
                pipe.write("one\n".getBytes(StandardCharsets.UTF_8));
                pipe.flush();
                assertEquals("one", other.await());
                assertTrue(waiting.isCancelled());
            }
        });
    }

    private static InputStream bytes(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }
}
