package dev.weft.http.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weft.http.Client;
import dev.weft.http.OverBoth;
import dev.weft.http.RawServer;
import dev.weft.http.message.ClientResponse;
import io.netty.channel.epoll.Epoll;
import java.nio.ByteBuffer;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** While a large body comes fast its socket is not read before there is much, which takes a part of the work; and nothing is late for that. */
@OverBoth
class LargeReadsTest {
    private static final int SIZE = 8 << 20;

    @BeforeEach
    void onEpoll() {
        assumeTrue(Epoll.isAvailable(), "only epoll waits for so much");
    }

    private static String head(int length) {
        return "HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n";
    }

    @Test
    void aLargeBodyIsReadInLargePieces() throws Exception {
        try (RawServer server = RawServer.start(peer -> {
            while (peer.request() != null) {
                peer.send(head(SIZE));
                peer.send(new byte[SIZE]);
            }
        })) {
            Client.run(session -> {
                for (int i = 0; i < 2; i++) {
                    AtomicInteger most = new AtomicInteger();
                    try (ClientResponse response = session.get(server.url("/")).await()) {
                        for (ByteBuffer piece : response.content()) {
                            most.accumulateAndGet(ClientChannels.lowWater(), Math::max);
                        }
                    }
                    assertTrue(most.get() >= 32 << 10, () -> "read when there are " + most + " bytes");
                    Client.until(() -> ClientChannels.lowWater() == 1);
                }
                assertEquals(1, server.connections());
            });
        }
    }

    /** The server stops where less has come than is waited for: it is read all the same, or both would wait for ever. */
    @Test
    void whatComesInBurstsIsReadToTheEndOfEach() throws Exception {
        int burst = 600_000;
        Semaphore read = new Semaphore(0);
        try (RawServer server = RawServer.start(peer -> {
            peer.request();
            peer.send(head(10 * burst));
            for (int i = 0; i < 10; i++) {
                peer.send(new byte[burst - 10]);
                peer.send(new byte[10]);
                read.acquire();
            }
        })) {
            Client.run(session -> {
                try (ClientResponse response = session.get(server.url("/")).await()) {
                    int size = 0;
                    for (ByteBuffer piece : response.content()) {
                        size += piece.remaining();
                        if (size % burst == 0) {
                            read.release();
                        }
                    }
                    assertEquals(10 * burst, size);
                }
            });
        }
    }
}
