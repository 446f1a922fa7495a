package dev.weft.http.message;

import static dev.weft.http.message.FakeBody.bytes;
import static dev.weft.http.message.FakeBody.latin1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.loop.Asyncio;
import dev.weft.loop.CancelledError;
import dev.weft.loop.Task;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Spec 1.4: aiohttp's StreamReader. */
class StreamReaderTest {
    private interface Check {
        void of(StreamReader reader);
    }

    /** However the body is cut, the check holds. */
    private static void everyCut(String body, Check check) {
        Asyncio.run(() -> {
            for (FakeBody cut : FakeBody.cuts(bytes(body))) {
                check.of(StreamReader.of(cut));
            }
            return null;
        });
    }

    private static byte[] until(StreamReader reader, String separator, int max) {
        return reader.readUntil(bytes(separator), max).await();
    }

    @Test
    void lines() {
        everyCut("one\r\ntwo\n\nfour\rx\n\u00e9", reader -> {
            assertEquals("one\r\n", latin1(reader.readLine().await()));
            List<String> rest = new ArrayList<>();
            reader.lines(StandardCharsets.ISO_8859_1, 100).forEach(rest::add);
            assertEquals(List.of("two", "", "four\rx", "\u00e9"), rest);
            assertEquals(0, reader.readLine().await().length);
            assertTrue(reader.atEof());
        });
    }

    @Test
    void linesInUtf8() {
        everyCut("\u00ef\u00bb\u00bfa\u00c3\u00a9\n\u00ef\u00bb\u00bf\u00ff\n", reader -> {
            List<String> lines = new ArrayList<>();
            reader.lines().forEach(lines::add);
            assertEquals(List.of("a\u00e9", "\ufeff\ufffd"), lines);
        });
        Asyncio.run(() -> {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> StreamReader.of(FakeBody.of("a")).lines(StandardCharsets.UTF_16, 10));
            return null;
        });
    }

    @Test
    void theLimitOfALineIsExact() {
        everyCut("12345\n1234567\nrest", reader -> {
            assertEquals("12345\n", latin1(reader.readLine(6).await()));
            LineTooLongException e = assertThrows(
                    LineTooLongException.class, () -> reader.readLine(7).await());
            assertEquals(7, e.limit());
            // What was there can still be read.
            assertEquals("1234567\n", latin1(reader.readLine(8).await()));
            assertThrows(LineTooLongException.class, () -> reader.readLine(3).await());
            assertEquals("rest", latin1(reader.readLine(4).await()));
        });
    }

    @Test
    void untilASeparator() {
        everyCut("a--b----=c--", reader -> {
            assertEquals("a--", latin1(until(reader, "--", 10)));
            assertEquals("b----=", latin1(until(reader, "--=", 10)));
            assertThrows(LineTooLongException.class, () -> until(reader, "zz", 2));
            assertEquals("c--", latin1(until(reader, "zz", 3)));
            assertEquals("", latin1(until(reader, "zz", 3)));
        });
        Asyncio.run(() -> {
            StreamReader reader = StreamReader.of(FakeBody.of("a"));
            assertThrows(IllegalArgumentException.class, () -> reader.readUntil(new byte[0], 10));
            assertThrows(IllegalArgumentException.class, () -> reader.readUntil(bytes("ab"), 1));
            return null;
        });
    }

    @Test
    void exactly() {
        everyCut("hello world", reader -> {
            assertEquals("", latin1(reader.readExactly(0).await()));
            assertEquals("hello", latin1(reader.readExactly(5).await()));
            IncompleteReadException e = assertThrows(
                    IncompleteReadException.class, () -> reader.readExactly(7).await());
            assertEquals(" world", latin1(e.partial()));
            assertEquals(7, e.expected());
            assertEquals(0, reader.readExactly(0).await().length);
            assertNull(reader.read().await());
        });
    }

    @Test
    void atMost() {
        everyCut("hello world", reader -> {
            StringBuilder all = new StringBuilder();
            for (ByteBuffer piece = reader.read(3).await();
                    piece != null;
                    piece = reader.read(3).await()) {
                assertTrue(piece.remaining() >= 1 && piece.remaining() <= 3);
                all.append(latin1(piece));
            }
            assertEquals("hello world", all.toString());
            assertNull(reader.read(3).await());
            assertEquals(11, reader.bytesDecoded());
            assertEquals(11, reader.bytesReceived());
            assertThrows(IllegalArgumentException.class, () -> reader.read(0));
        });
    }

    @Test
    void inChunks() {
        everyCut("0123456789", reader -> {
            List<String> chunks = new ArrayList<>();
            for (ByteBuffer chunk : reader.chunks(4)) {
                chunks.add(latin1(chunk));
            }
            assertEquals(List.of("0123", "4567", "89"), chunks);
        });
        everyCut("01234567", reader -> {
            List<String> chunks = new ArrayList<>();
            reader.chunks(8).forEach(chunk -> chunks.add(latin1(chunk)));
            assertEquals(List.of("01234567"), chunks);
        });
    }

    @Test
    void all() {
        everyCut("0123456789", reader -> {
            assertEquals("0", latin1(reader.read(1).await()));
            assertEquals("123456789", latin1(reader.readAll(9).await()));
            assertEquals("", latin1(reader.readAll(9).await()));
        });
        Asyncio.run(() -> {
            for (FakeBody cut : FakeBody.cuts(bytes("0123456789"))) {
                StreamReader reader = StreamReader.of(cut);
                BodyTooLargeException e = assertThrows(
                        BodyTooLargeException.class, () -> reader.readAll(9).await());
                assertEquals(9, e.limit());
                assertEquals(1, cut.closed);
            }
            return null;
        });
    }

    /** Ways of reading may be mixed in any order, and no byte is lost or spoiled. */
    @Test
    void anyMixture() {
        Random random = new Random(5);
        Asyncio.run(() -> {
            for (int round = 0; round < 1000; round++) {
                byte[] body = new byte[random.nextInt(200)];
                for (int i = 0; i < body.length; i++) {
                    body[i] = (byte) (random.nextInt(10) == 0 ? '\n' : 'a' + random.nextInt(26));
                }
                List<byte[]> pieces = new ArrayList<>();
                for (int at = 0; at < body.length; ) {
                    int end = Math.min(body.length, at + 1 + random.nextInt(40));
                    pieces.add(Arrays.copyOfRange(body, at, end));
                    at = end;
                }
                StreamReader reader = StreamReader.of(FakeBody.of(pieces));
                StringBuilder read = new StringBuilder();
                while (!reader.atEof()) {
                    read.append(some(reader, random));
                }
                assertEquals(latin1(body), read.toString());
            }
            return null;
        });
    }

    private static String some(StreamReader reader, Random random) {
        switch (random.nextInt(6)) {
            case 0:
                ByteBuffer any = reader.read().await();
                return any == null ? "" : latin1(any);
            case 1:
                ByteBuffer few = reader.read(1 + random.nextInt(30)).await();
                return few == null ? "" : latin1(few);
            case 2:
                return latin1(reader.readLine().await());
            case 3:
                try {
                    return latin1(reader.readLine(1 + random.nextInt(10)).await());
                } catch (LineTooLongException e) {
                    return "";
                }
            case 4:
                for (ByteBuffer chunk : reader.chunks(1 + random.nextInt(30))) {
                    return latin1(chunk);
                }
                return "";
            default:
                try {
                    return latin1(reader.readExactly(random.nextInt(30)).await());
                } catch (IncompleteReadException e) {
                    return latin1(e.partial());
                }
        }
    }

    @Test
    void oneReaderAtATime() {
        Asyncio.run(() -> {
            StreamReader reader = StreamReader.of(FakeBody.of("12", "34"));
            Task<byte[]> first = Asyncio.createTask(reader.readExactly(4));
            Asyncio.sleep(0).await();
            assertThrows(IllegalStateException.class, () -> reader.readLine().await());
            assertThrows(IllegalStateException.class, () -> reader.read().await());
            assertThrows(
                    IllegalStateException.class,
                    () -> reader.chunks(1).iterator().hasNext());
            assertEquals("1234", latin1(first.await()));
            assertNull(reader.read().await());
            return null;
        });
    }

    @Test
    void aCancelledReadLosesNothing() {
        Asyncio.run(() -> {
            StreamReader reader = StreamReader.of(FakeBody.of("12", "34", "56"));
            Task<byte[]> first = Asyncio.createTask(reader.readExactly(5));
            while (reader.bytesDecoded() == 0) {
                Asyncio.sleep(0).await();
            }
            first.cancel();
            assertThrows(CancelledError.class, first::await);
            assertEquals("123456", latin1(reader.readExactly(6).await()));
            return null;
        });
    }

    @Test
    void failuresComeBehindWhatCameBefore() {
        PayloadException cut = new PayloadException(ClientRequest.of("GET", HttpUrl.parse("http://h/")), 5, 10, null);
        Asyncio.run(() -> {
            StreamReader reader = StreamReader.of(FakeBody.of("hel", "lo").failing(cut));
            assertEquals("he", latin1(reader.read(2).await()));
            assertSame(
                    cut,
                    assertThrows(
                            PayloadException.class, () -> reader.readExactly(8).await()));
            assertEquals("llo", latin1(reader.read().await()));
            assertSame(
                    cut,
                    assertThrows(PayloadException.class, () -> reader.read().await()));
            return null;
        });
    }

    @Test
    void closingDropsWhatIsUnread() {
        Asyncio.run(() -> {
            FakeBody body = FakeBody.of("hello");
            StreamReader reader = StreamReader.of(body);
            assertEquals("h", latin1(reader.read(1).await()));
            reader.close();
            assertEquals(1, body.closed);
            assertThrows(IllegalStateException.class, () -> reader.read().await());
            return null;
        });
    }

    @Test
    void errorsNameTheRequest() {
        ClientRequest request = ClientRequest.of("GET", HttpUrl.parse("http://h/x"));
        ClientResponse response = ClientResponse.of(request, 200, Headers.empty(), bytes("abc"));
        IncompleteReadException e = assertThrows(
                IncompleteReadException.class,
                () -> response.content().readExactly(5).await());
        assertEquals("GET http://h/x: the body ended after 3 of the 5 bytes asked for", e.getMessage());
    }

    @Test
    void aReaderOfAReaderIsTheSame() {
        StreamReader reader = StreamReader.of(FakeBody.of("a"));
        assertSame(reader, StreamReader.of(reader));
        assertFalse(reader.atEof());
    }
}
