package dev.weft.http.connect;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which connection a request gets. Pure: it counts and decides, its caller dials and closes.
 *
 * <p>Invariants: never more open connections (idle and being made included) than the limits allow, in all and per origin; no waiter
 * waits that could go on; among those that could, the one that came first does. The idle connection used last is reused first; the one
 * unused for the longest is given up when another origin needs its place.
 *
 * @param <C> a connection
 * @param <W> a waiter; compared by identity or equals, as it has them
 */
final class Pool<C, W> {
    private final int limit;
    private final int limitPerHost;
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

    private static final class Host<C, W> {
        final Origin origin;
        final ArrayDeque<C> idle = new ArrayDeque<>();
        /** Waiters in the order they came, with their numbers. */
        final LinkedHashMap<W, Long> waiters = new LinkedHashMap<>();

        int leased;
        /** The key in {@link Pool#ready}, null if it is not there. */
        @Nullable
        Long readyKey;

        Host(Origin origin) {
            this.origin = origin;
        }
    }

    /** A pool; a limit of 0 is none. */
    Pool(int limit, int limitPerHost) {
        this.limit = limit;
        this.limitPerHost = limitPerHost;
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

    /** What a request for an origin is to do; null if it has to wait: then the waiter is queued. */
    @Nullable
    Plan<C> acquire(Origin origin, W waiter) {
        Host<C, W> host = hosts.computeIfAbsent(origin, Host::new);
        Plan<C> plan = decide(host);
        if (plan == null) {
            host.waiters.put(waiter, arrivals++);
            waiting++;
        }
        refresh(host);
        return plan;
    }

    /** A waiter gives up; nothing happens if it does not wait any more. */
    void cancel(Origin origin, W waiter) {
        Host<C, W> host = hosts.get(origin);
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
    Grant<C, W> release(Origin origin, @Nullable C reusable) {
        Host<C, W> host = hosts.computeIfAbsent(origin, Host::new);
        host.leased--;
        leased--;
        if (reusable != null) {
            host.idle.addLast(reusable);
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

    boolean isIdle(C connection) {
        return idle.containsKey(connection);
    }

    /** The idle connections, the one unused for the longest first. */
    List<C> idleConnections() {
        return List.copyOf(idle.keySet());
    }

    /** The idle connections to an origin. */
    List<C> idleConnections(Origin origin) {
        Host<C, W> host = hosts.get(origin);
        return host == null ? List.of() : List.copyOf(host.idle);
    }

    private @Nullable Plan<C> decide(Host<C, W> host) {
        C newest = host.idle.pollLast();
        if (newest != null) {
            idle.remove(newest);
            lease(host);
            return new Reuse<>(newest);
        }
        if (isCapped(host)) {
            return null;
        }
        if (limit == 0 || leased + idle.size() < limit) {
            lease(host);
            return new Dial<>(null);
        }
        Map.Entry<C, Host<C, W>> oldest = idle.pollFirstEntry();
        if (oldest == null) {
            return null;
        }
        oldest.getValue().idle.remove(oldest.getKey());
        refresh(oldest.getValue());
        lease(host);
        return new Dial<>(oldest.getKey());
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
        Plan<C> plan = decide(host);
        if (plan == null) {
            return null;
        }
        W waiter = host.waiters.firstEntry().getKey();
        host.waiters.remove(waiter);
        waiting--;
        refresh(host);
        return new Grant<>(waiter, plan);
    }

    /** Brings {@link #ready} up to date with a host, and drops a host that nothing is left of. */
    private void refresh(Host<C, W> host) {
        Map.Entry<W, Long> first = host.waiters.firstEntry();
        boolean mayGoOn = first != null && (!host.idle.isEmpty() || !isCapped(host));
        Long key = mayGoOn ? first.getValue() : null;
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
