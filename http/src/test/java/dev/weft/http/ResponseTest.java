package dev.weft.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.http.message.BodyReader;
import dev.weft.http.message.BodyTooLargeException;
import dev.weft.http.message.ClientResponse;
import dev.weft.http.message.DecodeException;
import dev.weft.http.message.JsonDecodeException;
import dev.weft.loop.Asyncio;
import dev.weft.loop.Task;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

@OverBoth
class ResponseTest {
    private static String answer(String headers, String latin1Body) {
        return "HTTP/1.1 200 OK\r\nContent-Length: " + latin1Body.length() + "\r\n" + headers + "\r\n" + latin1Body;
    }

    private static String latin1(byte[] bytes) {
        return new String(bytes, ISO_8859_1);
    }

    private static byte[] gzip(byte[] plain) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(plain);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return bytes.toByteArray();
    }

    private interface Check {
        void of(ClientResponse response) throws Exception;
    }

    private static void get(String answer, Check check) throws Exception {
        get(ClientSession.builder(), answer, check);
    }

    private static void get(ClientSession.Builder settings, String answer, Check check) throws Exception {
        try (RawServer server = RawServer.answering(answer)) {
            Client.run(settings, session -> {
                try (ClientResponse response = session.get(server.url("/x")).await()) {
                    check.of(response);
                }
            });
        }
    }

    @Test
    @OverBoth.Http1Only("it has no reasons")
    void head() throws Exception {
        get(
                "HTTP/1.1 404 Not Here\r\nX: 1\r\nx: 2\r\nContent-Length: 0\r\nContent-Type: Text/HTML ; charset=x\r\n\r\n",
                r -> {
                    assertEquals(404, r.status());
                    assertEquals("Not Here", r.reason());
                    assertEquals("HTTP/1.1", r.version());
                    assertEquals(List.of("1", "2"), r.headers().all("X"));
                    assertEquals("/x", r.url().path());
                    assertEquals("GET", r.request().method());
                    assertEquals(1, r.attempts());
                    assertFalse(r.ok());
                    assertEquals(OptionalLong.of(0), r.contentLength());
                    assertEquals("text/html", r.contentType());
                    assertNull(r.charset());
                });
        get("HTTP/1.1 301 Moved\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", r -> {
            assertTrue(r.ok());
            assertEquals(OptionalLong.empty(), r.contentLength());
            assertEquals("application/octet-stream", r.contentType());
        });
    }

    @Test
    void textInItsCharset() throws Exception {
        String[][] cases = {
            {"Content-Type: text/plain; charset=iso-8859-1\r\n", "\u00e9", "é"},
            {"Content-Type: text/plain; a=b; charset=\"ISO-8859-1\"\r\n", "\u00e9", "é"},
            {"", "\u00e9", "\ufffd"},
            {"", latin1("é€".getBytes(UTF_8)), "é€"},
            {"Content-Type: text/plain; charset=foo\r\n", latin1("é".getBytes(UTF_8)), "é"},
            {"", latin1("\ufeffé".getBytes(UTF_8)), "é"},
            {"", latin1("\ufeffé".getBytes(StandardCharsets.UTF_16LE)), "é"},
            {"Content-Type: text/plain; charset=utf-8\r\n", latin1("\ufeffé".getBytes(StandardCharsets.UTF_16BE)), "é"},
            {"", "", ""},
        };
        for (String[] one : cases) {
            get(answer(one[0], one[1]), r -> assertEquals(one[2], r.text().await(), one[0]));
        }
    }

    @Test
    void theSameEachTime() throws Exception {
        get(answer("", "[1]"), r -> {
            byte[] bytes = r.bytes().await();
            assertSame(bytes, r.bytes().await());
            assertEquals("[1]", r.text().await());
            assertSame(r.text().await(), r.text().await());
            r.close();
            assertEquals("[1]", r.text().await());
            assertArrayEquals(new int[] {1}, r.json(int[].class).await());
        });
    }

    record Person(String name, int age) {}

    @Test
    void json() throws Exception {
        String person = "{\"name\":\"A\",\"age\":3,\"more\":true}";
        get(answer("Content-Type: text/plain\r\n", person), r -> {
            assertEquals(new Person("A", 3), r.json(Person.class).await());
            assertEquals(3, r.json(Map.class).await().get("age"));
        });
        for (String blank : List.of("", " \r\n\t", "null")) {
            get(answer("", blank), r -> assertNull(r.json(Person.class).await()));
        }
        get(answer("", "{\"a"), r -> {
            JsonDecodeException e = assertThrows(
                    JsonDecodeException.class, () -> r.json(Person.class).await());
            assertTrue(e.getMessage().contains("JSON of a Person"), e.getMessage());
            assertTrue(e.getMessage().contains("begins with \"{\"a\""), e.getMessage());
            assertEquals("{\"a", r.text().await());
        });
    }

    @Test
    void streamed() throws Exception {
        CountDownLatch first = new CountDownLatch(1);
        CountDownLatch second = new CountDownLatch(1);
        try (RawServer server = RawServer.start(peer -> {
            peer.request();
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n");
            Client.hold(first);
            peer.send("abc");
            Client.hold(second);
            peer.send("def");
            peer.awaitEnd();
        })) {
            Client.run(session -> {
                try (ClientResponse response = session.get(server.url("/")).await()) {
                    List<String> pieces = new ArrayList<>();
                    first.countDown();
                    for (ByteBuffer piece : response.content()) {
                        pieces.add(UTF_8.decode(piece).toString());
                        second.countDown();
                    }
                    assertEquals("abcdef", String.join("", pieces));
                    assertEquals("abc", pieces.getFirst());
                    assertNull(response.content().read().await());
                    assertEquals(6, response.content().bytesReceived());
                    assertThrows(
                            IllegalStateException.class, () -> response.text().await());
                }
                assertEquals(1, session.stats().idle());
            });
        }
    }

    @Test
    void whatIsThereIsGivenWithoutGivingUpTheLoop() throws Exception {
        get(answer("", "abc"), r -> {
            boolean[] ran = new boolean[1];
            Asyncio.getRunningLoop().callSoon(() -> ran[0] = true);
            assertEquals("abc", r.text().await());
            assertFalse(ran[0], "something else ran in between");
        });
    }

    @Test
    void oneReaderAtATime() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        try (RawServer server = RawServer.start(peer -> {
            peer.request();
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n");
            Client.hold(go);
            peer.send("ok");
            peer.awaitEnd();
        })) {
            Client.run(session -> {
                try (ClientResponse response = session.get(server.url("/")).await()) {
                    Task<String> reader = Asyncio.createTask(response.text());
                    Asyncio.sleep(0).await();
                    assertThrows(
                            IllegalStateException.class, () -> response.text().await());
                    go.countDown();
                    assertEquals("ok", reader.await());
                    assertEquals("ok", response.text().await());
                }
            });
        }
    }

    @Test
    void nothingAfterClose() throws Exception {
        get(answer("", "abc"), r -> {
            BodyReader content = r.content();
            r.close();
            r.close();
            assertThrows(IllegalStateException.class, () -> content.read().await());
        });
    }

    @Test
    void closingWakesTheReader() throws Exception {
        try (RawServer server = RawServer.start(peer -> {
            peer.request();
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n");
            peer.awaitEnd();
        })) {
            Client.run(session -> {
                ClientResponse response = session.get(server.url("/")).await();
                Task<String> reader = Asyncio.createTask(response.text());
                Asyncio.sleep(0).await();
                response.close();
                assertThrows(IllegalStateException.class, reader::await);
            });
        }
    }

    @Test
    void contentCodings() throws Exception {
        byte[] plain = "hello ".repeat(1000).getBytes(UTF_8);
        String coded = latin1(gzip(plain));
        for (String name : List.of("gzip", "GZIP", "x-gzip")) {
            get(answer("Content-Encoding: " + name + "\r\n", coded), r -> {
                assertArrayEquals(plain, r.bytes().await());
                assertEquals(name, r.headers().first("Content-Encoding"));
                assertEquals(OptionalLong.of(coded.length()), r.contentLength());
                assertEquals(coded.length(), r.content().bytesReceived());
            });
        }
        get(
                answer("Content-Encoding: gzip\r\n", coded + coded),
                r -> assertEquals(plain.length * 2, r.bytes().await().length));
        get(
                answer("Content-Encoding: gzip\r\nContent-Encoding: gzip\r\n", latin1(gzip(gzip(plain)))),
                r -> assertArrayEquals(plain, r.bytes().await()));
        get(
                answer("Content-Encoding: gzip\r\n", ""),
                r -> assertEquals("", r.text().await()));
        get(
                answer("Content-Encoding: br\r\n", ""),
                r -> assertEquals("", r.text().await()));
        get(
                "HTTP/1.1 204 No Content\r\nContent-Encoding: gzip\r\n\r\n",
                r -> assertEquals("", r.text().await()));
    }

    @Test
    void brokenContentCodings() throws Exception {
        String coded = latin1(gzip("hello hello".getBytes(UTF_8)));
        List<String> broken = List.of(
                answer("Content-Encoding: gzip\r\n", coded.substring(0, coded.length() - 1)),
                answer("Content-Encoding: gzip\r\n", "hello"),
                answer("Content-Encoding: deflate\r\n", "\u0078\u009c\u00cb"),
                answer("Content-Encoding: br\r\n", "hello"));
        for (String answer : broken) {
            get(answer, r -> {
                assertEquals(200, r.status());
                DecodeException e =
                        assertThrows(DecodeException.class, () -> r.text().await());
                assertTrue(e.getMessage().startsWith("GET http://127.0.0.1"), e.getMessage());
                assertTrue(e.getMessage().contains("cannot be decoded"), e.getMessage());
                assertSame(
                        e, assertThrows(DecodeException.class, () -> r.bytes().await()));
            });
        }
    }

    @Test
    void largestBody() throws Exception {
        ClientSession.Builder settings = ClientSession.builder().maxBodySize(1000);
        get(
                settings,
                answer("", "a".repeat(1000)),
                r -> assertEquals(1000, r.bytes().await().length));
        get(settings, answer("", "a".repeat(1001)), r -> {
            BodyTooLargeException e =
                    assertThrows(BodyTooLargeException.class, () -> r.bytes().await());
            assertEquals(1000, e.limit());
        });
        byte[] bomb = gzip(new byte[100 << 20]);
        get(
                ClientSession.builder().maxDecodeRatio(2000),
                answer("Content-Encoding: gzip\r\n", latin1(bomb)),
                r -> assertThrows(BodyTooLargeException.class, () -> r.bytes().await()));
        get(ClientSession.builder(), answer("Content-Encoding: gzip\r\n", latin1(bomb)), r -> {
            DecodeException e =
                    assertThrows(DecodeException.class, () -> r.bytes().await());
            assertTrue(e.getMessage().contains("more than 200 for each byte"), e.getMessage());
        });
        get(ClientSession.builder().maxDecodeRatio(2000), answer("Content-Encoding: gzip\r\n", latin1(bomb)), r -> {
            long size = 0;
            int largest = 0;
            for (ByteBuffer piece : r.content()) {
                size += piece.remaining();
                largest = Math.max(largest, piece.remaining());
            }
            assertEquals(100 << 20, size);
            assertTrue(largest <= 64 * 1024, "pieces of " + largest);
        });
    }

    @Test
    void manySmallChunks() throws Exception {
        StringBuilder chunks = new StringBuilder("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        char[] expected = new char[20_000];
        for (int i = 0; i < expected.length; i++) {
            expected[i] = (char) ('a' + i % 26);
            chunks.append("1\r\n").append(expected[i]).append("\r\n");
        }
        get(
                chunks.append("0\r\n\r\n").toString(),
                r -> assertEquals(new String(expected), r.text().await()));
    }

    @Test
    void largeBody() throws Exception {
        byte[] body = new byte[10 << 20];
        for (int i = 0; i < body.length; i++) {
            body[i] = (byte) (i * 31 + (i >> 8));
        }
        byte[] head = ("HTTP/1.1 200 OK\r\nContent-Length: " + body.length + "\r\n\r\n").getBytes(ISO_8859_1);
        try (RawServer server = RawServer.start(peer -> {
            while (peer.request() != null) {
                peer.send(head);
                peer.send(body);
            }
        })) {
            Client.run(session -> {
                for (int i = 0; i < 3; i++) {
                    assertTrue(Arrays.equals(
                            body, session.get(server.url("/")).bytes().await()));
                }
                assertEquals(1, server.connections());
            });
        }
    }
}
