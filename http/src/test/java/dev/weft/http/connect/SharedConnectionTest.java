package dev.weft.http.connect;

import static dev.weft.http.connect.Dials.settings;
import static dev.weft.http.connect.Dials.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.http.FullBacklog;
import dev.weft.http.RawServer;
import dev.weft.http.connect.Connection.State;
import dev.weft.http.message.ClientException;
import dev.weft.http.message.ClientTimeout;
import dev.weft.http.message.HttpVersion;
import dev.weft.http.message.Phase;
import dev.weft.http.message.TotalTimeoutException;
import dev.weft.loop.Asyncio;
import dev.weft.loop.CancelledError;
import dev.weft.loop.Runner;
import dev.weft.loop.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Connections that several requests have at a time, {@link Plain#STREAMS} at first. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SharedConnectionTest {
    private static final Duration LONG = Duration.ofSeconds(15);

    private static PoolLimits limits(int limit) {
        return new PoolLimits(limit, 0, 0, 0, LONG);
    }

    private static RawServer silent() throws Exception {
        return RawServer.start(RawServer.Peer::awaitEnd);
    }

    private static Lease lease(Connector connector, String url) {
        return lease(connector, Dials.shared(url));
    }

    private static Lease lease(Connector connector, Caller caller) {
        return connector.lease(caller, connector.route(caller.request()), ClientTimeout.none(), null);
    }

    private static List<Task<Lease>> begin(Connector connector, String url, int count) {
        List<Task<Lease>> tasks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            tasks.add(Asyncio.createTask(() -> lease(connector, url)));
        }
        return tasks;
    }

    private static List<Lease> all(List<Task<Lease>> tasks) {
        List<Lease> leases = new ArrayList<>();
        tasks.forEach(task -> leases.add(task.await()));
        return leases;
    }

    /** Those that come while it is being made wait for it; when all are done it is idle, and serves the next ones. */
    @Test
    void manyHaveOne() throws Exception {
        try (RawServer server = silent()) {
            Dials.run(settings(limits(0)), connector -> {
                List<Lease> leases = all(begin(connector, server.url("/"), Plain.STREAMS));
                Connection one = leases.getFirst().connection();
                leases.forEach(lease -> assertSame(one, lease.connection()));
                assertEquals(
                        List.of(false, true, true),
                        leases.stream().map(Lease::reused).toList());
                assertEquals(1, connector.acquired());
                ConnectionInfo info = connector.dump().getFirst();
                assertEquals(State.LEASED, info.state());
                assertEquals(HttpVersion.HTTP_2, info.version());
                assertEquals(Plain.STREAMS, info.requests());
                assertEquals(Plain.STREAMS, info.served());
                assertNull(info.holder());

                Lease more = lease(connector, server.url("/"));
                assertNotSame(one, more.connection());
                more.end(null);
                leases.removeLast().end(null);
                assertSame(one, lease(connector, server.url("/")).connection());
                connector.release(one, null);
                leases.forEach(lease -> lease.end(null));
                // Each gives back what it has once.
                leases.forEach(lease -> lease.end(null));
                assertEquals(0, connector.acquired());
                assertEquals(2, connector.idle());
                assertEquals(List.of(State.IDLE, State.IDLE), states(connector));
                Lease last = lease(connector, server.url("/"));
                assertSame(one, last.connection());
                assertTrue(last.reused());
                last.end(null);
            });
        }
    }

    private static List<State> states(Connector connector) {
        return connector.dump().stream().map(ConnectionInfo::state).toList();
    }

    /** What ends one request leaves the others alone. */
    @Test
    void aRequestThatFailed() throws Exception {
        try (RawServer server = silent()) {
            Dials.run(settings(limits(0)), connector -> {
                List<Lease> leases = all(begin(connector, server.url("/"), 2));
                Connection one = leases.getFirst().connection();
                leases.getFirst().end("it was reset");
                assertEquals(1, Plain.aborted(one));
                leases.getFirst().distrust();
                connector.closeIdle(one.route());
                assertTrue(one.isActive());
                assertEquals(1, connector.dump().getFirst().requests());
                leases.getLast().end(null);
                assertEquals(1, Plain.aborted(one));
                assertEquals(1, connector.idle());
                leases.getLast().distrust();
                assertEquals(0, connector.idle());
                assertEquals(1, Plain.goodbyes(one));
            });
        }
    }

    @Test
    void itTakesMoreOrFewer() throws Exception {
        try (RawServer server = silent()) {
            Dials.run(settings(limits(1)), connector -> {
                List<Task<Lease>> tasks = begin(connector, server.url("/"), 2 * Plain.STREAMS);
                List<Lease> leases = all(tasks.subList(0, Plain.STREAMS));
                Connection one = leases.getFirst().connection();
                assertEquals(Plain.STREAMS, connector.waiting());
                Plain.capacity(one, 2 * Plain.STREAMS - 1);
                assertEquals(1, connector.waiting());
                Plain.capacity(one, 0);
                leases.addAll(all(tasks.subList(Plain.STREAMS, 2 * Plain.STREAMS - 1)));
                leases.forEach(lease -> lease.end(null));
                // It is of no use, so it gives way.
                Lease elsewhere = tasks.getLast().await();
                assertNotSame(one, elsewhere.connection());
                assertFalse(one.channel().isActive());
                elsewhere.end(null);
            });
        }
    }

    @Test
    void itTakesNoneAnyMore() throws Exception {
        try (RawServer server = silent()) {
            Dials.run(settings(limits(0)), connector -> {
                List<Lease> leases = all(begin(connector, server.url("/"), 2));
                Connection old = leases.getFirst().connection();
                List<String> reasons = new ArrayList<>();
                leases.forEach(lease -> lease.whenClosed(reasons::add));
                Plain.retire(old);
                Lease next = lease(connector, server.url("/"));
                assertNotSame(old, next.connection());
                leases.getFirst().end(null);
                assertTrue(old.isActive());
                assertEquals(0, Plain.goodbyes(old));
                leases.getLast().end(null);
                assertEquals(1, Plain.goodbyes(old));
                until(() -> !old.channel().isOpen());
                assertEquals(List.of("it takes no more requests"), reasons);
                next.end(null);
                Plain.retire(next.connection());
                assertEquals(0, connector.idle());
                assertEquals(1, Plain.goodbyes(next.connection()));
            });
        }
    }

    /** A waiter got a part of it, and it retires before that one runs: it goes elsewhere. */
    @Test
    void itRetiresOnTheWayToAWaiter() throws Exception {
        try (RawServer server = silent()) {
            Dials.run(settings(limits(1)), connector -> {
                List<Task<Lease>> tasks = begin(connector, server.url("/"), Plain.STREAMS + 1);
                List<Lease> leases = all(tasks.subList(0, Plain.STREAMS));
                Connection old = leases.getFirst().connection();
                leases.removeLast().end(null);
                Plain.retire(old);
                assertEquals(0, connector.waiting());
                until(() -> connector.waiting() == 1);
                leases.forEach(lease -> lease.end(null));
                Lease fresh = tasks.getLast().await();
                assertNotSame(old, fresh.connection());
                assertFalse(fresh.reused());
                fresh.end(null);
            });
        }
    }

    /** Its place is free at once; each request on it is told. */
    @Test
    void theServerClosesIt() throws Exception {
        CountDownLatch close = new CountDownLatch(1);
        try (RawServer server = RawServer.start(peer -> {
            if (peer.number == 1) {
                assertTrue(close.await(30, TimeUnit.SECONDS));
            } else {
                peer.awaitEnd();
            }
        })) {
            Dials.run(settings(limits(1)), connector -> {
                List<Task<Lease>> tasks = begin(connector, server.url("/"), Plain.STREAMS + 1);
                List<Lease> lost = all(tasks.subList(0, Plain.STREAMS));
                List<String> reasons = new ArrayList<>();
                lost.forEach(lease -> lease.whenClosed(reason -> reasons.add(reason)));
                lost.removeFirst().end(null);
                close.countDown();
                Lease fresh = tasks.getLast().await();
                if (fresh.connection() == lost.getFirst().connection()) {
                    // It had the place of the one that ended, before the server closed.
                    until(() -> !fresh.connection().isActive());
                    fresh.end("it was lost");
                }
                until(() -> reasons.size() == 2);
                assertEquals(List.of("the server closed it", "the server closed it"), reasons);
                lost.forEach(lease -> lease.end("it was lost"));
                Lease next = lease(connector, server.url("/"));
                assertEquals(1, connector.acquired());
                next.end(null);
                if (fresh.connection() == next.connection()) {
                    fresh.end(null);
                }
                assertEquals(1, connector.idle());
            });
        }
    }

    @Test
    void theLastRequestIsToldOfTheEndOfAnIdleOne() throws Exception {
        try (RawServer server = silent()) {
            Dials.run(settings(limits(0)), connector -> {
                List<Lease> leases = all(begin(connector, server.url("/"), 2));
                List<String> told = new ArrayList<>();
                leases.getFirst().whenClosed(reason -> told.add("first"));
                leases.getLast().whenClosed(reason -> told.add("last"));
                leases.forEach(lease -> lease.end(null));
                connector.closeIdle(leases.getFirst().connection().route());
                assertEquals(List.of("last"), told);

                Lease before = lease(connector, server.url("/"));
                before.whenClosed(reason -> told.add("before"));
                before.end(null);
                Lease after = lease(connector, server.url("/"));
                after.end(null);
                connector.closeIdle(after.connection().route());
                assertEquals(List.of("last"), told);
            });
        }
    }

    /** All that waited for one connection each make their own when it turns out that only one can have it. */
    @Test
    void itIsNotSharedAfterAll() throws Exception {
        try (RawServer server = silent();
                Runner runner = Runner.builder().build()) {
            runner.run(() ->
                    Dials.check(settings(limits(0)), (channel, h2) -> Plain.install(channel, false), connector -> {
                        List<Lease> leases = all(begin(connector, server.url("/"), 4));
                        assertEquals(4, connector.acquired());
                        leases.forEach(lease -> lease.end(null));
                        // That is remembered when none is left.
                        connector.closeIdle(leases.getFirst().connection().route());
                        List<Task<Lease>> more = begin(connector, server.url("/"), 2);
                        until(() -> connector.acquired() == 2);
                        assertEquals(0, connector.waiting());
                        all(more).forEach(lease -> lease.end("enough"));
                    }));
        }
    }

    /** Nobody takes the connection: who waited for it learns that after the time of one more, not of as many as there are. */
    @Test
    void aHostThatIsDead() throws Exception {
        int many = 20;
        Duration limit = Duration.ofMillis(200);
        try (FullBacklog full = new FullBacklog()) {
            Dials.run(settings(limits(0)), connector -> {
                long start = System.nanoTime();
                ClientTimeout timeout = ClientTimeout.builder().connect(limit).build();
                List<Task<Lease>> tasks = new ArrayList<>();
                for (int i = 0; i < many; i++) {
                    Caller caller = Dials.shared(full.url());
                    tasks.add(Asyncio.createTask(
                            () -> connector.lease(caller, connector.route(caller.request()), timeout, null)));
                }
                until(() -> connector.waiting() == many - 1);
                tasks.forEach(task -> assertThrows(ClientException.class, task::await));
                assertTrue(
                        System.nanoTime() - start < limit.multipliedBy(many / 2).toNanos());
            });
        }
    }

    /** Who makes it gives up: the next one makes it, alone. */
    @Test
    void whoMakesItGivesUp() throws Exception {
        try (FullBacklog full = new FullBacklog()) {
            Dials.run(settings(limits(0)), connector -> {
                Task<Lease> first = Asyncio.createTask(() -> lease(connector, full.url()));
                until(() -> connector.acquired() == 1);
                Caller second = Dials.shared(full.url());
                Task<Lease> late = Asyncio.createTask(() -> lease(connector, second));
                List<Task<Lease>> others = begin(connector, full.url(), 2);
                until(() -> connector.waiting() == 3);
                first.cancel();
                assertThrows(CancelledError.class, first::await);
                until(() -> second.isWaitingIn(Phase.CONNECT));
                assertEquals(2, connector.waiting());
                // Its own limit is over, that says nothing of the host.
                second.fail(new TotalTimeoutException(second.request(), Phase.CONNECT, LONG, LONG));
                assertThrows(TotalTimeoutException.class, late::await);
                until(() -> connector.waiting() == 1);
                assertEquals(1, connector.acquired());
                others.forEach(Task::cancel);
                others.forEach(task -> assertThrows(CancelledError.class, task::await));
            });
        }
    }

    @Test
    void itGivesWayToAnotherHost() throws Exception {
        try (RawServer one = silent();
                RawServer two = silent()) {
            Dials.run(settings(limits(1)), connector -> {
                Lease busy = lease(connector, one.url("/"));
                List<Task<Lease>> other = begin(connector, two.url("/"), 1);
                until(() -> connector.waiting() == 1);
                List<Task<Lease>> more = begin(connector, one.url("/"), 1);
                until(() -> connector.waiting() == 2);
                busy.end(null);
                Lease elsewhere = other.getFirst().await();
                assertEquals(1, Plain.goodbyes(busy.connection()));
                assertFalse(more.getFirst().isDone());
                elsewhere.end(null);
                more.getFirst().await().end(null);
            });
        }
    }

    @Test
    void theEndOfASession() throws Exception {
        try (RawServer server = silent()) {
            Dials.run(settings(limits(0)), connector -> {
                List<Lease> leases = all(begin(connector, server.url("/"), 2));
                connector.drain();
                leases.add(lease(connector, server.url("/")));
                assertEquals(1, connector.acquired());
                leases.forEach(lease -> lease.end(null));
                assertEquals(0, connector.idle());
                connector.terminated().await();
                assertEquals(1, Plain.goodbyes(leases.getFirst().connection()));
            });
        }
    }

    @Test
    void aheadOfTheFirstRequest() throws Exception {
        try (RawServer server = silent()) {
            Dials.run(settings(limits(0)), connector -> {
                Caller caller = Dials.shared(server.url("/"));
                Route route = connector.route(caller.request());
                Task<Boolean> ahead =
                        Asyncio.createTask(() -> connector.preconnect(caller, route, ClientTimeout.none()));
                until(() -> connector.acquired() + connector.idle() == 1);
                assertFalse(connector.preconnect(caller, route, ClientTimeout.none()));
                Lease lease = lease(connector, server.url("/"));
                assertTrue(ahead.await());
                assertFalse(connector.preconnect(caller, route, ClientTimeout.none()));
                assertEquals(1, connector.acquired());
                lease.end(null);
            });
        }
    }
}
