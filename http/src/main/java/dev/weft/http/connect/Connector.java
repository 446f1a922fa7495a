package dev.weft.http.connect;

import dev.weft.http.connect.Connection.State;
import dev.weft.http.connect.Pool.Grant;
import dev.weft.http.connect.Pool.Plan;
import dev.weft.http.connect.Pool.Reuse;
import dev.weft.http.message.ClientException;
import dev.weft.http.message.ClientRequest;
import dev.weft.http.message.ClientTimeout;
import dev.weft.http.message.ConnectTimeoutException;
import dev.weft.http.message.HttpVersion;
import dev.weft.http.message.Options;
import dev.weft.http.message.Phase;
import dev.weft.http.message.ProtocolException;
import dev.weft.http.message.SessionClosedException;
import dev.weft.http.message.TotalTimeoutException;
import dev.weft.http.wire.HttpConnection;
import dev.weft.http.wire.Protocols;
import dev.weft.loop.Awaitable;
import dev.weft.loop.Future;
import dev.weft.loop.Loop;
import dev.weft.loop.TimerHandle;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The connections of a session: does what the {@link Pool} decides. Confined to the loop.
 *
 * <p>Invariant: what {@link #lease} gave counts as held until it is given back, by {@link #release} or {@link #discard}, or until it is
 * closed, by whomever. An idle connection is closed, and forgotten, as soon as the server closes it or sends anything, or its time is over.
 *
 * <p>The file is long because each way a connection ends has its place here, and all of them count.
 */
public final class Connector {
    private static final String EVICTED = "its place was needed for a connection elsewhere";
    private static final String NOT_KEPT = "it is not kept";
    private static final String RETIRED = "it takes no more requests";

    /** How many routes it remembers something of. */
    private static final int MOST_KNOWN = 1000;

    /** How many requests a connection takes at a time of whose server nothing is known. Source: RFC 9113 section 6.5.2, "no smaller than 100". */
    private static final int USUAL_STREAMS = 100;

    private final Loop loop;
    private final ConnectorSettings settings;
    private final Dialer dialer;
    private final Pool<Connection, Turn> pool;
    /** How many requests the last connection of a route took at a time. */
    private final Recent<Route, Integer> capacities = new Recent<>(MOST_KNOWN);

    /** Origins that do not answer by HTTP/2, though they agree to it. */
    private final Recent<Origin, Boolean> demands11 = new Recent<>(MOST_KNOWN);

    private final Coalescing coalescing;
    /** Every connection that is being made or open. */
    private final Set<Connection> all = new LinkedHashSet<>();
    /** Closes idle connections whose time is over; null while there are none to watch. */
    private @Nullable TimerHandle sweep;

    private long sweepNanos;
    /** Whether nothing is kept any more. */
    private boolean draining;

    private boolean closed;
    /** Requests to one host follow each other: they have one object. */
    private @Nullable Route lastRoute;

    /** Who wait for the last connection to be gone. */
    private final List<Future<@Nullable Void>> emptyWaiters = new ArrayList<>();

    /**
     * Makes a connector without connections.
     *
     * @param protocols put HTTP into the pipelines of channels
     */
    public Connector(Loop loop, ConnectorSettings settings, Protocols protocols) {
        this.loop = loop;
        this.settings = settings;
        this.dialer = new Dialer(loop, settings, protocols);
        this.coalescing = new Coalescing(settings.coalesce() && settings.unixSocket() == null);
        this.pool = new Pool<>(settings.limits(), this::likely);
    }

    /**
     * The way of a request, as its options, the settings, and what its origin has demanded have it. One that asks for another protocol goes by HTTP/1.1,
     * unless there is a connection by HTTP/2 that takes it.
     */
    public Route route(ClientRequest request) {
        Route route = way(request);
        if (route.version() != HttpVersion.AUTO) {
            return route;
        }
        boolean byHttp1 = demands11.containsKey(route.origin())
                || (request.isUpgrade() && all.stream().noneMatch(open -> takesUpgrades(open, route)));
        return byHttp1 ? byHttp1(request) : route;
    }

    private static boolean takesUpgrades(Connection connection, Route route) {
        return connection.isShared()
                && connection.isUsable()
                && connection.route().equals(route)
                && connection.http().takesUpgrades();
    }

    private Route byHttp1(ClientRequest request) {
        return way(request.with(Options.VERSION, HttpVersion.HTTP_1_1));
    }

    private Route way(ClientRequest request) {
        Route route = settings.unixSocket() == null ? Route.of(request) : Route.of(request, null);
        Route last = lastRoute;
        if (last != null && last.equals(route)) {
            return last;
        }
        lastRoute = route;
        return route;
    }

    /** The origin of a request demanded HTTP/1.1: it is spoken with it from now on, where that is agreed on. Source: RFC 9113 section 7. */
    public void useHttp11(ClientRequest request) {
        demands11.put(Origin.of(request.url()), true);
    }

    /**
     * Joins the queue for a connection, which {@link #lease} goes on with; null where that is not all there is to wait for.
     *
     * @param limits those for the wait
     */
    public @Nullable Turn queue(Patience patience, Route route, ClientTimeout limits) {
        checkOpen(patience);
        return mayCoalesce(route) ? null : turn(patience, route, limits);
    }

    private Turn turn(Patience patience, Route route, ClientTimeout limits) {
        Turn turn = new Turn(this, route);
        Plan<Connection> plan = pool.acquire(route, turn);
        if (plan != null) {
            turn.come(plan);
            return turn;
        }
        grants();
        boolean waits = false;
        try {
            turn.waits(loop, patience, limits);
            waits = true;
            return turn;
        } finally {
            if (!waits) {
                leave(turn);
            }
        }
    }

    /**
     * A place for a request on a connection: one that is there, or a new one; waits for its turn where the limits ask for it, and for one that is being
     * made if that is likely to take it.
     *
     * @param queued its turn, which has come; null if it has not queued
     * @param limits those for the wait, for the connection, and for TLS
     * @throws dev.weft.http.message.ClientException if none came about
     */
    public Lease lease(Patience patience, Route route, ClientTimeout limits, @Nullable Turn queued) {
        return fit(any(patience, route, limits, queued, false), patience, route, limits);
    }

    /** A place that the request can use: another one if it asks for another protocol, and cannot do so there. */
    private Lease fit(Lease lease, Patience patience, Route route, ClientTimeout limits) {
        ClientRequest request = patience.request();
        if (!request.isUpgrade() || isForUpgrades(patience, lease, limits)) {
            return lease;
        }
        lease.end(null);
        if (route.version() == HttpVersion.HTTP_2) {
            throw new ProtocolException(
                    request,
                    route
                            + " takes no WebSockets over HTTP/2: its SETTINGS do not say so (RFC 8441); version(HTTP_1_1) may do",
                    null);
        }
        return any(patience, byHttp1(request), limits, null, false);
    }

    /** Whether a request can ask for another protocol there; waits until that is known. What was closed meanwhile is for the request to notice. */
    private boolean isForUpgrades(Patience patience, Lease lease, ClientTimeout limits) {
        HttpConnection http = lease.connection().http();
        if (!http.isShared()) {
            return true;
        }
        Future<@Nullable Void> settled = loop.createFuture();
        http.whenSettled(() -> {
            if (!settled.isDone()) {
                settled.setResult(null);
            }
        });
        Duration limit = ClientTimeout.finite(limits.connect());
        boolean known = false;
        try (Stage stage = new Stage(loop, patience, limit, ConnectTimeoutException::new)) {
            stage.await(Phase.CONNECT, settled);
            known = true;
        } finally {
            if (!known) {
                lease.end(null);
            }
        }
        return http.takesUpgrades() || !lease.connection().isActive();
    }

    private Lease any(Patience patience, Route route, ClientTimeout limits, @Nullable Turn queued, boolean fresh) {
        Plan<Connection> plan = queued == null ? null : queued.take();
        while (true) {
            if (plan == null) {
                checkOpen(patience);
                Lease shared = coalesced(patience, route, limits);
                if (shared != null) {
                    return shared;
                }
                plan = plan(patience, route, limits);
            }
            evict(plan);
            if (plan instanceof Reuse<Connection>(Connection given, Connection _)) {
                boolean usable = given.isUsable();
                if (usable && (given.isShared() || !fresh)) {
                    return lend(given, route, patience.request());
                }
                // It is not wanted, or died or retired since it was granted.
                if (given.isShared()) {
                    giveUp(given);
                    plan = null;
                    continue;
                }
                // Its place is for a new one.
                pool.redial(given);
                if (usable) {
                    end(given, "a new one was wanted in its place");
                }
            }
            return lend(dial(patience, route, limits), route, patience.request());
        }
    }

    /** The same on a connection that nobody has used; one that is shared will do if there is no place for one more. */
    public Lease leaseFresh(Patience patience, Route route, ClientTimeout limits) {
        checkOpen(patience);
        Plan<Connection> plan = pool.fresh(route);
        if (plan == null) {
            return fit(any(patience, route, limits, null, true), patience, route, limits);
        }
        evict(plan);
        return fit(lend(dial(patience, route, limits), route, patience.request()), patience, route, limits);
    }

    private Plan<Connection> plan(Patience patience, Route route, ClientTimeout limits) {
        try (Turn turn = turn(patience, route, limits)) {
            Future<@Nullable Void> coming = turn.coming();
            if (coming != null) {
                coming.await();
            }
            return turn.take();
        }
    }

    private void checkOpen(Patience patience) {
        if (closed) {
            throw new SessionClosedException(patience.request(), "the session is closed", null);
        }
    }

    private boolean mayCoalesce(Route route) {
        return !coalescing.isEmpty()
                && !pool.isServed(route)
                && !coalescing.candidates(route).isEmpty();
    }

    /** A place on a connection to another origin, whose server answers for this one too; null if there is none. */
    private @Nullable Lease coalesced(Patience patience, Route route, ClientTimeout limits) {
        if (!mayCoalesce(route)) {
            return null;
        }
        List<InetSocketAddress> addresses;
        Duration connectLimit = ClientTimeout.finite(limits.connect());
        try (Stage stage = new Stage(loop, patience, connectLimit, ConnectTimeoutException::new)) {
            addresses = dialer.addresses(stage, route);
        }
        checkOpen(patience);
        for (Connection connection : coalescing.candidates(route)) {
            if (Coalescing.isAt(connection, addresses) && pool.share(connection)) {
                return lend(connection, route, patience.request());
            }
        }
        return null;
    }

    private Lease lend(Connection connection, Route route, ClientRequest request) {
        boolean reused = connection.isReused();
        connection.lend(request, loop.nanoTime());
        return new Lease(connection, route, connection.http().open(), reused, this);
    }

    private void evict(Plan<Connection> plan) {
        Connection evicted = plan.evict();
        if (evicted != null) {
            end(evicted, EVICTED);
        }
    }

    /** Gives a place on a shared connection back that cannot be used. */
    private void giveUp(Connection shared) {
        if (!shared.isActive()) {
            pool.closed(shared);
        } else if (!pool.release(shared)) {
            end(shared, RETIRED);
        }
        grants();
    }

    /** Leaves the queue; nothing happens if it was its turn. */
    void leave(Turn turn) {
        pool.cancel(turn.route(), turn);
        grants();
    }

    /** A new connection, in the place that the pool has given; if it fails, the place is given back. */
    private Connection dial(Patience patience, Route route, ClientTimeout limits) {
        Connection connection = new Connection(route, patience.request(), loop.nanoTime());
        all.add(connection);
        boolean open = false;
        boolean forAll = false;
        Duration connectLimit = ClientTimeout.finite(limits.connect());
        try (Stage stage = new Stage(loop, patience, connectLimit, ConnectTimeoutException::new)) {
            // Its turn may have come in the tick that ended it.
            stage.check();
            connection.opened(dialer.dial(stage, route, ClientTimeout.finite(limits.tls())));
            open = true;
        } catch (ClientException e) {
            forAll = !(e instanceof TotalTimeoutException || e instanceof SessionClosedException);
            throw e;
        } finally {
            if (!open) {
                gone(connection);
                pool.failed(route, forAll);
                grants();
            }
        }
        opened(connection);
        return connection;
    }

    private void opened(Connection connection) {
        HttpConnection http = connection.http();
        Route route = connection.route();
        http.expect(likely(route));
        if (route.version() != HttpVersion.HTTP_1_1) {
            capacities.put(route, http.capacity());
        }
        if (http.isShared()) {
            pool.opened(route, connection, http.capacity());
            http.owner(new Owned(connection));
            coalescing.opened(connection);
        } else {
            pool.opened(route, connection);
        }
        connection.channel().closeFuture().addListener(done -> onClosed(connection));
        if (http.retired() != null) {
            pool.retire(connection);
        }
        grants();
    }

    /** How many requests a connection of a route is likely to take at a time: as many as the last one took. */
    private int likely(Route route) {
        Integer known = route.version() == HttpVersion.HTTP_1_1 ? Integer.valueOf(1) : capacities.get(route);
        return known == null ? USUAL_STREAMS : known;
    }

    /** What a shared connection tells of itself. */
    private final class Owned implements HttpConnection.Owner {
        private final Connection connection;

        Owned(Connection connection) {
            this.connection = connection;
        }

        @Override
        public void onCapacity(int requests) {
            capacities.put(connection.route(), requests);
            pool.capacity(connection, requests);
            grants();
        }

        @Override
        public void onRetired(String reason) {
            retire(connection, reason);
        }
    }

    private void retire(Connection connection, String reason) {
        if (!pool.retire(connection)) {
            end(connection, reason);
        }
        grants();
    }

    /** A shared connection is not for the requests of a route, says its server: it gets no more of them. Source: RFC 9110 section 15.5.20. */
    void misdirected(Connection connection, Route route) {
        coalescing.refuse(route.origin());
        if (route.origin().equals(connection.route().origin())) {
            retire(connection, "the server does not answer for " + route.origin() + " on it");
        }
    }

    /**
     * Makes a connection that nobody asked for yet, unless it would take somebody's place, or there is one that serves many.
     *
     * @return whether one more is idle now
     * @throws dev.weft.http.message.ClientException if none came about
     */
    public boolean preconnect(Patience patience, Route route, ClientTimeout limits) {
        if (draining || !pool.reserve(route)) {
            return false;
        }
        release(dial(patience, route, limits), null);
        return true;
    }

    private void onClosed(Connection connection) {
        connection.closes("the server closed it");
        gone(connection);
        if (!connection.isPromised() || connection.isShared()) {
            pool.closed(connection);
            grants();
        }
    }

    private void gone(Connection connection) {
        connection.closed(loop.nanoTime());
        coalescing.closed(connection);
        all.remove(connection);
        if (all.isEmpty()) {
            for (Future<@Nullable Void> waiter : emptyWaiters) {
                if (!waiter.isDone()) {
                    waiter.setResult(null);
                }
            }
            emptyWaiters.clear();
        }
    }

    /**
     * Takes a connection back for other requests, or a part of a shared one; that one is closed if it was retired and has no request any more.
     *
     * @param hint how long the server keeps it, null if it did not say
     */
    public void release(Connection connection, @Nullable Duration hint) {
        if (!connection.isHeld()) {
            return;
        }
        Duration keepAlive = settings.limits().keepAlive();
        Duration idle = hint != null && hint.compareTo(keepAlive) < 0 ? hint : keepAlive;
        boolean kept = !draining && !idle.isZero() && !idle.isNegative() && connection.isActive();
        if (!kept && !connection.isShared()) {
            discard(connection);
            return;
        }
        connection.returned();
        if (!pool.release(connection)) {
            end(connection, RETIRED);
        } else if (pool.isIdle(connection)) {
            long now = loop.nanoTime();
            connection.idle(now, plus(now, idle));
            if (!kept) {
                closeIdle(connection, NOT_KEPT);
            }
        }
        grants();
        for (Connection spare = surplus(connection); spare != null; spare = surplus(connection)) {
            closeIdle(spare, "more are idle than are to be kept");
        }
        if (pool.isIdle(connection)) {
            sweepAt(connection.idleDeadlineNanos());
        }
    }

    private @Nullable Connection surplus(Connection released) {
        return pool.surplus(released.route().origin());
    }

    /** Takes a connection back that is not for another request, and closes it. */
    public void discard(Connection connection) {
        if (connection.isHeld()) {
            end(connection, NOT_KEPT);
            pool.closed(connection);
            grants();
        }
    }

    /** Closes a connection if it is idle; one that somebody holds is left alone. */
    public void discardIdle(Connection connection) {
        if (pool.isIdle(connection)) {
            closeIdle(connection, "what came over it was broken");
        }
    }

    /** Closes a connection that the pool does not count any more. */
    private void end(Connection connection, String reason) {
        connection.closes(reason);
        connection.closed(loop.nanoTime());
        connection.http().goodbye();
        connection.channel().close();
    }

    /** Closes the idle connections of a route: where one turned out dead, its siblings are suspect. */
    public void closeIdle(Route route) {
        pool.idleConnections(route)
                .forEach(connection -> closeIdle(connection, "another one of its kind turned out dead"));
    }

    private void closeIdle(Connection connection, String reason) {
        pool.closed(connection);
        end(connection, reason);
        grants();
    }

    /** Tells everybody whose turn it is. */
    private void grants() {
        for (Grant<Connection, Turn> next = pool.next(); next != null; next = pool.next()) {
            Plan<Connection> plan = next.plan();
            if (next.waiter().come(plan)) {
                if (plan instanceof Reuse<Connection>(Connection given, Connection _)) {
                    given.promise();
                }
                continue;
            }
            // It gave up and has not run since: the next one's turn.
            evict(plan);
            if (plan instanceof Reuse<Connection>(Connection given, Connection _)) {
                pool.release(given);
            } else {
                pool.failed(next.waiter().route(), false);
            }
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
        long now = loop.nanoTime();
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

    private static long plus(long now, Duration time) {
        try {
            return Math.addExact(now, time.toNanos());
        } catch (ArithmeticException e) {
            return Long.MAX_VALUE;
        }
    }

    /** Forgets the addresses of names, and which of them were dead. Source: aiohttp's {@code clear_dns_cache}. */
    public void clearDnsCache() {
        dialer.clearDnsCache();
    }

    /** Closes what is idle, and from now on what is given back; requests may go on. */
    public void drain() {
        draining = true;
        if (sweep != null) {
            sweep.cancel();
            sweep = null;
        }
        pool.idleConnections().forEach(connection -> closeIdle(connection, "the session was closed"));
    }

    /**
     * {@linkplain #drain Drains} it, and gives no connection any more. What is leased is for its holders to discard, who wait is for whoever
     * owns the waits to end.
     */
    public void close() {
        closed = true;
        drain();
    }

    /** Waits until no connection is open or being made any more; once it {@linkplain #drain drains}, none stays. */
    public Awaitable<@Nullable Void, RuntimeException> terminated() {
        return () -> {
            while (!all.isEmpty()) {
                Future<@Nullable Void> gone = loop.createFuture();
                emptyWaiters.add(gone);
                gone.await();
            }
            return null;
        };
    }

    /** Connections that requests hold, those being made included; one that several share counts once. */
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

    /** How many connections of each origin are held and idle, and how many requests wait for one. */
    public Map<Origin, Occupancy> byOrigin() {
        Map<Origin, Occupancy> counts = new LinkedHashMap<>();
        pool.forEach(counts::put);
        return counts;
    }

    /** Every connection, in the order they were begun: what it is doing, for how long, for whom. */
    public List<ConnectionInfo> dump() {
        long now = loop.nanoTime();
        return all.stream()
                .filter(connection -> connection.state() != State.CLOSED)
                .map(connection -> connection.info(now))
                .toList();
    }
}
