package dev.weft.http.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.weft.http.RawServer;
import dev.weft.http.message.AddressPolicy;
import dev.weft.http.message.ClientException;
import dev.weft.http.message.ClientRequest;
import dev.weft.http.message.ClientTimeout;
import dev.weft.http.message.HttpUrl;
import dev.weft.http.message.HttpVersion;
import dev.weft.http.message.Options;
import dev.weft.http.message.Proxy;
import dev.weft.http.wire.Protocols;
import dev.weft.loop.Asyncio;
import dev.weft.loop.Clock;
import dev.weft.loop.Runner;
import dev.weft.loop.net.dial.ConnectOptions;
import dev.weft.loop.net.dial.Resolver;
import dev.weft.loop.net.dial.Tls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** Connectors for tests. */
final class Dials {
    static final Resolver NO_NAMES = host -> () -> {
        throw new AssertionError("looked up " + host);
    };

    static final ConnectOptions NO_LOOK_UPS =
            ConnectOptions.builder().resolver(NO_NAMES).build();

    static final PoolLimits LIMITS = new PoolLimits(10, 0, 0, 0, Duration.ofSeconds(15));

    private Dials() {}

    /** What a test does with a connector. */
    interface Use {
        void with(Connector connector) throws Exception;
    }

    static ConnectorSettings settings(ConnectOptions connect) {
        return new ConnectorSettings(LIMITS, connect, AddressPolicy.open(), Tls.client(), null);
    }

    static ConnectorSettings settings(AddressPolicy policy) {
        return new ConnectorSettings(LIMITS, NO_LOOK_UPS, policy, Tls.client(), null);
    }

    static ConnectorSettings settings(PoolLimits limits) {
        return settings(NO_LOOK_UPS).withLimits(limits);
    }

    /** Connects to {@code host.test} at these addresses. */
    static ConnectOptions.Builder resolving(String... addresses) {
        List<InetAddress> all =
                List.of(addresses).stream().map(InetAddress::ofLiteral).toList();
        return ConnectOptions.builder().resolver(NO_NAMES.pinning(Map.of("host.test", all)));
    }

    /** Whatever the test did, nothing may be left of it once it is over. */
    static void run(ConnectorSettings settings, Use use) throws Exception {
        run(Clock.SYSTEM, settings, use);
    }

    static void run(Clock clock, ConnectorSettings settings, Use use) throws Exception {
        try (Runner runner = Runner.builder().clock(clock).build()) {
            runner.run(() -> check(settings, use));
        }
    }

    private static void check(ConnectorSettings settings, Use use) throws Exception {
        check(settings, Plain::install, use);
    }

    static void check(ConnectorSettings settings, Protocols protocols, Use use) throws Exception {
        Connector connector = new Connector(Asyncio.getRunningLoop(), settings, protocols);
        use.with(connector);
        assertEquals(0, connector.acquired());
        assertEquals(0, connector.waiting());
        connector.close();
        Asyncio.timeout(Duration.ofSeconds(10), () -> {
            connector.terminated().await();
        });
        assertEquals(0, connector.idle());
        assertEquals(List.of(), connector.dump());
        assertEquals(Map.of(), connector.byOrigin());
    }

    static Connection lease(Connector connector, Caller caller) {
        return lease(connector, caller, ClientTimeout.none());
    }

    static Connection lease(Connector connector, Caller caller, ClientTimeout limits) {
        return connector
                .lease(caller, connector.route(caller.request()), limits, null)
                .connection();
    }

    static Connection lease(Connector connector, String url) {
        return lease(connector, Caller.get(url));
    }

    /** Leasing fails, and nothing is held. */
    static <E extends ClientException> E fails(Class<E> how, Connector connector, Caller caller) {
        int before = connector.acquired();
        E failure = assertThrows(how, () -> lease(connector, caller));
        assertEquals(before, connector.acquired());
        return failure;
    }

    static <E extends ClientException> E fails(Class<E> how, Connector connector, String url) {
        return fails(how, connector, Caller.get(url));
    }

    static Caller through(Proxy proxy, String url) {
        return new Caller(ClientRequest.of("GET", HttpUrl.parse(url)).with(Options.PROXY, any -> proxy));
    }

    /** By a version whose connections are shared, without TLS. */
    static Caller shared(String url) {
        return new Caller(ClientRequest.of("GET", HttpUrl.parse(url)).with(Options.VERSION, HttpVersion.HTTP_2));
    }

    static Caller with(Tls tls, Caller caller) {
        return new Caller(caller.request().with(Options.TLS, tls));
    }

    static void until(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            Asyncio.sleep(Duration.ofMillis(1)).await();
        }
    }

    /** Sends a text at once, or so that each byte comes alone. */
    static void send(RawServer.Peer peer, String text, boolean byteByByte) throws IOException {
        if (!byteByByte) {
            peer.send(text);
            return;
        }
        for (byte one : text.getBytes(StandardCharsets.ISO_8859_1)) {
            peer.send(new byte[] {one});
        }
    }

    /** Passes bytes on between a client and a server of this machine, until the client closes. */
    static void relay(Socket client, int port) throws IOException {
        try (Socket server = new Socket("127.0.0.1", port)) {
            Thread.ofVirtual().start(() -> {
                try {
                    server.getInputStream().transferTo(client.getOutputStream());
                    client.shutdownOutput();
                } catch (IOException | UnsupportedOperationException e) {
                    // One of both has closed.
                }
            });
            client.getInputStream().transferTo(server.getOutputStream());
        } catch (SocketException e) {
            // The client has closed.
        }
    }
}
