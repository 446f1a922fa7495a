package dev.weft.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.http.message.Body;
import dev.weft.http.message.ClientResponse;
import dev.weft.http.message.FormData;
import dev.weft.http.message.NonReplayableBodyException;
import dev.weft.http.message.UploadException;
import dev.weft.loop.Asyncio;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The kinds of bodies, over real connections. */
@OverBoth
class BodySendingTest {
    private final List<String> requests = new CopyOnWriteArrayList<>();

    @TempDir
    Path directory;

    /** Answers to {@code /redirect} with 307 to another path, and to everything else with 200. */
    private RawServer recording() throws Exception {
        return RawServer.start(peer -> {
            for (String request = peer.request(); request != null; request = peer.request()) {
                requests.add(request);
                peer.send(
                        request.contains(" /redirect ")
                                ? "HTTP/1.1 307 Temporary Redirect\r\nLocation: /there\r\nContent-Length: 0\r\n\r\n"
                                : RawServer.OK);
            }
        });
    }

    private String body(int index) {
        String request = requests.get(index);
        return request.substring(request.indexOf("\r\n\r\n") + 4);
    }

    private boolean hasHeader(int index, String line) {
        return requests.get(index).contains("\r\n" + line + "\r\n");
    }

    private static String large() {
        byte[] bytes = new byte[1_000_000];
        new Random(1).nextBytes(bytes);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** Spec H009: a file is sent again from its start. */
    @Test
    void aFile() throws Exception {
        String content = large();
        Path file = Files.writeString(directory.resolve("a.json"), content, StandardCharsets.ISO_8859_1);
        try (RawServer server = recording()) {
            Client.run(session -> {
                assertEquals(
                        "ok",
                        session.post(server.url("/redirect"))
                                .body(Body.of(file))
                                .text()
                                .await());
                assertEquals(
                        "ok",
                        session.put(server.url("/"))
                                .body(Body.of(file, 10, 20))
                                .text()
                                .await());
            });
        }
        assertEquals(3, requests.size());
        for (int i = 0; i < 2; i++) {
            assertTrue(hasHeader(i, "Content-Length: 1000000"));
            assertTrue(hasHeader(i, "Content-Type: application/json"));
            assertEquals(content, body(i));
        }
        assertEquals(content.substring(10, 30), body(2));
    }

    @Test
    void aFileThatHasChanged() throws Exception {
        Path file = Files.writeString(directory.resolve("f"), "content");
        try (RawServer server = RawServer.start(peer -> peer.awaitEnd())) {
            Client.run(session -> {
                Body body = Body.of(file);
                Files.writeString(file, "more content");
                UploadException e = assertThrows(
                        UploadException.class,
                        () -> session.post(server.url("/")).body(body).text().await());
                assertTrue(e.getMessage().contains("it has 12 bytes now, and had 7"), e.getMessage());
            });
        }
    }

    @Test
    void aForm() throws Exception {
        try (RawServer server = recording()) {
            Client.run(session -> assertEquals(
                    "ok",
                    session.post(server.url("/"))
                            .body(Body.form(Map.of("a b", "\u00e9&")))
                            .text()
                            .await()));
        }
        assertTrue(hasHeader(0, "Content-Type: application/x-www-form-urlencoded"));
        assertTrue(hasHeader(0, "Content-Length: 13"));
        assertEquals("a+b=%C3%A9%26", body(0));
    }

    /** Spec H079i. */
    @Test
    void aMultipartForm() throws Exception {
        Path file = Files.writeString(directory.resolve("a.txt"), large(), StandardCharsets.ISO_8859_1);
        try (RawServer server = recording()) {
            Client.run(session -> {
                FormData form = new FormData().field("n", "v").file("f", file);
                for (int i = 0; i < 2; i++) {
                    assertEquals(
                            "ok",
                            session.post(server.url("/redirect"))
                                    .body(form)
                                    .text()
                                    .await());
                }
                assertTrue(hasHeader(0, "Content-Length: " + form.length().getAsLong()));
                assertTrue(hasHeader(0, "Content-Type: multipart/form-data; boundary=" + form.boundary()));
                assertTrue(body(0).endsWith("\r\n--" + form.boundary() + "--\r\n"));
                session.post(server.url("/"))
                        .body(new FormData().field("n", "v").file("f", "s", Body.of(List.of(new byte[] {'x'}))))
                        .text()
                        .await();
            });
        }
        assertEquals(5, requests.size());
        for (int i = 1; i < 4; i++) {
            assertEquals(body(0), body(i));
        }
        assertTrue(hasHeader(4, "Transfer-Encoding: chunked"));
        assertFalse(requests.get(4).contains("Content-Length"));
        assertTrue(body(4).contains("\r\n\r\nx\r\n--"));
    }

    @Test
    void aStreamIsClosedAndSentOnce() throws Exception {
        AtomicInteger closed = new AtomicInteger();
        try (RawServer server = recording()) {
            Client.run(session -> {
                InputStream stream = new ByteArrayInputStream(large().getBytes(StandardCharsets.ISO_8859_1)) {
                    @Override
                    public void close() {
                        closed.incrementAndGet();
                    }
                };
                assertThrows(
                        NonReplayableBodyException.class,
                        () -> session.post(server.url("/redirect"))
                                .body(Body.of(stream))
                                .text()
                                .await());
            });
        }
        assertEquals(1, closed.get());
        assertEquals(large(), body(0));
        assertTrue(hasHeader(0, "Transfer-Encoding: chunked"));
    }

    @Test
    void aStreamThatIsOpenedAgain() throws Exception {
        try (RawServer server = recording()) {
            Client.run(session -> session.post(server.url("/redirect"))
                    .body(Body.of(() -> new ByteArrayInputStream(new byte[] {'a', 'b'}))
                            .withLength(2))
                    .text()
                    .await());
        }
        assertEquals("ab", body(0));
        assertEquals("ab", body(1));
        assertTrue(hasHeader(1, "Content-Length: 2"));
    }

    @Test
    void aLengthThatIsNotTrue() throws Exception {
        try (RawServer server = RawServer.start(peer -> peer.awaitEnd())) {
            Client.run(session -> {
                for (long length : new long[] {1, 3}) {
                    UploadException e = assertThrows(
                            UploadException.class,
                            () -> session.post(server.url("/"))
                                    .body(Body.of(() -> new ByteArrayInputStream(new byte[2]))
                                            .withLength(length))
                                    .text()
                                    .await());
                    assertTrue(e.getMessage().contains("was to have " + length + " bytes"), e.getMessage());
                }
            });
        }
    }

    @Test
    void aStreamThatFails() throws Exception {
        try (RawServer server = RawServer.start(peer -> peer.awaitEnd())) {
            Client.run(session -> {
                UploadException e = assertThrows(
                        UploadException.class,
                        () -> session.post(server.url("/"))
                                .body(Body.of((java.util.concurrent.Callable<InputStream>) () -> {
                                    throw new IOException("the disk is gone");
                                }))
                                .text()
                                .await());
                assertInstanceOf(IOException.class, e.getCause());
                assertTrue(e.getMessage().contains("the disk is gone"), e.getMessage());
            });
        }
    }

    /** A server that answers before it has the whole body: its stream, which would never end, is closed. */
    @Test
    void anEarlyAnswerEndsTheStream() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        InputStream endless = new InputStream() {
            @Override
            public int read() {
                return 'a';
            }

            @Override
            public int read(byte[] target, int offset, int length) {
                return length;
            }

            @Override
            public void close() {
                closed.countDown();
            }
        };
        try (RawServer server = RawServer.start(peer -> {
            peer.head();
            peer.send("HTTP/1.1 413 Content Too Large\r\nContent-Length: 2\r\n\r\nno");
            peer.awaitEnd();
        })) {
            Client.run(session -> {
                try (ClientResponse response =
                        session.post(server.url("/")).body(Body.of(endless)).await()) {
                    assertEquals(413, response.status());
                    assertEquals("no", response.text().await());
                }
                Client.until(closed);
            });
        }
    }

    @Test
    void aPublisher() throws Exception {
        String content = large();
        try (RawServer server = recording();
                SubmissionPublisher<ByteBuffer> publisher = new SubmissionPublisher<>()) {
            Thread.ofPlatform().start(() -> {
                while (publisher.getNumberOfSubscribers() == 0) {
                    Thread.onSpinWait();
                }
                byte[] bytes = content.getBytes(StandardCharsets.ISO_8859_1);
                for (int at = 0; at < bytes.length; at += 10_000) {
                    publisher.submit(ByteBuffer.wrap(bytes, at, 10_000));
                }
                publisher.close();
            });
            Client.run(session -> assertEquals(
                    "ok",
                    session.post(server.url("/"))
                            .body(Body.of(publisher))
                            .text()
                            .await()));
        }
        assertEquals(content, body(0));
    }

    /** From one server to another, without either body in memory. */
    @Test
    void theBodyOfAnAnswerIsSentOn() throws Exception {
        String content = large();
        try (RawServer from = RawServer.answering("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n" + content);
                RawServer to = recording()) {
            Client.run(session -> {
                try (ClientResponse answer = session.get(from.url("/")).await()) {
                    Body body = Body.of(answer.content())
                            .withLength(answer.contentLength().getAsLong());
                    assertEquals(
                            "ok", session.put(to.url("/")).body(body).text().await());
                }
                assertEquals(2, session.stats().idle());
            });
        }
        assertTrue(hasHeader(0, "Content-Length: 1000000"));
        assertEquals(content, body(0));
    }

    @Test
    void pieces() throws Exception {
        try (RawServer server = recording()) {
            Client.run(session -> {
                Iterable<byte[]> lazily = () -> List.of(new byte[] {'1'}, new byte[] {'2'}).stream()
                        .peek(piece -> Asyncio.sleep(0).await())
                        .iterator();
                session.post(server.url("/")).body(Body.of(lazily)).text().await();
                session.post(server.url("/redirect"))
                        .body(Body.of(List.of(new byte[] {'1'}, new byte[] {'2'})))
                        .text()
                        .await();
            });
        }
        assertEquals(3, requests.size());
        for (int i = 0; i < 3; i++) {
            assertEquals("12", body(i));
        }
    }
}
