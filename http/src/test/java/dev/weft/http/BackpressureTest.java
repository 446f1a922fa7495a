package dev.weft.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.http.message.BodyTooLargeException;
import dev.weft.http.message.ClientResponse;
import dev.weft.http.message.StreamReader;
import dev.weft.loop.Asyncio;
import dev.weft.loop.Task;
import io.netty.buffer.PooledByteBufAllocator;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

/** A server that pushes more than its reader takes. */
@OverBoth
class BackpressureTest {
    private static final int TOTAL = 64 << 20;

    private static byte[] block(int number) {
        byte[] block = new byte[64 * 1024];
        for (int i = 0; i < block.length; i++) {
            block[i] = (byte) (i * 7 + number);
        }
        return block;
    }

    @Test
    void theServerStallsAndMemoryStaysBounded() throws Exception {
        AtomicLong sent = new AtomicLong();
        CRC32 expected = new CRC32();
        try (RawServer server = RawServer.start(peer -> {
            // What the kernel may hold is not what is tested.
            peer.socket.setSendBufferSize(256 * 1024);
            peer.request();
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: " + TOTAL + "\r\n\r\n");
            for (int i = 0; sent.get() < TOTAL; i++) {
                byte[] block = block(i);
                expected.update(block);
                peer.send(block);
                sent.addAndGet(block.length);
            }
            peer.awaitEnd();
        })) {
            Client.run(session -> {
                long before = PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
                try (ClientResponse response = session.get(server.url("/")).await()) {
                    ByteBuffer first = response.content().read().await();
                    long stalledAt = stall(sent);
                    assertTrue(stalledAt < TOTAL / 2, "the server could send " + stalledAt + " bytes");
                    assertTrue(
                            response.content().bytesReceived() < 1 << 20,
                            () -> "read ahead by " + response.content().bytesReceived());
                    long held = PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory() - before;
                    assertTrue(held <= 16 << 20, "holds " + held);

                    CRC32 seen = new CRC32();
                    long size = first.remaining();
                    seen.update(first);
                    for (ByteBuffer piece : response.content()) {
                        size += piece.remaining();
                        seen.update(piece);
                    }
                    assertEquals(TOTAL, size);
                    assertEquals(expected.getValue(), seen.getValue());
                }
                assertEquals(1, session.stats().idle());
            });
        }
    }

    /** Five pieces, each when the one before has come: who waits for all of them is not woken for four, and for the rest at the end. */
    @Test
    void aReaderIsNotWokenBelowItsLowWaterMark() throws Exception {
        int size = 20 << 10;
        Semaphore wanted = new Semaphore(0);
        try (RawServer server = RawServer.start(peer -> {
            peer.request();
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: " + 6 * size + "\r\n\r\n");
            for (int i = 0; i < 6; i++) {
                wanted.acquire();
                peer.send(new byte[size]);
            }
            peer.awaitEnd();
        })) {
            Client.run(session -> {
                try (ClientResponse response = session.get(server.url("/")).await()) {
                    StreamReader content = response.content();
                    content.lowWater(5 * size);
                    Task<ByteBuffer> first = Asyncio.createEagerTask(content.read());
                    for (int i = 1; i < 5; i++) {
                        wanted.release();
                        come(content, i * size);
                        assertFalse(first.isDone(), "woken for " + i + " of 5");
                    }
                    wanted.release();
                    int taken = first.await().remaining();
                    while (taken < 5 * size) {
                        taken += content.read().await().remaining();
                    }
                    wanted.release();
                    assertEquals(size, content.readAll(TOTAL).await().length);
                }
            });
        }
    }

    /** The limit holds before the body is whole, and ends what is under way. */
    @Test
    void aBodyThatIsReadAsAWholeFailsAsSoonAsItIsTooLarge() throws Exception {
        try (RawServer server = RawServer.start(peer -> {
            peer.request();
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n");
            peer.send(new byte[1001]);
            peer.awaitEnd();
        })) {
            Client.run(session -> assertThrows(
                    BodyTooLargeException.class,
                    () -> session.get(server.url("/")).maxBodySize(1000).bytes().await()));
        }
    }

    private static void come(StreamReader content, long bytes) {
        while (content.bytesReceived() < bytes) {
            Asyncio.sleep(Duration.ofMillis(1)).await();
        }
        // Whoever that has woken runs now.
        Asyncio.sleep(Duration.ZERO).await();
    }

    /** Waits until the server gets nothing more into the connection. */
    static long stall(AtomicLong sent) {
        long last = -1;
        for (int quiet = 0; quiet < 10; ) {
            Asyncio.sleep(Duration.ofMillis(10)).await();
            long now = sent.get();
            quiet = now == last ? quiet + 1 : 0;
            last = now;
        }
        return last;
    }

    /** Pieces of one byte each must not hold on to a network buffer each. */
    @Test
    void smallPiecesCostLittle() throws Exception {
        int chunks = 200_000;
        try (RawServer server = RawServer.start(peer -> {
            peer.request();
            peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            byte[] some = "1\r\na\r\n".repeat(1000).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
            for (int i = 0; i < chunks / 1000; i++) {
                peer.send(some);
            }
            peer.send("0\r\n\r\n");
            peer.awaitEnd();
        })) {
            Client.run(session -> {
                try (ClientResponse response = session.get(server.url("/")).await()) {
                    Asyncio.sleep(Duration.ofMillis(50)).await();
                    long ahead = response.content().bytesReceived();
                    // 256 KiB of pieces that cost about 129 bytes each, and at most one network buffer more.
                    assertTrue(ahead < 50_000, "read ahead by " + ahead + " pieces");
                }
                assertEquals(chunks, session.get(server.url("/")).bytes().await().length);
            });
        }
    }
}
