package dev.weft.http.connect;

import static dev.weft.http.connect.Dials.fails;
import static dev.weft.http.connect.Dials.lease;
import static dev.weft.http.connect.Dials.resolving;
import static dev.weft.http.connect.Dials.settings;
import static dev.weft.http.connect.Dials.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.http.ClosedPort;
import dev.weft.http.FullBacklog;
import dev.weft.http.RawServer;
import dev.weft.http.message.AddressPolicy;
import dev.weft.http.message.BlockedAddressException;
import dev.weft.http.message.ClientException;
import dev.weft.http.message.ClientTimeout;
import dev.weft.http.message.ConnectFailedException;
import dev.weft.http.message.ConnectTimeoutException;
import dev.weft.http.message.DnsException;
import dev.weft.http.message.Phase;
import dev.weft.http.message.SessionClosedException;
import dev.weft.http.message.TlsTimeoutException;
import dev.weft.loop.Asyncio;
import dev.weft.loop.Awaitable;
import dev.weft.loop.CancelledError;
import dev.weft.loop.Future;
import dev.weft.loop.Task;
import dev.weft.loop.net.dial.ConnectOptions;
import dev.weft.loop.net.dial.Family;
import dev.weft.loop.net.dial.ResolveException;
import dev.weft.loop.net.dial.Resolver;
import dev.weft.loop.net.dial.Tls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** From a host to a connection, straight to the server. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DialTest {
    private static RawServer ok() throws IOException {
        return RawServer.answering(RawServer.OK);
    }

    private static String url(RawServer server) {
        return "http://host.test:" + server.port() + "/";
    }

    private static void talk(Connector connector, Connection connection) {
        assertTrue(Plain.talk(connection, "GET / HTTP/1.1\r\n\r\n", "ok").startsWith("HTTP/1.1 200"));
        connector.release(connection, null);
    }

    /** H201; the dead one is tried at once only the first time. */
    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.2", "::1"})
    void aDeadAddressAndOneThatAnswers(String dead) throws Exception {
        try (RawServer server = ok()) {
            Dials.run(settings(resolving(dead, "127.0.0.1").build()), connector -> {
                Caller caller = Caller.get(url(server));
                Connection connection = lease(connector, caller);
                assertEquals(List.of(Phase.CONNECT), caller.phases);
                talk(connector, connection);
            });
        }
    }

    /** H202. */
    @Test
    void allAddressesAreDead() throws Exception {
        int port = ClosedPort.number();
        Dials.run(settings(resolving("127.0.0.1", "127.0.0.2").build()), connector -> {
            ConnectFailedException e = fails(ConnectFailedException.class, connector, "http://host.test:" + port + "/");
            assertEquals(
                    "cannot connect to host.test:" + port + ": none of its 2 addresses answered "
                            + "(127.0.0.1: connection refused; 127.0.0.2: connection refused)",
                    e.reason());
            assertEquals(1, e.getSuppressed().length);
            e = fails(ConnectFailedException.class, connector, "http://127.0.0.1:" + port + "/");
            assertEquals("cannot connect to 127.0.0.1:" + port + ": connection refused", e.reason());
        });
    }

    private static ConnectOptions failing(boolean temporary) {
        return ConnectOptions.builder()
                .resolver(host -> () -> {
                    throw new ResolveException("cannot resolve", new UnknownHostException(host), temporary);
                })
                .build();
    }

    /** H205. */
    @Test
    void noSuchName() throws Exception {
        Dials.run(settings(failing(false)), connector -> {
            DnsException e = fails(DnsException.class, connector, "http://host.test/");
            assertEquals("the host host.test has no address", e.reason());
            assertFalse(e.isTemporary());
            assertInstanceOf(ResolveException.class, e.getCause());
        });
    }

    @Test
    void nobodyKnowsTheName() throws Exception {
        Dials.run(settings(failing(true)), connector -> {
            DnsException e = fails(DnsException.class, connector, "http://host.test/");
            assertEquals("the host host.test cannot be looked up now", e.reason());
            assertTrue(e.isTemporary());
        });
    }

    /** H204. */
    @Test
    void aResolverWithoutAnAnswer() throws Exception {
        ConnectOptions none =
                ConnectOptions.builder().resolver(host -> () -> List.of()).build();
        Dials.run(settings(none), connector -> {
            DnsException e = fails(DnsException.class, connector, "http://host.test/");
            assertEquals("the host host.test has no address", e.reason());
            assertFalse(e.isTemporary());
        });
    }

    @Test
    void whatAResolverThrowsIsThrown() throws Exception {
        IllegalStateException bug = new IllegalStateException("a bug");
        ConnectOptions broken = ConnectOptions.builder()
                .resolver(host -> () -> {
                    Asyncio.sleep(0).await();
                    throw bug;
                })
                .build();
        Dials.run(settings(broken), connector -> {
            IllegalStateException e =
                    assertThrows(IllegalStateException.class, () -> lease(connector, "http://host.test/"));
            assertSame(bug, e);
        });
    }

    @Test
    void onlyAFamily() throws Exception {
        try (RawServer server = ok()) {
            ConnectOptions four =
                    resolving("::1", "127.0.0.1").family(Family.IPV4).build();
            Dials.run(settings(four), connector -> talk(connector, lease(connector, url(server))));
            ConnectOptions six = resolving("127.0.0.1").family(Family.IPV6).build();
            Dials.run(settings(six), connector -> fails(DnsException.class, connector, url(server)));
        }
    }

    @Test
    void fromALocalAddress() throws Exception {
        try (RawServer server = RawServer.start(peer -> {
            peer.request();
            peer.send("from " + peer.socket.getInetAddress().getHostAddress() + " ok");
        })) {
            ConnectOptions from = resolving("127.0.0.1")
                    .localAddress(new InetSocketAddress("127.0.0.77", 0))
                    .build();
            Dials.run(settings(from), connector -> {
                Connection connection = lease(connector, url(server));
                assertEquals("from 127.0.0.77 ok", Plain.talk(connection, "GET / HTTP/1.1\r\n\r\n", "ok"));
                connector.discard(connection);
            });
        }
    }

    /** A resolver that answers when it is told to, and counts. */
    private static final class Slow implements Resolver {
        final List<Future<List<InetAddress>>> asked = new ArrayList<>();

        @Override
        public Awaitable<List<InetAddress>, RuntimeException> resolve(String host) {
            return () -> {
                Future<List<InetAddress>> answer = Asyncio.getRunningLoop().createFuture();
                asked.add(answer);
                return answer.await();
            };
        }

        ConnectorSettings settings() {
            return Dials.settings(ConnectOptions.builder().resolver(this).build());
        }

        void answer() {
            asked.getFirst().setResult(List.of(InetAddress.ofLiteral("127.0.0.1")));
        }
    }

    /** H109a. */
    @Test
    void oneLookUpForAllAndWhoGivesUpLeavesIt() throws Exception {
        Slow slow = new Slow();
        try (RawServer server = ok()) {
            Dials.run(slow.settings(), connector -> {
                List<Task<Connection>> tasks = new ArrayList<>();
                for (int i = 0; i < 5; i++) {
                    tasks.add(Asyncio.createTask(() -> lease(connector, url(server))));
                }
                until(() -> slow.asked.size() == 1);
                assertEquals(5, connector.acquired());
                tasks.get(0).cancel();
                tasks.get(3).cancel();
                assertThrows(CancelledError.class, tasks.get(0)::await);
                assertThrows(CancelledError.class, tasks.get(3)::await);
                assertEquals(3, connector.acquired());
                slow.answer();
                for (int i : new int[] {1, 2, 4}) {
                    talk(connector, tasks.get(i).await());
                }
                assertEquals(1, slow.asked.size());
            });
        }
    }

    @Test
    void aLookUpThatNobodyWaitsForIsCancelled() throws Exception {
        Slow slow = new Slow();
        Dials.run(slow.settings(), connector -> {
            Task<Connection> one = Asyncio.createTask(() -> lease(connector, "http://host.test/"));
            Task<Connection> other = Asyncio.createTask(() -> lease(connector, "http://host.test/"));
            until(() -> connector.acquired() == 2);
            one.cancel();
            assertThrows(CancelledError.class, one::await);
            assertFalse(slow.asked.getFirst().isCancelled());
            other.cancel();
            assertThrows(CancelledError.class, other::await);
            until(slow.asked.getFirst()::isCancelled);
            // Who comes now asks anew.
            Task<Connection> third = Asyncio.createTask(() -> lease(connector, "http://host.test/"));
            until(() -> slow.asked.size() == 2);
            third.cancel();
            assertThrows(CancelledError.class, third::await);
        });
    }

    @Test
    void whatIsKnownOfNamesCanBeForgotten() throws Exception {
        int nobody = ClosedPort.number();
        List<String> cleared = new ArrayList<>();
        Resolver resolver = new Resolver() {
            @Override
            public Awaitable<List<InetAddress>, RuntimeException> resolve(String host) {
                return () -> List.of(InetAddress.ofLiteral("127.0.0.1"));
            }

            @Override
            public void clear() {
                cleared.add("cleared");
            }
        };
        Dials.run(settings(ConnectOptions.builder().resolver(resolver).build()), connector -> {
            fails(ConnectFailedException.class, connector, "http://host.test:" + nobody + "/");
            connector.clearDnsCache();
            assertEquals(List.of("cleared"), cleared);
        });
    }

    /** Where a connection can hang before it is there. */
    enum Where {
        DNS,
        CONNECT,
        TLS
    }

    private final ShiftedClock clock = new ShiftedClock();

    private interface Scene {
        void play(Connector connector, Caller caller, Task<Connection> task) throws Exception;
    }

    /** A task that waits at a place. */
    private void at(Where where, ClientTimeout limits, Scene scene) throws Exception {
        try (RawServer silent = RawServer.start(RawServer.Peer::awaitEnd);
                FullBacklog full = new FullBacklog()) {
            String url = switch (where) {
                case DNS -> "http://host.test/";
                case CONNECT -> full.url();
                case TLS -> "https://127.0.0.1:" + silent.port() + "/";
            };
            Dials.run(clock, new Slow().settings(), connector -> {
                Caller caller = Dials.with(Tls.builder().insecure().build(), Caller.get(url));
                Task<Connection> task = Asyncio.createTask(() -> lease(connector, caller, limits));
                // TLS is prepared in this phase too, before there is a connection.
                until(() -> caller.isWaitingIn(Phase.valueOf(where.name()))
                        && (where != Where.TLS || caller.phases.contains(Phase.CONNECT)));
                scene.play(connector, caller, task);
                assertEquals(0, connector.acquired());
            });
        }
    }

    /** H109b, and everywhere else. */
    @ParameterizedTest
    @EnumSource
    void theEndOfTheSessionEndsTheWait(Where where) throws Exception {
        at(where, ClientTimeout.none(), (connector, caller, task) -> {
            SessionClosedException closed = new SessionClosedException(caller.request(), "closed", null);
            caller.fail(closed);
            assertSame(closed, assertThrows(SessionClosedException.class, task::await));
        });
    }

    @ParameterizedTest
    @EnumSource
    void theConnectLimitSaysWhereItWas(Where where) throws Exception {
        ClientTimeout limit =
                ClientTimeout.builder().connect(Duration.ofHours(1)).build();
        at(where, limit, (connector, caller, task) -> {
            clock.advance(Duration.ofHours(1));
            ConnectTimeoutException e = assertThrows(ConnectTimeoutException.class, task::await);
            assertEquals(Phase.valueOf(where.name()), e.phase());
        });
    }

    @Test
    void theLimitOfTheHandshakeAlone() throws Exception {
        ClientTimeout limit = ClientTimeout.builder().tls(Duration.ofHours(1)).build();
        at(Where.TLS, limit, (connector, caller, task) -> {
            clock.advance(Duration.ofHours(1));
            TlsTimeoutException e = assertThrows(TlsTimeoutException.class, task::await);
            assertEquals(Phase.TLS, e.phase());
            assertTrue(
                    e.getMessage().contains("TLS timeout of 3.60e+03 s passed, in the TLS handshake"), e.getMessage());
        });
    }

    // ---- the policy

    private static BlockedAddressException blocked(Connector connector, String url) {
        return fails(BlockedAddressException.class, connector, url);
    }

    @Test
    void aForbiddenAddress() throws Exception {
        try (RawServer server = ok()) {
            Dials.run(settings(AddressPolicy.publicOnly()), connector -> {
                BlockedAddressException e = blocked(connector, server.url("/"));
                assertEquals(
                        "cannot connect to 127.0.0.1:" + server.port()
                                + ": the address 127.0.0.1 is forbidden: 127.0.0.0/8 is loopback",
                        e.reason());
                blocked(connector, "http://[::1]:" + server.port() + "/");
                blocked(connector, "http://[::ffff:127.0.0.1]:" + server.port() + "/");
                blocked(connector, "http://[64:ff9b::127.0.0.1]:" + server.port() + "/");
            });
            Dials.run(
                    settings(AddressPolicy.publicOnly().allow("127.0.0.1")),
                    connector -> talk(connector, lease(connector, server.url("/"))));
            assertEquals(1, server.connections());
        }
    }

    /** A name with some addresses that are allowed, and one with none. */
    @Test
    void aNameWithForbiddenAddresses() throws Exception {
        try (RawServer server = ok()) {
            ConnectorSettings open =
                    settings(resolving("127.0.0.2", "127.0.0.1", "::1").build());
            AddressPolicy some = AddressPolicy.publicOnly().allow("127.0.0.1");
            ConnectorSettings allowed =
                    new ConnectorSettings(open.limits(), open.connect(), some, open.proxyTls(), null);
            Dials.run(allowed, connector -> {
                Connection connection = lease(connector, url(server));
                InetSocketAddress remote =
                        (InetSocketAddress) connection.channel().remoteAddress();
                assertEquals("127.0.0.1", remote.getAddress().getHostAddress());
                talk(connector, connection);
            });
            ConnectorSettings none = new ConnectorSettings(
                    open.limits(), open.connect(), AddressPolicy.publicOnly(), open.proxyTls(), null);
            Dials.run(none, connector -> {
                BlockedAddressException e = blocked(connector, url(server));
                assertEquals(new InetSocketAddress("127.0.0.2", server.port()), e.address());
            });
        }
    }

    @Test
    void aForbiddenPort() throws Exception {
        try (RawServer server = ok()) {
            Dials.run(settings(AddressPolicy.open().ports(80, 443)), connector -> {
                ClientException e = blocked(connector, server.url("/"));
                assertTrue(e.reason().endsWith("is not among those allowed: 80, 443"), e.reason());
            });
            Dials.run(
                    settings(AddressPolicy.open().ports(server.port())),
                    connector -> talk(connector, lease(connector, server.url("/"))));
        }
    }

    // ---- Unix sockets

    @Test
    void everyHostAtAUnixSocket(@TempDir Path directory) throws Exception {
        Path path = directory.resolve("socket");
        try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            listener.bind(UnixDomainSocketAddress.of(path));
            Thread.ofVirtual().start(() -> {
                try {
                    while (true) {
                        SocketChannel peer = listener.accept();
                        peer.read(ByteBuffer.allocate(1000));
                        peer.write(ByteBuffer.wrap(RawServer.OK.getBytes()));
                    }
                } catch (IOException e) {
                    // The test is over.
                }
            });
            ConnectorSettings unix = new ConnectorSettings(
                    Dials.LIMITS,
                    Dials.NO_LOOK_UPS,
                    AddressPolicy.publicOnly().ports(443),
                    Tls.client(),
                    path.toString());
            Dials.run(unix, connector -> {
                for (String url : List.of("http://one.test/", "http://two.test:8080/")) {
                    Connection connection = lease(connector, url);
                    assertTrue(Plain.talk(connection, "GET / HTTP/1.1\r\n\r\n", "ok")
                            .startsWith("HTTP/1.1 200"));
                    connector.discard(connection);
                }
            });
        }
        ConnectorSettings gone = new ConnectorSettings(
                Dials.LIMITS, Dials.NO_LOOK_UPS, AddressPolicy.open(), Tls.client(), path + "-gone");
        Dials.run(gone, connector -> {
            ConnectFailedException e = fails(ConnectFailedException.class, connector, "http://one.test/");
            assertEquals("cannot connect to " + path + "-gone: there is no such socket", e.reason());
        });
    }
}
