package dev.weft.http.connect;

import dev.weft.http.connect.Pool.Dial;
import dev.weft.http.connect.Pool.Grant;
import dev.weft.http.connect.Pool.Plan;
import dev.weft.http.connect.Pool.Reuse;
import dev.weft.http.message.ConnectTimeoutException;
import dev.weft.http.message.Phase;
import dev.weft.http.message.PoolTimeoutException;
import dev.weft.loop.Future;
import dev.weft.loop.Loop;
import dev.weft.loop.TimerHandle;
import io.netty.channel.Channel;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The connections of a session: does what the {@link Pool} decides. Confined to the loop.
 *
 * <p>Invariant: what {@link #lease} gave is given back exactly once, by {@link #release} or {@link #discard}. An idle connection is
 * closed, and forgotten, as soon as the server closes it or sends anything, or its time is over.
 */
public final class Connector {
    private final Loop loop;
    private final Dialer dialer;
    private final Pool<Connection, Waiter> pool;
    private final Duration keepAlive;
    /** Closes idle connections whose time is over; null while there are none to watch. */
    private @Nullable TimerHandle sweep;

    private long sweepNanos;
    private int open;
    private final java.util.List<Future<@Nullable Void>> waiters = new java.util.ArrayList<>();
    public dev.weft.loop.Awaitable<@Nullable Void, RuntimeException> terminated() {
        return () -> { if (open > 0) { Future<@Nullable Void> f = loop.createFuture(); waiters.add(f); f.await(); } return null; };
    }

    /** A request that waits for its turn. */
    private record Waiter(Origin origin, Future<Plan<Connection>> turn) {}

    /**
     * Makes a connector without connections.
     *
     * @param limit most connections in all, 0 for no limit
     * @param limitPerHost most connections to one origin, 0 for no limit
     * @param keepAlive how long an idle connection is kept
     */
    public Connector(Loop loop, Dialer dialer, int limit, int limitPerHost, Duration keepAlive) {
        this.loop = loop;
        this.dialer = dialer;
        this.pool = new Pool<>(limit, limitPerHost);
        this.keepAlive = keepAlive;
    }

    /**
     * A connection to an origin: an idle one, or a new one; waits for its turn where the limits ask for it.
     *
     * @param poolLimit for the wait; null for none
     * @param connectLimit for name, TCP and TLS; null for none
     * @throws dev.weft.http.message.ClientException if none came about
     */
    public Connection lease(
            Patience patience, Origin origin, @Nullable Duration poolLimit, @Nullable Duration connectLimit) {
        Plan<Connection> plan = plan(patience, origin, poolLimit);
        if (plan instanceof Reuse<Connection>(Connection idle) && idle.channel().isActive()) {
            idle.lend();
            return idle;
        }
        if (plan instanceof Dial<Connection>(Connection evict) && evict != null) {
            close(evict, "a connection to another host needs its place");
        }
        // A connection that died since it was granted leaves its place to a new one.
        return dial(patience, origin, connectLimit);
    }

    private Plan<Connection> plan(Patience patience, Origin origin, @Nullable Duration poolLimit) {
        Waiter waiter = new Waiter(origin, loop.createFuture());
        Plan<Connection> plan = pool.acquire(origin, waiter);
        if (plan != null) {
            return plan;
        }
        try (Stage stage = new Stage(loop, patience, poolLimit, PoolTimeoutException::new)) {
            return stage.await(Phase.POOL, waiter.turn());
        } finally {
            pool.cancel(origin, waiter);
        }
    }

    private Connection dial(Patience patience, Origin origin, @Nullable Duration connectLimit) {
        Channel channel = null;
        try (Stage stage = new Stage(loop, patience, connectLimit, ConnectTimeoutException::new)) {
            channel = dialer.dial(stage, origin);
        } finally {
            if (channel == null) {
                grant(pool.release(origin, null));
            }
        }
        Connection connection = new Connection(origin, channel);
        open++;
        channel.closeFuture().addListener(closed -> {
            if (--open == 0) {
                waiters.forEach(w -> w.setResult(null));
                waiters.clear();
            }
            connection.closes("the server closed it");
            grant(pool.forget(connection));
        });
        return connection;
    }

    /**
     * Takes a connection back for another request.
     *
     * @param hint how long the server keeps it, null if it did not say
     */
    public void release(Connection connection, @Nullable Duration hint) {
        Duration idle = hint != null && hint.compareTo(keepAlive) < 0 ? hint : keepAlive;
        if (idle.isZero() || idle.isNegative() || !connection.channel().isActive()) {
            discard(connection);
            return;
        }
        connection.idleUntil(nanos(loop.time().plus(idle)));
        grant(pool.release(connection.origin(), connection));
        if (pool.isIdle(connection)) {
            sweepAt(connection.idleDeadlineNanos());
        }
    }

    /** Takes a connection back that is not for another request, and closes it. */
    public void discard(Connection connection) {
        close(connection, "it is not used any more");
        grant(pool.release(connection.origin(), null));
    }

    /** Closes the idle connections to an origin: where one turned out dead, its siblings are suspect. */
    public void closeIdle(Origin origin) {
        pool.idleConnections(origin)
                .forEach(connection -> closeIdle(connection, "another one to its host turned out dead"));
    }

    private static void close(Connection connection, String reason) {
        connection.closes(reason);
        connection.channel().close();
    }

    private void closeIdle(Connection connection, String reason) {
        Grant<Connection, Waiter> grant = pool.forget(connection);
        close(connection, reason);
        grant(grant);
    }

    private void grant(@Nullable Grant<Connection, Waiter> first) {
        Grant<Connection, Waiter> next = first;
        while (next != null) {
            Future<Plan<Connection>> turn = next.waiter().turn();
            if (!turn.isDone()) {
                turn.setResult(next.plan());
                return;
            }
            // It gave up and has not run since: the next one's turn.
            Origin origin = next.waiter().origin();
            next = pool.release(origin, next.plan() instanceof Reuse<Connection>(Connection idle) ? idle : null);
        }
    }

    private void sweepAt(long nanos) {
        if (sweep != null) {
            if (sweepNanos <= nanos) {
                return;
            }
            sweep.cancel();
        }
        sweepNanos = nanos;
        sweep = loop.callAt(Duration.ofNanos(nanos), this::sweep);
    }

    private void sweep() {
        sweep = null;
        long now = nanos(loop.time());
        long next = Long.MAX_VALUE;
        for (Connection connection : pool.idleConnections()) {
            if (connection.idleDeadlineNanos() <= now) {
                closeIdle(connection, "it was idle for too long");
            } else {
                next = Math.min(next, connection.idleDeadlineNanos());
            }
        }
        if (next != Long.MAX_VALUE) {
            sweepAt(next);
        }
    }

    private static long nanos(Duration time) {
        try {
            return time.toNanos();
        } catch (ArithmeticException e) {
            return Long.MAX_VALUE;
        }
    }

    /** Closes what is idle. What is leased is for its holders to discard, who wait is for whoever owns the waits to end. */
    public void close() {
        if (sweep != null) {
            sweep.cancel();
            sweep = null;
        }
        pool.idleConnections().forEach(connection -> closeIdle(connection, "the session was closed"));
    }

    /** Connections that requests hold, those being made included. */
    public int acquired() {
        return pool.acquired();
    }

    /** Connections that are open and free. */
    public int idle() {
        return pool.idle();
    }

    /** Requests that wait for a connection. */
    public int waiting() {
        return pool.waiting();
    }
}
