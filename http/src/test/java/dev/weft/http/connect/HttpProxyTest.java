package dev.weft.http.connect;

import static dev.weft.http.connect.Dials.fails;
import static dev.weft.http.connect.Dials.lease;
import static dev.weft.http.connect.Dials.settings;
import static dev.weft.http.connect.Dials.through;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.http.ClosedPort;
import dev.weft.http.OverBoth;
import dev.weft.http.RawServer;
import dev.weft.http.Spoken;
import dev.weft.http.message.AddressPolicy;
import dev.weft.http.message.BlockedAddressException;
import dev.weft.http.message.ClientTimeout;
import dev.weft.http.message.ConnectTimeoutException;
import dev.weft.http.message.Headers;
import dev.weft.http.message.HttpVersion;
import dev.weft.http.message.Options;
import dev.weft.http.message.Phase;
import dev.weft.http.message.Proxy;
import dev.weft.http.message.ProxyException;
import dev.weft.http.message.TlsException;
import dev.weft.loop.Asyncio;
import dev.weft.loop.Task;
import dev.weft.loop.net.dial.ConnectOptions;
import dev.weft.loop.net.dial.Tls;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ServerSocketFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP proxies, played by scripts: as forwarders, and as a way through to TLS. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@OverBoth
class HttpProxyTest {
    private static final String TUNNEL = "HTTP/1.1 200 Connection established\r\n\r\n";
    private static final Tls ANYONE = Tls.builder().insecure().build();

    private static Proxy proxy(Proxy.Kind kind, RawServer at) {
        return new Proxy(kind, "127.0.0.1", at.port(), null, null, Headers.empty());
    }

    private static Proxy proxy(RawServer at) {
        return proxy(Proxy.Kind.HTTP, at);
    }

    private static Proxy withUser(Proxy proxy) {
        return new Proxy(proxy.kind(), proxy.host(), proxy.port(), "aladdin", "öpen:sesame", proxy.headers());
    }

    private static ConnectorSettings plain() {
        return settings(Dials.NO_LOOK_UPS);
    }

    private static Caller secure(Proxy proxy, String url) {
        HttpVersion version = Spoken.isHttp2() ? HttpVersion.HTTP_2 : HttpVersion.AUTO;
        return new Caller(Dials.with(ANYONE, through(proxy, url)).request().with(Options.VERSION, version));
    }

    /** Says something, and hears the end of the answer, once it is as it should be. */
    private static void talk(Connection connection) {
        assertEquals(
                Spoken.isHttp2() ? HttpVersion.HTTP_2 : HttpVersion.HTTP_1_1,
                connection.http().version());
        Plain.talk(connection, "GET / HTTP/1.1\r\n\r\n", "ok");
    }

    /** H181: what goes through a proxy as it is shares its connections, whatever the hosts are. */
    @OverBoth.Http1Only("a request of HTTP/2 leads through a proxy, it is not forwarded")
    @Test
    void aForwarderIsOneHost() throws Exception {
        try (RawServer server = RawServer.answering(RawServer.OK)) {
            Proxy proxy = proxy(server);
            Dials.run(plain(), connector -> {
                for (String url : List.of("http://one.test/", "http://two.test:81/x", "http://[::1]/")) {
                    Connection connection = lease(connector, through(proxy, url));
                    assertSame(proxy, connection.forwardProxy());
                    assertNull(connection.tls());
                    Plain.talk(connection, "GET " + url + " HTTP/1.1\r\n\r\n", "ok");
                    connector.release(connection, null);
                }
                assertEquals(1, connector.idle());
                Origin origin = new Origin(false, "127.0.0.1", server.port());
                assertEquals(new Occupancy(0, 1, 0), connector.byOrigin().get(origin));
            });
            assertEquals(1, server.connections());
        }
    }

    /** The same host straight, through one proxy and through another: three ways. */
    @OverBoth.Http1Only("a request of HTTP/2 leads through a proxy, it is not forwarded")
    @Test
    void anotherProxyIsAnotherWay() throws Exception {
        try (RawServer one = RawServer.answering(RawServer.OK);
                RawServer other = RawServer.answering(RawServer.OK)) {
            Dials.run(plain(), connector -> {
                for (Caller caller : List.of(
                        through(proxy(one), "http://host.test/"),
                        through(withUser(proxy(one)), "http://host.test/"),
                        through(proxy(other), "http://host.test/"),
                        Caller.get(one.url("/")))) {
                    connector.release(lease(connector, caller), null);
                }
                assertEquals(4, connector.idle());
            });
        }
    }

    /** H176: only the host, who asks, and what the proxy is to know. */
    @Test
    void whatAProxyIsTold() throws Exception {
        List<String> heads = new CopyOnWriteArrayList<>();
        try (RawServer server = RawServer.plain(peer -> {
            heads.add(peer.head());
            peer.send(TUNNEL);
        })) {
            Proxy told = new Proxy(
                    Proxy.Kind.HTTP,
                    "127.0.0.1",
                    server.port(),
                    "aladdin",
                    "öpen:sesame",
                    Headers.builder().add("X-Team", "blau").build());
            Dials.run(plain(), connector -> {
                Caller plainCaller = secure(proxy(server), "https://host.test/secret?q=1");
                fails(TlsException.class, connector, plainCaller);
                Caller caller = new Caller(plainCaller
                        .request()
                        .with(Options.PROXY, url -> told)
                        .withHeader("User-Agent", "test/1")
                        .withHeader("Cookie", "secret=1")
                        .withHeader("Authorization", "Basic x"));
                fails(TlsException.class, connector, caller);
                fails(TlsException.class, connector, secure(proxy(server), "https://[::1]:8443/"));
            });
        }
        assertEquals("CONNECT host.test:443 HTTP/1.1\r\nHost: host.test:443\r\n\r\n", heads.get(0));
        assertEquals(
                "CONNECT host.test:443 HTTP/1.1\r\nHost: host.test:443\r\nUser-Agent: test/1\r\nX-Team: blau\r\n"
                        + "Proxy-Authorization: Basic YWxhZGRpbjrDtnBlbjpzZXNhbWU=\r\n\r\n",
                heads.get(1));
        assertEquals("CONNECT [::1]:8443 HTTP/1.1\r\nHost: [::1]:8443\r\n\r\n", heads.get(2));
    }

    /** A proxy that opens a way for CONNECT, to a server with TLS of its own. */
    private static RawServer tunnel(RawServer to, RawServer.Script before) throws IOException {
        return tunnel(ServerSocketFactory.getDefault(), to, before);
    }

    private static RawServer tunnel(ServerSocketFactory factory, RawServer to, RawServer.Script before)
            throws IOException {
        RawServer.Script script = peer -> {
            peer.head();
            before.run(peer);
            Dials.relay(peer.socket, to.port());
        };
        return RawServer.start(factory, script, null);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\n\r\n",
                "HTTP/1.0 200 Connection established\r\nProxy-Agent: x\r\n\r\n",
                "HTTP/1.1 204 No Content\r\nContent-Length: 10\r\n\r\n",
                "HTTP/1.1 299 \r\nTransfer-Encoding: chunked\r\n\r\n",
                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\n\r\n"
            })
    void anySuccessOpensTheWay(String answer) throws Exception {
        for (boolean byteByByte : new boolean[] {false, true}) {
            try (RawServer server = TestTls.server();
                    RawServer proxy = tunnel(server, peer -> Dials.send(peer, answer, byteByByte))) {
                Dials.run(plain(), connector -> {
                    Connection connection = lease(connector, secure(proxy(proxy), "https://host.test/"));
                    assertNull(connection.forwardProxy());
                    assertNotNull(connection.tls());
                    talk(connection);
                    connector.release(connection, null);
                    // The way is for this host alone.
                    assertSame(connection, lease(connector, secure(proxy(proxy), "https://host.test/x")));
                    connector.release(connection, null);
                    connector.release(lease(connector, secure(proxy(proxy), "https://other.test/")), null);
                    assertEquals(2, connector.idle());
                });
            }
        }
    }

    /** H177. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "407 Proxy Authentication Required; false; 407; with 407 Proxy Authentication Required: "
                        + "it asks for credentials, and there are none",
                "407 Who; true; 407; with 407 Who: it does not take these credentials",
                "403 Forbidden; false; 403; with 403 Forbidden",
                "502 Bad Gateway; true; 502; with 502 Bad Gateway",
                "302 Found; false; 302; with 302 Found"
            })
    void aProxyThatRefuses(String status, boolean user, int code, String words) throws Exception {
        for (boolean byteByByte : new boolean[] {false, true}) {
            try (RawServer server = RawServer.plain(peer -> {
                peer.head();
                Dials.send(peer, "HTTP/1.1 " + status + "\r\nContent-Length: 4\r\n\r\nbody", byteByByte);
                peer.awaitEnd();
            })) {
                Proxy proxy = user ? withUser(proxy(server)) : proxy(server);
                Dials.run(plain(), connector -> {
                    ProxyException e = fails(ProxyException.class, connector, secure(proxy, "https://host.test/"));
                    assertEquals(code, e.status());
                    assertSame(proxy, e.proxy());
                    assertEquals("proxy " + proxy + ": it answered CONNECT host.test:443 " + words, e.reason());
                    assertEquals(0, connector.idle());
                });
                assertEquals(1, server.connections());
            }
        }
    }

    /** What Basic is not good enough for: once more, with the answer to the challenge, on another connection. */
    @Test
    void aProxyThatWantsADigest() throws Exception {
        List<String> heads = new CopyOnWriteArrayList<>();
        String challenge = "HTTP/1.1 407 No\r\nProxy-Authenticate: Basic realm=\"p\"\r\n"
                + "Proxy-Authenticate: Digest realm=\"p\", nonce=\"n\", qop=\"auth\", algorithm=SHA-256\r\n"
                + "Content-Length: 4\r\n\r\nbody";
        try (RawServer server = TestTls.server();
                RawServer proxy = RawServer.plain(peer -> {
                    heads.add(peer.head());
                    if (peer.number != 2) {
                        peer.send(challenge);
                        peer.awaitEnd();
                        return;
                    }
                    peer.send(TUNNEL);
                    Dials.relay(peer.socket, server.port());
                })) {
            Dials.run(plain(), connector -> {
                Caller caller = secure(withUser(proxy(proxy)), "https://host.test/");
                Connection connection = lease(connector, caller);
                talk(connection);
                connector.discard(connection);
                // Who is challenged again has no more to say.
                ProxyException e =
                        fails(ProxyException.class, connector, secure(withUser(proxy(proxy)), "https://x.test/"));
                assertEquals(407, e.status());
                assertTrue(e.reason().endsWith("it does not take these credentials"), e.reason());
            });
            assertEquals(4, heads.size());
            assertTrue(heads.get(0).contains("\r\nProxy-Authorization: Basic "), heads.get(0));
            String answer = heads.get(1);
            assertTrue(answer.contains("\r\nProxy-Authorization: Digest "), answer);
            assertTrue(answer.contains("uri=\"host.test:443\""), answer);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "''; it closed the connection before it answered",
                "HTTP/1.1 200 OK|; it closed the connection before it answered",
                "SSH-2.0-OpenSSH_9|; its answer makes no sense",
                "HTTP/1.1 okay||; its answer makes no sense",
                "nonsense and more|||; its answer makes no sense",
                "LONG LINE; its answer makes no sense",
                "LONG HEAD; its answer makes no sense"
            })
    void whatIsNoAnswer(String answer, String words) throws Exception {
        String bytes = switch (answer) {
            case "LONG LINE" -> "HTTP/1.1 200 " + "x".repeat(10_000) + "\r\n\r\n";
            case "LONG HEAD" -> "HTTP/1.1 200 OK\r\n" + ("X: " + "y".repeat(4000) + "\r\n").repeat(20) + "\r\n";
            default -> answer.replace("|", "\r\n");
        };
        try (RawServer server = RawServer.plain(peer -> {
            peer.head();
            peer.send(bytes);
        })) {
            Dials.run(plain(), connector -> {
                ProxyException e = fails(ProxyException.class, connector, secure(proxy(server), "https://host.test/"));
                assertTrue(e.reason().startsWith("proxy http://127.0.0.1:" + server.port() + ": " + words), e.reason());
                assertEquals(0, e.status());
            });
        }
    }

    /** H180. */
    @Test
    void nobodyIsThere() throws Exception {
        int port = ClosedPort.number();
        Dials.run(plain(), connector -> {
            for (String url : List.of("http://host.test/", "https://host.test/")) {
                for (Proxy.Kind kind : Proxy.Kind.values()) {
                    if (kind == Proxy.Kind.SOCKS5) {
                        continue; // It looks the name up first.
                    }
                    Proxy gone = new Proxy(kind, "127.0.0.1", port, null, null, Headers.empty());
                    ProxyException e = fails(ProxyException.class, connector, secure(gone, url));
                    assertTrue(e.reason().endsWith("cannot connect to 127.0.0.1:" + port + ": connection refused"));
                    assertEquals(0, e.status());
                }
            }
        });
    }

    @Test
    void aProxyWithoutAnAddress() throws Exception {
        Proxy lost = new Proxy(Proxy.Kind.HTTP, "proxy.invalid", 3128, null, null, Headers.empty());
        Dials.run(settings(ConnectOptions.DEFAULT), connector -> {
            ProxyException e = fails(ProxyException.class, connector, through(lost, "http://host.test/"));
            assertEquals("proxy http://proxy.invalid:3128: the host proxy.invalid has no address", e.reason());
        });
    }

    /** H179, and bytes behind the answer: both belong to TLS. */
    @Test
    void whatComesBehindTheAnswerIsForTls() throws Exception {
        try (RawServer server = RawServer.plain(peer -> {
            peer.head();
            peer.send(peer.number == 1 ? TUNNEL : TUNNEL + "220 ready\r\n");
            if (peer.number == 2) {
                peer.awaitEnd();
            }
        })) {
            Dials.run(plain(), connector -> {
                TlsException e = fails(TlsException.class, connector, secure(proxy(server), "https://host.test/"));
                assertEquals("host.test:443 ended the connection in the TLS handshake", e.reason());
                e = fails(TlsException.class, connector, secure(proxy(server), "https://host.test/"));
                assertEquals("host.test:443 does not speak TLS: try http://", e.reason());
            });
        }
    }

    private static ConnectorSettings trustingProxies() {
        Tls known = TestTls.trusting().build();
        return new ConnectorSettings(Dials.LIMITS, Dials.NO_LOOK_UPS, AddressPolicy.open(), known, null);
    }

    /** TLS in TLS; of the second the proxy sees nothing. */
    @Test
    void throughTlsWithTheProxy() throws Exception {
        try (RawServer server = TestTls.server();
                RawServer proxy = tunnel(TestTls.factory(), server, peer -> peer.send(TUNNEL))) {
            Dials.run(trustingProxies(), connector -> {
                Connection connection = lease(connector, secure(proxy(Proxy.Kind.HTTPS, proxy), "https://host.test/"));
                assertNotNull(connection.tls());
                talk(connection);
                connector.release(connection, null);
            });
        }
    }

    @OverBoth.Http1Only("a request of HTTP/2 leads through a proxy, it is not forwarded")
    @Test
    void forwardedByTlsWithTheProxy() throws Exception {
        try (RawServer forwarder = TestTls.server()) {
            Caller caller = through(proxy(Proxy.Kind.HTTPS, forwarder), "http://host.test/");
            Dials.run(trustingProxies(), connector -> {
                Connection connection = lease(connector, caller);
                assertNull(connection.tls());
                Plain.talk(connection, "GET http://host.test/ HTTP/1.1\r\n\r\n", "ok");
                connector.release(connection, null);
            });
            Dials.run(plain(), connector -> {
                ProxyException e = fails(ProxyException.class, connector, new Caller(caller.request()));
                assertTrue(e.reason().contains(": the certificate of 127.0.0.1:" + forwarder.port() + " "), e.reason());
                assertInstanceOf(TlsException.class, e.getCause());
            });
        }
    }

    @OverBoth.Http1Only("a request of HTTP/2 leads through a proxy, it is not forwarded")
    @Test
    void thePolicyIsForProxiesToo() throws Exception {
        try (RawServer server = RawServer.answering(RawServer.OK)) {
            Dials.run(
                    settings(AddressPolicy.publicOnly()),
                    connector -> fails(
                            BlockedAddressException.class, connector, through(proxy(server), "http://host.test/")));
            // The proxy may be there, but not the host, if it is known.
            AddressPolicy proxyOnly =
                    AddressPolicy.publicOnly().allow("127.0.0.1").ports(80, 443);
            Dials.run(settings(proxyOnly), connector -> {
                Connection connection = lease(connector, through(proxy(server), "http://host.test/"));
                talk(connection);
                connector.discard(connection);
                fails(BlockedAddressException.class, connector, through(proxy(server), "http://169.254.169.254/"));
                fails(BlockedAddressException.class, connector, secure(proxy(server), "https://10.0.0.1/"));
                fails(BlockedAddressException.class, connector, through(proxy(server), "http://host.test:22/"));
            });
            assertEquals(1, server.connections());
        }
    }

    @Test
    void aSilentProxyIsLeftWhenTheLimitPasses() throws Exception {
        ShiftedClock clock = new ShiftedClock();
        try (RawServer server = RawServer.plain(RawServer.Peer::awaitEnd)) {
            Dials.run(clock, plain(), connector -> {
                ClientTimeout limit =
                        ClientTimeout.builder().connect(Duration.ofHours(1)).build();
                Caller caller = secure(proxy(server), "https://host.test/");
                Task<Connection> task = Asyncio.createTask(() -> lease(connector, caller, limit));
                Dials.until(() -> server.connections() == 1);
                clock.advance(Duration.ofHours(1));
                ConnectTimeoutException e = assertThrows(ConnectTimeoutException.class, task::await);
                assertEquals(Phase.CONNECT, e.phase());
                assertEquals(0, connector.acquired());
            });
        }
    }

    @Test
    void whatAProxyIsToldOfWhoAsks() {
        Proxy own = new Proxy(
                Proxy.Kind.HTTP,
                "p",
                1,
                "u",
                null,
                Headers.builder().add("proxy-authorization", "Custom x").build());
        assertEquals(List.of("Custom x"), ProxyHeaders.of(own).all("Proxy-Authorization"));
        Proxy user = new Proxy(Proxy.Kind.HTTP, "p", 1, "u", null, Headers.empty());
        assertEquals("Basic dTo=", ProxyHeaders.of(user).first("Proxy-Authorization"));
        assertEquals(
                0,
                ProxyHeaders.of(new Proxy(Proxy.Kind.HTTP, "p", 1, null, null, Headers.empty()))
                        .size());
    }
}
