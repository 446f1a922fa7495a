package dev.weft.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.http.message.ClientException;
import dev.weft.http.message.ClientResponse;
import dev.weft.http.message.ConnectFailedException;
import dev.weft.http.message.DnsException;
import dev.weft.http.message.PayloadException;
import dev.weft.http.message.ProtocolException;
import dev.weft.http.message.ServerDisconnectedException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Each way the network fails, as the user sees it. */
@OverBoth
class ErrorTest {
    private static void assertMessage(ClientException e, String url, String... parts) {
        assertTrue(e.getMessage().startsWith("GET " + url + ": "), e.getMessage());
        for (String part : parts) {
            assertTrue(e.reason().contains(part), e.getMessage());
        }
    }

    @Test
    void refused() throws Exception {
        int port = ClosedPort.number();
        Client.run(session -> {
            String url = "http://127.0.0.1:" + port + "/x";
            ConnectFailedException e = assertThrows(
                    ConnectFailedException.class, () -> session.get(url).await());
            assertMessage(e, url, "cannot connect to 127.0.0.1:" + port + ": connection refused");
            assertEquals("GET", e.request().method());
        });
    }

    @Test
    void theStackIsThatOfTheCaller() throws Exception {
        int port = ClosedPort.number();
        Client.run(session -> {
            var e = assertThrows(
                    ClientException.class,
                    () -> session.get("http://127.0.0.1:" + port).await());
            assertTrue(hasThisClass(e));
        });
        try (RawServer server = RawServer.once("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab")) {
            Client.run(session -> {
                var e = assertThrows(
                        PayloadException.class,
                        () -> session.get(server.url("/")).text().await());
                assertTrue(hasThisClass(e));
            });
        }
    }

    private static boolean hasThisClass(Throwable e) {
        return java.util.Arrays.stream(e.getStackTrace())
                .anyMatch(f -> f.getClassName().contains("ErrorTest"));
    }

    @Test
    void severalAddressesRefuse() throws Exception {
        int port = ClosedPort.number();
        Client.run(session -> {
            String url = "http://localhost:" + port + "/";
            ConnectFailedException e = assertThrows(
                    ConnectFailedException.class, () -> session.get(url).await());
            assertMessage(e, url, "cannot connect to localhost:" + port, "refused");
        });
    }

    @Test
    void nameWithoutAddress() throws Exception {
        Client.run(session -> {
            String url = "http://no-such-host.invalid/";
            DnsException e =
                    assertThrows(DnsException.class, () -> session.get(url).await());
            assertMessage(e, url, "the host no-such-host.invalid has no address");
        });
    }

    @Test
    void localhostByName() throws Exception {
        try (RawServer server = RawServer.answering(RawServer.OK)) {
            Client.run(session -> assertEquals(
                    "ok",
                    session.get("http://localhost:" + server.port() + "/")
                            .text()
                            .await()));
        }
    }

    @Test
    @OverBoth.Http1Only("half a head is none there")
    void disconnected() throws Exception {
        try (RawServer server = RawServer.once("")) {
            Client.run(session -> {
                var e = assertThrows(
                        ServerDisconnectedException.class,
                        () -> session.get(server.url("/")).await());
                assertMessage(e, server.url("/"), "ended the connection without an answer");
                assertEquals(0, e.headBytes());
            });
        }
        try (RawServer server = RawServer.once("HTTP/1.1 200 OK\r\nA: b")) {
            Client.run(session -> {
                var e = assertThrows(
                        ServerDisconnectedException.class,
                        () -> session.get(server.url("/")).await());
                assertMessage(e, server.url("/"), "after 21 bytes");
                assertEquals(21, e.headBytes());
            });
        }
        try (RawServer server = RawServer.start(peer -> {
            peer.request();
            peer.reset();
        })) {
            Client.run(session -> {
                var e = assertThrows(
                        ServerDisconnectedException.class,
                        () -> session.get(server.url("/")).await());
                assertMessage(e, server.url("/"), "the connection broke", "reset");
            });
        }
    }

    @Test
    void truncated() throws Exception {
        try (RawServer server = RawServer.once("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello")) {
            Client.run(session -> {
                try (ClientResponse response = session.get(server.url("/")).await()) {
                    PayloadException e = assertThrows(
                            PayloadException.class, () -> response.text().await());
                    assertMessage(e, server.url("/"), "before the body was whole", "received 5 of 10 bytes");
                    assertEquals(5, e.received());
                    assertEquals(OptionalLong.of(10), e.expected());
                }
                // What came is there for who streams it.
                try (ClientResponse response = session.get(server.url("/")).await()) {
                    ByteBuffer piece = response.content().read().await();
                    assertEquals("hello", StandardCharsets.UTF_8.decode(piece).toString());
                    for (int i = 0; i < 2; i++) {
                        assertThrows(
                                PayloadException.class,
                                () -> response.content().read().await());
                    }
                }
                assertEquals(0, session.stats().idle());
            });
        }
    }

    @Test
    void resetWithinTheBody() throws Exception {
        CountDownLatch headRead = new CountDownLatch(1);
        try (RawServer server = RawServer.start(peer -> {
            peer.request();
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello");
            Client.hold(headRead);
            peer.reset();
        })) {
            Client.run(session -> {
                try (ClientResponse response = session.get(server.url("/")).await()) {
                    response.content().read().await();
                    headRead.countDown();
                    PayloadException e = assertThrows(
                            PayloadException.class,
                            () -> response.content().read().await());
                    assertMessage(e, server.url("/"), "the connection broke", "reset", "received 5 of 10");
                }
            });
        }
    }

    @Test
    @OverBoth.Http1Only("it has no status line")
    void malformedHead() throws Exception {
        try (RawServer server = RawServer.once("HELLO THERE\r\n\r\n")) {
            Client.run(session -> {
                var e = assertThrows(
                        ProtocolException.class,
                        () -> session.get(server.url("/")).await());
                assertMessage(e, server.url("/"), "the answer is not HTTP/1.1");
            });
        }
    }

    /** H036: with aiohttp the reader hangs until the total timeout. */
    @Test
    @OverBoth.Http1Only("it has no chunks")
    void malformedChunkInALaterPacketReachesTheReaderAtOnce() throws Exception {
        CountDownLatch reading = new CountDownLatch(1);
        try (RawServer server = RawServer.start(peer -> {
            peer.request();
            peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
            Client.hold(reading);
            peer.send("zz\r\n");
            peer.awaitEnd();
        })) {
            Client.run(session -> {
                try (ClientResponse response = session.get(server.url("/")).await()) {
                    response.content().read().await();
                    reading.countDown();
                    var e = assertThrows(
                            ProtocolException.class,
                            () -> response.content().read().await());
                    assertMessage(e, server.url("/"), "the body is malformed");
                    assertEquals(0, session.stats().acquired());
                    assertEquals(0, session.stats().idle());
                }
            });
        }
    }

    /** H034: the same error at the same place, though all came in one packet. */
    @Test
    @OverBoth.Http1Only("it has no chunks")
    void malformedChunkInTheFirstPacketIsTheBodysError() throws Exception {
        try (RawServer server =
                RawServer.once("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nzz\r\n")) {
            Client.run(session -> {
                try (ClientResponse response = session.get(server.url("/")).await()) {
                    assertEquals(200, response.status());
                    assertThrows(ProtocolException.class, () -> response.text().await());
                }
            });
        }
    }
}
