package dev.weft.http.connect;

import static dev.weft.http.connect.Dials.lease;
import static dev.weft.http.connect.Dials.settings;
import static dev.weft.http.connect.Dials.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.http.ClosedPort;
import dev.weft.http.FullBacklog;
import dev.weft.http.RawServer;
import dev.weft.http.connect.Connection.State;
import dev.weft.http.message.ClientTimeout;
import dev.weft.http.message.Phase;
import dev.weft.http.message.PoolTimeoutException;
import dev.weft.http.message.SessionClosedException;
import dev.weft.loop.Asyncio;
import dev.weft.loop.CancelledError;
import dev.weft.loop.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of connections: held, kept, given up, told of. How they are shared out is looked at in {@link PoolTest}. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ConnectorTest {
    private static final Duration LONG = Duration.ofSeconds(15);

    private static PoolLimits limits(int limit, int perHost, int idle, int idlePerHost) {
        return new PoolLimits(limit, perHost, idle, idlePerHost, LONG);
    }

    private static RawServer silent() throws Exception {
        return RawServer.start(RawServer.Peer::awaitEnd);
    }

    private static List<Connection> several(Connector connector, String url, int count) {
        List<Connection> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(lease(connector, url));
        }
        return all;
    }

    @Test
    void idleOnesBeyondTheirLimitAreClosedTheOldestFirst() throws Exception {
        try (RawServer one = silent();
                RawServer two = silent()) {
            Dials.run(settings(limits(0, 0, 3, 2)), connector -> {
                List<Connection> ones = several(connector, one.url("/"), 3);
                ones.forEach(connection -> connector.release(connection, null));
                assertEquals(2, connector.idle());
                until(() -> !ones.get(0).channel().isOpen());
                assertTrue(ones.get(1).channel().isOpen());
                List<Connection> twos = several(connector, two.url("/"), 2);
                twos.forEach(connection -> connector.release(connection, null));
                assertEquals(3, connector.idle());
                until(() -> !ones.get(1).channel().isOpen());
                assertSame(twos.get(1), lease(connector, two.url("/")));
                connector.discard(twos.get(1));
            });
        }
    }

    @Test
    void whatIsNotToBeKept() throws Exception {
        try (RawServer server = silent()) {
            PoolLimits none = new PoolLimits(0, 0, 0, 0, Duration.ZERO);
            Dials.run(settings(none), connector -> {
                Connection connection = lease(connector, server.url("/"));
                connector.release(connection, null);
                assertEquals(0, connector.idle());
                until(() -> !connection.channel().isOpen());
            });
            Dials.run(settings(limits(0, 0, 0, 0)), connector -> {
                Connection connection = lease(connector, server.url("/"));
                connector.release(connection, Duration.ofMillis(20));
                assertEquals(1, connector.idle());
                until(() -> connector.idle() == 0);
                until(() -> !connection.channel().isOpen());
            });
        }
    }

    /** Each is given back once, whatever its holder calls. */
    @Test
    void givenBackTwice() throws Exception {
        try (RawServer server = silent()) {
            Dials.run(settings(limits(2, 0, 0, 0)), connector -> {
                Connection first = lease(connector, server.url("/"));
                connector.release(first, null);
                connector.release(first, null);
                connector.discard(first);
                assertEquals(0, connector.acquired());
                assertEquals(1, connector.idle());
                Connection again = lease(connector, server.url("/"));
                assertSame(first, again);
                assertTrue(again.isReused());
                connector.discard(again);
                connector.discard(again);
                connector.release(again, null);
                assertEquals(0, connector.acquired());
                assertEquals(0, connector.idle());
            });
        }
    }

    /** The server hangs up on a connection whose holder does not look: its place is free for the next. */
    @Test
    void aConnectionThatIsClosedBehindItsHoldersBack() throws Exception {
        CountDownLatch close = new CountDownLatch(1);
        try (RawServer server = RawServer.start(peer -> {
            if (peer.number == 1) {
                assertTrue(close.await(30, java.util.concurrent.TimeUnit.SECONDS));
            } else {
                peer.awaitEnd();
            }
        })) {
            Dials.run(settings(limits(1, 0, 0, 0)), connector -> {
                Connection lost = lease(connector, server.url("/"));
                Task<Connection> next = Asyncio.createTask(() -> lease(connector, server.url("/")));
                until(() -> connector.waiting() == 1);
                close.countDown();
                Connection fresh = next.await();
                assertEquals(1, connector.acquired());
                connector.discard(lost);
                assertEquals(1, connector.acquired());
                connector.release(fresh, null);
            });
        }
    }

    /** H096: the connection that a waiter was given dies before the waiter runs; it keeps its turn and makes its own. */
    @Test
    void aConnectionThatDiesOnItsWayToTheNext() throws Exception {
        try (RawServer server = silent()) {
            Dials.run(settings(limits(1, 0, 0, 0)), connector -> {
                Connection first = lease(connector, server.url("/"));
                Task<Connection> second = Asyncio.createTask(() -> lease(connector, server.url("/")));
                Task<Connection> third = Asyncio.createTask(() -> lease(connector, server.url("/")));
                until(() -> connector.waiting() == 2);
                first.channel().eventLoop().execute(() -> {
                    connector.release(first, null);
                    first.channel().close();
                });
                Connection made = second.await();
                assertFalse(made.isReused());
                assertFalse(third.isDone());
                assertEquals(1, connector.waiting());
                connector.release(made, null);
                assertSame(made, third.await());
                connector.discard(made);
            });
        }
    }

    @Test
    void aPoolThatIsFull() throws Exception {
        try (RawServer server = silent()) {
            Dials.run(settings(limits(1, 0, 0, 0)), connector -> {
                Connection only = lease(connector, server.url("/"));
                Caller caller = Caller.get(server.url("/"));
                ClientTimeout limit =
                        ClientTimeout.builder().pool(Duration.ofMillis(5)).build();
                PoolTimeoutException e =
                        assertThrows(PoolTimeoutException.class, () -> lease(connector, caller, limit));
                assertEquals(Phase.POOL, e.phase());
                assertEquals(0, connector.waiting());
                connector.discard(only);
            });
        }
    }

    /** A place is had by giving up an idle connection of another host; it is closed even if the new one fails. */
    @Test
    void whatGivesWayIsClosed() throws Exception {
        int nobody = ClosedPort.number();
        try (RawServer server = silent()) {
            Dials.run(settings(limits(1, 0, 0, 0)), connector -> {
                Connection idle = lease(connector, server.url("/"));
                connector.release(idle, null);
                Dials.fails(
                        dev.weft.http.message.ConnectFailedException.class,
                        connector,
                        "http://127.0.0.1:" + nobody + "/");
                until(() -> !idle.channel().isOpen());
                assertEquals(0, connector.idle());
            });
        }
    }

    /** The turn comes with one to close, but its taker has just been cancelled: it is closed all the same. */
    @Test
    void whatGivesWayToSomebodyWhoIsGone() throws Exception {
        try (RawServer one = silent();
                RawServer two = silent()) {
            Dials.run(settings(limits(1, 0, 0, 0)), connector -> {
                Connection first = lease(connector, one.url("/"));
                Task<Connection> other = Asyncio.createTask(() -> lease(connector, two.url("/")));
                until(() -> connector.waiting() == 1);
                other.cancel();
                connector.release(first, null);
                assertThrows(CancelledError.class, other::await);
                until(() -> connector.acquired() == 0);
                assertEquals(
                        connector.idle() == 1, first.channel().isActive(), "kept and counted, or closed and forgotten");
            });
        }
    }

    @Test
    void aheadOfTheFirstRequest() throws Exception {
        try (RawServer server = silent()) {
            Dials.run(settings(limits(3, 0, 0, 0)), connector -> {
                List<Task<Boolean>> tasks = new ArrayList<>();
                for (int i = 0; i < 5; i++) {
                    Caller caller = Caller.get(server.url("/"));
                    tasks.add(Asyncio.createTask(() ->
                            connector.preconnect(caller, connector.route(caller.request()), ClientTimeout.none())));
                }
                int made = 0;
                for (Task<Boolean> task : tasks) {
                    made += task.await() ? 1 : 0;
                }
                assertEquals(3, made);
                assertEquals(3, connector.idle());
                Connection connection = lease(connector, server.url("/"));
                // The server may have closed it meanwhile, as any that was idle.
                assertTrue(connection.isReused());
                connector.release(connection, null);
            });
            int nobody = ClosedPort.number();
            Dials.run(settings(limits(3, 0, 0, 0)), connector -> {
                Caller caller = Caller.get("http://127.0.0.1:" + nobody + "/");
                assertThrows(
                        dev.weft.http.message.ConnectFailedException.class,
                        () -> connector.preconnect(caller, connector.route(caller.request()), ClientTimeout.none()));
                assertEquals(0, connector.acquired());
            });
        }
    }

    @Test
    void whoHoldsWhat() throws Exception {
        try (RawServer server = silent();
                FullBacklog full = new FullBacklog()) {
            Dials.run(settings(limits(3, 2, 0, 0)), connector -> {
                Connection held = lease(connector, server.url("/held"));
                Connection idle = lease(connector, server.url("/idle"));
                connector.release(idle, null);
                Task<Connection> dialling = Asyncio.createTask(() -> lease(connector, full.url()));
                until(() -> connector.acquired() == 2);
                List<ConnectionInfo> all = connector.dump();
                assertEquals(
                        List.of(State.LEASED, State.IDLE, State.DIALLING),
                        all.stream().map(ConnectionInfo::state).toList());
                assertEquals(
                        "GET " + server.url("/held"), String.valueOf(all.get(0).holder()));
                assertNull(all.get(1).holder());
                assertEquals("GET " + full.url(), String.valueOf(all.get(2).holder()));
                assertEquals(
                        List.of(1, 1, 0),
                        all.stream().map(ConnectionInfo::served).toList());
                assertEquals(held.route(), all.get(0).route());
                assertTrue(all.stream().allMatch(info -> info.nanos() >= 0 && info.nanos() < LONG.toNanos()));

                Task<Connection> waiting = Asyncio.createTask(() -> {
                    Connection second = lease(connector, server.url("/"));
                    try {
                        return lease(connector, server.url("/"));
                    } finally {
                        connector.discard(second);
                    }
                });
                until(() -> connector.waiting() == 1);
                Map<Origin, Occupancy> counts = connector.byOrigin();
                assertEquals(new Occupancy(2, 0, 1), counts.get(held.route().origin()));
                assertEquals(2, counts.size());
                waiting.cancel();
                dialling.cancel();
                assertThrows(CancelledError.class, waiting::await);
                assertThrows(CancelledError.class, dialling::await);
                connector.discard(held);
            });
        }
    }

    @Test
    void whatEndsInPeace() throws Exception {
        try (RawServer server = silent()) {
            Dials.run(settings(limits(0, 0, 0, 0)), connector -> {
                Connection held = lease(connector, server.url("/"));
                connector.release(lease(connector, server.url("/")), null);
                connector.drain();
                assertEquals(0, connector.idle());
                // What is under way may need another one still.
                Connection more = lease(connector, server.url("/"));
                Task<Void> end = Asyncio.createTask(connector.terminated());
                Task<Void> impatient = Asyncio.createTask(connector.terminated());
                Asyncio.sleep(Duration.ofMillis(5)).await();
                impatient.cancel();
                assertThrows(CancelledError.class, impatient::await);
                assertFalse(end.isDone());
                connector.release(held, null);
                connector.release(more, null);
                assertEquals(0, connector.idle());
                end.await();
                assertFalse(held.channel().isOpen());
                connector.close();
                assertThrows(SessionClosedException.class, () -> lease(connector, server.url("/")));
            });
        }
    }

    @ParameterizedTest
    @CsvSource({
        "64, 16, 8",
        "64, 60, 1",
        "32, 40, 1",
        "256, 30, 97",
        "1024, 30, 100",
        "1048576, 30, 100",
        "unlimited, 30, 100"
    })
    void asManyAsTheSystemAllows(String most, int open, int expected) {
        String limits = """
                Limit                     Soft Limit           Hard Limit           Units
                Max processes             1111                 2222                 processes
                Max open files            %s                   1048576              files
                """.formatted(most);
        assertEquals(expected, Descriptors.most(100, limits, open));
        assertEquals(Math.min(expected, 50), Descriptors.most(50, limits, open));
        assertEquals(100, Descriptors.most(100, "nothing of the kind", open));
    }

    @Test
    void theUsualLimit() {
        int limit = PoolLimits.standard().limit();
        assertTrue(limit >= 1 && limit <= 100, "" + limit);
    }
}
