package dev.weft.http.connect;

import static dev.weft.http.connect.Dials.lease;
import static dev.weft.http.connect.Dials.through;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.http.RawServer;
import dev.weft.http.message.AddressPolicy;
import dev.weft.http.message.ClientException;
import dev.weft.http.message.Headers;
import dev.weft.http.message.Proxy;
import dev.weft.http.message.Proxy.Kind;
import dev.weft.loop.Asyncio;
import dev.weft.loop.Runner;
import dev.weft.loop.Task;
import dev.weft.loop.net.dial.ConnectOptions;
import dev.weft.loop.net.dial.Tls;
import dev.weft.loop.testing.CancelEverywhere;
import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whoever asks for a connection, or works for him, is cancelled at each of his waits, one run after another: nothing is left, and the next one gets his. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CancelEverywhereTest {
    private static final ConnectOptions NAMES = ConnectOptions.builder()
            .resolver(host -> () -> {
                Asyncio.sleep(0).await();
                return List.of(InetAddress.ofLiteral("127.0.0.2"), InetAddress.ofLiteral("127.0.0.1"));
            })
            .build();

    private static final PoolLimits ONE = new PoolLimits(1, 0, 0, 0, Duration.ofSeconds(15));

    /** Leases twice from a pool with one place, so that the second waits for the first, with everything that it takes. */
    private static void everywhere(int leastWaits, Caller caller) {
        AtomicReference<Connector> made = new AtomicReference<>();
        AtomicInteger open = new AtomicInteger();
        int waits = CancelEverywhere.of(() -> {
                    ConnectorSettings settings = new ConnectorSettings(
                            ONE,
                            NAMES,
                            AddressPolicy.open(),
                            Tls.builder().insecure().build(),
                            null);
                    Connector connector = new Connector(Asyncio.getRunningLoop(), settings, (channel, h2) -> {
                        open.incrementAndGet();
                        channel.closeFuture().addListener(closed -> open.decrementAndGet());
                        Plain.install(channel, h2);
                    });
                    made.set(connector);
                    try {
                        both(connector, caller);
                    } catch (ClientException e) {
                        // One of the tasks inside was cancelled, which its owner sees as a failure.
                    } finally {
                        connector.close();
                    }
                })
                .childrenToo()
                .on(Runner::builder)
                .check(() -> {
                    Connector connector = made.get();
                    Asyncio.timeout(Duration.ofSeconds(10), () -> {
                        connector.terminated().await();
                        Dials.until(() -> open.get() == 0);
                    });
                    assertEquals(List.of(), connector.dump());
                    assertEquals(0, connector.acquired() + connector.idle() + connector.waiting());
                })
                .run();
        assertTrue(waits >= leastWaits, "only " + waits + " waits");
    }

    private static void both(Connector connector, Caller caller) {
        Connection first = lease(connector, new Caller(caller.request()));
        Task<Connection> next = Asyncio.createTask(() -> lease(connector, new Caller(caller.request())));
        try {
            try {
                Asyncio.sleep(0).await();
            } finally {
                connector.discard(first);
            }
            connector.release(next.await(), null);
        } finally {
            next.cancel();
        }
    }

    @Test
    void nameAndAddresses() throws Exception {
        try (RawServer server = RawServer.answering(RawServer.OK)) {
            everywhere(5, Caller.get("http://host.test:" + server.port() + "/"));
        }
    }

    @Test
    void tls() throws Exception {
        try (RawServer server = TestTls.server()) {
            everywhere(
                    5,
                    Dials.with(
                            Tls.builder().insecure().build(), Caller.get("https://host.test:" + server.port() + "/")));
        }
    }

    private static Proxy proxy(Kind kind, RawServer at, String user, String password) {
        return new Proxy(kind, "proxy.test", at.port(), user, password, Headers.empty());
    }

    @Test
    void connect() throws Exception {
        try (RawServer server = TestTls.server();
                RawServer proxy = RawServer.start(TestTls.factory(), TestTls.forgiving(peer -> {
                    peer.head();
                    peer.send("HTTP/1.1 200 OK\r\n\r\n");
                    Dials.relay(peer.socket, server.port());
                }))) {
            Tls anyone = Tls.builder().insecure().build();
            everywhere(8, Dials.with(anyone, through(proxy(Kind.HTTPS, proxy, null, null), "https://host.test/")));
        }
    }

    /** A client that was cancelled has hung up: that is as if the answer never came to be needed. */
    private static void read(RawServer.Peer peer, int bytes) throws IOException {
        if (peer.socket.getInputStream().readNBytes(bytes).length < bytes) {
            throw new SocketException("the client has closed");
        }
    }

    @Test
    void socks() throws Exception {
        try (RawServer proxy = RawServer.start(peer -> {
            read(peer, 4);
            peer.send(new byte[] {5, 2});
            read(peer, 5);
            peer.send(new byte[] {1, 0});
            read(peer, 10);
            peer.send(new byte[] {5, 0, 0, 1, 0, 0, 0, 0, 0, 0});
            peer.awaitEnd();
        })) {
            everywhere(9, through(proxy(Kind.SOCKS5, proxy, "u", "p"), "http://host.test/"));
        }
    }
}
