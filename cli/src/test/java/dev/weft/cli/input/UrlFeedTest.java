package dev.weft.cli.input;

import static dev.weft.loop.Asyncio.createTask;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.loop.Asyncio;
import dev.weft.loop.CancelledError;
import dev.weft.loop.Runner;
import dev.weft.loop.Task;
import dev.weft.loop.testing.VirtualClock;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class UrlFeedTest {
    @Test
    void aUrlIsThereWhenTheNextLineBegins() throws IOException {
        Asyncio.run(() -> {
            PipedInputStream in = new PipedInputStream();
            PipedOutputStream pipe = new PipedOutputStream(in);
            try (UrlFeed feed = UrlFeed.start("pipe", () -> in)) {
                Task<Job> first = createTask(feed::next);
                write(pipe, "one\n  out=x\ntwo\n");
                assertEquals("x", first.await().options().name());

                Task<Job> second = createTask(feed::next);
                write(pipe, "three");
                pipe.close();
                assertEquals("two", second.await().url());
                assertEquals("three", feed.next().url());
                assertNull(feed.next());
                assertNull(feed.next());
            }
        });
    }

    /** Who types URLs by hand, or follows a file that grows, need not type the next one first. */
    @Test
    void theLastUrlWaitsForItsOptionsForASecondOnly() throws IOException {
        VirtualClock clock = new VirtualClock();
        PipedInputStream in = new PipedInputStream();
        PipedOutputStream pipe = new PipedOutputStream(in);
        try (Runner runner = Runner.builder().clock(clock).build()) {
            runner.run(() -> {
                try (UrlFeed feed = UrlFeed.start("pipe", () -> in)) {
                    write(pipe, "zero\none\n");
                    assertEquals("zero", feed.next().url());
                    Job one = feed.next();
                    assertEquals("one", one.url());
                    assertNull(one.fault());
                    assertEquals(Duration.ofSeconds(1), clock.elapsed());

                    // It has begun: what is said of it now must not be lost silently.
                    write(pipe, "# comment\n  out=x\ntwo\n");
                    pipe.close();
                    Job late = feed.next();
                    assertEquals(
                            "pipe:4: this option came more than a second after its URL, which has begun without it",
                            late.fault().message());
                    assertEquals("two", feed.next().url());
                    assertNull(feed.next());
                }
            });
        }
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
                    assertEquals("u", feed.next().url());
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
            try (Jobs jobs = new Jobs(
                    Patterns.parse(List.of("given"), true),
                    UrlFeed.start("x.txt", () -> new SequenceInputStream(bytes("one\ntwo\n"), broken)))) {
                assertEquals(OptionalLong.empty(), jobs.size());
                List<String> seen = new ArrayList<>();
                UncheckedIOException e = assertThrows(UncheckedIOException.class, () -> {
                    while (true) {
                        seen.add(jobs.next().url());
                    }
                });
                assertEquals("cannot read x.txt", e.getMessage());
                assertEquals("Input/output error", e.getCause().getMessage());
                assertEquals(List.of("given", "one", "two"), seen);
                assertFalse(jobs.hasNext());
                assertEquals(OptionalLong.of(3), jobs.size());
            }
        });
    }

    @Test
    void aListThatCannotBeOpenedIsToldWhateverTheReason() {
        Asyncio.run(() -> {
            try (UrlFeed feed =
                    UrlFeed.start("x", () -> Path.of("a\0b").toUri().toURL().openStream())) {
                UncheckedIOException e = assertThrows(UncheckedIOException.class, feed::next);
                assertEquals("cannot read x", e.getMessage());
                assertEquals("Nul character not allowed: a\0b", e.getCause().getMessage());
            }
        });
    }

    @Test
    void whoeverWaitsCanBeCancelled() throws IOException {
        Asyncio.run(() -> {
            PipedInputStream in = new PipedInputStream();
            try (PipedOutputStream pipe = new PipedOutputStream(in);
                    UrlFeed feed = UrlFeed.start("pipe", () -> in)) {
                Task<Job> waiting = createTask(feed::next);
                Asyncio.sleep(0).await();
                waiting.cancel();
                assertThrows(CancelledError.class, waiting::await);
                Task<Job> other = createTask(feed::next);
                write(pipe, "one\ntwo\n");
                assertEquals("one", other.await().url());
            }
        });
    }

    private static void write(PipedOutputStream pipe, String text) throws IOException {
        pipe.write(text.getBytes(StandardCharsets.UTF_8));
        pipe.flush();
    }

    private static InputStream bytes(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }
}
