package dev.weft.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.http.message.ClientResponse;
import dev.weft.http.message.ClientTimeout;
import dev.weft.http.message.ConnectTimeoutException;
import dev.weft.http.message.Phase;
import dev.weft.http.message.PoolTimeoutException;
import dev.weft.http.message.ReadTimeoutException;
import dev.weft.http.message.RequestTimeoutException;
import dev.weft.http.message.TlsException;
import dev.weft.http.message.TotalTimeoutException;
import dev.weft.loop.Asyncio;
import dev.weft.loop.Task;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

@OverBoth
class TimeoutTest {
    private static final Duration SOON = Duration.ofMillis(60);
    private static final Duration LATE = Duration.ofSeconds(20);

    private static RawServer silent() throws Exception {
        return RawServer.start(RawServer.Peer::awaitEnd);
    }

    private static RawServer sends(String some) throws Exception {
        return RawServer.start(peer -> {
            peer.request();
            peer.send(some);
            peer.awaitEnd();
        });
    }

    private static void assertTimeout(RequestTimeoutException e, Phase phase) {
        assertEquals(phase, e.phase());
        assertEquals(SOON, e.limit());
        assertTrue(e.elapsed().compareTo(SOON) >= 0, e.elapsed()::toString);
        assertTrue(e.elapsed().compareTo(LATE) < 0, e.elapsed()::toString);
        assertTrue(e.getMessage().contains("timeout of 0.0600 s passed, " + phase.words()), e.getMessage());
    }

    @Test
    void totalWaitingForTheAnswer() throws Exception {
        try (RawServer server = silent()) {
            Client.run(session -> {
                var e = assertThrows(
                        TotalTimeoutException.class,
                        () -> session.get(server.url("/"))
                                .timeout(ClientTimeout.total(SOON))
                                .await());
                assertTimeout(e, Phase.FIRST_BYTE);
                Client.until(() -> server.connections() == 1);
                assertEquals(Client.givenUp(), session.stats());
            });
        }
    }

    @Test
    void totalWithinTheBody() throws Exception {
        try (RawServer server = sends("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc")) {
            Client.run(ClientSession.builder().timeout(ClientTimeout.total(SOON)), session -> {
                var e = assertThrows(
                        TotalTimeoutException.class,
                        () -> session.get(server.url("/")).text().await());
                assertTimeout(e, Phase.BODY);
                // Streaming: what came first is given first.
                try (ClientResponse response = session.get(server.url("/")).await()) {
                    ByteBuffer piece = response.content().read().await();
                    assertEquals(3, piece.remaining());
                    assertTimeout(
                            assertThrows(
                                    TotalTimeoutException.class,
                                    () -> response.content().read().await()),
                            Phase.BODY);
                }
            });
        }
    }

    /** H072: it ends though there is always something to read, and at once. */
    @Test
    void totalWhileTheReaderIsSlow() throws Exception {
        byte[] some = new byte[64 * 1024];
        try (RawServer server = RawServer.start(peer -> {
            peer.request();
            peer.send("HTTP/1.1 200 OK\r\n\r\n");
            while (true) {
                peer.send(some);
            }
        })) {
            Client.run(session -> {
                try (ClientResponse response = session.get(server.url("/"))
                        .timeout(ClientTimeout.total(SOON))
                        .await()) {
                    ByteBuffer piece = response.content().read().await();
                    Client.until(() -> session.stats().acquired() == 0);
                    assertEquals(0, piece.get(0), "the bytes in hand stay valid");
                    assertTimeout(
                            assertThrows(
                                    TotalTimeoutException.class,
                                    () -> response.content().read().await()),
                            Phase.BODY);
                }
            });
        }
    }

    @Test
    void totalIsOverWhenTheBodyIsWhole() throws Exception {
        try (RawServer server = sends(RawServer.OK)) {
            Client.run(session -> {
                try (ClientResponse response = session.get(server.url("/"))
                        .timeout(ClientTimeout.total(Duration.ofMillis(200)))
                        .await()) {
                    Client.until(() -> session.stats().idle() == 1);
                    Asyncio.sleep(Duration.ofMillis(250)).await();
                    assertEquals("ok", response.text().await());
                }
                assertEquals(1, session.stats().idle());
            });
        }
    }

    @Test
    void readWaitingForTheAnswer() throws Exception {
        try (RawServer server = silent()) {
            Client.run(session -> {
                var e = assertThrows(
                        ReadTimeoutException.class,
                        () -> session.get(server.url("/"))
                                .timeout(ClientTimeout.builder().read(SOON).build())
                                .await());
                assertTimeout(e, Phase.FIRST_BYTE);
                Client.until(() -> server.connections() == 1);
            });
        }
    }

    @Test
    void readWithinTheBody() throws Exception {
        try (RawServer server = sends("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc")) {
            Client.run(session -> {
                try (ClientResponse response = session.get(server.url("/"))
                        .timeout(ClientTimeout.builder().read(SOON).build())
                        .await()) {
                    var e = assertThrows(
                            ReadTimeoutException.class, () -> response.text().await());
                    assertTimeout(e, Phase.BODY);
                    assertEquals(3, response.content().bytesReceived());
                }
            });
        }
    }

    /** H071, and a limit that is per packet. */
    @Test
    @OverBoth.Http1Only("a head comes whole there, not byte by byte")
    void readCountsFromPacketToPacketAndNotWhileIdle() throws Exception {
        CountDownLatch packets = new CountDownLatch(1);
        try (RawServer server = RawServer.start(peer -> {
            peer.request();
            for (char c : RawServer.OK.toCharArray()) {
                peer.send("" + c);
                // Slower than the limit in all, faster from byte to byte.
                Thread.sleep(5);
            }
            packets.countDown();
            peer.request();
            peer.send(RawServer.OK);
            peer.awaitEnd();
        })) {
            Duration limit = Duration.ofMillis(150);
            Client.run(
                    ClientSession.builder()
                            .timeout(ClientTimeout.builder().read(limit).build()),
                    session -> {
                        assertEquals("ok", session.get(server.url("/")).text().await());
                        Client.until(packets);
                        Asyncio.sleep(Duration.ofMillis(300)).await();
                        assertEquals("ok", session.get(server.url("/")).text().await());
                        assertEquals(1, server.connections());
                    });
        }
    }

    /** A slow reader is not a silent server. */
    @Test
    void readDoesNotCountWhileHeldBack() throws Exception {
        byte[] body = new byte[4 << 20];
        try (RawServer server = RawServer.start(peer -> {
            peer.request();
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: " + body.length + "\r\n\r\n");
            peer.send(body);
            peer.awaitEnd();
        })) {
            Client.run(session -> {
                try (ClientResponse response = session.get(server.url("/"))
                        .timeout(ClientTimeout.builder()
                                .read(Duration.ofMillis(100))
                                .build())
                        .await()) {
                    Asyncio.sleep(Duration.ofMillis(350)).await();
                    assertEquals(body.length, response.bytes().await().length);
                }
            });
        }
    }

    @Test
    void poolTimeout() throws Exception {
        try (RawServer server = silent()) {
            Client.run(ClientSession.builder().limit(1).limitPerHost(1), session -> {
                Task<String> first =
                        Asyncio.createTask(session.get(server.url("/1")).text());
                Client.until(() -> server.connections() == 1);
                var e = assertThrows(
                        PoolTimeoutException.class,
                        () -> session.get(server.url("/2"))
                                .timeout(ClientTimeout.builder().pool(SOON).build())
                                .await());
                assertTimeout(e, Phase.POOL);
                assertEquals(new SessionStats(1, 0, 0), session.stats());
                var total = assertThrows(
                        TotalTimeoutException.class,
                        () -> session.get(server.url("/3"))
                                .timeout(ClientTimeout.total(SOON))
                                .await());
                assertTimeout(total, Phase.POOL);
                first.cancel();
            });
        }
    }

    /** The wait for a place does not count as connecting: H069. */
    @Test
    void waitingIsNotConnecting() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        try (RawServer server = RawServer.start(peer -> {
            for (String request = peer.request(); request != null; request = peer.request()) {
                Client.hold(go);
                peer.send(RawServer.OK);
            }
        })) {
            ClientTimeout limits =
                    ClientTimeout.builder().connect(Duration.ofMillis(100)).build();
            Client.run(ClientSession.builder().limit(1).timeout(limits), session -> {
                var first = Asyncio.createTask(session.get(server.url("/")).text());
                var second = Asyncio.createTask(session.get(server.url("/")).text());
                Asyncio.sleep(Duration.ofMillis(250)).await();
                go.countDown();
                assertEquals("ok", first.await());
                assertEquals("ok", second.await());
            });
        }
    }

    @Test
    void connecting() throws Exception {
        try (FullBacklog full = new FullBacklog()) {
            Client.run(session -> {
                var e = assertThrows(
                        ConnectTimeoutException.class,
                        () -> session.get(full.url())
                                .timeout(ClientTimeout.builder().connect(SOON).build())
                                .await());
                assertTimeout(e, Phase.CONNECT);
                var total = assertThrows(
                        TotalTimeoutException.class,
                        () -> session.get(full.url())
                                .timeout(ClientTimeout.total(SOON))
                                .await());
                assertTimeout(total, Phase.CONNECT);
            });
        }
    }

    @Test
    void tlsHandshake() throws Exception {
        try (RawServer server = RawServer.plain(RawServer.Peer::awaitEnd);
                RawServer plain = RawServer.plain(peer -> peer.send("this is not TLS"))) {
            Client.run(ClientSession.builder().insecure(), session -> {
                // The first handshake loads a lot of classes.
                assertThrows(
                        TlsException.class,
                        () -> session.get(plain.url("/").replace("http:", "https:"))
                                .await());
                var e = assertThrows(
                        ConnectTimeoutException.class,
                        () -> session.get(server.url("/").replace("http:", "https:"))
                                .timeout(ClientTimeout.builder()
                                        .connect(Duration.ofMillis(800))
                                        .build())
                                .await());
                assertEquals(Phase.TLS, e.phase());
            });
        }
    }

    @Test
    void limitsAreMergedFieldByField() {
        ClientTimeout session = ClientTimeout.builder()
                .read(SOON)
                .total(ClientTimeout.FOREVER)
                .build()
                .over(ClientTimeout.DEFAULT);
        assertEquals(
                ClientTimeout.builder()
                        .total(ClientTimeout.FOREVER)
                        .read(SOON)
                        .build()
                        .over(ClientTimeout.DEFAULT),
                session);
        assertEquals(
                ClientTimeout.builder().total(LATE).read(SOON).build().over(ClientTimeout.DEFAULT),
                ClientTimeout.total(LATE).over(session));
        assertEquals(ClientTimeout.none(), ClientTimeout.none().over(session));
    }

    @Test
    void zeroAndNegativeAreRefused() {
        for (Duration bad : new Duration[] {Duration.ZERO, Duration.ofSeconds(-1)}) {
            assertThrows(IllegalArgumentException.class, () -> ClientTimeout.total(bad));
            assertThrows(
                    IllegalArgumentException.class,
                    () -> ClientTimeout.builder().connect(bad).build());
            assertThrows(
                    IllegalArgumentException.class,
                    () -> ClientTimeout.builder().read(bad).build());
            assertThrows(
                    IllegalArgumentException.class,
                    () -> ClientTimeout.builder().pool(bad).build());
        }
    }
}
