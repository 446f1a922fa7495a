package dev.weft.http.connect;

import static dev.weft.http.connect.Dials.fails;
import static dev.weft.http.connect.Dials.lease;
import static dev.weft.http.connect.Dials.settings;
import static dev.weft.http.connect.Dials.through;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.http.RawServer;
import dev.weft.http.message.AddressPolicy;
import dev.weft.http.message.BlockedAddressException;
import dev.weft.http.message.DnsException;
import dev.weft.http.message.Headers;
import dev.weft.http.message.Proxy;
import dev.weft.http.message.Proxy.Kind;
import dev.weft.http.message.ProxyException;
import dev.weft.loop.net.dial.ConnectOptions;
import dev.weft.loop.net.dial.Tls;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** SOCKS proxies, played by scripts. H184. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SocksTest {
    /** "Granted", with an address that nobody looks at. */
    private static final String GRANTED5 = "05 00 00 01 00 00 00 00 00 00";

    private static final String GRANTED4 = "00 5a 00 00 00 00 00 00";

    private static Proxy proxy(Kind kind, RawServer at, String user, String password) {
        return new Proxy(kind, "127.0.0.1", at.port(), user, password, Headers.empty());
    }

    private static Proxy proxy(Kind kind, RawServer at) {
        return proxy(kind, at, null, null);
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replace(" ", ""));
    }

    private static String hex(byte[] bytes) {
        return HexFormat.ofDelimiter(" ").formatHex(bytes);
    }

    /** What a scripted proxy was told. */
    private final List<String> told = new CopyOnWriteArrayList<>();

    /** Reads so many bytes for each answer, and answers. */
    private RawServer.Script script(boolean byteByByte, Object... steps) {
        return peer -> {
            DataInputStream in = new DataInputStream(peer.socket.getInputStream());
            for (int i = 0; i < steps.length; i += 2) {
                byte[] question = new byte[(Integer) steps[i]];
                in.readFully(question);
                told.add(hex(question));
                byte[] answer = hex((String) steps[i + 1]);
                Dials.send(peer, new String(answer, StandardCharsets.ISO_8859_1), byteByByte);
            }
        };
    }

    private static RawServer.Script then(RawServer.Script first, RawServer.Script second) {
        return peer -> {
            first.run(peer);
            second.run(peer);
        };
    }

    private static void answer(RawServer.Peer peer) throws IOException {
        while (peer.request() != null) {
            peer.send(RawServer.OK);
        }
    }

    private static void talk(Connector connector, Caller caller) {
        Connection connection = lease(connector, caller);
        assertNull(connection.forwardProxy());
        assertTrue(Plain.talk(connection, "GET / HTTP/1.1\r\n\r\n", "ok").startsWith("HTTP/1.1 200"));
        connector.release(connection, null);
        assertEquals(1, connector.idle());
    }

    private static ConnectorSettings noNames() {
        return settings(Dials.NO_LOOK_UPS);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aNameThatTheProxyLooksUp(boolean byteByByte) throws Exception {
        try (RawServer server =
                RawServer.start(then(script(byteByByte, 3, "05 00", 7 + 9, GRANTED5), SocksTest::answer))) {
            Dials.run(
                    noNames(), connector -> talk(connector, through(proxy(Kind.SOCKS5H, server), "http://host.test/")));
        }
        assertEquals(
                List.of(
                        "05 01 00",
                        "05 01 00 03 09 " + hex("host.test".getBytes(StandardCharsets.US_ASCII)) + " 00 50"),
                told);
    }

    @Test
    void aNameThatIsLookedUpHere() throws Exception {
        ConnectOptions here = Dials.resolving("::1", "127.0.0.9").build();
        try (RawServer server = RawServer.start(then(script(false, 3, "05 00", 10, GRANTED5), SocksTest::answer))) {
            Dials.run(
                    settings(here),
                    connector -> talk(connector, through(proxy(Kind.SOCKS5, server), "http://host.test:8080/")));
            assertEquals("05 01 00 01 7f 00 00 09 1f 90", told.getLast());
        }
        ConnectOptions nowhere =
                ConnectOptions.builder().resolver(host -> () -> List.of()).build();
        try (RawServer server = RawServer.start(peer -> {})) {
            Dials.run(
                    settings(nowhere),
                    connector -> fails(
                            DnsException.class, connector, through(proxy(Kind.SOCKS5, server), "http://host.test/")));
            assertEquals(0, server.connections());
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"SOCKS5", "SOCKS5H"})
    void anAddressInDigits(Kind kind) throws Exception {
        try (RawServer server = RawServer.start(peer -> {
            int length = peer.number == 1 ? 10 : 22;
            then(script(false, 3, "05 00", length, GRANTED5), SocksTest::answer).run(peer);
        })) {
            Dials.run(noNames(), connector -> talk(connector, through(proxy(kind, server), "http://10.1.2.3:81/")));
            Dials.run(noNames(), connector -> talk(connector, through(proxy(kind, server), "http://[fd00::1:2]/")));
        }
        assertEquals("05 01 00 01 0a 01 02 03 00 51", told.get(1));
        assertEquals("05 01 00 04 fd 00 00 00 00 00 00 00 00 00 00 00 00 01 00 02 00 50", told.get(3));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void userAndPassword(boolean byteByByte) throws Exception {
        try (RawServer server =
                RawServer.start(then(script(byteByByte, 4, "05 02", 10, "01 00", 16, GRANTED5), SocksTest::answer))) {
            Proxy proxy = proxy(Kind.SOCKS5H, server, "fred", "ö:");
            Dials.run(noNames(), connector -> talk(connector, through(proxy, "http://host.test/")));
        }
        assertEquals(List.of("05 02 00 02", "01 04 66 72 65 64 03 c3 b6 3a"), told.subList(0, 2));
    }

    /** Who has credentials need not be asked for them. */
    @Test
    void aProxyThatAsksForNothing() throws Exception {
        try (RawServer server = RawServer.start(then(script(false, 4, "05 00", 16, GRANTED5), SocksTest::answer))) {
            Proxy proxy = proxy(Kind.SOCKS5H, server, "fred", null);
            Dials.run(noNames(), connector -> talk(connector, through(proxy, "http://host.test/")));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void socks4a(boolean byteByByte) throws Exception {
        try (RawServer server = RawServer.start(peer -> {
            int length = peer.number == 1 ? 9 + 10 : 9 + 4;
            then(script(byteByByte, length, GRANTED4), SocksTest::answer).run(peer);
        })) {
            Dials.run(
                    noNames(), connector -> talk(connector, through(proxy(Kind.SOCKS4, server), "http://host.test/")));
            Proxy user = proxy(Kind.SOCKS4, server, "fred", null);
            Dials.run(noNames(), connector -> talk(connector, through(user, "http://10.1.2.3/")));
            Dials.run(noNames(), connector -> {
                ProxyException e =
                        fails(ProxyException.class, connector, through(proxy(Kind.SOCKS4, server), "http://[::1]/"));
                assertTrue(e.reason().endsWith("no way to [::1]:80: SOCKS 4 knows no IPv6 addresses"), e.reason());
            });
        }
        assertEquals(
                List.of(
                        "04 01 00 50 00 00 00 01 00 68 6f 73 74 2e 74 65 73 74 00",
                        "04 01 00 50 0a 01 02 03 66 72 65 64 00"),
                told);
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"SOCKS4", "SOCKS5H"})
    void tlsThroughIt(Kind kind) throws Exception {
        try (RawServer server = TestTls.server();
                RawServer socks = RawServer.start(then(
                        kind == Kind.SOCKS4 ? script(false, 9 + 10, GRANTED4) : script(false, 3, "05 00", 16, GRANTED5),
                        peer -> Dials.relay(peer.socket, server.port())))) {
            Tls known = TestTls.trusting().build();
            Dials.run(noNames(), connector -> {
                Connection connection =
                        lease(connector, Dials.with(known, through(proxy(kind, socks), "https://host.test/")));
                assertNotNull(connection.tls());
                assertFalse(connection.route().isForward());
                assertEquals(
                        "host.test:443 through " + proxy(kind, socks),
                        connection.route().toString());
                Plain.talk(connection, "GET / HTTP/1.1\r\n\r\n", "ok");
                connector.release(connection, null);
            });
        }
    }

    /** Bytes that come in one piece with the last answer are the server's. */
    @Test
    void whatComesBehindTheAnswer() throws Exception {
        byte[] both = (new String(hex(GRANTED5), StandardCharsets.ISO_8859_1) + "early, but ok")
                .getBytes(StandardCharsets.ISO_8859_1);
        try (RawServer server =
                RawServer.start(then(script(false, 3, "05 00", 16, hex(both)), RawServer.Peer::awaitEnd))) {
            Dials.run(noNames(), connector -> {
                Connection connection = lease(connector, through(proxy(Kind.SOCKS5H, server), "http://host.test/"));
                assertEquals("early, but ok", Plain.hear(connection, "ok"));
                connector.discard(connection);
            });
        }
    }

    @ParameterizedTest
    @CsvSource({
        "01, something went wrong there",
        "02, its rules forbid it",
        "03, network unreachable",
        "04, host unreachable",
        "05, connection refused",
        "06, the way is too long",
        "07, it does not know how",
        "08, it does not know this kind of address",
        "fe, its code is 254"
    })
    void aRefusal(String code, String words) throws Exception {
        for (boolean byteByByte : new boolean[] {false, true}) {
            try (RawServer server = RawServer.start(then(
                    script(byteByByte, 3, "05 00", 16, "05 " + code + " 00 01 00 00 00 00 00 00"),
                    RawServer.Peer::awaitEnd))) {
                Dials.run(noNames(), connector -> {
                    ProxyException e = fails(
                            ProxyException.class, connector, through(proxy(Kind.SOCKS5H, server), "http://host.test/"));
                    assertEquals(
                            "proxy socks5h://127.0.0.1:" + server.port() + ": no way to host.test:80: " + words,
                            e.reason());
                    assertEquals(0, e.status());
                });
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "5b, 'it says no, or cannot reach it (91)'",
        "5c, it cannot make sure who asks",
        "5d, it cannot make sure who asks"
    })
    void aRefusalOfSocks4(String code, String words) throws Exception {
        try (RawServer server = RawServer.start(script(false, 9 + 10, "00 " + code + " 00 00 00 00 00 00"))) {
            Dials.run(noNames(), connector -> {
                ProxyException e = fails(
                        ProxyException.class, connector, through(proxy(Kind.SOCKS4, server), "http://host.test/"));
                assertTrue(e.reason().endsWith(": no way to host.test:80: " + words), e.reason());
            });
        }
    }

    @Test
    void credentialsThatAreNotTaken() throws Exception {
        try (RawServer server = RawServer.start(peer -> {
            switch (peer.number) {
                case 1 -> script(false, 4, "05 02", 11, "01 01").run(peer);
                case 2 -> script(false, 3, "05 ff").run(peer);
                case 3 -> script(false, 4, "05 ff").run(peer);
                default -> script(false, 3, "05 02").run(peer);
            }
        })) {
            Proxy known = proxy(Kind.SOCKS5H, server, "fred", "wrong");
            Proxy unknown = proxy(Kind.SOCKS5H, server);
            Dials.run(noNames(), connector -> {
                for (String words : List.of(
                        "it does not take these credentials",
                        "it asks for credentials, and there are none",
                        "it takes no user and password, and nobody without",
                        "it asks for credentials, and there are none")) {
                    boolean user = told.isEmpty() || words.contains("nobody without");
                    ProxyException e = fails(
                            ProxyException.class, connector, through(user ? known : unknown, "http://host.test/"));
                    assertTrue(e.reason().endsWith(": " + words), e.reason());
                }
            });
        }
    }

    @ParameterizedTest
    @CsvSource({
        "SOCKS5H, '', it closed the connection before it answered",
        "SOCKS5H, 05, it closed the connection before it answered",
        "SOCKS5H, 48 54 54 50, its answer makes no sense",
        "SOCKS4, '', it closed the connection before it answered",
        "SOCKS4, 00 5a 00, it closed the connection before it answered",
        "SOCKS4, 48 54 54 50 2f 31 2e 31, its answer makes no sense"
    })
    void whatIsNoSocks(Kind kind, String answer, String words) throws Exception {
        try (RawServer server = RawServer.start(script(false, 3, answer))) {
            Dials.run(noNames(), connector -> {
                ProxyException e =
                        fails(ProxyException.class, connector, through(proxy(kind, server), "http://host.test/"));
                assertTrue(e.reason().contains(": " + words), e.reason());
            });
        }
    }

    @Test
    void moreThanWasAsked() throws Exception {
        try (RawServer server = RawServer.start(then(script(false, 3, "05 00 05 00"), RawServer.Peer::awaitEnd))) {
            Dials.run(noNames(), connector -> {
                ProxyException e = fails(
                        ProxyException.class, connector, through(proxy(Kind.SOCKS5H, server), "http://host.test/"));
                assertTrue(e.reason().endsWith(": it said more than it was asked"), e.reason());
            });
        }
    }

    @Test
    void thePolicyKnowsWhatIsLookedUpHere() throws Exception {
        ConnectOptions here = Dials.resolving("10.1.2.3").build();
        AddressPolicy proxyOnly = AddressPolicy.publicOnly().allow("127.0.0.1");
        ConnectorSettings settings = new ConnectorSettings(Dials.LIMITS, here, proxyOnly, Tls.client(), null);
        try (RawServer server = RawServer.start(script(false, 3, "05 ff"))) {
            Dials.run(settings, connector -> {
                fails(
                        BlockedAddressException.class,
                        connector,
                        through(proxy(Kind.SOCKS5, server), "http://host.test/"));
                assertEquals(0, server.connections());
                fails(ProxyException.class, connector, through(proxy(Kind.SOCKS5H, server), "http://host.test/"));
                fails(
                        BlockedAddressException.class,
                        connector,
                        through(proxy(Kind.SOCKS5H, server), "http://10.1.2.3/"));
                assertEquals(1, server.connections());
            });
        }
    }
}
