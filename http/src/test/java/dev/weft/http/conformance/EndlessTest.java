package dev.weft.http.conformance;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.http.Client;
import dev.weft.http.ClientSession;
import dev.weft.http.OverBoth;
import dev.weft.http.RawServer;
import dev.weft.http.encoding.Coded;
import dev.weft.http.message.ClientException;
import dev.weft.http.message.ClientResponse;
import dev.weft.loop.Asyncio;
import io.netty.buffer.PooledByteBufAllocator;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Servers that never stop, and bombs: each ends early, with a reason, and with little memory. */
@OverBoth
class EndlessTest {
    private static final long MOST_GROWTH_BYTES = 16 << 20;
    /** What may be on its way in the kernel's buffers when the client closes. */
    private static final long MOST_SENT_BYTES = 24 << 20;

    /** What the server sends, first this, then that again and again; and what becomes of it. */
    private record Flood(String name, String first, String again, String outcome) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Flood> floods() {
        String head = "HTTP/1.1 200 OK\r\n";
        String chunked = head + "Transfer-Encoding: chunked\r\n\r\n";
        String large = "a".repeat(1000);
        String badHead = "ProtocolException: the answer is not HTTP/1.1: ";
        String badBody = "200 then ProtocolException: the body is malformed: ";
        return Stream.of(
                new Flood(
                        "headers",
                        head,
                        "X: " + large + large + "\r\n",
                        badHead + "the header fields have more than 262144 bytes"),
                new Flood("small headers", head, "X: \r\n", badHead + "more than 256 header fields, at X"),
                new Flood("a header", head + "X: ", large, badHead + "the header fields have more than 262144 bytes"),
                new Flood(
                        "a folded header",
                        head + "X: a\r\n",
                        " " + large + "\r\n",
                        badHead + "the header fields have more than 262144 bytes"),
                new Flood("a status line", "HTTP/1.1 200 ", large, badHead + "a line has more than 16384 bytes"),
                new Flood("blank lines", "", "\r\n".repeat(500), badHead + "a line has more than 16384 bytes"),
                new Flood(
                        "interim answers",
                        "",
                        "HTTP/1.1 100 Continue\r\n\r\n",
                        badHead + "more than 32 interim answers"),
                new Flood(
                        "interim answers with headers",
                        "",
                        "HTTP/1.1 103 Hints\r\nLink: " + large + "\r\n\r\n",
                        badHead + "more than 32 interim answers"),
                new Flood("a chunk extension", chunked + "1;", large, badBody + "a line has more than 16384 bytes"),
                new Flood("a chunk size", chunked, "0".repeat(1000), badBody + "a line has more than 16384 bytes"),
                new Flood(
                        "chunk extensions",
                        chunked,
                        "1;" + large + "\r\nx\r\n",
                        badBody + "its framing is many times what it carries"),
                new Flood(
                        "trailers",
                        chunked + "0\r\n",
                        "X: " + large + large + "\r\n",
                        badBody + "the header fields have more than 262144 bytes"),
                new Flood(
                        "small trailers", chunked + "0\r\n", "X: \r\n", badBody + "more than 256 header fields, at X"),
                new Flood(
                        "a trailer",
                        chunked + "0\r\nX: ",
                        large,
                        badBody + "the header fields have more than 262144 bytes"),
                new Flood("a body", head + "\r\n", large, "200 then BodyTooLargeException: "),
                new Flood("a body in small chunks", chunked, "1\r\nx\r\n", "200 then BodyTooLargeException: "),
                new Flood("bytes behind the answer", head + "Content-Length: 2\r\n\r\nok", large, "200 ok"),
                new Flood("bytes behind an answer without a body", "HTTP/1.1 204 None\r\n\r\n", large, "204 "),
                new Flood(
                        "the body of a redirect",
                        "HTTP/1.1 302 Go\r\nLocation: /\r\n\r\n",
                        large,
                        "TooManyRedirectsException: more than 10 redirects"));
    }

    @BeforeAll
    static void loadClasses() throws Exception {
        flood("HTTP/1.1 200 OK\r\n\r\n", "x".repeat(1000), new AtomicLong());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("floods")
    @OverBoth.Http1Only("frames have floods of their own: H2FloodTest")
    void endsEarly(Flood flood) throws Exception {
        long before = memory();
        AtomicLong sent = new AtomicLong();
        String outcome = flood(flood.first, flood.again, sent);
        assertTrue(outcome.startsWith(flood.outcome), outcome);
        assertTrue(sent.get() < MOST_SENT_BYTES, () -> "the server could send " + sent + " bytes");
        assertSmall(before);
    }

    /** Asks a server that sends until the client closes; all of the answer is taken into memory, up to 2 MiB. */
    private static String flood(String first, String again, AtomicLong sent) throws Exception {
        byte[] many = again.repeat(Math.max(1, 16_000 / again.length())).getBytes(ISO_8859_1);
        String[] outcome = new String[1];
        try (RawServer server = RawServer.start(peer -> {
            peer.socket.setSendBufferSize(64 * 1024);
            peer.request();
            peer.send(first);
            while (sent.get() < 4 * MOST_SENT_BYTES) {
                peer.send(many);
                sent.addAndGet(many.length);
            }
            throw new AssertionError("the client takes everything");
        })) {
            Client.run(ClientSession.builder().maxBodySize(2 << 20), session -> {
                outcome[0] = Asyncio.timeout(Duration.ofSeconds(20), scope -> read(session, server));
                Client.until(() -> session.stats().idle() == 0);
            });
        }
        return outcome[0];
    }

    private static String read(ClientSession session, RawServer server) {
        String status = "";
        try (ClientResponse response = session.get(server.url("/")).await()) {
            status = response.status() + " ";
            return status + response.text().await();
        } catch (ClientException e) {
            return (status.isEmpty() ? "" : status + "then ") + Outcomes.failure(e);
        }
    }

    /** 256 MiB of zeros in 260 KB. */
    @Test
    void bomb() throws Exception {
        byte[] coded = Coded.GZIP.ofZeros(256);
        assertTrue(coded.length < 270_000, "the bomb has " + coded.length + " bytes");
        String head = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: " + coded.length + "\r\n\r\n";
        try (RawServer server = RawServer.start(peer -> {
            while (peer.request() != null) {
                peer.send(head);
                peer.send(coded);
            }
        })) {
            Client.run(session -> {
                String url = server.url("/");
                long before = memory();
                String tooMuch = "DecodeException: the body cannot be decoded: ";
                String taken = Outcomes.exchange(session.get(url));
                assertTrue(taken.contains(tooMuch), taken);
                try {
                    session.get(url).bytes().await();
                    throw new AssertionError("it was taken");
                } catch (ClientException e) {
                    assertTrue(Outcomes.failure(e).startsWith(tooMuch), e.getMessage());
                }
                assertSmall(before);
            });
        }
    }

    /** A body that nobody reads is not read from the network either. */
    @Test
    void aBodyThatIsNotRead() throws Exception {
        AtomicLong sent = new AtomicLong();
        byte[] some = new byte[64 * 1024];
        try (RawServer server = RawServer.start(peer -> {
            peer.request();
            peer.send("HTTP/1.1 200 OK\r\n\r\n");
            while (sent.get() < 4 * MOST_SENT_BYTES) {
                peer.send(some);
                sent.addAndGet(some.length);
            }
        })) {
            Client.run(session -> {
                long before = memory();
                try (ClientResponse response = session.get(server.url("/")).await()) {
                    ByteBuffer first = response.content().read().await();
                    assertTrue(first.hasRemaining());
                    long last;
                    do {
                        last = sent.get();
                        Asyncio.sleep(0.1).await();
                    } while (sent.get() != last);
                    assertTrue(last < MOST_SENT_BYTES, () -> "the server could send " + sent + " bytes");
                    assertSmall(before);
                }
            });
        }
    }

    private static void assertSmall(long before) {
        long growth = memory() - before;
        assertTrue(growth < MOST_GROWTH_BYTES, () -> "it took " + growth + " bytes of memory");
    }

    /** What is in use after a garbage collection, and what Netty holds outside of the heap. */
    private static long memory() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory()
                - runtime.freeMemory()
                + PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
    }
}
