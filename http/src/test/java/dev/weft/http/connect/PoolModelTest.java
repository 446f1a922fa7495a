package dev.weft.http.connect;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.http.connect.Pool.Dial;
import dev.weft.http.connect.Pool.Grant;
import dev.weft.http.connect.Pool.Plan;
import dev.weft.http.connect.Pool.Reuse;
import dev.weft.http.message.HttpVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random steps against a {@link Pool}; its invariants are checked by a model that knows nothing of how it works. */
class PoolModelTest {
    private static final int LIKELY = 3;
    private static final int MOST_WAITING = 25;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void keepsItsInvariants(long seed) {
        Random random = new Random(seed);
        int limit = random.nextInt(5);
        int perHost = random.nextInt(4);
        int idle = random.nextInt(4);
        int idlePerHost = random.nextInt(3);
        Model model = new Model(new PoolLimits(limit, perHost, idle, idlePerHost, Duration.ZERO));
        for (int step = 0; step < 10_000; step++) {
            model.step(random, step);
            model.check();
        }
        model.finish();
    }

    /** The first letter of a name is its route: origins a and b have exclusive connections mostly, s and t shared ones. */
    private static Route route(String name) {
        char letter = name.charAt(0);
        Origin origin = new Origin(false, String.valueOf(host(name)), 80);
        return new Route(origin, null, null, Character.isUpperCase(letter) ? "other" : null, HttpVersion.AUTO);
    }

    private static char host(String name) {
        return Character.toLowerCase(name.charAt(0));
    }

    private static int likely(Route route) {
        return route.origin().host().charAt(0) < 's' ? 1 : LIKELY;
    }

    /** A connection as the model sees it. */
    private static final class Open {
        final String name;
        final boolean shared;
        int capacity;
        int used = 1;
        boolean retired;

        Open(String name, boolean shared, int capacity) {
            this.name = name;
            this.shared = shared;
            this.capacity = capacity;
        }

        boolean hasRoom() {
            return used < capacity && !retired;
        }

        @Override
        public String toString() {
            return name + " " + used + "/" + capacity + (shared ? " shared" : "") + (retired ? " retired" : "");
        }
    }

    private static final class Model {
        final Pool<String, String> pool;
        final PoolLimits limits;
        final List<Open> open = new ArrayList<>();
        final List<String> dialling = new ArrayList<>();
        final List<String> waiting = new ArrayList<>();
        final Map<Character, Integer> expected = new HashMap<>();
        final Set<Character> alone = new HashSet<>();

        Model(PoolLimits limits) {
            this.limits = limits;
            this.pool = new Pool<>(limits, PoolModelTest::likely);
        }

        // ---- steps

        void step(Random random, int number) {
            switch (random.nextInt(10)) {
                case 0, 1, 2 -> acquire(random, number);
                case 3, 4 -> release(any(open, random, one -> one.used > 0));
                case 5 -> dialled(random);
                case 6 -> close(any(open, random, one -> one.shared || one.used == 0 || random.nextBoolean()));
                case 7 -> {
                    if (random.nextInt(3) == 0) {
                        share(any(open, random, one -> true));
                    } else {
                        change(any(open, random, one -> one.shared), random);
                    }
                }
                case 8 -> cancel(random);
                default -> reserve(random, number);
            }
            turns();
        }

        private static <T> T any(List<T> all, Random random, Predicate<T> which) {
            List<T> some = all.stream().filter(which).toList();
            return some.isEmpty() ? null : some.get(random.nextInt(some.size()));
        }

        private static String name(Random random, int number) {
            char letter = "abst".charAt(random.nextInt(4));
            return (random.nextInt(4) == 0 ? Character.toUpperCase(letter) : letter) + "" + number;
        }

        private void acquire(Random random, int number) {
            if (waiting.size() >= MOST_WAITING) {
                return;
            }
            String who = name(random, number);
            Plan<String> plan = pool.acquire(route(who), who);
            if (plan == null) {
                waiting.add(who);
                assertFalse(mayGoOn(who, false), who + " has to wait for no reason");
            } else {
                take(who, plan);
            }
        }

        private void reserve(Random random, int number) {
            String who = name(random, number);
            if (random.nextBoolean()) {
                dialling.addAll(pool.reserve(route(who)) ? List.of(who) : List.of());
                return;
            }
            Plan<String> plan = pool.fresh(route(who));
            if (plan != null) {
                assertTrue(plan instanceof Dial<String>);
                take(who, plan);
            }
        }

        private void cancel(Random random) {
            String who = any(waiting, random, one -> true);
            if (who != null) {
                waiting.remove(who);
                pool.cancel(route(who), who);
            }
        }

        private void dialled(Random random) {
            String who = any(dialling, random, one -> true);
            if (who == null) {
                return;
            }
            dialling.remove(who);
            char lane = who.charAt(0);
            switch (random.nextInt(6)) {
                case 0 -> {
                    pool.failed(route(who), true);
                    alone.add(lane);
                }
                case 1 -> pool.failed(route(who), false);
                case 2 -> made(new Open(who, false, 1));
                default -> made(new Open(who, host(who) >= 's', host(who) >= 's' ? random.nextInt(5) : 1));
            }
        }

        private void made(Open made) {
            if (made.shared) {
                pool.opened(route(made.name), made.name, made.capacity);
            } else {
                pool.opened(route(made.name), made.name);
            }
            open.add(made);
            alone.remove(made.name.charAt(0));
            learn(made);
        }

        private void learn(Open of) {
            if (of.capacity > 0) {
                expected.put(of.name.charAt(0), of.capacity);
            }
        }

        private void release(Open given) {
            if (given == null) {
                return;
            }
            given.used--;
            boolean stays = pool.release(given.name);
            assertEquals(given.used > 0 || !given.retired, stays);
            if (!stays) {
                open.remove(given);
            }
            if (given.used == 0 && stays) {
                // It is the one that was used last.
                open.remove(given);
                open.add(given);
            }
            Origin origin = route(given.name).origin();
            turns();
            for (String spare = pool.surplus(origin); spare != null; spare = pool.surplus(origin)) {
                assertEquals(0, find(spare).used);
                close(find(spare));
                turns();
            }
        }

        private void close(Open closed) {
            if (closed != null) {
                open.remove(closed);
                pool.closed(closed.name);
                pool.closed(closed.name);
                assertTrue(pool.release(closed.name));
            }
        }

        private void change(Open changed, Random random) {
            if (changed == null) {
                return;
            }
            if (random.nextInt(3) == 0) {
                changed.retired = true;
                assertEquals(changed.used > 0, pool.retire(changed.name));
                if (changed.used == 0) {
                    open.remove(changed);
                }
            } else {
                changed.capacity = random.nextInt(5);
                pool.capacity(changed.name, changed.capacity);
                learn(changed);
            }
        }

        /** For a request of another route. */
        private void share(Open with) {
            if (with == null) {
                return;
            }
            boolean capped =
                    with.used > 0 && limits.limitPerHost() > 0 && weight(host(with.name)) >= limits.limitPerHost();
            boolean may = with.shared && with.hasRoom() && !capped;
            if (pool.share(with.name)) {
                assertTrue(may, with + " has no room");
                with.used++;
            } else {
                assertTrue(!may || somethingGivesWay(with.name), with + " has room");
            }
        }

        private void turns() {
            forget();
            for (Grant<String, String> grant = pool.next(); grant != null; grant = pool.next()) {
                String who = grant.waiter();
                assertTrue(mayGoOn(who, true), who + " cannot go on");
                waiting.subList(0, waiting.indexOf(who))
                        .forEach(passed -> assertFalse(mayGoOn(passed, false), passed + " was passed over for " + who));
                waiting.remove(who);
                take(who, grant.plan());
                forget();
            }
        }

        private void take(String who, Plan<String> plan) {
            String evicted = plan.evict();
            if (evicted != null) {
                Open gone = find(evicted);
                assertEquals(0, gone.used);
                open.remove(gone);
            }
            if (plan instanceof Reuse<String>(String connection, String _)) {
                Open used = find(connection);
                assertEquals(who.charAt(0), connection.charAt(0));
                assertTrue(used.hasRoom(), connection + " has no room");
                used.used++;
            } else if (plan instanceof Dial<String>) {
                dialling.add(who);
            }
        }

        /** A route of which nothing is left is a new one. */
        private void forget() {
            for (char lane : "abstABST".toCharArray()) {
                Predicate<String> ofLane = name -> name.charAt(0) == lane;
                if (open.stream().noneMatch(one -> ofLane.test(one.name))
                        && dialling.stream().noneMatch(ofLane)
                        && waiting.stream().noneMatch(ofLane)) {
                    expected.remove(lane);
                    alone.remove(lane);
                }
            }
        }

        private Open find(String name) {
            Open found = open.stream()
                    .filter(one -> one.name.equals(name))
                    .findFirst()
                    .orElse(null);
            assertNotNull(found, name);
            return found;
        }

        // ---- what must hold

        private int weight(char host) {
            return open.stream()
                            .filter(one -> host(one.name) == host)
                            .mapToInt(one -> Math.max(1, one.used))
                            .sum()
                    + (int) dialling.stream().filter(one -> host(one) == host).count();
        }

        private boolean anyIdle(char host) {
            return open.stream().anyMatch(one -> one.used == 0 && host(one.name) == host);
        }

        private int places() {
            return open.size() + dialling.size();
        }

        private boolean isPlaceFree() {
            return limits.limit() == 0
                    || places() < limits.limit()
                    || open.stream().anyMatch(one -> one.used == 0);
        }

        /** Whether a waiter has what it needs; if asked so, also on a connection that is to give way. */
        private boolean mayGoOn(String who, boolean onLast) {
            char host = host(who);
            boolean capped = limits.limitPerHost() > 0 && weight(host) >= limits.limitPerHost();
            if (capped && !anyIdle(host)) {
                return false;
            }
            List<Open> roomy = open.stream()
                    .filter(one -> one.name.charAt(0) == who.charAt(0) && one.hasRoom())
                    .toList();
            if (roomy.stream().anyMatch(one -> one.used == 0)
                    || roomy.size() > (onLast || !somethingGivesWay(who) ? 0 : 1)) {
                return true;
            }
            long others = waiting.stream()
                    .filter(one -> one.charAt(0) == who.charAt(0))
                    .count();
            if (!alone.contains(who.charAt(0))) {
                int each = expected.getOrDefault(who.charAt(0), likely(route(who)));
                long making = dialling.stream()
                        .filter(one -> one.charAt(0) == who.charAt(0))
                        .count();
                if (others <= making * (each - 1)) {
                    return false;
                }
            }
            return capped || isPlaceFree();
        }

        /** Whether somebody of another route needs a place, has no connection, and all places are busy with shared ones. */
        private boolean somethingGivesWay(String who) {
            return !isPlaceFree()
                    && dialling.isEmpty()
                    && open.stream().allMatch(one -> one.shared)
                    && waiting.stream()
                            .anyMatch(one -> one.charAt(0) != who.charAt(0)
                                    && open.stream()
                                            .noneMatch(o ->
                                                    o.name.charAt(0) == one.charAt(0) && o.capacity > 0 && !o.retired));
        }

        void check() {
            int idle = (int) open.stream().filter(one -> one.used == 0).count();
            int acquired = places() - idle;
            assertEquals(acquired, pool.acquired());
            assertEquals(idle, pool.idle());
            assertEquals(waiting.size(), pool.waiting());
            assertEquals(
                    open.stream()
                            .filter(one -> one.used == 0)
                            .map(one -> one.name)
                            .toList(),
                    pool.idleConnections());
            int[] told = new int[3];
            pool.forEach((origin, occupancy) -> {
                told[0] += occupancy.acquired();
                told[1] += occupancy.idle();
                told[2] += occupancy.waiting();
            });
            assertArrayEquals(new int[] {acquired, idle, waiting.size()}, told);
            assertTrue(limits.maxIdle() == 0 || idle <= limits.maxIdle());
            assertTrue(limits.limit() == 0 || places() <= limits.limit());
            for (char host : "abst".toCharArray()) {
                assertTrue(limits.limitPerHost() == 0 || weight(host) <= limits.limitPerHost());
                assertTrue(limits.maxIdlePerHost() == 0
                        || open.stream()
                                        .filter(one -> one.used == 0 && host(one.name) == host)
                                        .count()
                                <= limits.maxIdlePerHost());
            }
            waiting.forEach(who -> assertFalse(mayGoOn(who, false), () -> who + " waits for no reason: " + this));
        }

        @Override
        public String toString() {
            return limits + " open " + open + " dialling " + dialling + " waiting " + waiting + " expected " + expected
                    + " alone " + alone;
        }

        /** Once all that is under way has ended, in some order, everybody has had its turn. */
        void finish() {
            Random random = new Random(0);
            for (int round = 0; !waiting.isEmpty() || places() > 0; round++) {
                assertTrue(round < 10_000, () -> waiting + " wait for ever");
                while (!dialling.isEmpty()) {
                    dialled(random);
                    turns();
                    check();
                }
                open.stream()
                        .filter(one -> one.shared && one.capacity == 0)
                        .toList()
                        .forEach(one -> {
                            one.capacity = 1;
                            pool.capacity(one.name, 1);
                            learn(one);
                            turns();
                        });
                release(any(open, random, one -> one.used > 0));
                turns();
                check();
                if (waiting.isEmpty() && dialling.isEmpty()) {
                    close(any(open, random, one -> one.used == 0));
                    turns();
                }
            }
            assertNull(pool.next());
        }
    }
}
