package dev.weft.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weft.http.message.ClientException;
import dev.weft.http.message.ClientResponse;
import dev.weft.http.message.ClientTimeout;
import dev.weft.http.message.FirstByteTimeoutException;
import dev.weft.http.message.HttpVersion;
import dev.weft.http.message.InvalidUrlException;
import dev.weft.http.message.Middleware;
import dev.weft.http.message.Proxy;
import dev.weft.http.message.RedirectPolicy;
import dev.weft.http.message.TotalTimeoutException;
import dev.weft.http.middleware.Cache;
import dev.weft.http.middleware.CircuitBreaker;
import dev.weft.http.middleware.Collapse;
import dev.weft.http.middleware.Hedge;
import dev.weft.http.middleware.Recorder;
import dev.weft.http.middleware.Retry;
import dev.weft.http.middleware.WireLog;
import dev.weft.http.websocket.PerMessageDeflate;
import dev.weft.http.websocket.WebSocket;
import dev.weft.http.websocket.WebSocketHandshakeException;
import dev.weft.http.websocket.frame.Frames;
import dev.weft.loop.Asyncio;
import dev.weft.loop.Task;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Opening a WebSocket: RFC 6455 section 4.1, and H206 to H210 of the specification. */
@OverBoth
class WebSocketHandshakeTest {
    /** The status of an answer that opens one. */
    private static int agreed() {
        return Spoken.isHttp2() ? 200 : 101;
    }

    private static String ws(RawServer server, String path) {
        return server.url(path).replace("http:", "ws:");
    }

    @Test
    @OverBoth.Http1Only("HTTP/2 has another form for it: Http2HandshakeTest")
    void whatIsAsked() throws Exception {
        List<String> requests = new CopyOnWriteArrayList<>();
        try (RawServer server = WsPeer.serve(
                peer -> {
                    requests.add(peer.request);
                    peer.echoAll();
                },
                "Sec-WebSocket-Protocol: b")) {
            Client.run(ClientSession.builder().header("X-Session", 1).header("Connection", "close"), session -> {
                try (WebSocket ws = session.ws(ws(server, "/chat?a=1"))
                        .header("X-Own", "2")
                        .param("b", "2 3")
                        .origin("https://page.example")
                        .protocols("a", "b")
                        .compress(PerMessageDeflate.DEFAULT
                                .withoutContextTakeover()
                                .withServerMaxWindowBits(10))
                        .await()) {
                    assertEquals("b", ws.protocol());
                    assertEquals(List.of(), ws.extensions());
                    assertEquals(101, ws.response().status());
                    assertEquals("", ws.response().text().await());
                    assertTrue(ws.remoteAddress().toString().endsWith("127.0.0.1:" + server.port()));
                }
                session.ws(ws(server, "/chat")).protocols("b").await().close();
            });
        }
        String first = requests.getFirst();
        assertTrue(first.startsWith("GET /chat?a=1&b=2+3 HTTP/1.1\r\nHost: "), first);
        assertEquals("websocket", WsPeer.header(first, "Upgrade"));
        assertEquals("Upgrade", WsPeer.header(first, "Connection"));
        assertEquals("13", WsPeer.header(first, "Sec-WebSocket-Version"));
        assertEquals("a, b", WsPeer.header(first, "Sec-WebSocket-Protocol"));
        assertEquals(
                "permessage-deflate; server_no_context_takeover; client_no_context_takeover; server_max_window_bits=10",
                WsPeer.header(first, "Sec-WebSocket-Extensions"));
        assertEquals("https://page.example", WsPeer.header(first, "Origin"));
        assertEquals("1", WsPeer.header(first, "X-Session"));
        assertEquals("2", WsPeer.header(first, "X-Own"));
        String key = WsPeer.header(first, "Sec-WebSocket-Key");
        assertEquals(16, Base64.getDecoder().decode(key).length);
        assertNotEquals(key, WsPeer.header(requests.get(1), "Sec-WebSocket-Key"));
        assertNull(WsPeer.header(requests.get(1), "Sec-WebSocket-Extensions"));
    }

    static Stream<Arguments> wrong() {
        String upgrade = "Upgrade: websocket";
        String connection = "Connection: Upgrade";
        String accept = "Sec-WebSocket-Accept: %s";
        return Stream.of(
                Arguments.of("H207 no Upgrade", "its header Upgrade is missing", List.of(connection, accept)),
                Arguments.of("H207 Upgrade", "its header Upgrade is h2c", List.of("Upgrade: h2c", connection, accept)),
                Arguments.of(
                        "two Upgrades",
                        "its header Upgrade is there 2 times",
                        List.of(upgrade, upgrade, connection, accept)),
                Arguments.of("H207 no Connection", "its header Connection is missing", List.of(upgrade, accept)),
                Arguments.of(
                        "H207 Connection",
                        "its header Connection is keep-alive: upgrade is not in it",
                        List.of(upgrade, "Connection: keep-alive", accept)),
                Arguments.of(
                        "H207 no Accept", "its header Sec-WebSocket-Accept is missing", List.of(upgrade, connection)),
                Arguments.of(
                        "H207 Accept",
                        "its header Sec-WebSocket-Accept is s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
                        List.of(upgrade, connection, "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")),
                Arguments.of(
                        "H209",
                        "its subprotocol is zz, and these were offered: [a, b]",
                        List.of(upgrade, connection, accept, "Sec-WebSocket-Protocol: zz")),
                Arguments.of(
                        "H209 two",
                        "its header Sec-WebSocket-Protocol is there 2 times",
                        List.of(upgrade, connection, accept, "Sec-WebSocket-Protocol: a", "Sec-WebSocket-Protocol: b")),
                Arguments.of(
                        "H210",
                        "it uses the extension permessage-deflate, which was not offered",
                        List.of(upgrade, connection, accept, "Sec-WebSocket-Extensions: permessage-deflate")));
    }

    /** The frame behind the head must go nowhere. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("wrong")
    void aWrong101ClosesTheConnection(String id, String reason, List<String> headers) throws Exception {
        assumeTrue(
                !Spoken.isHttp2() || !reason.matches(".*(Upgrade|Connection|Accept).*"), "HTTP/2 has no such fields");
        try (RawServer server = RawServer.start(peer -> {
            String request = peer.request();
            peer.send("HTTP/1.1 101 Switching Protocols\r\n"
                    + String.join("\r\n", headers).formatted(WsPeer.acceptOf(request)) + "\r\n\r\n\u0081\u0002hi");
            peer.awaitEnd();
        })) {
            Client.run(session -> {
                WebSocketHandshakeException e = assertThrows(
                        WebSocketHandshakeException.class,
                        () -> session.ws(ws(server, "/")).protocols("a", "b").await());
                assertTrue(e.getMessage().contains(reason), e.getMessage());
                assertEquals(agreed(), e.status());
                Client.assertNothingHeld(session);
            });
        }
    }

    @ParameterizedTest
    @OverBoth.Http1Only("HTTP/2 has no such fields")
    @CsvSource(
            delimiter = '|',
            value = {"Upgrade: WebSocket|Connection: keep-alive, Upgrade", "upgrade: websocket|CONNECTION: upgrade"})
    void whatIsRightInOtherWords(String upgrade, String connection) throws Exception {
        try (RawServer server = RawServer.start(peer -> {
            String request = peer.request();
            peer.send("HTTP/1.1 101 Sure\r\n" + upgrade + "\r\n" + connection + "\r\nSec-WebSocket-Accept: "
                    + WsPeer.acceptOf(request) + "\r\n\r\n\u0081\u0002hi");
            peer.awaitEnd();
        })) {
            Client.run(session -> {
                WebSocket ws = session.ws(ws(server, "/"))
                        .closeTimeout(Duration.ofMillis(1))
                        .await();
                assertEquals("hi", ws.receiveText().await());
                ws.close();
            });
        }
    }

    @ParameterizedTest
    @CsvSource({"200", "403", "500"})
    void anotherStatusLeavesTheConnectionToOthers(int status) throws Exception {
        assumeTrue(status != agreed(), "that one opens it");
        try (RawServer server =
                RawServer.answering("HTTP/1.1 " + status + " Well\r\nX-Why: so\r\nContent-Length: 6\r\n\r\nsorry!")) {
            Client.run(ClientSession.builder().raiseForStatus(true), session -> {
                WebSocketHandshakeException e = assertThrows(
                        WebSocketHandshakeException.class,
                        () -> session.ws(ws(server, "/")).await());
                assertEquals(status, e.status());
                assertEquals("so", e.headers().first("X-Why"));
                assertEquals(
                        "GET " + server.url("/") + ": the server did not open a WebSocket: status " + status
                                + (Spoken.isHttp2() ? "" : " Well") + ": sorry!",
                        e.getMessage());
                assertEquals(new SessionStats(0, 1, 0), session.stats());
            });
        }
    }

    @Test
    void redirectsAreFollowedEachConnectionHasItsKey() throws Exception {
        List<String> keys = new CopyOnWriteArrayList<>();
        try (RawServer server = RawServer.start(peer -> {
            for (String request = peer.request(); request != null; request = peer.request()) {
                keys.add(WsPeer.header(request, "Sec-WebSocket-Key"));
                if (request.startsWith("GET /new")) {
                    peer.send(WsPeer.answer(request));
                    peer.send(Frames.close(1000, ""));
                    peer.awaitEnd();
                    return;
                }
                peer.send("HTTP/1.1 302 Found\r\nLocation: /new\r\nContent-Length: 0\r\n\r\n");
            }
        })) {
            Client.run(session -> {
                try (WebSocket ws = session.ws(ws(server, "/old")).await()) {
                    assertEquals(302, ws.response().history().getFirst().status());
                    assertEquals(server.url("/new"), ws.response().url().toString());
                }
                WebSocketHandshakeException e = assertThrows(
                        WebSocketHandshakeException.class,
                        () -> session.ws(ws(server, "/old"))
                                .redirects(RedirectPolicy.none())
                                .await());
                assertEquals(302, e.status());
            });
        }
        assertEquals(3, keys.size());
        assertEquals(Spoken.isHttp2() ? 1 : 3, keys.stream().distinct().count());
    }

    @Test
    void theHandshakeHasItsLimitsOfTime() throws Exception {
        try (RawServer server = RawServer.start(peer -> peer.awaitEnd())) {
            Client.run(session -> {
                assertThrows(
                        TotalTimeoutException.class,
                        () -> session.ws(ws(server, "/"))
                                .timeout(Duration.ofMillis(20))
                                .await());
                assertThrows(
                        FirstByteTimeoutException.class,
                        () -> session.ws(ws(server, "/"))
                                .timeout(ClientTimeout.builder()
                                        .firstByte(Duration.ofMillis(20))
                                        .build())
                                .await());
                Client.assertNothingHeld(session);
            });
        }
    }

    /** H224: none of them holds once it is open. */
    @Test
    void anOpenOneHasNone() throws Exception {
        try (RawServer server = WsPeer.echo()) {
            ClientTimeout limits = ClientTimeout.builder()
                    .total(Duration.ofMillis(150))
                    .read(Duration.ofMillis(150))
                    .firstByte(Duration.ofMillis(150))
                    .lowSpeed(1000, Duration.ofMillis(50))
                    .build();
            Client.run(ClientSession.builder().timeout(limits), session -> {
                try (WebSocket ws = session.ws(ws(server, "/")).await()) {
                    Asyncio.sleep(Duration.ofMillis(300)).await();
                    ws.send("still there").await();
                    assertEquals("still there", ws.receiveText().await());
                }
            });
        }
    }

    @Test
    void middlewareSeesTheHandshake() throws Exception {
        List<String> seen = new CopyOnWriteArrayList<>();
        Middleware ring = (request, next) -> {
            ClientResponse response = next.send(request.withHeader("X-Ring", "yes"));
            seen.add(response.status() + " " + response.request().headers().first("X-Ring"));
            return response;
        };
        try (RawServer server = WsPeer.echo()) {
            Client.run(
                    ClientSession.builder().middleware(ring).exchangeMiddleware(ring),
                    session -> session.ws(ws(server, "/")).await().close());
        }
        assertEquals(List.of(agreed() + " yes", agreed() + " yes"), seen);
    }

    /** Whatever middleware does with a 101, its connection is not lost. */
    @Test
    void middlewareThatSpoilsItLosesNoConnection() throws Exception {
        Middleware closes = (request, next) -> {
            ClientResponse response = next.send(request);
            assertEquals(0, response.bytes().await().length);
            response.close();
            return response;
        };
        Middleware fails = (request, next) -> {
            next.send(request);
            throw new IllegalStateException("no");
        };
        Middleware asksTwice = (request, next) -> {
            next.send(request);
            return next.send(request);
        };
        try (RawServer server = WsPeer.echo()) {
            Client.run(session -> {
                WebSocketBuilder one = session.ws(ws(server, "/"));
                WebSocketHandshakeException e = assertThrows(WebSocketHandshakeException.class, () -> {
                    WebSocket ws = one.middleware(closes).await();
                    ws.close();
                });
                assertTrue(e.getMessage().contains("middleware has closed the connection"), e.getMessage());
                assertThrows(
                        IllegalStateException.class, () -> one.middleware(fails).await());
                WebSocket ws = one.middleware().exchangeMiddleware(asksTwice).await();
                assertEquals(1, session.stats().acquired());
                ws.close();
            });
        }
    }

    @Test
    void theSessionMustHaveRoom() throws Exception {
        try (RawServer server = WsPeer.echo()) {
            // A connection of HTTP/2 has room for many.
            Client.run(ClientSession.builder().limit(1).limitPerHost(1), session -> {
                WebSocket first = session.ws(ws(server, "/")).await();
                Task<WebSocket> second = Asyncio.createTask(session.ws(ws(server, "/")));
                Client.until(() -> session.stats().waiting() == 1);
                first.close();
                second.await().close();
            });
        }
    }

    @Test
    void urls() throws Exception {
        try (RawServer server = WsPeer.echo()) {
            Client.run(ClientSession.builder().baseUrl(server.url("/base/")), session -> {
                for (String url : List.of(
                        server.url("/"), ws(server, "/").toUpperCase(java.util.Locale.ROOT), "relative", "/absolute")) {
                    session.ws(url).await().close();
                }
                session.ws(java.net.URI.create(ws(server, "/"))).await().close();
                assertThrows(
                        InvalidUrlException.class,
                        () -> session.ws("ftp://host/").await());
                assertThrows(
                        InvalidUrlException.class, () -> session.ws("ws:host").await());
            });
        }
    }

    @Test
    void whatCannotBeAsked() throws Exception {
        Client.run(session -> {
            WebSocketBuilder ws = session.ws("ws://127.0.0.1:1/");
            refused(
                    "the handshake sets the header sec-websocket-key itself",
                    () -> ws.header("sec-websocket-key", "x"));
            refused("the subprotocol \"a b\" is no token", () -> ws.protocols("a b"));
            refused("the subprotocol a is offered twice", () -> ws.protocols("a", "a"));
            refused("heartbeat is PT0S: it must be more than zero", () -> ws.heartbeat(Duration.ZERO));
            refused("receiveTimeout is PT-1S", () -> ws.receiveTimeout(Duration.ofSeconds(-1)));
            refused("closeTimeout is PT0S", () -> ws.closeTimeout(Duration.ZERO));
            refused("maxMessageSize is 0: it must be 1 or more", () -> ws.maxMessageSize(0));
            refused("maxMessageSize is 2147483647: an array has", () -> ws.maxMessageSize(Integer.MAX_VALUE));
            refused("the level is 0: it must be 1 to 9", () -> PerMessageDeflate.DEFAULT.withLevel(0));
            refused("serverMaxWindowBits is 8", () -> PerMessageDeflate.DEFAULT.withServerMaxWindowBits(8));
            assertThrows(ClientException.class, ws::await);
        });
    }

    private static void refused(String message, org.junit.jupiter.api.function.Executable call) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, call);
        assertTrue(e.getMessage().contains(message), e.getMessage());
    }

    /** Settings of the session that no WebSocket can have. */
    @Test
    void settingsThatDoNotFitAreLeftOut() throws Exception {
        try (RawServer server = WsPeer.echo()) {
            ClientSession.Builder settings =
                    ClientSession.builder().version(HttpVersion.HTTP_1_0).forceClose(true);
            Client.run(settings, session -> session.ws(ws(server, "/")).await().close());
        }
    }

    /** RFC 6455 section 4.1: a proxy that would have to forward an upgrade is asked for a tunnel. */
    @Test
    @OverBoth.Http1Only("the proxy is asked by HTTP/1.1")
    void throughAProxyByATunnel() throws Exception {
        List<String> asked = new CopyOnWriteArrayList<>();
        try (RawServer proxy = RawServer.start(peer -> {
            String connect = peer.request();
            asked.add(connect.substring(0, connect.indexOf("\r\n")));
            peer.send("HTTP/1.1 200 Connected\r\n\r\n");
            WsPeer ws = WsPeer.accept(peer);
            asked.add(ws.request.substring(0, ws.request.indexOf("\r\n")));
            ws.echoAll();
        })) {
            Client.run(ClientSession.builder().proxy(Proxy.parse(proxy.url("/"))), session -> {
                try (WebSocket ws = session.ws("ws://some-host.invalid/chat").await()) {
                    ws.send("hi").await();
                    assertEquals("hi", ws.receiveText().await());
                }
            });
        }
        assertEquals(List.of("CONNECT some-host.invalid:80 HTTP/1.1", "GET /chat HTTP/1.1"), asked);
    }

    /** What reads, stores or shares answers has nothing to do with an answer that is a connection. */
    @Test
    void middlewareThatReadsAnswersLetsItPass() throws Exception {
        String cached = "HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nContent-Length: 2\r\n\r\nok";
        try (RawServer server = RawServer.start(peer -> {
            for (String request = peer.request(); request != null; request = peer.request()) {
                if (WsPeer.header(request, "Upgrade") == null) {
                    peer.send(cached);
                } else {
                    peer.send(WsPeer.answer(request));
                    peer.send(Frames.close(1000, ""));
                    peer.awaitEnd();
                    return;
                }
            }
        })) {
            Client.run(session -> {
                List<Middleware> ring = List.of(
                        Collapse.standard(),
                        Cache.memory(1 << 20),
                        Retry.standard(),
                        CircuitBreaker.standard(),
                        WireLog.create(),
                        Recorder.all());
                for (Middleware one : ring) {
                    assertEquals(
                            "ok",
                            session.get(server.url("/")).middleware(one).text().await());
                    List<Task<WebSocket>> tasks = List.of(
                            Asyncio.createTask(session.ws(ws(server, "/")).middleware(one)),
                            Asyncio.createTask(session.ws(ws(server, "/")).exchangeMiddleware(one)));
                    for (Task<WebSocket> task : tasks) {
                        task.await().close();
                    }
                }
            });
        }
    }

    /** Two copies of the handshake, both answered: one is used, the other's connection is freed. */
    @Test
    void hedged() throws Exception {
        CountDownLatch second = new CountDownLatch(2);
        try (RawServer server = RawServer.start(peer -> {
            String request = peer.request();
            second.countDown();
            Client.hold(second);
            peer.send(WsPeer.answer(request));
            for (Frames.Sent frame = Frames.read(peer.in()); frame != null; frame = Frames.read(peer.in())) {
                peer.send(Frames.frame(frame.first(), frame.payload()));
            }
        })) {
            Client.run(session -> {
                WebSocket ws = session.ws(ws(server, "/"))
                        .middleware(Hedge.after(Duration.ofMillis(1)))
                        .await();
                Client.until(() -> session.stats().acquired() == 1);
                ws.send("hi").await();
                assertEquals("hi", ws.receiveText().await());
                ws.close();
            });
        }
    }
}
