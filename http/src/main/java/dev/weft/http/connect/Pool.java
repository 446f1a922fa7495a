package dev.weft.http.connect;

import dev.weft.http.connect.Turns.Kind;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Which connection a request gets. Pure: it counts and decides, its caller dials and closes, and asks for {@link #next} until it is null after whatever
 * it told.
 *
 * <p>What may share a connection has the same {@link Route}; what counts as one host has the same {@link Origin}, whatever its routes. A connection is
 * exclusive, or shared by as many requests as its capacity says; those of a route that meet one being made wait for it as far as it is likely to take
 * them.
 *
 * <p>Invariants: never more open connections (idle and being made included) than the limit allows; never more of them per origin, each counted as the
 * requests it serves, idle or not at least as one; no waiter waits that could go on; among those that could, the one that came first does. The idle
 * connection used last is reused first; the one unused for the longest is given up when another route needs its place. A route that has no connection
 * gets one, be all places busy with shared ones: then the one that serves the fewest takes no request that came later, until it is idle and gives way.
 *
 * <p>Every step takes time that grows with the logarithm of what there is at most; but one by which the limit of an origin begins or ceases to hold
 * looks at each of its routes, and choosing whose place is needed at each connection. The file is long because all that moves a waiter counts here.
 *
 * @param <C> a connection; compared by identity or equals, as it has them
 * @param <W> a waiter; the same holds
 */
final class Pool<C, W> {
    private final int limit;
    private final int limitPerHost;
    private final int maxIdle;
    private final int maxIdlePerHost;
    private final ToIntFunction<Route> expected;
    private final Map<Origin, Host<C, W>> hosts = new HashMap<>();
    private final Map<C, Member<C, W>> members = new HashMap<>();
    /** Idle connections, the one unused for the longest first. */
    private final LinkedHashSet<Member<C, W>> idle = new LinkedHashSet<>();

    private final Turns<C, W> turns = new Turns<>();

    /** Connections that requests hold, those being made included. */
    private int acquired;
    /** How many of those are shared. */
    private int sharing;

    private int waiting;
    private long arrivals;
    private long made;
    /** The one that is to give way once it is idle, and the first waiter it gets no more requests for. */
    private @Nullable Member<C, W> draining;

    private long drainedFor;

    /** What a request is to do, after closing {@code evict} if that is not null. */
    sealed interface Plan<C> {
        @Nullable
        C evict();
    }

    /** Use this connection. */
    record Reuse<C>(C connection, @Nullable C evict) implements Plan<C> {}

    /** Make a connection, and tell whether it {@linkplain #opened came about} or {@linkplain #failed not}. */
    record Dial<C>(@Nullable C evict) implements Plan<C> {}

    /** A waiter's turn. */
    record Grant<C, W>(W waiter, Plan<C> plan) {}

    /**
     * A pool; a limit of 0 is none.
     *
     * @param expected how many requests a connection of a route is likely to take at a time, asked when the route is new to the pool
     */
    Pool(PoolLimits limits, ToIntFunction<Route> expected) {
        this.limit = limits.limit();
        this.limitPerHost = limits.limitPerHost();
        this.maxIdle = limits.maxIdle();
        this.maxIdlePerHost = limits.maxIdlePerHost();
        this.expected = expected;
    }

    /** Connections that requests hold, those being made included. */
    int acquired() {
        return acquired;
    }

    int idle() {
        return idle.size();
    }

    int waiting() {
        return waiting;
    }

    /** Tells how many connections of each origin are held and idle, and how many wait for one. */
    void forEach(BiConsumer<Origin, Occupancy> told) {
        hosts.values().forEach(host -> told.accept(host.origin, host.occupancy()));
    }

    // ---- requests

    /** What a request for a route is to do; null if it has to wait: then the waiter is queued. */
    @Nullable
    Plan<C> acquire(Route route, W waiter) {
        Lane<C, W> lane = lane(route);
        long number = arrivals++;
        Plan<C> plan = decide(lane, number, lane.waiters.size() + 1);
        if (plan == null) {
            lane.waiters.put(waiter, number);
            count(lane.host, 1);
        }
        refresh(lane);
        return plan;
    }

    /** The same for one that no open connection will do for: null if there is no place for another one. */
    @Nullable
    Plan<C> fresh(Route route) {
        Lane<C, W> lane = lane(route);
        Plan<C> plan = dial(lane, isCapped(lane.host));
        refresh(lane);
        return plan;
    }

    /** Whether a route has a connection, or one is being made. */
    boolean isServed(Route route) {
        Lane<C, W> lane = existing(route);
        return lane != null && (lane.members > 0 || lane.dialling > 0);
    }

    /** A request of another route gets a part of this shared connection, if it has room; gives whether it did. */
    boolean share(C connection) {
        Member<C, W> member = members.get(connection);
        if (member == null
                || !member.shared
                || !member.hasRoom()
                || member.drains
                || (!member.isIdle() && isCapped(member.lane.host))) {
            return false;
        }
        reuse(member, null);
        refresh(member.lane);
        return true;
    }

    /** A waiter gives up; nothing happens if it does not wait any more. */
    void cancel(Route route, W waiter) {
        Lane<C, W> lane = existing(route);
        if (lane != null && lane.waiters.remove(waiter) != null) {
            count(lane.host, -1);
            refresh(lane);
        }
    }

    /** Whose turn it is; null if nobody's. */
    @Nullable
    Grant<C, W> next() {
        Lane<C, W> lane = turns.next(hasPlace());
        if (lane == null && stopDraining()) {
            lane = turns.next(hasPlace());
        }
        if (lane == null) {
            startDraining();
            return null;
        }
        Map.Entry<W, Long> first = lane.waiters.firstEntry();
        Plan<C> plan = decide(lane, first.getValue(), lane.waiters.size());
        if (plan == null) {
            throw new AssertionError("the turn of " + first.getKey() + ", who cannot go on");
        }
        lane.waiters.remove(first.getKey());
        count(lane.host, -1);
        refresh(lane);
        return new Grant<>(first.getKey(), plan);
    }

    /**
     * A request gives its connection back for others; nothing happens if it was closed meanwhile.
     *
     * @return whether it stays open; false if it is retired, has no request any more, and is to be closed
     */
    boolean release(C connection) {
        Member<C, W> member = members.get(connection);
        if (member == null || member.isIdle()) {
            return true;
        }
        if (member.used == 1 && member.retired) {
            closed(connection);
            return false;
        }
        Lane<C, W> lane = member.lane;
        member.used--;
        if (!member.isIdle()) {
            lane.host.weight--;
        } else {
            held(member, -1);
            idle.add(member);
            lane.host.idle.add(member);
            undrain(member);
        }
        lane.sort(member);
        refresh(lane);
        return true;
    }

    // ---- connections

    /** Whether a connection may be made that nobody asked for; then it counts as held. It takes no place from anybody, and adds to none that is shared. */
    boolean reserve(Route route) {
        Lane<C, W> lane = lane(route);
        boolean wanted = lane.expected == 1 || (lane.members == 0 && lane.dialling == 0);
        boolean free = wanted && !isCapped(lane.host) && (limit == 0 || acquired + idle.size() < limit);
        if (free) {
            dialled(lane);
        }
        refresh(lane);
        return free;
    }

    /** A connection that was to be made is there, for the one request that made it. */
    void opened(Route route, C connection) {
        open(route, connection, false, 1);
    }

    /** The same for one that several requests may share: that one, and others up to a number. */
    void opened(Route route, C connection, int capacity) {
        open(route, connection, true, capacity);
    }

    private void open(Route route, C connection, boolean shared, int capacity) {
        Lane<C, W> lane = lane(route);
        lane.dialling--;
        lane.alone = false;
        lane.expected = capacity > 0 ? capacity : lane.expected;
        Member<C, W> member = new Member<>(connection, lane, made++, shared, capacity);
        members.put(connection, member);
        lane.members++;
        sharing += shared ? 1 : 0;
        lane.sort(member);
        refresh(lane);
    }

    /**
     * A connection that was to be made did not come about.
     *
     * @param forAll whether others would have got none either: those who wait for it may each make their own, until one succeeds
     */
    void failed(Route route, boolean forAll) {
        Lane<C, W> lane = lane(route);
        lane.dialling--;
        lane.alone |= forAll;
        lane.host.weight--;
        lane.host.acquired--;
        acquired--;
        refresh(lane);
    }

    /** An exclusive connection turned out closed in the hands of a request, which is to make one in its place. */
    void redial(C connection) {
        Member<C, W> member = members.remove(connection);
        if (member == null || member.shared || member.isIdle()) {
            throw new AssertionError(connection + " is held by nobody");
        }
        member.lane.remove(member);
        member.lane.dialling++;
        refresh(member.lane);
    }

    /** A connection is closed, or about to be, whoever has it; nothing happens if that was told before. */
    void closed(C connection) {
        Member<C, W> member = members.remove(connection);
        if (member == null) {
            return;
        }
        Lane<C, W> lane = member.lane;
        if (member.isIdle()) {
            idle.remove(member);
            lane.host.idle.remove(member);
        } else {
            held(member, -1);
        }
        lane.host.weight -= member.weight();
        lane.remove(member);
        undrain(member);
        refresh(lane);
    }

    /** A shared connection takes so many requests at a time from now on; those it has beyond that go on. */
    void capacity(C connection, int capacity) {
        Member<C, W> member = members.get(connection);
        if (member != null) {
            member.capacity = capacity;
            if (capacity > 0) {
                member.lane.expected = capacity;
            }
            member.lane.sort(member);
            refresh(member.lane);
        }
    }

    /**
     * A shared connection takes no request any more.
     *
     * @return whether it stays open for those that it has; false if it has none, and is to be closed
     */
    boolean retire(C connection) {
        Member<C, W> member = members.get(connection);
        if (member == null) {
            return true;
        }
        if (member.isIdle()) {
            closed(connection);
            return false;
        }
        member.retired = true;
        undrain(member);
        member.lane.sort(member);
        refresh(member.lane);
        return true;
    }

    /** A connection that is to be closed because too many are idle; null if there are not. */
    @Nullable
    C surplus(Origin origin) {
        Host<C, W> host = hosts.get(origin);
        if (host != null && maxIdlePerHost > 0 && host.idle.size() > maxIdlePerHost) {
            return host.idle.getFirst().connection;
        }
        return maxIdle > 0 && idle.size() > maxIdle ? idle.getFirst().connection : null;
    }

    boolean isIdle(C connection) {
        Member<C, W> member = members.get(connection);
        return member != null && member.isIdle();
    }

    /** The idle connections, the one unused for the longest first. */
    List<C> idleConnections() {
        return idle.stream().map(member -> member.connection).toList();
    }

    /** The idle connections of a route. */
    List<C> idleConnections(Route route) {
        Host<C, W> host = hosts.get(route.origin());
        return host == null
                ? List.of()
                : host.idle.stream()
                        .filter(member -> member.lane.route.equals(route))
                        .map(member -> member.connection)
                        .toList();
    }

    // ---- decisions

    private Lane<C, W> lane(Route route) {
        Host<C, W> host = hosts.computeIfAbsent(route.origin(), Host::new);
        Lane<C, W> lane = host.lanes.get(route);
        if (lane == null) {
            lane = new Lane<>(host, route, Math.max(1, expected.applyAsInt(route)));
            host.lanes.put(route, lane);
        }
        return lane;
    }

    private @Nullable Lane<C, W> existing(Route route) {
        Host<C, W> host = hosts.get(route.origin());
        return host == null ? null : host.lanes.get(route);
    }

    /** What the waiter with a number is to do, one of so many of its lane; null if it has to wait. */
    private @Nullable Plan<C> decide(Lane<C, W> lane, long number, int waiters) {
        boolean capped = isCapped(lane.host);
        Member<C, W> open = roomy(lane, number);
        if (open != null && !capped) {
            return reuse(open, null);
        }
        Member<C, W> newest = lane.newest();
        if (newest != null) {
            return reuse(newest, null);
        }
        if (open != null) {
            return lane.host.idle.isEmpty() ? null : reuse(open, lane.host.idle.getFirst());
        }
        return lane.isAwaited(waiters) ? null : dial(lane, capped);
    }

    /** A new connection of a lane, be it in the place of an idle one; null if there is none. */
    private @Nullable Dial<C> dial(Lane<C, W> lane, boolean capped) {
        if (!capped && (limit == 0 || acquired + idle.size() < limit)) {
            dialled(lane);
            return new Dial<>(null);
        }
        LinkedHashSet<Member<C, W>> candidates = capped ? lane.host.idle : idle;
        if (candidates.isEmpty()) {
            return null;
        }
        Member<C, W> oldest = candidates.getFirst();
        dialled(lane);
        closed(oldest.connection);
        return new Dial<>(oldest.connection);
    }

    private Reuse<C> reuse(Member<C, W> member, @Nullable Member<C, W> instead) {
        Lane<C, W> lane = member.lane;
        if (member.isIdle()) {
            idle.remove(member);
            lane.host.idle.remove(member);
            held(member, 1);
        } else {
            lane.host.weight++;
        }
        member.used++;
        lane.sort(member);
        if (instead == null) {
            return new Reuse<>(member.connection, null);
        }
        closed(instead.connection);
        return new Reuse<>(member.connection, instead.connection);
    }

    private void dialled(Lane<C, W> lane) {
        lane.dialling++;
        lane.host.acquired++;
        lane.host.weight++;
        acquired++;
    }

    /** A connection begins or ceases to be held. */
    private void held(Member<C, W> member, int change) {
        acquired += change;
        member.lane.host.acquired += change;
        sharing += member.shared ? change : 0;
    }

    private void count(Host<C, W> host, int change) {
        host.waiting += change;
        waiting += change;
    }

    private boolean isCapped(Host<C, W> host) {
        return limitPerHost > 0 && host.weight >= limitPerHost;
    }

    /** Whether one more connection may be made, be it in the place of an idle one. */
    private boolean hasPlace() {
        return limit == 0 || acquired + idle.size() < limit || !idle.isEmpty();
    }

    /** What a waiter with a number may share. */
    private @Nullable Member<C, W> roomy(Lane<C, W> lane, long number) {
        Member<C, W> open = lane.roomy();
        Member<C, W> last = draining;
        if (open == null && last != null && last.lane == lane && last.hasRoom() && number < drainedFor) {
            return last;
        }
        return open;
    }

    // ---- fairness

    /** The lane of the waiter that came first of those that nothing can be expected to give a place to, if all places stay as busy as they are. */
    private @Nullable Lane<C, W> needy() {
        return sharing == acquired ? turns.first(Kind.FIRST_PLACE) : null;
    }

    /** Nobody is needy any more: what was to give way serves on. Gives whether there was such a one. */
    private boolean stopDraining() {
        Member<C, W> member = draining;
        if (member == null || needy() != null) {
            return false;
        }
        undrain(member);
        member.lane.sort(member);
        refresh(member.lane);
        return true;
    }

    private void undrain(Member<C, W> member) {
        if (member.drains) {
            member.drains = false;
            draining = null;
        }
    }

    /** Chooses one to give way, if somebody is needy. */
    private void startDraining() {
        Lane<C, W> needy = needy();
        if (needy == null || draining != null) {
            return;
        }
        members.values().stream()
                .filter(member -> !member.retired)
                .min(Comparator.<Member<C, W>>comparingInt(member -> member.used)
                        .thenComparingLong(member -> member.number))
                .ifPresent(member -> {
                    member.drains = true;
                    draining = member;
                    drainedFor = needy.turnNumber;
                    member.lane.sort(member);
                    refresh(member.lane);
                });
    }

    /** Brings the turns up to date with a lane that has changed, and with its host; drops what nothing is left of. */
    private void refresh(Lane<C, W> lane) {
        Host<C, W> host = lane.host;
        boolean capped = isCapped(host);
        boolean stuck = capped && host.idle.isEmpty();
        if (capped != host.wasCapped || stuck != host.wasStuck) {
            host.wasCapped = capped;
            host.wasStuck = stuck;
            host.lanes.values().forEach(this::queue);
        } else {
            queue(lane);
        }
        if (lane.isEmpty()) {
            host.lanes.remove(lane.route);
            if (host.lanes.isEmpty()) {
                hosts.remove(host.origin);
            }
        }
    }

    private void queue(Lane<C, W> lane) {
        Map.Entry<W, Long> first = lane.waiters.firstEntry();
        if (first == null) {
            turns.put(lane, Kind.NONE, 0);
        } else {
            turns.put(lane, kind(lane, first.getValue()), first.getValue());
        }
    }

    private Kind kind(Lane<C, W> lane, long number) {
        if (lane.host.wasStuck) {
            return Kind.NONE;
        }
        if (lane.newest() != null || roomy(lane, number) != null) {
            return Kind.ABLE;
        }
        if (lane.isAwaited(lane.waiters.size())) {
            return Kind.NONE;
        }
        if (lane.host.wasCapped) {
            return Kind.ABLE;
        }
        return lane.isServed() ? Kind.PLACE : Kind.FIRST_PLACE;
    }
}
