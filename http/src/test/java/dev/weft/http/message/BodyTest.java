package dev.weft.http.message;

import static dev.weft.http.message.FakeBody.bytes;
import static dev.weft.http.message.FakeBody.latin1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.loop.Asyncio;
import dev.weft.loop.CancelledError;
import dev.weft.loop.Task;
import dev.weft.loop.testing.Testing;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BodyTest {
    @TempDir
    Path directory;

    /** Sends a body as the client does: a piece at a time, and then closes it. */
    static byte[] send(Body body) throws Exception {
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        try (BodySource source = body.open()) {
            for (ByteBuffer piece = source.read(); piece != null; piece = source.read()) {
                byte[] copy = new byte[piece.remaining()];
                piece.get(copy);
                sent.writeBytes(copy);
            }
            assertNull(source.read(), "an ended body has nothing more");
        }
        return sent.toByteArray();
    }

    static String sendText(Body body) throws Exception {
        return latin1(send(body));
    }

    private static void assertSentOnce(Body body) {
        assertFalse(body.isReplayable());
        assertThrows(IllegalStateException.class, body::open);
    }

    private static byte[] large(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    // ---- in memory

    @Test
    void inMemory() throws Exception {
        ByteBuffer buffer = ByteBuffer.wrap(bytes("0123456789")).position(2).limit(5);
        Body body = Body.of(buffer);
        assertEquals(OptionalLong.of(3), body.length());
        assertEquals("application/octet-stream", body.contentType());
        for (int i = 0; i < 2; i++) {
            assertEquals("234", sendText(body));
            assertEquals("234", latin1(body.content()));
        }
        assertEquals(2, buffer.position());
        assertTrue(body.isReplayable());
        assertEquals("", sendText(Body.of(new byte[0])));
        assertEquals("\u00c3\u00a9", sendText(Body.of("\u00e9")));
        assertEquals("text/plain; charset=utf-8", Body.of("\u00e9").contentType());
    }

    @Test
    void described() throws Exception {
        Body body = Body.of(bytes("abc")).withContentType("a/b").withLength(4).withContentType("c/d");
        assertEquals("c/d", body.contentType());
        assertEquals(OptionalLong.of(4), body.length());
        assertEquals("abc", sendText(body));
        assertEquals("abc", latin1(body.content()));
        assertTrue(body.isReplayable());
        assertNull(body.withContentType(null).contentType());
        assertThrows(IllegalArgumentException.class, () -> body.withLength(-1));
        Body once = Body.of(new ByteArrayInputStream(bytes("abc"))).withLength(3);
        assertFalse(once.isReplayable());
        assertEquals(OptionalLong.of(3), once.length());
        Asyncio.run(() -> {
            assertEquals("abc", sendText(once));
            assertSentOnce(once);
            return null;
        });
    }

    @Test
    void forms() throws Exception {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("a b", "c&d=e+\u20ac\n");
        fields.put("n", 12);
        fields.put("none", null);
        fields.put("list", List.of("x", "y"));
        fields.put("empty", "");
        Body body = Body.form(fields);
        assertEquals("a+b=c%26d%3De%2B%E2%82%AC%0A&n=12&list=x&list=y&empty=", sendText(body));
        assertEquals("application/x-www-form-urlencoded", body.contentType());
        assertTrue(body.isReplayable());
        assertEquals(
                "b=1&a=2&b=3", sendText(Body.form(List.of(Map.entry("b", 1), Map.entry("a", 2), Map.entry("b", 3)))));
        assertEquals("", sendText(Body.form(Map.of())));
        assertEquals("p=a%2Fb", sendText(Body.form(Map.of("p", Path.of("a/b")))));
    }

    // ---- files

    @Test
    void files() throws Exception {
        byte[] content = large(300_000);
        Path file = Files.write(directory.resolve("picture.PNG"), content);
        Body body = Body.of(file);
        assertEquals(OptionalLong.of(300_000), body.length());
        assertEquals("image/png", body.contentType());
        assertNull(body.content());
        assertTrue(body.isReplayable());
        Asyncio.run(() -> {
            assertArrayEquals(content, send(body));
            assertArrayEquals(content, send(body));
            assertArrayEquals(Arrays.copyOfRange(content, 7, 200_007), send(Body.of(file, 7, 200_000)));
            assertArrayEquals(new byte[0], send(Body.of(file, 300_000, 0)));
            return null;
        });
        assertEquals(
                "application/octet-stream",
                Body.of(Files.createFile(directory.resolve("x"))).contentType());
    }

    @Test
    void filesAreReadInPiecesOfOneBuffer() throws Exception {
        Path file = Files.write(directory.resolve("f"), large(1 << 20));
        Asyncio.run(() -> {
            try (BodySource source = Body.of(file).open()) {
                int pieces = 0;
                for (ByteBuffer piece = source.read(); piece != null; piece = source.read()) {
                    assertTrue(piece.remaining() >= 64 << 10);
                    pieces++;
                }
                assertTrue(pieces >= 4);
            }
            return null;
        });
    }

    @Test
    void whatIsNoFileIsRefusedAtOnce() throws Exception {
        UncheckedIOException e = assertThrows(UncheckedIOException.class, () -> Body.of(directory.resolve("missing")));
        assertTrue(e.getCause() instanceof NoSuchFileException);
        assertThrows(IllegalArgumentException.class, () -> Body.of(directory));
        Path file = Files.write(directory.resolve("f"), new byte[10]);
        assertThrows(IllegalArgumentException.class, () -> Body.of(file, 0, 11));
        assertThrows(IllegalArgumentException.class, () -> Body.of(file, 11, 0));
        assertThrows(IllegalArgumentException.class, () -> Body.of(file, -1, 3));
        assertThrows(IllegalArgumentException.class, () -> Body.of(file, 0, -1));
        assertThrows(IllegalArgumentException.class, () -> Body.of(file, Long.MAX_VALUE, 2));
    }

    @Test
    void aFileThatChangedBeforeItIsSent() throws Exception {
        Path file = Files.write(directory.resolve("f"), new byte[10]);
        Body whole = Body.of(file);
        Body part = Body.of(file, 2, 8);
        Files.write(file, new byte[1], StandardOpenOption.APPEND);
        UncheckedIOException e = assertThrows(UncheckedIOException.class, whole::open);
        assertEquals(
                "cannot send " + file + ": it has 11 bytes now, and had 10 when the request was made", e.getMessage());
        part.open().close();
        Files.write(file, new byte[9]);
        assertThrows(UncheckedIOException.class, whole::open);
        assertThrows(UncheckedIOException.class, part::open);
        Files.delete(file);
        assertThrows(UncheckedIOException.class, whole::open);
    }

    @Test
    void aFileThatChangesWhileItIsSent() throws Exception {
        Path file = directory.resolve("f");
        Asyncio.run(() -> {
            for (int size : new int[] {299_999, 300_001}) {
                Files.write(file, large(300_000));
                try (BodySource source = Body.of(file).open()) {
                    assertTrue(source.read().hasRemaining());
                    Files.write(file, large(size));
                    IOException e = assertThrows(IOException.class, () -> {
                        while (source.read() != null) {}
                    });
                    assertTrue(e.getMessage().contains(size + " bytes now, and had 300000"), e.getMessage());
                }
            }
            // One of which a part is sent may grow.
            Files.write(file, large(300_000));
            Body part = Body.of(file, 0, 300_000);
            try (BodySource source = part.open()) {
                int sent = source.read().remaining();
                Files.write(file, large(400_000));
                for (ByteBuffer piece = source.read(); piece != null; piece = source.read()) {
                    sent += piece.remaining();
                }
                assertEquals(300_000, sent);
            }
            return null;
        });
    }

    // ---- streams

    /** Counts, and looks at the threads. */
    private static final class Watched extends FilterInputStream {
        private final Thread loop;
        final AtomicInteger closed = new AtomicInteger();

        Watched(Thread loop, byte[] content) {
            super(new ByteArrayInputStream(content));
            this.loop = loop;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            assertNotSame(loop, Thread.currentThread());
            return super.read(target, offset, length);
        }

        @Override
        public void close() {
            closed.incrementAndGet();
        }

        void awaitClose() {
            while (closed.get() == 0) {
                Asyncio.sleep(0).await();
            }
        }
    }

    @Test
    void aStreamIsSentOnceAndClosedOnce() throws Exception {
        Asyncio.run(() -> {
            byte[] content = large(200_000);
            Watched stream = new Watched(Thread.currentThread(), content);
            Body body = Body.of(stream);
            assertEquals(OptionalLong.empty(), body.length());
            assertEquals("application/octet-stream", body.contentType());
            assertArrayEquals(content, send(body));
            assertEquals(1, stream.closed.get());
            assertSentOnce(body);
            return null;
        });
    }

    @Test
    void aStreamThatWasGivenUpIsClosedOnce() throws Exception {
        Asyncio.run(() -> {
            Watched unread = new Watched(Thread.currentThread(), large(10));
            BodySource untouched = Body.of(unread).open();
            untouched.close();
            untouched.close();
            unread.awaitClose();

            Watched begun = new Watched(Thread.currentThread(), large(200_000));
            BodySource source = Body.of(begun).open();
            assertTrue(source.read().hasRemaining());
            source.close();
            begun.awaitClose();
            source.close();
            assertNull(source.read());
            assertEquals(1, begun.closed.get());
            assertEquals(1, unread.closed.get());
            return null;
        });
    }

    @Test
    void aStreamThatFails() throws Exception {
        IOException broken = new IOException("broken");
        AtomicInteger closed = new AtomicInteger();
        InputStream stream = new InputStream() {
            private int left = 10;

            @Override
            public int read() throws IOException {
                if (left-- == 0) {
                    throw broken;
                }
                return 'a';
            }

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                target[offset] = (byte) read();
                return 1;
            }

            @Override
            public void close() {
                closed.incrementAndGet();
            }
        };
        Asyncio.run(() -> {
            assertSame(broken, assertThrows(IOException.class, () -> send(Body.of(stream))));
            while (closed.get() == 0) {
                Asyncio.sleep(0).await();
            }
            assertEquals(1, closed.get());
            return null;
        });
    }

    @Test
    void streamsThatAreOpenedEachTime() throws Exception {
        List<Watched> opened = new ArrayList<>();
        Thread here = Thread.currentThread();
        Asyncio.run(() -> {
            Body body = Body.of(() -> {
                opened.add(new Watched(here, bytes("abc")));
                return opened.getLast();
            });
            assertTrue(body.isReplayable());
            body.open().close();
            assertEquals(List.of(), opened, "what is not read is not opened");
            assertEquals("abc", sendText(body));
            assertEquals("abc", sendText(body));
            assertEquals(2, opened.size());
            opened.forEach(one -> assertEquals(1, one.closed.get()));

            IOException missing = new IOException("missing");
            Body failing = Body.of((java.util.concurrent.Callable<InputStream>) () -> {
                throw missing;
            });
            assertSame(missing, assertThrows(IOException.class, () -> send(failing)));
            Path file = Files.write(directory.resolve("f"), bytes("of a file"));
            assertEquals("of a file", sendText(Body.of(() -> Files.newInputStream(file))));
            return null;
        });
    }

    /** A read that does not end by itself is ended by the close, though every worker of the loop sits in one. */
    @Test
    void aStuckReadIsClosed() throws Exception {
        int many = 40;
        CountDownLatch allClosed = new CountDownLatch(many);
        Asyncio.run(() -> {
            List<Task<byte[]>> sending = new ArrayList<>();
            for (int i = 0; i < many; i++) {
                sending.add(Asyncio.createTask(() -> send(Body.of(new Stuck(allClosed)))));
            }
            Asyncio.sleep(0).await();
            Asyncio.sleep(0).await();
            for (Task<byte[]> one : sending) {
                one.cancel();
            }
            for (Task<byte[]> one : sending) {
                assertThrows(CancelledError.class, one::await);
            }
            while (allClosed.getCount() > 0) {
                Asyncio.sleep(0).await();
            }
            return null;
        });
    }

    /** Ignores interruption, as a read of a socket does. */
    private static final class Stuck extends InputStream {
        private final CountDownLatch closed = new CountDownLatch(1);
        private final CountDownLatch all;

        Stuck(CountDownLatch all) {
            this.all = all;
        }

        @Override
        public int read() {
            while (true) {
                try {
                    closed.await();
                    return -1;
                } catch (InterruptedException e) {
                    // Goes on.
                }
            }
        }

        @Override
        public void close() {
            closed.countDown();
            all.countDown();
        }
    }

    // ---- iterables

    @Test
    void collectionsAreReplayable() throws Exception {
        Body body = Body.of(List.of(bytes("ab"), bytes(""), bytes("c")));
        assertTrue(body.isReplayable());
        assertEquals(OptionalLong.empty(), body.length());
        assertEquals("abc", sendText(body));
        assertEquals("abc", sendText(body));
    }

    @Test
    void otherIterablesAreSentOnceAndLazily() throws Exception {
        AtomicInteger made = new AtomicInteger();
        Iterable<byte[]> pieces =
                Stream.iterate(1, i -> i + 1).peek(i -> made.set(i)).limit(5).map(i -> bytes("" + i))::iterator;
        Body body = Body.of(pieces);
        BodySource source = body.open();
        assertEquals(0, made.get());
        assertEquals("1", latin1(source.read()));
        assertEquals(1, made.get());
        assertSentOnce(body);
        assertEquals("2", latin1(source.read()));
    }

    @Test
    void anIterableMayAwait() throws Exception {
        Iterable<byte[]> pieces = () -> new Iterator<>() {
            private int next;

            @Override
            public boolean hasNext() {
                Asyncio.sleep(0).await();
                return next < 3;
            }

            @Override
            public byte[] next() {
                return bytes("" + next++);
            }
        };
        Asyncio.run(() -> {
            assertEquals("012", sendText(Body.of(pieces)));
            return null;
        });
    }

    @Test
    void theBodyOfAnAnswer() throws Exception {
        Asyncio.run(() -> {
            FakeBody answer = FakeBody.of("one", "two");
            Body body = Body.of(answer);
            assertEquals("onetwo", sendText(body));
            assertEquals(1, answer.closed);
            assertSentOnce(body);
            return null;
        });
    }

    // ---- publishers

    /** Gives what it has as it is asked for, from a thread of its own, and writes down what it is asked. */
    private static final class Publisher implements Flow.Publisher<ByteBuffer> {
        private final List<String> pieces;
        private final Throwable end;
        final List<String> asked = new ArrayList<>();
        Flow.Subscriber<? super ByteBuffer> subscriber;
        private int next;

        Publisher(Throwable end, String... pieces) {
            this.end = end;
            this.pieces = List.of(pieces);
        }

        @Override
        public void subscribe(Flow.Subscriber<? super ByteBuffer> given) {
            subscriber = given;
            given.onSubscribe(new Flow.Subscription() {
                @Override
                public void request(long count) {
                    asked.add("request " + count);
                    if (next < pieces.size()) {
                        ByteBuffer piece = ByteBuffer.wrap(bytes(pieces.get(next++)));
                        join(Thread.ofPlatform().start(() -> given.onNext(piece)));
                    } else if (end == null) {
                        given.onComplete();
                    } else {
                        given.onError(end);
                    }
                }

                @Override
                public void cancel() {
                    asked.add("cancel");
                }
            });
        }

        private static void join(Thread thread) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    @Test
    void aPublisherIsAskedForOneAtATime() throws Exception {
        Asyncio.run(() -> {
            Publisher publisher = new Publisher(null, "one", "", "two");
            Body body = Body.of(publisher);
            assertEquals(OptionalLong.empty(), body.length());
            BodySource source = body.open();
            assertNull(publisher.subscriber, "subscribed before it is sent");
            assertEquals("one", latin1(source.read()));
            assertEquals(List.of("request 1", "request 1"), publisher.asked);
            Testing.waitAllTasksBlocked().await();
            assertEquals(2, publisher.asked.size());
            assertEquals("two", latin1(source.read()));
            assertNull(source.read());
            source.close();
            assertEquals(List.of("request 1", "request 1", "request 1", "request 1"), publisher.asked);
            assertSentOnce(body);
            return null;
        });
    }

    @Test
    void aPublisherIsCancelledWhenTheRequestEnds() throws Exception {
        Asyncio.run(() -> {
            Publisher publisher = new Publisher(null, "one", "two", "three");
            BodySource source = Body.of(publisher).open();
            assertEquals("one", latin1(source.read()));
            source.close();
            source.close();
            assertEquals(List.of("request 1", "request 1", "cancel"), publisher.asked);
            assertThrows(IllegalStateException.class, source::read);

            Publisher never = new Publisher(null, "one");
            Body.of(never).open().close();
            assertNull(never.subscriber);
            return null;
        });
    }

    @Test
    void aPublisherThatFails() throws Exception {
        IllegalStateException broken = new IllegalStateException("broken");
        Asyncio.run(() -> {
            BodySource source = Body.of(new Publisher(broken, "one")).open();
            assertEquals("one", latin1(source.read()));
            assertSame(broken, assertThrows(IllegalStateException.class, source::read));
            source.close();
            return null;
        });
    }
}
