package dev.weft.loop.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weft.loop.Asyncio;
import dev.weft.loop.Awaitable;
import dev.weft.loop.CancelledError;
import dev.weft.loop.Runner;
import dev.weft.loop.Task;
import dev.weft.loop.TimeoutException;
import dev.weft.loop.net.channel.Dialer;
import dev.weft.loop.net.channel.Netty;
import dev.weft.loop.net.dial.ConnectFailedException;
import dev.weft.loop.net.dial.ConnectOptions;
import dev.weft.loop.net.dial.Family;
import dev.weft.loop.net.dial.ResolveException;
import dev.weft.loop.net.dial.Resolver;
import dev.weft.loop.poll.Transport;
import dev.weft.loop.testing.VirtualClock;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import jdk.net.ExtendedSocketOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** From a host to a connection: its addresses raced, its failures told. */
@ExtendWith(BufferLeaks.class)
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DialTest {
    private static final Resolver NONE = host -> () -> {
        throw new AssertionError("looked up " + host);
    };

    private static ConnectOptions.Builder resolving(String... addresses) {
        List<InetAddress> all =
                List.of(addresses).stream().map(InetAddress::ofLiteral).toList();
        return ConnectOptions.builder().resolver(NONE.pinning(Map.of("host.test", all)));
    }

    private static Awaitable<Connection, RuntimeException> open(int port, ConnectOptions.Builder options) {
        return Streams.openConnection("host.test", port, options.build());
    }

    private static String peer(Connection connection) {
        return ((InetSocketAddress) connection.remoteAddress()).getAddress().getHostAddress();
    }

    /** A port of 127.0.0.1 where connections are neither taken nor refused: its queue is full. */
    private static final class Stuck implements AutoCloseable {
        final ServerSocket server;
        private final List<Socket> waiting = new ArrayList<>();

        Stuck(String address) throws IOException {
            server = new ServerSocket(0, 1, InetAddress.ofLiteral(address));
            // The kernel holds one more than the backlog asks for.
            for (int i = 0; i < 2; i++) {
                waiting.add(new Socket(server.getInetAddress(), server.getLocalPort()));
            }
        }

        int port() {
            return server.getLocalPort();
        }

        @Override
        public void close() throws IOException {
            for (Socket socket : waiting) {
                socket.close();
            }
            server.close();
        }
    }

    @Test
    void digitsAreNotLookedUp() {
        Asyncio.run(() -> {
            Server server = Nets.serve(Nets::echo);
            ConnectOptions options = ConnectOptions.builder().resolver(NONE).build();
            Streams.openConnection(Nets.HERE, server.port(), options).await().close();
        });
    }

    @Test
    void theNextAddressIsTriedWhenOneRefuses() {
        Asyncio.run(() -> {
            Server server = Nets.serve(Nets::echo);
            // An hour between attempts: the test ends in time only if a failure starts the next one at once.
            ConnectOptions.Builder options =
                    resolving("127.0.0.2", "127.0.0.3", Nets.HERE).happyEyeballsDelay(Duration.ofHours(1));
            try (Connection connection = open(server.port(), options).await()) {
                assertEquals(Nets.HERE, peer(connection));
            }
        });
    }

    @Test
    void theNextAddressIsTriedBesideOneThatDoesNotAnswer() throws Exception {
        try (Stuck stuck = new Stuck("127.0.0.2");
                ServerSocket answering = new ServerSocket(stuck.port(), 5, InetAddress.ofLiteral(Nets.HERE))) {
            VirtualClock clock = new VirtualClock();
            try (Runner runner = Runner.builder().clock(clock).build()) {
                runner.run(() -> {
                    try (Connection connection = open(answering.getLocalPort(), resolving("127.0.0.2", Nets.HERE))
                            .await()) {
                        assertEquals(Nets.HERE, peer(connection));
                        connection.abort();
                    }
                });
            }
            assertEquals(Duration.ofMillis(250), clock.elapsed());
        }
    }

    @Test
    void bothFamiliesAreTried() {
        Asyncio.run(() -> {
            Server server = Nets.serve(Nets::echo);
            try (Connection connection =
                    open(server.port(), resolving("::1", Nets.HERE)).await()) {
                assertEquals(Nets.HERE, peer(connection));
            }
            ConnectOptions.Builder only = resolving("::1", Nets.HERE).family(Family.IPV6);
            assertThrows(
                    ConnectFailedException.class,
                    () -> open(server.port(), only).await());
        });
    }

    @Test
    void c367_allAddressesFail() {
        Asyncio.run(() -> {
            Server server = Nets.serve(Nets::echo);
            int port = server.port();
            server.close();
            server.waitClosed().await();
            ConnectFailedException failed = assertThrows(
                    ConnectFailedException.class,
                    () -> open(port, resolving("127.0.0.1", "127.0.0.2")).await());
            assertEquals(
                    "cannot connect to host.test:" + port + ", all 2 addresses failed: "
                            + "Connection refused: /127.0.0.1:" + port + "; Connection refused: /127.0.0.2:" + port,
                    failed.getMessage());
            assertEquals(2, failed.getSuppressed().length);
            assertSame(failed.getCause(), failed.getSuppressed()[0]);
            ConnectFailedException alone = assertThrows(
                    ConnectFailedException.class,
                    () -> Streams.openConnection(Nets.HERE, port).await());
            assertEquals(
                    "cannot connect to 127.0.0.1:" + port + ": Connection refused: /127.0.0.1:" + port,
                    alone.getMessage());
        });
    }

    @Test
    void c367_aCancelledAttemptClosesItsSockets() throws Exception {
        try (Stuck stuck = new Stuck("127.0.0.2")) {
            List<Channel> tried = new ArrayList<>();
            Asyncio.run(() -> {
                InetSocketAddress address = new InetSocketAddress("127.0.0.2", stuck.port());
                ConnectOptions both = ConnectOptions.builder()
                        .happyEyeballsDelay(Duration.ZERO)
                        .build();
                for (List<InetSocketAddress> addresses : List.of(List.of(address), List.of(address, address))) {
                    Task<Channel> dialing =
                            Asyncio.createTask(() -> Dialer.connect("stuck", addresses, both, tried::add));
                    while (tried.size() < addresses.size()) {
                        Asyncio.sleep(0).await();
                    }
                    dialing.cancel();
                    assertThrows(CancelledError.class, dialing::await);
                    // The network closes them when the loop looks at it next.
                    Asyncio.timeout(Duration.ofSeconds(10), () -> {
                        while (tried.stream().anyMatch(Channel::isOpen)) {
                            Asyncio.sleep(0).await();
                        }
                    });
                    tried.clear();
                }
            });
        }
    }

    @Test
    void onlyTheWinnerOfSeveralStaysOpen() throws Exception {
        try (ServerSocket first = new ServerSocket(0, 50, InetAddress.ofLiteral(Nets.HERE))) {
            List<Channel> tried = new ArrayList<>();
            Asyncio.run(() -> {
                InetSocketAddress address = new InetSocketAddress(first.getInetAddress(), first.getLocalPort());
                ConnectOptions atOnce = ConnectOptions.builder()
                        .happyEyeballsDelay(Duration.ZERO)
                        .build();
                List<InetSocketAddress> addresses = List.of(address, address, address, address);
                Channel winner = Dialer.connect("all", addresses, atOnce, tried::add);
                assertEquals(4, tried.size());
                for (int i = 0; i < 5; i++) {
                    Asyncio.sleep(0).await();
                }
                for (Channel channel : tried) {
                    assertEquals(channel == winner, channel.isOpen());
                }
                winner.close();
            });
        }
    }

    @Test
    void aTimeLimitIsTheScopes() throws Exception {
        try (Stuck stuck = new Stuck("127.0.0.2")) {
            VirtualClock clock = new VirtualClock();
            try (Runner runner = Runner.builder().clock(clock).build()) {
                runner.run(() -> assertThrows(
                        TimeoutException.class,
                        () -> Asyncio.timeout(Duration.ofMinutes(5), () -> {
                            Streams.openConnection("127.0.0.2", stuck.port()).await();
                        })));
            }
            assertEquals(Duration.ofMinutes(5), clock.elapsed());
        }
    }

    @Test
    void anAddressThatTheOptionsForbidIsNotTried() {
        Asyncio.run(() -> {
            ConnectOptions.Builder noSix = resolving(Nets.HERE).family(Family.IPV6);
            ResolveException none =
                    assertThrows(ResolveException.class, () -> open(80, noSix).await());
            assertTrue(none.getMessage().startsWith("host.test has no address that the options allow"));
            assertFalse(none.isTemporary());
            ConnectOptions.Builder from = resolving("::1").localAddress(new InetSocketAddress(Nets.HERE, 0));
            assertThrows(ResolveException.class, () -> open(80, from).await());
            assertThrows(
                    IllegalArgumentException.class,
                    () -> Streams.openConnection(Nets.HERE, 65536).await());
        });
    }

    @Test
    void socketOptionsAreSetBeforeConnecting() {
        Asyncio.run(() -> {
            Server server = Nets.serve(Nets::echo);
            ConnectOptions options = ConnectOptions.builder()
                    .socketOption(StandardSocketOptions.SO_KEEPALIVE, true)
                    .socketOption(StandardSocketOptions.TCP_NODELAY, false)
                    .socketOption(StandardSocketOptions.SO_SNDBUF, 16 << 10)
                    .build();
            List<InetSocketAddress> here = Dialer.resolve(Nets.HERE, server.port(), options);
            List<Boolean> seen = new ArrayList<>();
            Channel channel = Dialer.connect("here", here, options, opened -> {
                seen.add(opened.config().getOption(ChannelOption.SO_KEEPALIVE));
                seen.add(opened.config().getOption(ChannelOption.TCP_NODELAY));
                seen.add(opened.config().getOption(ChannelOption.SO_SNDBUF) < 100_000);
            });
            assertEquals(List.of(true, false, true), seen);
            channel.close();
            ConnectOptions unknown = ConnectOptions.builder()
                    .socketOption(StandardSocketOptions.IP_MULTICAST_TTL, 3)
                    .build();
            IllegalArgumentException e = assertThrows(
                    IllegalArgumentException.class, () -> Dialer.connect("here", here, unknown, opened -> {}));
            assertEquals("this system does not know the socket option IP_MULTICAST_TTL", e.getMessage());
        });
    }

    private static void assumeEpoll() {
        assumeTrue(Asyncio.getRunningLoop().poller().transport() == Transport.EPOLL, "not on epoll");
    }

    @Test
    void extendedSocketOptions() {
        Asyncio.run(() -> {
            assumeEpoll();
            Server server = Nets.serve(Nets::echo);
            ConnectOptions options = ConnectOptions.builder()
                    .socketOption(ExtendedSocketOptions.TCP_KEEPIDLE, 33)
                    .socketOption(ExtendedSocketOptions.TCP_KEEPINTERVAL, 7)
                    .socketOption(ExtendedSocketOptions.TCP_KEEPCOUNT, 3)
                    .build();
            Channel channel =
                    Dialer.connect("here", Dialer.resolve(Nets.HERE, server.port(), options), options, opened -> {});
            assertEquals(33, channel.config().getOption(EpollChannelOption.TCP_KEEPIDLE));
            assertEquals(7, channel.config().getOption(EpollChannelOption.TCP_KEEPINTVL));
            assertEquals(3, channel.config().getOption(EpollChannelOption.TCP_KEEPCNT));
            channel.close();
        });
    }

    @Test
    void anAbstractUnixSocket() {
        Asyncio.run(() -> {
            assumeEpoll();
            String name = "weft-" + System.nanoTime();
            List<Channel> accepted = new ArrayList<>();
            ServerBootstrap bootstrap = new ServerBootstrap()
                    .group(Asyncio.getRunningLoop().poller().eventLoop())
                    .channel(EpollServerDomainSocketChannel.class)
                    .childHandler(new ChannelInitializer<>() {
                        @Override
                        protected void initChannel(Channel channel) {
                            accepted.add(channel);
                        }
                    });
            Netty.join(bootstrap.bind(new DomainSocketAddress("\0" + name)));
            Channel channel = Dialer.connect("@" + name, opened -> {});
            while (accepted.isEmpty()) {
                Asyncio.sleep(0).await();
            }
            channel.close();
            ConnectFailedException e =
                    assertThrows(ConnectFailedException.class, () -> Dialer.connect("@" + name + "x", opened -> {}));
            assertTrue(
                    e.getMessage().startsWith("cannot connect to @" + name + "x: Connection refused"), e.getMessage());
        });
    }
}
