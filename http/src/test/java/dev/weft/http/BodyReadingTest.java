package dev.weft.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.http.message.BodyPart;
import dev.weft.http.message.ClientResponse;
import dev.weft.http.message.IncompleteReadException;
import dev.weft.http.message.MultipartReader;
import dev.weft.http.message.PayloadException;
import dev.weft.http.message.ServerSentEvent;
import dev.weft.http.message.ServerSentEvents;
import dev.weft.http.message.StreamReader;
import dev.weft.loop.Asyncio;
import dev.weft.loop.Task;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The ways of reading a body, over real connections: what becomes of these, and of whoever waits. */
@OverBoth
class BodyReadingTest {
    @TempDir
    Path directory;

    private static String chunked(String... chunks) {
        StringBuilder answer = new StringBuilder("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        for (String chunk : chunks) {
            answer.append(Integer.toHexString(chunk.length()))
                    .append("\r\n")
                    .append(chunk)
                    .append("\r\n");
        }
        return answer.append("0\r\n\r\n").toString();
    }

    private static byte[] large() {
        byte[] bytes = new byte[10 << 20];
        new Random(1).nextBytes(bytes);
        return bytes;
    }

    private static RawServer serving(byte[] body) throws IOException {
        return RawServer.start(peer -> {
            while (peer.request() != null) {
                peer.send("HTTP/1.1 200 OK\r\nContent-Length: " + body.length + "\r\n\r\n");
                peer.send(body);
            }
        });
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    /** Spec 1.4: asking for more than there is does not cost the connection. */
    @Test
    void aShortReadKeepsTheConnection() throws Exception {
        try (RawServer server = RawServer.answering(chunked("hel", "lo\nwor", "ld"))) {
            Client.run(session -> {
                try (ClientResponse response = session.get(server.url("/")).await()) {
                    StreamReader content = response.content();
                    assertEquals("hello\n", new String(content.readLine().await()));
                    IncompleteReadException e = assertThrows(
                            IncompleteReadException.class,
                            () -> content.readExactly(9).await());
                    assertEquals("world", new String(e.partial()));
                    assertTrue(e.getMessage().startsWith("GET " + server.url("/")), e.getMessage());
                    assertTrue(content.atEof());
                    assertEquals(11, content.bytesReceived());
                }
                assertEquals(1, session.stats().idle());
                assertEquals("hello\nworld", session.get(server.url("/")).text().await());
                assertEquals(1, server.connections());
            });
        }
    }

    @Test
    void aMultipartAnswerReadToItsLastPartKeepsTheConnection() throws Exception {
        String body =
                "--b\r\nContent-Range: bytes 0-1/9\r\n\r\n12\r\n--b\r\nContent-Range: bytes 7-8/9\r\n\r\n89\r\n--b--\r\n";
        String answer =
                "HTTP/1.1 206 Partial Content\r\nContent-Type: multipart/byteranges; boundary=b\r\nContent-Length: "
                        + body.length() + "\r\n\r\n" + body;
        try (RawServer server = RawServer.answering(answer)) {
            Client.run(session -> {
                for (int i = 0; i < 2; i++) {
                    try (ClientResponse response = session.get(server.url("/")).await()) {
                        List<String> parts = new ArrayList<>();
                        for (BodyPart part : MultipartReader.of(response)) {
                            parts.add(part.headers().first("Content-Range") + "="
                                    + part.text().await());
                        }
                        assertEquals(List.of("bytes 0-1/9=12", "bytes 7-8/9=89"), parts);
                    }
                }
                assertEquals(1, server.connections());
            });
        }
    }

    @Test
    void eventsComeAsTheyAreSent() throws Exception {
        CountDownLatch first = new CountDownLatch(1);
        try (RawServer server = RawServer.start(peer -> {
            peer.request();
            peer.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\ndata:");
            Client.hold(first);
            peer.send(" 2\n\n");
        })) {
            Client.run(session -> {
                try (ClientResponse response = session.get(server.url("/")).await()) {
                    ServerSentEvents events = ServerSentEvents.of(response);
                    assertEquals("1", events.next().await().data());
                    first.countDown();
                    List<String> rest = new ArrayList<>();
                    for (ServerSentEvent event : events) {
                        rest.add(event.data());
                    }
                    assertEquals(List.of("2"), rest);
                }
            });
        }
    }

    @Test
    void intoAFile() throws Exception {
        byte[] body = large();
        try (RawServer server = serving(body)) {
            Client.run(session -> {
                Path file = directory.resolve("f");
                try (ClientResponse response = session.get(server.url("/")).await()) {
                    assertEquals(file, response.download(file).await());
                }
                assertArrayEquals(body, Files.readAllBytes(file));
                try (ClientResponse response = session.get(server.url("/")).await()) {
                    assertEquals(
                            body.length, response.content().transferTo(file).await());
                }
                assertArrayEquals(body, Files.readAllBytes(file));
                assertEquals(List.of("f"), files());
                assertEquals(1, server.connections());
            });
        }
    }

    @Test
    void aDownloadThatIsCutOffLeavesNothing() throws Exception {
        try (RawServer server = RawServer.once("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhello")) {
            Client.run(session -> {
                try (ClientResponse response = session.get(server.url("/")).await()) {
                    assertThrows(
                            PayloadException.class,
                            () -> response.download(directory.resolve("f")).await());
                }
                assertEquals(List.of(), files());
            });
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void asAStream(boolean inTask) throws Exception {
        byte[] body = large();
        try (RawServer server = serving(body)) {
            Client.run(session -> {
                try (ClientResponse response = session.get(server.url("/")).await()) {
                    InputStream stream = response.content().inputStream();
                    byte[] all = inTask
                            ? stream.readAllBytes()
                            : Asyncio.<byte[]>toThread(stream::readAllBytes).await();
                    assertArrayEquals(body, all);
                }
                assertEquals(1, session.stats().idle());
            });
        }
    }

    /** Whoever waits for a body that does not come is told when the response is closed. */
    @ParameterizedTest
    @ValueSource(strings = {"stream", "response", "session"})
    void closingEndsAReadOnAnotherThread(String what) throws Exception {
        try (RawServer server = RawServer.start(peer -> {
            peer.request();
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello");
            peer.awaitEnd();
        })) {
            Client.run(session -> {
                ClientResponse response = session.get(server.url("/")).await();
                InputStream stream = response.content().inputStream();
                assertEquals(5, stream.readNBytes(5).length);
                CompletableFuture<Throwable> ended = new CompletableFuture<>();
                CountDownLatch started = new CountDownLatch(1);
                Thread.ofPlatform().start(() -> {
                    started.countDown();
                    try {
                        ended.complete(new AssertionError("read " + stream.read()));
                    } catch (Throwable e) {
                        ended.complete(e);
                    }
                });
                Client.until(started);
                switch (what) {
                    case "stream" -> stream.close();
                    case "response" -> response.close();
                    default -> session.close();
                }
                assertInstanceOf(IOException.class, Asyncio.wrap(ended).await());
                response.close();
            });
        }
    }

    @Test
    void cancellingASubscriptionClosesTheConnection() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        try (RawServer server = RawServer.start(peer -> {
            peer.request();
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello");
            peer.awaitEnd();
            ended.countDown();
        })) {
            Client.run(session -> {
                ClientResponse response = session.get(server.url("/")).await();
                CompletableFuture<String> first = new CompletableFuture<>();
                CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();
                response.content().publisher().subscribe(new Flow.Subscriber<>() {
                    @Override
                    public void onSubscribe(Flow.Subscription given) {
                        subscription.complete(given);
                        given.request(2);
                    }

                    @Override
                    public void onNext(ByteBuffer piece) {
                        first.complete(new String(piece.array()));
                    }

                    @Override
                    public void onError(Throwable error) {
                        first.completeExceptionally(error);
                    }

                    @Override
                    public void onComplete() {
                        first.complete("completed");
                    }
                });
                assertEquals("hello", Asyncio.wrap(first).await());
                Asyncio.toThread(() -> subscription.join().cancel()).await();
                Client.until(ended);
            });
        }
    }

    @Test
    void twoReadersOfOneBody() throws Exception {
        CountDownLatch second = new CountDownLatch(1);
        try (RawServer server = RawServer.start(peer -> {
            peer.request();
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n12");
            Client.hold(second);
            peer.send("34");
        })) {
            Client.run(session -> {
                try (ClientResponse response = session.get(server.url("/")).await()) {
                    StreamReader content = response.content();
                    Task<byte[]> first = Asyncio.createTask(content.readExactly(4));
                    Client.until(() -> content.bytesDecoded() == 2);
                    IllegalStateException e = assertThrows(
                            IllegalStateException.class, () -> content.read().await());
                    assertTrue(e.getMessage().contains("another task is reading"), e.getMessage());
                    second.countDown();
                    assertEquals("1234", new String(first.await()));
                    assertNull(content.read().await());
                    assertFalse(content.chunks(2).iterator().hasNext());
                }
            });
        }
    }

    /** Spec H057. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "200 OK\r\nContent-Length: 0\r\n\r\n",
                "200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "204 No Content\r\n\r\n",
                "304 Not Modified\r\nContent-Length: 100\r\n\r\n"
            })
    void anEmptyBodyNeedsNoDecoding(String answer) throws Exception {
        String[] lines = answer.split("\r\n", 2);
        try (RawServer server =
                RawServer.answering("HTTP/1.1 " + lines[0] + "\r\nContent-Encoding: gzip\r\n" + lines[1])) {
            Client.run(session -> {
                assertEquals("", session.get(server.url("/")).text().await());
                try (ClientResponse response = session.get(server.url("/")).await()) {
                    assertNull(response.content().read().await());
                }
                assertEquals(1, server.connections());
            });
        }
    }

    @Test
    void theAnswerToHeadNeedsNoDecoding() throws Exception {
        try (RawServer server =
                RawServer.answering("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 100\r\n\r\n")) {
            Client.run(session -> {
                assertEquals("", session.head(server.url("/")).text().await());
                assertEquals(1, session.stats().idle());
            });
        }
    }
}
