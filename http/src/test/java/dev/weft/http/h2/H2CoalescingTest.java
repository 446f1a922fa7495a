package dev.weft.http.h2;

import static dev.weft.http.h2.H2Frame.END_STREAM;
import static dev.weft.http.h2.H2Frame.headers;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.weft.http.Client;
import dev.weft.http.ClientSession;
import dev.weft.http.Connector;
import dev.weft.http.SessionStats;
import dev.weft.http.conformance.Outcomes;
import dev.weft.http.connect.TestTls;
import dev.weft.http.message.AddressPolicy;
import dev.weft.http.message.BlockedAddressException;
import dev.weft.http.message.ClientResponse;
import dev.weft.http.message.ClientTimeout;
import dev.weft.http.message.ConnectFailedException;
import dev.weft.http.message.ConnectTimeoutException;
import dev.weft.http.message.DnsException;
import dev.weft.http.message.HttpVersion;
import dev.weft.http.message.TlsException;
import dev.weft.loop.Asyncio;
import dev.weft.loop.CancelledError;
import dev.weft.loop.Task;
import dev.weft.loop.net.dial.ResolveException;
import dev.weft.loop.net.dial.Resolver;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Hosts that share a certificate and an address share connections: RFC 9113 section 9.1.1. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class H2CoalescingTest {
    private static final InetAddress HERE = InetAddress.ofLiteral("127.0.0.1");
    private static final InetAddress NOBODY = InetAddress.ofLiteral("127.0.0.2");

    /** What a test does with a session, and the server's port. */
    private interface Use {
        void with(ClientSession session, H2Server server) throws Exception;
    }

    /** All hosts are this one, but what a test says otherwise. */
    private static void run(H2Server server, Consumer<Connector.Builder> settings, Use use) throws Exception {
        Connector.Builder connector = Connector.builder();
        for (String host :
                List.of("one.test", "two.test", "a.wild.test", "b.wild.test", "a.b.wild.test", "wild.test")) {
            connector.resolve(host, HERE);
        }
        settings.accept(connector);
        ClientSession.Builder session = H2Server.client().version(HttpVersion.AUTO);
        Asyncio.run(() -> {
            try (Connector shared = connector.build();
                    ClientSession open = session.connector(shared).build()) {
                use.with(open, server);
                Client.until(() -> open.stats().acquired() == 0);
            }
        });
    }

    private static void run(Consumer<Connector.Builder> settings, Use use) throws Exception {
        try (H2Server server = H2Server.startForMany(H2Peer::answerAll)) {
            run(server, settings, use);
        }
    }

    private static String get(ClientSession session, H2Server server, String host) {
        return Outcomes.exchange(session.get(url(server, host)));
    }

    private static String url(H2Server server, String host) {
        return "https://" + host + ":" + server.port() + "/";
    }

    @ParameterizedTest
    @ValueSource(strings = {"two.test", "TWO.test", "two.test.", "a.wild.test"})
    void oneConnectionServesBoth(String other) throws Exception {
        run(connector -> connector.resolve("two.test.", HERE), (session, server) -> {
            assertEquals("200 \"ok\"", get(session, server, "one.test"));
            assertEquals("200 \"ok\"", get(session, server, other));
            assertEquals("200 \"ok\"", get(session, server, other));
            assertEquals(1, server.connections());
            assertEquals(new SessionStats(0, 1, 0), session.stats());
        });
    }

    /** Beside requests that are under way; they are answered each for its host. */
    @Test
    void manyHostsAtATime() throws Exception {
        List<String> hosts = new CopyOnWriteArrayList<>();
        try (H2Server server = H2Server.startForMany(peer -> {
            List<H2Request> requests = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                requests.add(peer.request());
                if (i == 0) {
                    peer.answer(requests.removeFirst().streamId(), "first");
                }
            }
            for (H2Request request : requests) {
                hosts.add(request.value(":authority"));
                peer.answer(request.streamId(), "ok");
            }
            peer.answerAll();
        })) {
            run(server, connector -> {}, (session, _) -> {
                assertEquals("200 \"first\"", get(session, server, "one.test"));
                List<Task<String>> tasks = new ArrayList<>();
                for (String host : List.of("one.test", "two.test", "b.wild.test")) {
                    tasks.add(Asyncio.createTask(() -> get(session, server, host)));
                }
                for (Task<String> task : tasks) {
                    assertEquals("200 \"ok\"", task.await());
                }
                assertEquals(1, server.connections());
            });
            assertEquals(
                    List.of("b.wild.test:" + server.port(), "one.test:" + server.port(), "two.test:" + server.port()),
                    hosts.stream().sorted().toList());
        }
    }

    /** The certificate is not theirs: they are asked themselves, and nobody is trusted for it. */
    @ParameterizedTest
    @ValueSource(strings = {"wild.test", "a.b.wild.test"})
    void notForAnotherCertificate(String other) throws Exception {
        run(connector -> {}, (session, server) -> {
            assertEquals("200 \"ok\"", get(session, server, "one.test"));
            assertThrows(
                    TlsException.class, () -> session.get(url(server, other)).await());
        });
    }

    @Test
    void notAtAnotherAddress() throws Exception {
        run(connector -> connector.resolve("two.test", NOBODY), (session, server) -> {
            assertEquals("200 \"ok\"", get(session, server, "one.test"));
            assertThrows(
                    ConnectFailedException.class,
                    () -> session.get(url(server, "two.test")).await());
        });
        // One of several is enough.
        run(connector -> connector.resolve("two.test", NOBODY, HERE), (session, server) -> {
            assertEquals("200 \"ok\"", get(session, server, "one.test"));
            assertEquals("200 \"ok\"", get(session, server, "two.test"));
            assertEquals(1, server.connections());
        });
    }

    /** What may not be connected to may not be asked over a connection to elsewhere either. */
    @Test
    void notPastTheAddressPolicy() throws Exception {
        Consumer<Connector.Builder> settings = connector -> connector
                .resolve("two.test", NOBODY)
                .addressPolicy(AddressPolicy.open().deny("127.0.0.2/32"));
        run(settings, (session, server) -> {
            assertEquals("200 \"ok\"", get(session, server, "one.test"));
            assertThrows(
                    BlockedAddressException.class,
                    () -> session.get(url(server, "two.test")).await());
        });
    }

    @Test
    void notIfItIsNotWanted() throws Exception {
        run(connector -> connector.coalesce(false), (session, server) -> {
            assertEquals("200 \"ok\"", get(session, server, "one.test"));
            assertEquals("200 \"ok\"", get(session, server, "two.test"));
            assertEquals(2, server.connections());
        });
    }

    /** Certificates that are not looked at say nothing; a name of one's own is asked for itself. */
    @Test
    void notWithoutTheSameTrust() throws Exception {
        run(connector -> {}, (session, server) -> {
            assertEquals("200 \"ok\"", get(session, server, "one.test"));
            assertEquals(
                    "200 \"ok\"",
                    Outcomes.exchange(session.get(url(server, "two.test"))
                            .tls(TestTls.trusting().build())));
            assertEquals(2, server.connections());
            var request = session.get(url(server, "a.wild.test")).serverName("two.test");
            assertEquals("200 \"ok\"", Outcomes.exchange(request));
            assertEquals(3, server.connections());
        });
        run(connector -> {}, (session, server) -> {
            var careless = TestTls.trusting().insecure().build();
            for (String host : List.of("one.test", "two.test")) {
                assertEquals(
                        "200 \"ok\"",
                        Outcomes.exchange(session.get(url(server, host)).tls(careless)));
            }
            assertEquals(2, server.connections());
        });
    }

    /** It has no room: the other host gets a connection of its own, and uses that from then on. */
    @Test
    void notBeyondItsCapacity() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        try (H2Server server = H2Server.startForMany(peer -> {
            for (H2Request request = peer.request(); request != null; request = peer.request()) {
                if (request.path().equals("/held")) {
                    Client.hold(release);
                }
                peer.answer(request.streamId(), "ok");
            }
        })) {
            run(server, connector -> connector.maxStreams(1), (session, _) -> {
                Task<String> held =
                        Asyncio.createTask(() -> Outcomes.exchange(session.get(url(server, "one.test") + "held")));
                Client.until(() -> server.peer(1) != null && server.saw("HEADERS[1] END_STREAM"));
                assertEquals("200 \"ok\"", get(session, server, "two.test"));
                assertEquals(2, server.connections());
                release.countDown();
                assertEquals("200 \"ok\"", held.await());
                assertEquals("200 \"ok\"", get(session, server, "two.test"));
                assertEquals(2, server.connections());
            });
        }
    }

    /** Its server does not answer for the other host on that connection: that one gets its own, at once and from then on. */
    @Test
    void misdirected() throws Exception {
        try (H2Server server = H2Server.startForMany(peer -> {
            String own = null;
            for (H2Request request = peer.request(); request != null; request = peer.request()) {
                String host = request.value(":authority");
                own = own == null ? host : own;
                if (host.equals(own)) {
                    peer.answer(request.streamId(), "ok");
                } else {
                    peer.send(headers(request.streamId(), END_STREAM, H2Block.status("421")));
                }
            }
        })) {
            run(server, connector -> connector.limit(1), (session, _) -> {
                assertEquals("200 \"ok\"", get(session, server, "one.test"));
                try (ClientResponse response =
                        session.post(url(server, "two.test")).body("x").await()) {
                    assertEquals("ok", response.text().await());
                    assertEquals(2, response.attempts());
                }
                assertEquals(2, server.connections());
                assertEquals("200 \"ok\"", get(session, server, "one.test"));
                try (ClientResponse response =
                        session.get(url(server, "two.test")).await()) {
                    assertEquals(1, response.attempts());
                }
            });
        }
    }

    /** The look-up fails, or is given up: as without another connection. */
    @Test
    void whatFailsOnTheWay() throws Exception {
        Resolver resolver = host -> () -> {
            if (host.equals("c.wild.test")) {
                throw new ResolveException("no " + host, new IOException("no"), false);
            }
            return Asyncio.getRunningLoop().<List<InetAddress>>createFuture().await();
        };
        run(connector -> connector.resolver(resolver), (session, server) -> {
            assertEquals("200 \"ok\"", get(session, server, "one.test"));
            assertThrows(
                    DnsException.class,
                    () -> session.get(url(server, "c.wild.test")).await());
            Task<String> task = Asyncio.createTask(() -> get(session, server, "d.wild.test"));
            Asyncio.sleep(Duration.ofMillis(1)).await();
            task.cancel();
            assertThrows(CancelledError.class, task::await);
            assertThrows(
                    ConnectTimeoutException.class,
                    () -> session.get(url(server, "e.wild.test"))
                            .timeout(ClientTimeout.builder()
                                    .connect(Duration.ofMillis(5))
                                    .build())
                            .await());
            assertEquals(new SessionStats(0, 1, 0), session.stats());
        });
    }

    @Test
    void settingsThatCannotBe() {
        for (int streams : List.of(0, -1, 1001)) {
            refused("maxStreams is " + streams + ": it must be 1 to 1000", connector -> connector.maxStreams(streams));
        }
        refused("pingAfter is PT-1S: it must be 0 (never) to one day", connector -> connector.pingAfter(seconds(-1)));
        refused(
                "pingAfter is PT24H1S: it must be 0 (never) to one day",
                connector -> connector.pingAfter(seconds(86_401)));
        refused(
                "pingTimeout is PT0S: it must be more than 0 and at most one day",
                connector -> connector.pingTimeout(Duration.ZERO));
        Connector.builder().maxStreams(1).pingAfter(Duration.ZERO).pingTimeout(Duration.ofNanos(1));
    }

    private static Duration seconds(long seconds) {
        return Duration.ofSeconds(seconds);
    }

    private static void refused(String message, Consumer<Connector.Builder> settings) {
        Connector.Builder builder = Connector.builder();
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, () -> settings.accept(builder))
                        .getMessage());
    }
}
