package dev.weft.http.connect;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Which connection a request gets. Pure: it counts and decides, its caller dials and closes.
 *
 * <p>What may share a connection has the same {@link Route}; what counts as one host has the same {@link Origin}, whatever its routes.
 *
 * <p>Invariants: never more open connections (idle and being made included) than the limits allow, in all and per origin; no waiter
 * waits that could go on; among those that could, the one that came first does. The idle connection used last is reused first; the one
 * unused for the longest is given up when another route needs its place.
 *
 * @param <C> a connection
 * @param <W> a waiter; compared by identity or equals, as it has them
 */
final class Pool<C, W> {
    private final int limit;
    private final int limitPerHost;
    private final int maxIdle;
    private final int maxIdlePerHost;
    private final Map<Origin, Host<C, W>> hosts = new HashMap<>();
    /** Idle connections, the one unused for the longest first. */
    private final LinkedHashMap<C, Host<C, W>> idle = new LinkedHashMap<>();
    /** Origins with waiters that their own limit does not hold back, by the number of their first waiter. */
    private final TreeMap<Long, Host<C, W>> ready = new TreeMap<>();

    private int leased;
    private int waiting;
    private long arrivals;

    /** What a request is to do. */
    sealed interface Plan<C> {}

    /** Use this connection. */
    record Reuse<C>(C connection) implements Plan<C> {}

    /** Make a connection, after closing this one if it is not null. */
    record Dial<C>(@Nullable C evict) implements Plan<C> {}

    /** A waiter's turn. */
    record Grant<C, W>(W waiter, Plan<C> plan) {}

    /** A waiter's number, and where it wants to go. */
    private record Place(long number, Route route) {}

    private static final class Host<C, W> {
        final Origin origin;
        /** The one unused for the longest first. */
        final LinkedHashMap<C, Route> idle = new LinkedHashMap<>();
        /** Waiters in the order they came. */
        final LinkedHashMap<W, Place> waiters = new LinkedHashMap<>();

        int leased;
        /** The key in {@link Pool#ready}, null if it is not there. */
        @Nullable
        Long readyKey;

        Host(Origin origin) {
            this.origin = origin;
        }

        /** Takes the connection of a route that was used last. */
        @Nullable
        C takeNewest(Route route) {
            for (Map.Entry<C, Route> entry : idle.sequencedEntrySet().reversed()) {
                if (entry.getValue().equals(route)) {
                    C newest = entry.getKey();
                    idle.remove(newest);
                    return newest;
                }
            }
            return null;
        }
    }

    /** A pool; a limit of 0 is none. */
    Pool(PoolLimits limits) {
        this.limit = limits.limit();
        this.limitPerHost = limits.limitPerHost();
        this.maxIdle = limits.maxIdle();
        this.maxIdlePerHost = limits.maxIdlePerHost();
    }

    int acquired() {
        return leased;
    }

    int idle() {
        return idle.size();
    }

    int waiting() {
        return waiting;
    }

    /** Tells how many connections of each origin are held and idle, and how many wait for one. */
    void forEach(BiConsumer<Origin, Occupancy> told) {
        hosts.values()
                .forEach(host ->
                        told.accept(host.origin, new Occupancy(host.leased, host.idle.size(), host.waiters.size())));
    }

    /** What a request for a route is to do; null if it has to wait: then the waiter is queued. */
    @Nullable
    Plan<C> acquire(Route route, W waiter) {
        Host<C, W> host = host(route);
        Plan<C> plan = decide(host, route);
        if (plan == null) {
            host.waiters.put(waiter, new Place(arrivals++, route));
            waiting++;
        }
        refresh(host);
        return plan;
    }

    /** Whether a connection may be made that nobody asked for; then it counts as held. It takes no place from anybody. */
    boolean reserve(Route route) {
        Host<C, W> host = host(route);
        boolean free = !isCapped(host) && (limit == 0 || leased + idle.size() < limit);
        if (free) {
            lease(host);
        }
        refresh(host);
        return free;
    }

    /** A waiter gives up; nothing happens if it does not wait any more. */
    void cancel(Route route, W waiter) {
        Host<C, W> host = hosts.get(route.origin());
        if (host != null && host.waiters.remove(waiter) != null) {
            waiting--;
            refresh(host);
        }
    }

    /**
     * A request gives its connection, or its permission to make one, back.
     *
     * @param reusable the connection, null if it is closed or never came about
     * @return whose turn it is now, null if nobody's
     */
    @Nullable
    Grant<C, W> release(Route route, @Nullable C reusable) {
        Host<C, W> host = host(route);
        host.leased--;
        leased--;
        if (reusable != null) {
            host.idle.put(reusable, route);
            idle.put(reusable, host);
        }
        refresh(host);
        return next();
    }

    /** An idle connection was closed; gives whose turn it is now. Nothing happens if it is not idle. */
    @Nullable
    Grant<C, W> forget(C connection) {
        Host<C, W> host = idle.remove(connection);
        if (host == null) {
            return null;
        }
        host.idle.remove(connection);
        refresh(host);
        return next();
    }

    /** A connection that is to be closed and {@linkplain #forget forgotten} because too many are idle; null if there are not. */
    @Nullable
    C surplus(Origin origin) {
        Host<C, W> host = hosts.get(origin);
        if (host != null && maxIdlePerHost > 0 && host.idle.size() > maxIdlePerHost) {
            return host.idle.firstEntry().getKey();
        }
        return maxIdle > 0 && idle.size() > maxIdle ? idle.firstEntry().getKey() : null;
    }

    boolean isIdle(C connection) {
        return idle.containsKey(connection);
    }

    /** The idle connections, the one unused for the longest first. */
    List<C> idleConnections() {
        return List.copyOf(idle.keySet());
    }

    /** The idle connections of a route. */
    List<C> idleConnections(Route route) {
        Host<C, W> host = hosts.get(route.origin());
        return host == null
                ? List.of()
                : host.idle.entrySet().stream()
                        .filter(entry -> entry.getValue().equals(route))
                        .map(Map.Entry::getKey)
                        .toList();
    }

    private Host<C, W> host(Route route) {
        return hosts.computeIfAbsent(route.origin(), Host::new);
    }

    private @Nullable Plan<C> decide(Host<C, W> host, Route route) {
        C newest = host.takeNewest(route);
        if (newest != null) {
            idle.remove(newest);
            lease(host);
            return new Reuse<>(newest);
        }
        if (isCapped(host)) {
            Map.Entry<C, Route> oldest = host.idle.firstEntry();
            return oldest == null ? null : instead(host, oldest.getKey());
        }
        if (limit == 0 || leased + idle.size() < limit) {
            lease(host);
            return new Dial<>(null);
        }
        Map.Entry<C, Host<C, W>> oldest = idle.firstEntry();
        return oldest == null ? null : instead(host, oldest.getKey());
    }

    /** One more for a host, in the place of an idle one of any. */
    private Dial<C> instead(Host<C, W> host, C evicted) {
        Host<C, W> other = Objects.requireNonNull(idle.remove(evicted));
        other.idle.remove(evicted);
        lease(host);
        refresh(other);
        return new Dial<>(evicted);
    }

    private boolean isCapped(Host<C, W> host) {
        return limitPerHost > 0 && host.leased + host.idle.size() >= limitPerHost;
    }

    private void lease(Host<C, W> host) {
        host.leased++;
        leased++;
    }

    /** What is freed at one time serves one waiter at most. */
    private @Nullable Grant<C, W> next() {
        Map.Entry<Long, Host<C, W>> first = ready.firstEntry();
        if (first == null) {
            return null;
        }
        Host<C, W> host = first.getValue();
        Map.Entry<W, Place> waiter = host.waiters.firstEntry();
        Plan<C> plan = decide(host, waiter.getValue().route());
        if (plan == null) {
            return null;
        }
        host.waiters.remove(waiter.getKey());
        waiting--;
        refresh(host);
        return new Grant<>(waiter.getKey(), plan);
    }

    /** Brings {@link #ready} up to date with a host, and drops a host that nothing is left of. */
    private void refresh(Host<C, W> host) {
        Map.Entry<W, Place> first = host.waiters.firstEntry();
        boolean mayGoOn = first != null && (!host.idle.isEmpty() || !isCapped(host));
        Long key = mayGoOn ? (Long) first.getValue().number() : null;
        Long before = host.readyKey;
        if (!Objects.equals(key, before)) {
            if (before != null) {
                ready.remove(before);
            }
            if (key != null) {
                ready.put(key, host);
            }
            host.readyKey = key;
        }
        if (first == null && host.leased == 0 && host.idle.isEmpty()) {
            hosts.remove(host.origin);
        }
    }
}
