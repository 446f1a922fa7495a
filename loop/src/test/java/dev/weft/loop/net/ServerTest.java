package dev.weft.loop.net;

import static dev.weft.loop.net.Nets.bytes;
import static dev.weft.loop.net.Nets.connect;
import static dev.weft.loop.net.Nets.serve;
import static dev.weft.loop.net.Nets.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.loop.Asyncio;
import dev.weft.loop.CancelledError;
import dev.weft.loop.ContextVar;
import dev.weft.loop.LoopError;
import dev.weft.loop.Task;
import dev.weft.loop.net.dial.ConnectionException;
import dev.weft.loop.net.dial.Tls;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The life of a server and of its connections. */
@ExtendWith(BufferLeaks.class)
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ServerTest {
    @Test
    void c364_aFailedHandlerIsReportedAndItsConnectionClosed() {
        Asyncio.run(() -> {
            List<LoopError> reports = Nets.reports();
            IllegalStateException bug = new IllegalStateException("a bug");
            Server server = serve(connection -> {
                connection.writer().write(bytes("said before")).await();
                throw bug;
            });
            try (Connection connection = connect(server)) {
                assertEquals("said before", text(connection.reader().read().await()));
            }
            assertEquals(1, reports.size());
            assertSame(bug, reports.getFirst().exception());
            assertTrue(reports.getFirst()
                    .message()
                    .startsWith("Unhandled exception in the handler of the connection from 127.0.0.1:"));
            assertTrue(reports.getFirst().source() instanceof Task<?>);
        });
    }

    @Test
    void c364_aCheckedExceptionIsReportedAsItself() {
        Asyncio.run(() -> {
            List<LoopError> reports = Nets.reports();
            Server server = serve(connection -> {
                throw new IOException("checked");
            });
            try (Connection connection = connect(server)) {
                assertEquals(0, connection.reader().read().await().length);
            }
            assertEquals(
                    IOException.class,
                    Objects.requireNonNull(reports.getFirst().exception()).getClass());
        });
    }

    @Test
    void c364_aCancelledHandlerIsNotReportedAndItsConnectionClosed() {
        Asyncio.run(() -> {
            List<LoopError> reports = Nets.reports();
            Server server = serve(connection -> {
                Objects.requireNonNull(Asyncio.currentTask()).cancel();
                Asyncio.sleep(0).await();
            });
            try (Connection connection = connect(server)) {
                assertEquals(0, connection.reader().read().await().length);
            }
            assertEquals(List.of(), reports);
        });
    }

    @Test
    void aConnectionMayOutliveItsHandler() {
        Asyncio.run(() -> {
            Nets.Accepting accepting = Nets.accepting();
            try (Connection mine = connect(accepting.server);
                    Connection theirs = accepting.next()) {
                Asyncio.sleep(0).await();
                theirs.writer().write(bytes("still here")).await();
                assertEquals("still here", text(mine.reader().readExactly(10).await()));
            }
        });
    }

    @Test
    void handlersHaveTheContextOfTheServersStart() {
        ContextVar<String> variable = ContextVar.of("name");
        Asyncio.run(() -> {
            List<String> seen = new ArrayList<>();
            variable.set("at the start");
            Server server = serve(connection -> {
                seen.add(variable.get());
                variable.set("of a handler");
                connection.close();
            });
            variable.set("later");
            for (int i = 0; i < 3; i++) {
                try (Connection connection = connect(server)) {
                    connection.reader().read().await();
                }
            }
            assertEquals(List.of("at the start", "at the start", "at the start"), seen);
        });
    }

    @Test
    void c365_waitClosedWaitsForCloseAndForTheLastClient() {
        Asyncio.run(() -> {
            Nets.Accepting accepting = Nets.accepting();
            Server server = accepting.server;
            Task<Void> waiting = Asyncio.createTask(() -> server.waitClosed().await());
            Asyncio.sleep(0).await();
            assertFalse(waiting.isDone());
            Connection mine = connect(server);
            Connection theirs = accepting.next();
            server.close();
            server.close();
            assertFalse(server.isServing());
            Asyncio.sleep(0).await();
            assertFalse(waiting.isDone());
            mine.close();
            assertFalse(waiting.isDone());
            theirs.close();
            waiting.await();
            server.waitClosed().await();
        });
    }

    @Test
    void c365_aClientThatLeavesFirstDoesNotEndTheServer() {
        Asyncio.run(() -> {
            Nets.Accepting accepting = Nets.accepting();
            Server server = accepting.server;
            Task<Void> waiting = Asyncio.createTask(() -> server.waitClosed().await());
            Connection mine = connect(server);
            Connection theirs = accepting.next();
            mine.close();
            theirs.close();
            Asyncio.sleep(0).await();
            assertFalse(waiting.isDone());
            server.close();
            waiting.await();
        });
    }

    @Test
    void c365_cancellingOneThatWaitsLeavesTheOthers() {
        Asyncio.run(() -> {
            Server server = serve(Nets::echo);
            Task<Void> first = Asyncio.createTask(() -> server.waitClosed().await());
            Task<Void> second = Asyncio.createTask(() -> server.waitClosed().await());
            Asyncio.sleep(0).await();
            first.cancel();
            assertThrows(CancelledError.class, first::await);
            server.close();
            second.await();
        });
    }

    @Test
    void aClosedServerTakesNoMoreConnections() {
        Asyncio.run(() -> {
            Server server = serve(Nets::echo);
            int port = server.port();
            server.close();
            server.waitClosed().await();
            assertThrows(
                    ConnectionException.class,
                    () -> Streams.openConnection(Nets.HERE, port).await());
        });
    }

    @Test
    void c366_closeClientsSendsWhatWasWritten() {
        Asyncio.run(() -> {
            Nets.Accepting accepting = Nets.accepting();
            Connection mine = connect(accepting.server);
            Connection theirs = accepting.next();
            theirs.writer().write(new byte[50_000]).await();
            accepting.server.close();
            accepting.server.closeClients();
            assertEquals(50_000, mine.reader().read().await().length);
            accepting.server.waitClosed().await();
            mine.close();
        });
    }

    @Test
    void c366_abortClientsDropsIt() {
        Asyncio.run(() -> {
            Nets.Accepting accepting = Nets.accepting();
            Connection mine = connect(accepting.server);
            Connection theirs = accepting.next();
            Task<Void> stuck = Asyncio.createTask(
                    () -> theirs.writer().write(new byte[20_000_000]).await());
            Asyncio.sleep(0).await();
            accepting.server.close();
            accepting.server.abortClients();
            accepting.server.waitClosed().await();
            assertThrows(ConnectionException.class, stuck::await);
            assertTrue(mine.reader().read().await().length < 20_000_000);
            mine.close();
        });
    }

    @Test
    void serveForeverEndsWithTheServer() {
        Asyncio.run(() -> {
            Server server = serve(Nets::echo);
            Task<Void> serving = Asyncio.createTask(() -> server.serveForever().await());
            try (Connection connection = connect(server)) {
                connection.writer().write(bytes("x")).await();
                assertEquals("x", text(connection.reader().readExactly(1).await()));
            }
            assertThrows(
                    IllegalStateException.class, () -> server.serveForever().await());
            server.close();
            assertThrows(CancelledError.class, serving::await);
            assertThrows(
                    IllegalStateException.class, () -> server.serveForever().await());
        });
    }

    @Test
    void aCancelledServeForeverClosesTheClientsToo() {
        Asyncio.run(() -> {
            Nets.Accepting accepting = Nets.accepting();
            Task<Void> serving =
                    Asyncio.createTask(() -> accepting.server.serveForever().await());
            Connection mine = connect(accepting.server);
            accepting.next();
            serving.cancel();
            assertThrows(CancelledError.class, serving::await);
            assertFalse(accepting.server.isServing());
            assertEquals(0, mine.reader().read().await().length);
            mine.close();
        });
    }

    @Test
    void anAddressInUseIsNamed() {
        Asyncio.run(() -> {
            Server server = serve(Nets::echo);
            ConnectionException taken = assertThrows(
                    ConnectionException.class,
                    () -> Streams.startServer(Nets::echo, Nets.HERE, server.port())
                            .await());
            assertEquals(
                    "cannot listen on 127.0.0.1:" + server.port() + ": Address already in use",
                    taken.getMessage().replaceFirst(": /.*", ""));
        });
    }

    @Test
    void everyAddressOfAHostIsListenedOn() {
        Asyncio.run(() -> {
            Server server = Streams.startServer(Nets::echo, null, 0).await();
            for (String host : List.of(Nets.HERE, "::1")) {
                try (Connection connection =
                        Streams.openConnection(host, server.port()).await()) {
                    connection.writer().write(bytes(host)).await();
                    connection.writer().writeEof().await();
                    assertEquals(host, text(connection.reader().read().await()));
                }
            }
            Server local = Streams.startServer(Nets::echo, "localhost", 0).await();
            assertFalse(local.localAddresses().isEmpty());
        });
    }

    @Test
    void aTlsServerNeedsACertificateAtItsStart() {
        Asyncio.run(() -> {
            ServerOptions options = ServerOptions.builder().tls(Tls.client()).build();
            assertThrows(
                    IllegalArgumentException.class,
                    () -> Streams.startServer(Nets::echo, Nets.HERE, 0, options).await());
        });
    }
}
