package dev.weft.loop.net;

import static dev.weft.loop.net.Nets.bytes;
import static dev.weft.loop.net.Nets.text;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.loop.Asyncio;
import dev.weft.loop.CancelledError;
import dev.weft.loop.LoopError;
import dev.weft.loop.Runner;
import dev.weft.loop.Task;
import dev.weft.loop.net.dial.ConnectOptions;
import dev.weft.loop.net.dial.ConnectionException;
import dev.weft.loop.net.dial.Tls;
import dev.weft.loop.net.dial.TlsException;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.OpenSsl;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** TLS, by the JDK and by OpenSSL. */
@ExtendWith(BufferLeaks.class)
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TlsTest {
    static Path pem(String name) {
        try {
            return Path.of(Objects.requireNonNull(TlsTest.class.getResource("/tls/" + name + ".pem"))
                    .toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    private static Tls.Builder server(Tls.Provider provider) {
        return Tls.builder().provider(provider).key(pem("server"), pem("server-key"));
    }

    private static Tls.Builder client(Tls.Provider provider) {
        return Tls.builder().provider(provider).trust(pem("authority"));
    }

    private static Server serve(ConnectionHandler handler, Tls tls) {
        return Streams.startServer(
                        handler, Nets.HERE, 0, ServerOptions.builder().tls(tls).build())
                .await();
    }

    private static Connection connect(Server server, Tls tls) {
        return connect(server, ConnectOptions.builder().tls(tls));
    }

    private static Connection connect(Server server, ConnectOptions.Builder options) {
        return Streams.openConnection(Nets.HERE, server.port(), options.build()).await();
    }

    @Test
    void openSslIsThere() {
        OpenSsl.ensureAvailability();
    }

    @ParameterizedTest
    @EnumSource(Tls.Provider.class)
    void bytesGoThereAndBack(Tls.Provider provider) throws Exception {
        byte[] much = new byte[3_000_000];
        new Random(1).nextBytes(much);
        Asyncio.run(() -> {
            Server server = serve(Nets::echo, server(provider).build());
            try (Connection connection = connect(server, client(provider).build())) {
                Task<Void> writing =
                        Asyncio.createTask(() -> connection.writer().write(much).await());
                assertArrayEquals(
                        much, connection.reader().readExactly(much.length).await());
                writing.await();
                assertEquals(
                        "CN=server",
                        Objects.requireNonNull(connection.tlsSession())
                                .getPeerPrincipal()
                                .getName());
                assertNull(connection.applicationProtocol());
            }
            server.close();
            server.waitClosed().await();
            return null;
        });
    }

    @ParameterizedTest
    @EnumSource(Tls.Provider.class)
    void theServersNameIsChecked(Tls.Provider provider) {
        Asyncio.run(() -> {
            Server server = serve(Nets::echo, server(provider).build());
            Tls trusting = client(provider).build();
            connect(server, ConnectOptions.builder().tls(trusting).serverName("tls.test"))
                    .close();
            TlsException refused = assertThrows(
                    TlsException.class,
                    () -> connect(server, ConnectOptions.builder().tls(trusting).serverName("other.test")));
            assertNotNull(refused.certificateProblem(), () -> "" + refused.getCause());
            assertTrue(
                    refused.getMessage().startsWith("no TLS with 127.0.0.1:" + server.port() + ": "),
                    refused.getMessage());
            connect(
                            server,
                            ConnectOptions.builder()
                                    .tls(client(provider).verifyHostname(false).build())
                                    .serverName("other.test"))
                    .close();
        });
    }

    @ParameterizedTest
    @EnumSource(Tls.Provider.class)
    void theServersAuthorityIsChecked(Tls.Provider provider) {
        Asyncio.run(() -> {
            Server server = serve(Nets::echo, server(provider).build());
            Tls strangers = Tls.builder().provider(provider).build();
            TlsException refused = assertThrows(TlsException.class, () -> connect(server, strangers));
            assertNotNull(refused.certificateProblem());
            connect(server, Tls.builder().provider(provider).insecure().build()).close();
        });
    }

    @ParameterizedTest
    @EnumSource(Tls.Provider.class)
    void anExpiredCertificateIsRefused(Tls.Provider provider) {
        Asyncio.run(() -> {
            Tls expired = Tls.builder()
                    .provider(provider)
                    .key(pem("expired"), pem("server-key"))
                    .build();
            Server server = serve(Nets::echo, expired);
            TlsException refused = assertThrows(
                    TlsException.class, () -> connect(server, client(provider).build()));
            assertNotNull(refused.certificateProblem());
        });
    }

    @ParameterizedTest
    @EnumSource(Tls.Provider.class)
    void aServerMayDemandACertificate(Tls.Provider provider) {
        Asyncio.run(() -> {
            Tls demanding = server(provider)
                    .trust(pem("authority"))
                    .requireClientCertificate(true)
                    .build();
            Server server = serve(Nets::echo, demanding);
            Tls known = client(provider).key(pem("client"), pem("client-key")).build();
            try (Connection connection = connect(server, known)) {
                connection.writer().write(bytes("x")).await();
                assertEquals("x", text(connection.reader().readExactly(1).await()));
            }
            // With TLS 1.3 the client hears of the refusal with its first read.
            assertThrows(ConnectionException.class, () -> {
                try (Connection connection = connect(server, client(provider).build())) {
                    connection.reader().readExactly(1).await();
                } catch (IncompleteReadException e) {
                    throw new ConnectionException("ended", new IOException(e));
                }
            });
        });
    }

    @ParameterizedTest
    @EnumSource(Tls.Provider.class)
    void theApplicationProtocolIsAgreedOn(Tls.Provider provider) {
        Asyncio.run(() -> {
            Server server = serve(
                    connection -> {
                        try (connection) {
                            connection
                                    .writer()
                                    .write(bytes("" + connection.applicationProtocol()))
                                    .await();
                        }
                    },
                    server(provider).applicationProtocols("h2", "http/1.1").build());
            Tls offering =
                    client(provider).applicationProtocols("spdy", "http/1.1").build();
            try (Connection connection = connect(server, offering)) {
                assertEquals("http/1.1", connection.applicationProtocol());
                assertEquals("http/1.1", text(connection.reader().read().await()));
            }
        });
    }

    @ParameterizedTest
    @EnumSource(Tls.Provider.class)
    void aConnectionIsSecuredWhileItIsInUse(Tls.Provider provider) {
        Asyncio.run(() -> {
            Tls own = server(provider).build();
            Server server = Nets.serve(connection -> {
                assertEquals("STARTTLS\n", text(connection.reader().readLine().await()));
                connection.writer().write(bytes("go ahead\n")).await();
                // The client may begin before this side has TLS: what it sends is not lost.
                Asyncio.sleep(Duration.ofMillis(20)).await();
                connection.writer().startTls(own).await();
                Nets.echo(connection);
            });
            try (Connection connection = Nets.connect(server)) {
                assertNull(connection.tlsSession());
                connection.writer().write(bytes("STARTTLS\n")).await();
                assertEquals("go ahead\n", text(connection.reader().readLine().await()));
                connection.writer().startTls(client(provider).build()).await();
                assertNotNull(connection.tlsSession());
                connection.writer().write(bytes("secret")).await();
                assertEquals("secret", text(connection.reader().readExactly(6).await()));
            }
        });
    }

    /** TLS would wait for an answer that cannot come. */
    @Test
    void aPeerThatHasGoneBeforeTlsBegins() {
        Asyncio.run(() -> {
            Tls own = server(Tls.Provider.JDK).build();
            List<Boolean> failed = new ArrayList<>();
            Server server = Nets.serve(connection -> {
                assertEquals("bye\n", text(connection.reader().read().await()));
                while (!connection.reader().atEof()) {
                    Asyncio.sleep(Duration.ofMillis(1)).await();
                }
                assertThrows(
                        TlsException.class,
                        () -> connection.writer().startTls(own).await());
                failed.add(true);
            });
            try (Connection connection = Nets.connect(server)) {
                connection.writer().write(bytes("bye\n")).await();
            }
            server.close();
            server.waitClosed().await();
            assertEquals(List.of(true), failed);
        });
    }

    @Test
    void bytesInTheClearBeforeTlsAreNotTakenForSecret() {
        Asyncio.run(() -> {
            List<LoopError> reports = Nets.reports();
            Tls own = server(Tls.Provider.JDK).build();
            Server server = Nets.serve(connection -> {
                connection.reader().readLine().await();
                connection.writer().write(bytes("go ahead\nsmuggled\n")).await();
                assertThrows(
                        TlsException.class,
                        () -> connection.writer().startTls(own).await());
            });
            try (Connection connection = Nets.connect(server)) {
                connection.writer().write(bytes("STARTTLS\n")).await();
                assertEquals("go ahead\n", text(connection.reader().readLine().await()));
                Tls trusting = client(Tls.Provider.JDK).build();
                assertThrows(
                        TlsException.class,
                        () -> connection.writer().startTls(trusting).await());
            }
            server.close();
            server.waitClosed().await();
            Asyncio.sleep(0).await();
            assertEquals(List.of(), reports);
        });
    }

    @ParameterizedTest
    @EnumSource(Tls.Provider.class)
    void thePeersGoodbyeEndsTheStreamAndTheConnection(Tls.Provider provider) {
        Asyncio.run(() -> {
            Server server = serve(
                    connection -> {
                        try (connection) {
                            connection.writer().write(bytes("bye")).await();
                        }
                    },
                    server(provider).build());
            try (Connection connection = connect(server, client(provider).build())) {
                assertEquals("bye", text(connection.reader().read().await()));
                assertTrue(connection.reader().atEof());
                connection.writer().waitClosed().await();
            }
        });
    }

    @ParameterizedTest
    @EnumSource(Tls.Provider.class)
    void anEndWithoutGoodbyeIsNotWaitedFor(Tls.Provider provider) {
        Tls patient = client(provider).shutdownTimeout(Duration.ofHours(1)).build();
        Asyncio.run(() -> {
            List<Connection> peers = new ArrayList<>();
            Server server = serve(
                    connection -> {
                        peers.add(connection);
                        connection.writer().write(bytes("cut")).await();
                        if (peers.size() == 1) {
                            cut(connection);
                        }
                    },
                    server(provider).build());
            // Cut while this side reads, then while it closes.
            try (Connection mine = connect(server, patient)) {
                assertEquals("cut", text(mine.reader().read().await()));
            }
            Connection mine = connect(server, patient);
            assertEquals("cut", text(mine.reader().readExactly(3).await()));
            Connection peer = peers.getLast();
            deafen(peer);
            Task<Void> closing = Asyncio.createTask(() -> {
                mine.close();
                return null;
            });
            Asyncio.sleep(0).await();
            cut(peer);
            closing.await();
            peers.forEach(Connection::abort);
        });
    }

    /** Lets nothing of what comes reach TLS any more. */
    private static void deafen(Connection connection) {
        connection.wire().channel().pipeline().addFirst(new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext context, Object message) {
                ReferenceCountUtil.release(message);
            }
        });
        Asyncio.sleep(0).await();
    }

    /** Ends TCP without a word of TLS. */
    private static void cut(Connection connection) {
        var channel = (SocketChannel) connection.wire().channel();
        channel.eventLoop().execute(() -> channel.shutdownOutput());
    }

    @Test
    void tlsCannotBeClosedByHalf() {
        Asyncio.run(() -> {
            Server server = serve(Nets::echo, server(Tls.Provider.AUTO).build());
            try (Connection connection =
                    connect(server, client(Tls.Provider.AUTO).build())) {
                assertThrows(
                        UnsupportedOperationException.class,
                        () -> connection.writer().writeEof().await());
            }
        });
    }

    @ParameterizedTest
    @EnumSource(Tls.Provider.class)
    void aServerWithoutTlsIsNoTlsServer(Tls.Provider provider) {
        Asyncio.run(() -> {
            Server plain = Nets.serve(connection -> {
                try (connection) {
                    connection
                            .writer()
                            .write(bytes("HTTP/1.1 400 Bad Request\r\n\r\n"))
                            .await();
                }
            });
            assertThrows(
                    TlsException.class, () -> connect(plain, client(provider).build()));
            Server silent = Nets.serve(Connection::close);
            assertThrows(
                    TlsException.class, () -> connect(silent, client(provider).build()));
        });
    }

    @Test
    void theHandshakeIsLimitedInTime() {
        ShiftedClock clock = new ShiftedClock();
        try (Runner runner = Runner.builder().clock(clock).build()) {
            runner.run(() -> {
                Nets.Accepting silent = Nets.accepting();
                Task<Connection> connecting = Asyncio.createTask(
                        () -> connect(silent.server, client(Tls.Provider.JDK).build()));
                Connection peer = silent.next();
                assertTrue(peer.reader().read(5).await().length > 0);
                clock.advance(Duration.ofSeconds(59));
                Asyncio.sleep(0).await();
                assertFalse(connecting.isDone());
                clock.advance(Duration.ofSeconds(2));
                TlsException late = assertThrows(TlsException.class, connecting::await);
                assertTrue(late.getMessage().endsWith("the handshake took longer than 60000 ms"), late.getMessage());
                peer.reader().read().await();
                peer.close();
            });
        }
    }

    @Test
    void aHandshakeThatIsCancelledClosesTheConnection() {
        Asyncio.run(() -> {
            Nets.Accepting silent = Nets.accepting();
            Task<Connection> connecting = Asyncio.createTask(
                    () -> connect(silent.server, client(Tls.Provider.JDK).build()));
            try (Connection peer = silent.next()) {
                peer.reader().read(5).await();
                connecting.cancel();
                assertThrows(CancelledError.class, connecting::await);
                peer.reader().read().await();
            }
        });
    }

    @Test
    void closingWaitsForThePeersGoodbyeForALimitedTime() {
        ShiftedClock clock = new ShiftedClock();
        try (Runner runner = Runner.builder().clock(clock).build()) {
            runner.run(() -> {
                // A peer that leaves its TLS alone: it answers no goodbye.
                Nets.Accepting accepting = Nets.accepting();
                Tls own = server(Tls.Provider.JDK).build();
                Task<Connection> connecting = Asyncio.createTask(() -> {
                    Connection plain = Nets.connect(accepting.server);
                    plain.writer().startTls(client(Tls.Provider.JDK).build()).await();
                    return plain;
                });
                Connection peer = accepting.next();
                peer.writer().startTls(own).await();
                Connection mine = connecting.await();
                deafen(peer);
                Task<Void> closing = Asyncio.createTask(() -> {
                    mine.close();
                    return null;
                });
                for (int i = 0; i < 50; i++) {
                    Asyncio.sleep(0).await();
                }
                assertFalse(closing.isDone());
                clock.advance(Duration.ofSeconds(31));
                closing.await();
                peer.abort();
            });
        }
    }

    @Test
    void tlsOverAUnixSocketNeedsAName(@TempDir Path directory) {
        Path path = directory.resolve("s");
        Asyncio.run(() -> {
            ServerOptions secured = ServerOptions.builder()
                    .tls(server(Tls.Provider.AUTO).build())
                    .build();
            Server server = Streams.startUnixServer(Nets::echo, path, secured).await();
            ConnectOptions.Builder options =
                    ConnectOptions.builder().tls(client(Tls.Provider.AUTO).build());
            assertThrows(
                    IllegalArgumentException.class,
                    () -> Streams.openUnixConnection(path, options.build()).await());
            options.serverName("tls.test");
            try (Connection connection =
                    Streams.openUnixConnection(path, options.build()).await()) {
                connection.writer().write(bytes("x")).await();
                assertEquals("x", text(connection.reader().readExactly(1).await()));
            }
            server.close();
        });
    }
}
