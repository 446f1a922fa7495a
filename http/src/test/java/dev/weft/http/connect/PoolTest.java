package dev.weft.http.connect;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.http.connect.Pool.Dial;
import dev.weft.http.connect.Pool.Grant;
import dev.weft.http.connect.Pool.Plan;
import dev.weft.http.connect.Pool.Reuse;
import dev.weft.http.message.HttpVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Decisions without I/O. Connections and waiters are names; their first letter is an origin, in upper case another route to the same. */
class PoolTest {
    private static Route route(String name) {
        char letter = name.charAt(0);
        Origin origin = new Origin(false, String.valueOf(Character.toLowerCase(letter)), 80);
        return new Route(origin, null, null, Character.isUpperCase(letter) ? "other" : null, HttpVersion.HTTP_1_1);
    }

    private static PoolLimits limits(int limit, int perHost, int idle, int idlePerHost) {
        return new PoolLimits(limit, perHost, idle, idlePerHost, Duration.ZERO);
    }

    /** Runs a script of steps against a pool; gives what each step decided, joined by spaces. */
    private static String run(PoolLimits limits, String script) {
        Pool<String, String> pool = new Pool<>(limits);
        List<String> said = new ArrayList<>();
        for (String step : script.split(" ")) {
            String[] words = step.split(":");
            Route route = route(words[1]);
            switch (words[0]) {
                // get:a1 asks for origin a as waiter a1.
                case "get" -> said.add(show(pool.acquire(route, words[1])));
                // put:a1 gives connection a1 back for reuse, drop:a1 gives its place back.
                case "put" -> said.add(show(pool.release(route, words[1])));
                case "drop" -> said.add(show(pool.release(route, null)));
                // gone:a1: the server closed the idle connection a1.
                case "gone" -> said.add(show(pool.forget(words[1])));
                // ahead:a asks for one that nobody asked for, spare:a for one that is too many.
                case "ahead" -> said.add(pool.reserve(route) ? "dial" : "no");
                case "spare" -> said.add(String.valueOf(pool.surplus(route.origin())));
                case "quit" -> {
                    pool.cancel(route, words[1]);
                    said.add("-");
                }
                default -> throw new IllegalArgumentException(step);
            }
        }
        return String.join(" ", said) + " | " + pool.acquired() + "/" + pool.idle() + "/" + pool.waiting();
    }

    private static String show(Plan<String> plan) {
        return switch (plan) {
            case null -> "wait";
            case Reuse<String>(String connection) -> "reuse=" + connection;
            case Dial<String>(String evict) -> evict == null ? "dial" : "dial-" + evict;
        };
    }

    private static String show(Grant<String, String> grant) {
        return grant == null ? "-" : grant.waiter() + ">" + show(grant.plan());
    }

    @ParameterizedTest(name = "limit {0}, per host {1}: {2}")
    @CsvSource(
            delimiter = ';',
            value = {
                // No limits: everyone dials.
                "0;0; get:a1 get:a2 get:b1; dial dial dial | 3/0/0",
                // The idle connection used last is reused first.
                "0;0; get:a1 get:a2 put:a1 put:a2 get:a3 get:a4 get:a5; dial dial - - reuse=a2 reuse=a1 dial | 3/0/0",
                // Not for another origin.
                "0;0; get:a1 put:a1 get:b1; dial - dial | 1/1/0",
                // The limit is hard, and first come first served.
                "1;0; get:a1 get:a2 get:a3 put:a1 put:a1; dial wait wait a2>reuse=a1 a3>reuse=a1 | 1/0/0",
                "1;0; get:a1 get:b1 get:a2 drop:a1 drop:b1; dial wait wait b1>dial a2>dial | 1/0/0",
                // An idle connection counts, and gives way to another origin.
                "1;0; get:a1 put:a1 get:b1; dial - dial-a1 | 1/0/0",
                "1;0; get:a1 put:a1 get:b1 get:a2; dial - dial-a1 wait | 1/0/1",
                // The one unused for the longest gives way.
                "2;0; get:a1 get:b1 put:b1 put:a1 get:c1; dial dial - - dial-b1 | 1/1/0",
                // A connection that is given back for a waiter of another origin is evicted for it.
                "1;0; get:a1 get:b1 put:a1; dial wait b1>dial-a1 | 1/0/0",
                // Per host.
                "0;1; get:a1 get:a2 get:b1 put:a1; dial wait dial a2>reuse=a1 | 2/0/0",
                "0;1; get:a1 get:a2 drop:a1; dial wait a2>dial | 1/0/0",
                // A waiter at its host's cap is skipped, and does not lose its place.
                "2;1; get:a1 get:a2 get:b1 get:c1 drop:b1 drop:a1; dial wait dial wait c1>dial a2>dial | 2/0/0",
                "2;1; get:a1 get:b1 get:c1 get:a2 drop:a1; dial dial wait wait c1>dial | 2/0/1",
                // Who quits is not served.
                "1;0; get:a1 get:a2 get:a3 quit:a2 put:a1; dial wait wait - a3>reuse=a1 | 1/0/0",
                "1;0; get:a1 get:a2 quit:a2 put:a1; dial wait - - | 0/1/0",
                // The end of an idle connection makes room.
                "0;0; get:a1 put:a1 gone:a1 get:a2; dial - - dial | 1/0/0",
                "1;0; get:a1 put:a1 gone:a1 get:b1; dial - - dial | 1/0/0",
                // Forgetting what is not idle changes nothing.
                "1;0; get:a1 gone:a1 get:a2; dial - wait | 1/0/1",
            })
    void decides(int limit, int perHost, String script, String expected) {
        assertEquals(expected, run(limits(limit, perHost, 0, 0), script));
    }

    @ParameterizedTest(name = "limit {0}, per host {1}: {2}")
    @CsvSource(
            delimiter = ';',
            value = {
                // Another route does not get the connection.
                "0;0; get:a1 put:a1 get:A1 get:a2; dial - dial reuse=a1 | 2/0/0",
                "0;0; get:a1 get:A1 put:a1 put:A1 get:a2 get:A2; dial dial - - reuse=a1 reuse=A1 | 2/0/0",
                // But it counts for the same host, and gives way to it.
                "0;1; get:a1 get:A1 put:a1; dial wait A1>dial-a1 | 1/0/0",
                "0;1; get:a1 put:a1 get:A1; dial - dial-a1 | 1/0/0",
                "0;2; get:a1 get:a2 put:a1 put:a2 get:A1; dial dial - - dial-a1 | 1/1/0",
                // First come, first served, whatever the route.
                "0;1; get:a1 get:A1 get:a2 put:a1 put:A1; dial wait wait A1>dial-a1 a2>dial-A1 | 1/0/0",
                // Ahead of a request a connection takes no place from anybody.
                "2;0; ahead:a get:b1 ahead:a drop:a put:b1 ahead:a ahead:a; dial dial no - - dial no | 1/1/0",
                "0;1; ahead:a ahead:a get:a1 put:a1; dial no wait a1>reuse=a1 | 1/0/0"
            })
    void decidesBetweenRoutes(int limit, int perHost, String script, String expected) {
        assertEquals(expected, run(limits(limit, perHost, 0, 0), script));
    }

    @ParameterizedTest(name = "idle {0}, per host {1}: {2}")
    @CsvSource(
            delimiter = ';',
            value = {
                "0;0; get:a1 get:a2 put:a1 put:a2 spare:a; dial dial - - null | 0/2/0",
                "1;0; get:a1 put:a1 spare:a get:b1 put:b1 spare:b gone:a1 spare:b; "
                        + "dial - null dial - a1 - null | 0/1/0",
                "0;1; get:a1 get:b1 put:a1 put:b1 spare:b; dial dial - - null | 0/2/0",
                "0;1; get:a1 get:a2 put:a1 put:a2 spare:a gone:a1 spare:a; dial dial - - a1 - null | 0/1/0"
            })
    void givesUpWhatIsTooMuch(int idle, int idlePerHost, String script, String expected) {
        assertEquals(expected, run(limits(0, 0, idle, idlePerHost), script));
    }

    /** Random steps; the invariants of the class are checked by a model that knows nothing of how it works. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void keepsItsInvariants(long seed) {
        Random random = new Random(seed);
        int limit = random.nextInt(5);
        int perHost = random.nextInt(3);
        int idle = random.nextInt(4);
        int idlePerHost = random.nextInt(3);
        Model model = new Model(limits(limit, perHost, idle, idlePerHost));
        for (int step = 0; step < 3000; step++) {
            model.step(random, step);
            model.check();
        }
    }

    private static final class Model {
        final Pool<String, String> pool;
        final int limit;
        final int perHost;
        final int maxIdle;
        final int maxIdlePerHost;
        final List<String> leased = new ArrayList<>();
        final List<String> idle = new ArrayList<>();
        final List<String> waiting = new ArrayList<>();

        Model(PoolLimits limits) {
            this.pool = new Pool<>(limits);
            this.limit = limits.limit();
            this.perHost = limits.limitPerHost();
            this.maxIdle = limits.maxIdle();
            this.maxIdlePerHost = limits.maxIdlePerHost();
        }

        void step(Random random, int number) {
            switch (random.nextInt(5)) {
                case 0, 1 -> {
                    String host = String.valueOf((char) ((random.nextInt(4) == 0 ? 'A' : 'a') + random.nextInt(4)));
                    String who = host + number;
                    Plan<String> plan = pool.acquire(route(host), who);
                    if (plan == null) {
                        waiting.add(who);
                    } else {
                        take(who, plan);
                    }
                }
                case 2 -> giveBack(random, true);
                case 3 -> giveBack(random, false);
                default -> {
                    if (!waiting.isEmpty() && random.nextBoolean()) {
                        String who = waiting.remove(random.nextInt(waiting.size()));
                        pool.cancel(route(who), who);
                    } else if (!idle.isEmpty()) {
                        granted(pool.forget(idle.remove(random.nextInt(idle.size()))));
                    }
                }
            }
        }

        private void giveBack(Random random, boolean reusable) {
            if (leased.isEmpty()) {
                return;
            }
            String connection = leased.remove(random.nextInt(leased.size()));
            if (reusable) {
                idle.add(connection);
            }
            granted(pool.release(route(connection), reusable ? connection : null));
            Origin origin = route(connection).origin();
            for (String spare = pool.surplus(origin); spare != null; spare = pool.surplus(origin)) {
                assertTrue(idle.remove(spare));
                granted(pool.forget(spare));
            }
        }

        private static char host(String name) {
            return Character.toLowerCase(name.charAt(0));
        }

        private void granted(Grant<String, String> grant) {
            if (grant != null) {
                String who = grant.waiter();
                List<String> before = waiting.subList(0, waiting.indexOf(who));
                // Those who came before and are passed over are at their host's cap.
                before.forEach(passed -> assertTrue(capped(passed), passed + " was passed over for " + who));
                waiting.remove(who);
                take(who, grant.plan());
            }
        }

        private void take(String who, Plan<String> plan) {
            if (plan instanceof Reuse<String>(String connection)) {
                assertTrue(idle.remove(connection));
                assertEquals(who.charAt(0), connection.charAt(0));
                leased.add(connection);
            } else if (plan instanceof Dial<String>(String evict)) {
                if (evict != null) {
                    assertTrue(idle.remove(evict));
                }
                leased.add(who);
            }
        }

        private boolean capped(String who) {
            return perHost > 0 && open().getOrDefault(host(who), 0) >= perHost;
        }

        private Map<Character, Integer> open() {
            Map<Character, Integer> open = new HashMap<>();
            leased.forEach(connection -> open.merge(host(connection), 1, Integer::sum));
            idle.forEach(connection -> open.merge(host(connection), 1, Integer::sum));
            return open;
        }

        void check() {
            assertEquals(leased.size(), pool.acquired());
            assertEquals(idle.size(), pool.idle());
            assertEquals(waiting.size(), pool.waiting());
            assertTrue(maxIdle == 0 || idle.size() <= maxIdle);
            assertTrue(maxIdlePerHost == 0
                    || idle.stream()
                            .allMatch(one -> idle.stream()
                                            .filter(i -> host(i) == host(one))
                                            .count()
                                    <= maxIdlePerHost));
            int[] told = new int[3];
            pool.forEach((origin, occupancy) -> {
                told[0] += occupancy.acquired();
                told[1] += occupancy.idle();
                told[2] += occupancy.waiting();
            });
            assertArrayEquals(new int[] {leased.size(), idle.size(), waiting.size()}, told);
            assertTrue(limit == 0 || leased.size() + idle.size() <= limit);
            open().values().forEach(count -> assertTrue(perHost == 0 || count <= perHost));
            boolean room = limit == 0 || leased.size() < limit;
            waiting.forEach(who -> assertTrue(
                    (capped(who) && idle.stream().noneMatch(i -> host(i) == host(who))) || !room,
                    who + " waits for no reason"));
        }
    }

    @Test
    void nothingIsLeftOfAnOrigin() throws Exception {
        Pool<String, String> pool = new Pool<>(limits(2, 1, 0, 0));
        for (int i = 0; i < 1000; i++) {
            Route route = new Route(new Origin(false, "h" + i, 80), null, null, null, HttpVersion.HTTP_1_1);
            pool.acquire(route, "w");
            pool.release(route, "c" + i);
            pool.forget("c" + i);
        }
        var hosts = Pool.class.getDeclaredField("hosts");
        hosts.setAccessible(true);
        assertEquals(0, ((Map<?, ?>) hosts.get(pool)).size());
    }
}
