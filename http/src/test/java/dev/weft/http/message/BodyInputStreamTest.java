package dev.weft.http.message;

import static dev.weft.http.message.FakeBody.bytes;
import static dev.weft.http.message.FakeBody.latin1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.loop.Asyncio;
import dev.weft.loop.CancelledError;
import dev.weft.loop.Loop;
import dev.weft.loop.Task;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class BodyInputStreamTest {
    @Test
    void inATask() throws Exception {
        Asyncio.run(() -> {
            for (FakeBody cut : FakeBody.cuts(bytes("hello\u00ff"))) {
                try (InputStream stream = StreamReader.of(cut).inputStream()) {
                    assertEquals('h', stream.read());
                    byte[] some = new byte[10];
                    assertEquals(0, stream.read(some, 3, 0));
                    int count = stream.read(some, 2, 3);
                    assertTrue(count >= 1 && count <= 3);
                    assertEquals("ello\u00ff", latin1(some).substring(2, 2 + count) + latin1(stream.readAllBytes()));
                    assertEquals(-1, stream.read());
                    assertEquals(-1, stream.read(some));
                    assertThrows(IndexOutOfBoundsException.class, () -> stream.read(some, 9, 2));
                }
            }
            return null;
        });
    }

    @Test
    void onAPlainThread() {
        Asyncio.run(() -> {
            for (FakeBody cut : FakeBody.cuts(bytes("hello\u00ff"))) {
                InputStream stream = StreamReader.of(cut).inputStream();
                byte[] all = Asyncio.<byte[]>toThread(() -> {
                            try (stream) {
                                return stream.readAllBytes();
                            }
                        })
                        .await();
                assertEquals("hello\u00ff", latin1(all));
                while (cut.closed == 0) {
                    Asyncio.sleep(0).await();
                }
                assertThrows(IOException.class, stream::read);
            }
            return null;
        });
    }

    @Test
    void failuresAreIoExceptions() throws Exception {
        PayloadException cut = new PayloadException(ClientRequest.of("GET", HttpUrl.parse("http://h/")), 5, 10, null);
        Asyncio.run(() -> {
            InputStream stream = StreamReader.of(FakeBody.of("a").failing(cut)).inputStream();
            assertEquals('a', stream.read());
            IOException e = assertThrows(IOException.class, stream::read);
            assertSame(cut, e.getCause());
            IOException elsewhere = Asyncio.<IOException>toThread(() -> assertThrows(IOException.class, stream::read))
                    .await();
            assertSame(cut, elsewhere.getCause());
            return null;
        });
    }

    /** A body that never comes. */
    private static final class Silence implements BodyReader {
        final CountDownLatch asked = new CountDownLatch(1);
        volatile boolean cancelled;

        @Override
        public dev.weft.loop.Awaitable<java.nio.ByteBuffer, RuntimeException> read() {
            return () -> {
                asked.countDown();
                try {
                    return Asyncio.getRunningLoop()
                            .<java.nio.ByteBuffer>createFuture()
                            .await();
                } catch (CancelledError e) {
                    cancelled = true;
                    throw e;
                }
            };
        }

        @Override
        public long bytesReceived() {
            return 0;
        }

        @Override
        public void close() {}
    }

    @Test
    void cancellingTheTaskEndsTheRead() {
        Asyncio.run(() -> {
            Silence silence = new Silence();
            InputStream stream = StreamReader.of(silence).inputStream();
            Task<Integer> reading = Asyncio.createTask(() -> stream.read());
            while (silence.asked.getCount() > 0) {
                Asyncio.sleep(0).await();
            }
            reading.cancel();
            assertThrows(CancelledError.class, reading::await);
            while (!silence.cancelled) {
                Asyncio.sleep(0).await();
            }
            return null;
        });
    }

    @Test
    void interruptingAPlainThreadEndsTheRead() {
        Asyncio.run(() -> {
            Silence silence = new Silence();
            InputStream stream = StreamReader.of(silence).inputStream();
            CompletableFuture<Throwable> ended = new CompletableFuture<>();
            Thread reader = Thread.ofPlatform().start(() -> ended.complete(thrown(stream)));
            while (silence.asked.getCount() > 0) {
                Asyncio.sleep(0).await();
            }
            reader.interrupt();
            assertInstanceOf(InterruptedIOException.class, Asyncio.wrap(ended).await());
            while (!silence.cancelled) {
                Asyncio.sleep(0).await();
            }
            return null;
        });
    }

    private static Throwable thrown(InputStream stream) {
        try {
            return new AssertionError("read " + stream.read());
        } catch (Throwable e) {
            return e;
        }
    }

    @Test
    void theEndOfTheLoopEndsTheRead() throws Exception {
        Silence silence = new Silence();
        CompletableFuture<InputStream> made = new CompletableFuture<>();
        try (var background = Loop.start()) {
            background
                    .loop()
                    .submit(() -> made.complete(StreamReader.of(silence).inputStream()));
            InputStream stream = made.get();
            CompletableFuture<Throwable> ended = new CompletableFuture<>();
            Thread.ofPlatform().start(() -> ended.complete(thrown(stream)));
            silence.asked.await();
            background.close();
            assertInstanceOf(IOException.class, ended.get());
            assertInstanceOf(IOException.class, thrown(stream));
            stream.close();
        }
    }
}
