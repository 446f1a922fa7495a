package dev.weft.loop.net;

import static dev.weft.loop.net.Nets.bytes;
import static dev.weft.loop.net.Nets.connect;
import static dev.weft.loop.net.Nets.serve;
import static dev.weft.loop.net.Nets.text;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.loop.Asyncio;
import dev.weft.loop.CancelledError;
import dev.weft.loop.Future;
import dev.weft.loop.Runner;
import dev.weft.loop.Task;
import dev.weft.loop.net.dial.ConnectOptions;
import dev.weft.loop.net.dial.ConnectionException;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections on real sockets. */
@ExtendWith(BufferLeaks.class)
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StreamsTest {
    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    @ParameterizedTest
    @ValueSource(strings = {"auto", "nio"})
    void linesGoThereAndBack(String transport) {
        try (Runner runner = Runner.builder().transport(transport).build()) {
            runner.run(() -> {
                Server server = serve(Nets::echo);
                try (Connection connection = connect(server)) {
                    connection.writer().write(bytes("hello\nwor")).await();
                    connection.writer().write(bytes("ld\n")).await();
                    assertEquals("hello\n", text(connection.reader().readLine().await()));
                    assertEquals("world\n", text(connection.reader().readLine().await()));
                    assertFalse(connection.reader().atEof());
                    assertEquals(server.localAddress(), connection.remoteAddress());
                    assertNull(connection.tlsSession());
                }
                server.close();
                server.waitClosed().await();
            });
        }
    }

    @Test
    void connectionsOverIpv6() {
        Asyncio.run(() -> {
            Server server = Streams.startServer(Nets::echo, "::1", 0).await();
            try (Connection connection =
                    Streams.openConnection("::1", server.port()).await()) {
                connection.writer().write(bytes("six")).await();
                assertEquals("six", text(connection.reader().readExactly(3).await()));
            }
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"auto", "nio"})
    void unixSockets(String transport, @TempDir Path directory) {
        Path path = directory.resolve("s");
        try (Runner runner = Runner.builder().transport(transport).build()) {
            runner.run(() -> {
                Server server = Streams.startUnixServer(Nets::echo, path).await();
                assertEquals(UnixDomainSocketAddress.of(path), server.localAddress());
                try (Connection connection = Streams.openUnixConnection(path).await()) {
                    connection.writer().write(bytes("through a file")).await();
                    assertEquals(
                            "through a file",
                            text(connection.reader().readExactly(14).await()));
                    assertEquals(UnixDomainSocketAddress.of(path), connection.remoteAddress());
                }
                server.close();
                assertFalse(Files.exists(path));
            });
        }
    }

    @Test
    void unixSocketsAreClosedByHalf(@TempDir Path directory) {
        Path path = directory.resolve("s");
        // Netty's Unix sockets on the JDK's selector cannot.
        try (Runner runner = Runner.builder().transport("auto").build()) {
            runner.run(() -> {
                Streams.startUnixServer(Nets::echo, path).await();
                try (Connection connection = Streams.openUnixConnection(path).await()) {
                    connection.writer().write(bytes("all of it")).await();
                    connection.writer().writeEof().await();
                    assertEquals("all of it", text(connection.reader().read().await()));
                }
            });
        }
    }

    @Test
    void theLinesOfAReaderAreIterated() {
        Asyncio.run(() -> {
            Server server = serve(connection -> {
                try (connection) {
                    connection
                            .writer()
                            .writeLines(List.of(bytes("one\ntw"), bytes("o\n"), bytes("end")))
                            .await();
                }
            });
            try (Connection connection = connect(server)) {
                List<String> lines = new ArrayList<>();
                for (byte[] line : connection.reader()) {
                    lines.add(text(line));
                }
                assertEquals(List.of("one\n", "two\n", "end"), lines);
                assertThrows(
                        NoSuchElementException.class,
                        () -> connection.reader().iterator().next());
            }
        });
    }

    @Test
    void aServerTakesThePlaceOfADeadOnesSocketAndLeavesAnothersAlone(@TempDir Path directory) throws Exception {
        Path path = directory.resolve("s");
        Asyncio.run(() -> {
            Server first = Streams.startUnixServer(Nets::echo, path).await();
            Server second = Streams.startUnixServer(Nets::echo, path).await();
            first.close();
            first.waitClosed().await();
            try (Connection connection = Streams.openUnixConnection(path).await()) {
                connection.writer().write(bytes("x")).await();
                assertEquals("x", text(connection.reader().readExactly(1).await()));
            }
            assertTrue(Files.exists(path));
            second.close();
            assertFalse(Files.exists(path));
        });
        Files.writeString(path, "a file of somebody's");
        Asyncio.run(() -> {
            ConnectionException taken = assertThrows(
                    ConnectionException.class,
                    () -> Streams.startUnixServer(Nets::echo, path).await());
            assertTrue(taken.getMessage().startsWith("cannot listen on " + path), taken.getMessage());
        });
        assertEquals("a file of somebody's", Files.readString(path));
    }

    @Test
    void afterWriteEofTheOtherDirectionGoesOn() {
        Asyncio.run(() -> {
            Server server = serve(connection -> {
                try (connection) {
                    byte[] all = connection.reader().read().await();
                    assertTrue(connection.reader().atEof());
                    // More than the kernel takes at once: the channel has to wait for room although its input has
                    // ended.
                    connection.writer().write(new byte[20_000_000]).await();
                    connection.writer().write(bytes("got " + all.length)).await();
                }
            });
            try (Connection connection = connect(server)) {
                connection.writer().write(random(100_000)).await();
                connection.writer().writeEof().await();
                assertThrows(
                        IllegalStateException.class,
                        () -> connection.writer().write(bytes("more")).await());
                connection.reader().readExactly(20_000_000).await();
                assertEquals("got 100000", text(connection.reader().read().await()));
            }
        });
    }

    @Test
    void manyBytesArriveWholeThoughTheReaderIsSlow() {
        Asyncio.run(() -> {
            byte[] sent = random(5_000_000);
            Server server = serve(connection -> {
                try (connection) {
                    connection.writer().write(sent).await();
                }
            });
            try (Connection connection = connect(server)) {
                ByteBuffer received = ByteBuffer.allocate(sent.length);
                while (received.hasRemaining()) {
                    received.put(connection.reader().read(50_000).await());
                    Asyncio.sleep(0).await();
                }
                assertEquals(0, connection.reader().read(1).await().length);
                assertArrayEquals(sent, received.array());
            }
        });
    }

    @Test
    void aWriterWaitsWhileItsPeerDoesNotReadAndReadingPauses() {
        Asyncio.run(() -> {
            Nets.Accepting accepting = Nets.accepting();
            try (Connection writer = connect(accepting.server);
                    Connection reader = accepting.next()) {
                shrinkBuffers(writer, reader);
                byte[] chunk = random(60_000);
                List<Integer> written = new ArrayList<>();
                Task<Void> writing = Asyncio.createTask(() -> {
                    for (int i = 0; i < 400; i++) {
                        writer.writer().write(chunk).await();
                        written.add(i);
                    }
                    writer.writer().writeEof().await();
                    return null;
                });
                awaitQuiet(written);
                assertFalse(writing.isDone());
                // The reader holds twice its limit and one read more, the kernel some; 24 MB are not sent.
                assertTrue(written.size() < 200, () -> written.size() + " chunks were written");
                byte[] all = reader.reader().read().await();
                assertEquals(400 * chunk.length, all.length);
                writing.await();
            }
        });
    }

    private static void shrinkBuffers(Connection... connections) {
        for (Connection connection : connections) {
            Channel channel = connection.wire().channel();
            channel.config().setOption(ChannelOption.SO_SNDBUF, 64 * 1024);
            channel.config().setOption(ChannelOption.SO_RCVBUF, 64 * 1024);
        }
    }

    /** Ticks until nothing was added for many ticks: the kernel delivers on loopback at once. */
    private static void awaitQuiet(List<?> growing) {
        int seen = -1;
        for (int quiet = 0; quiet < 200; quiet++) {
            if (growing.size() != seen) {
                seen = growing.size();
                quiet = 0;
            }
            Asyncio.sleep(0).await();
        }
    }

    @Test
    void aCancelledWriteLeavesTheConnectionUsable() {
        Asyncio.run(() -> {
            Nets.Accepting accepting = Nets.accepting();
            try (Connection writer = connect(accepting.server);
                    Connection reader = accepting.next()) {
                byte[] much = random(20_000_000);
                Task<Void> blocked =
                        Asyncio.createTask(() -> writer.writer().write(much).await());
                Asyncio.sleep(0).await();
                Asyncio.sleep(0).await();
                assertFalse(blocked.isDone());
                blocked.cancel();
                assertThrows(CancelledError.class, blocked::await);
                Task<byte[]> received = Asyncio.createTask(
                        () -> reader.reader().readExactly(much.length + 4).await());
                writer.writer().write(bytes("tail")).await();
                byte[] all = received.await();
                assertEquals("tail", text(Arrays.copyOfRange(all, much.length, all.length)));
            }
        });
    }

    @Test
    void theBytesOfAWriteMayBeReusedAfterIt() {
        Asyncio.run(() -> {
            Server server = serve(Nets::echo);
            try (Connection connection = connect(server)) {
                byte[] buffer = bytes("first");
                connection.writer().write(buffer).await();
                System.arraycopy(bytes("other"), 0, buffer, 0, 5);
                ByteBuffer part = ByteBuffer.wrap(buffer, 1, 2);
                connection.writer().write(part).await();
                assertEquals(1, part.position());
                assertEquals("firstth", text(connection.reader().readExactly(7).await()));
            }
        });
    }

    @Test
    void closeSendsWhatWasWrittenAndWaits() {
        Asyncio.run(() -> {
            Nets.Accepting accepting = Nets.accepting();
            Connection writer = connect(accepting.server);
            Connection reader = accepting.next();
            Task<byte[]> all = Asyncio.createTask(() -> reader.reader().read().await());
            writer.writer().write(random(3_000_000)).await();
            writer.close();
            assertTrue(writer.writer().isClosing());
            assertEquals(3_000_000, all.await().length);
            assertThrows(
                    ConnectionException.class,
                    () -> writer.writer().write(bytes("late")).await());
            assertEquals(0, writer.reader().read(1).await().length);
            writer.close();
            reader.close();
            assertTrue(writer.toString().endsWith("closed>"), writer.toString());
        });
    }

    @Test
    void aCloseThatIsCancelledAborts() {
        Asyncio.run(() -> {
            Nets.Accepting accepting = Nets.accepting();
            Connection writer = connect(accepting.server);
            Connection reader = accepting.next();
            Task<Void> stuck = Asyncio.createTask(() -> {
                Task<Void> write = Asyncio.createTask(
                        () -> writer.writer().write(random(20_000_000)).await());
                Asyncio.sleep(0).await();
                write.cancel();
                writer.close();
                return null;
            });
            for (int i = 0; i < 20; i++) {
                Asyncio.sleep(0).await();
            }
            assertFalse(stuck.isDone());
            stuck.cancel();
            assertThrows(CancelledError.class, stuck::await);
            writer.writer().waitClosed().await();
            reader.abort();
        });
    }

    @Test
    void c362_aResetWakesThePendingReadAndFailsWrites() {
        Asyncio.run(() -> {
            Nets.Accepting accepting = Nets.accepting();
            Connection mine = connect(accepting.server);
            Connection peer = accepting.next();
            Task<byte[]> read = Asyncio.createTask(() -> mine.reader().read(1).await());
            Asyncio.sleep(0).await();
            peer.wire().channel().config().setOption(ChannelOption.SO_LINGER, 0);
            peer.abort();
            ConnectionException lost = assertThrows(ConnectionException.class, read::await);
            assertTrue(lost.getMessage().contains("reset"), lost.getMessage());
            assertThrows(
                    ConnectionException.class,
                    () -> mine.writer().write(bytes("x")).await());
            assertThrows(
                    ConnectionException.class, () -> mine.writer().waitClosed().await());
            mine.close();
        });
    }

    @Test
    void bytesThatWereNotSentAreToldByClose() {
        Asyncio.run(() -> {
            Nets.Accepting accepting = Nets.accepting();
            Connection mine = connect(accepting.server);
            Connection peer = accepting.next();
            Task<Void> writing = Asyncio.createTask(
                    () -> mine.writer().write(random(20_000_000)).await());
            Asyncio.sleep(0).await();
            peer.wire().channel().config().setOption(ChannelOption.SO_LINGER, 0);
            peer.abort();
            assertThrows(ConnectionException.class, writing::await);
            ConnectionException unsent = assertThrows(ConnectionException.class, mine::close);
            assertTrue(unsent.getMessage().endsWith("bytes were not sent"), unsent.getMessage());
        });
    }

    @Test
    void aLocalAddressIsBound() {
        Asyncio.run(() -> {
            Server server = serve(Nets::echo);
            ConnectOptions options = ConnectOptions.builder()
                    .localAddress(new InetSocketAddress(Nets.HERE, 0))
                    .build();
            try (Connection connection =
                    Streams.openConnection(Nets.HERE, server.port(), options).await()) {
                assertEquals(
                        Nets.HERE,
                        ((InetSocketAddress) connection.localAddress())
                                .getAddress()
                                .getHostAddress());
            }
        });
    }

    @Test
    void aConnectionIsForItsLoopOnly() throws Exception {
        AtomicReference<Throwable> elsewhere = new AtomicReference<>();
        Asyncio.run(() -> {
            Server server = serve(Nets::echo);
            try (Connection connection = connect(server)) {
                Thread other = Thread.ofPlatform().start(() -> {
                    try {
                        connection.reader().read(1).await();
                    } catch (Throwable e) {
                        elsewhere.set(e);
                    }
                });
                other.join();
            }
            return null;
        });
        assertTrue(elsewhere.get() instanceof IllegalStateException, () -> "" + elsewhere.get());
    }

    @Test
    void whatIsOpenWhenTheLoopClosesIsClosed() {
        Channel[] channels = new Channel[3];
        Asyncio.run(() -> {
            Nets.Accepting accepting = Nets.accepting();
            Connection mine = connect(accepting.server);
            Connection peer = accepting.next();
            mine.writer().write(bytes("unread")).await();
            channels[0] = mine.wire().channel();
            channels[1] = peer.wire().channel();
            channels[2] = channels[1].parent();
        });
        for (Channel channel : channels) {
            assertFalse(channel.isOpen());
        }
    }

    @Test
    void manyConnectionsAtOnce() {
        Asyncio.run(() -> {
            // All of them come in one tick: with a shorter queue the kernel drops some, and tries again seconds later.
            ServerOptions queue = ServerOptions.builder().backlog(1000).build();
            Server server = Streams.startServer(Nets::echo, Nets.HERE, 0, queue).await();
            List<Integer> numbers = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                numbers.add(i);
            }
            List<String> answers = Asyncio.gather(numbers, i -> {
                        try (Connection connection = connect(server)) {
                            connection.writer().write(bytes("n" + i + "\n")).await();
                            return text(connection.reader().readLine().await());
                        }
                    })
                    .await();
            for (int i : numbers) {
                assertEquals("n" + i + "\n", answers.get(i));
            }
            server.close();
            server.waitClosed().await();
        });
    }

    @Test
    void nothingHappensBeforeTheAwait() {
        Asyncio.run(() -> {
            Nets.Accepting accepting = Nets.accepting();
            try (Connection mine = connect(accepting.server);
                    Connection peer = accepting.next()) {
                var dropped = mine.writer().write(bytes("never"));
                mine.writer().write(bytes("sent")).await();
                mine.writer().writeEof().await();
                assertEquals("sent", text(peer.reader().read().await()));
                assertFalse(dropped instanceof Future);
            }
        });
    }
}
