package dev.weft.http.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.http.connect.Pool.Dial;
import dev.weft.http.connect.Pool.Grant;
import dev.weft.http.connect.Pool.Plan;
import dev.weft.http.connect.Pool.Reuse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Decisions without I/O. Connections and waiters are names; an origin is one letter. */
class PoolTest {
    private static Origin origin(String name) {
        return new Origin(false, name, 80);
    }

    /** Runs a script of steps against a pool; gives what each step decided, joined by spaces. */
    private static String run(int limit, int perHost, String script) {
        Pool<String, String> pool = new Pool<>(limit, perHost);
        List<String> said = new ArrayList<>();
        for (String step : script.split(" ")) {
            String[] words = step.split(":");
            String host = words[1].substring(0, 1);
            switch (words[0]) {
                // get:a1 asks for origin a as waiter a1.
                case "get" -> said.add(show(pool.acquire(origin(host), words[1])));
                // put:a1 gives connection a1 back for reuse, drop:a1 gives its place back.
                case "put" -> said.add(show(pool.release(origin(host), words[1])));
                case "drop" -> said.add(show(pool.release(origin(host), null)));
                // gone:a1: the server closed the idle connection a1.
                case "gone" -> said.add(show(pool.forget(words[1])));
                case "quit" -> {
                    pool.cancel(origin(host), words[1]);
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
        assertEquals(expected, run(limit, perHost, script));
    }

    /** Random steps; the invariants of the class are checked by a model that knows nothing of how it works. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void keepsItsInvariants(long seed) {
        Random random = new Random(seed);
        int limit = random.nextInt(5);
        int perHost = random.nextInt(3);
        Model model = new Model(new Pool<>(limit, perHost), limit, perHost);
        for (int step = 0; step < 3000; step++) {
            model.step(random, step);
            model.check();
        }
    }

    private static final class Model {
        final Pool<String, String> pool;
        final int limit;
        final int perHost;
        final List<String> leased = new ArrayList<>();
        final List<String> idle = new ArrayList<>();
        final List<String> waiting = new ArrayList<>();

        Model(Pool<String, String> pool, int limit, int perHost) {
            this.pool = pool;
            this.limit = limit;
            this.perHost = perHost;
        }

        void step(Random random, int number) {
            switch (random.nextInt(5)) {
                case 0, 1 -> {
                    String host = String.valueOf((char) ('a' + random.nextInt(4)));
                    String who = host + number;
                    Plan<String> plan = pool.acquire(origin(host), who);
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
                        pool.cancel(origin(who.substring(0, 1)), who);
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
            granted(pool.release(origin(connection.substring(0, 1)), reusable ? connection : null));
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
            return perHost > 0 && open().getOrDefault(who.charAt(0), 0) >= perHost;
        }

        private Map<Character, Integer> open() {
            Map<Character, Integer> open = new HashMap<>();
            leased.forEach(connection -> open.merge(connection.charAt(0), 1, Integer::sum));
            idle.forEach(connection -> open.merge(connection.charAt(0), 1, Integer::sum));
            return open;
        }

        void check() {
            assertEquals(leased.size(), pool.acquired());
            assertEquals(idle.size(), pool.idle());
            assertEquals(waiting.size(), pool.waiting());
            assertTrue(limit == 0 || leased.size() + idle.size() <= limit);
            open().values().forEach(count -> assertTrue(perHost == 0 || count <= perHost));
            boolean room = limit == 0 || leased.size() < limit;
            waiting.forEach(who -> assertTrue(
                    (capped(who) && idle.stream().noneMatch(i -> i.charAt(0) == who.charAt(0))) || !room,
                    who + " waits for no reason"));
        }
    }

    @Test
    void nothingIsLeftOfAnOrigin() throws Exception {
        Pool<String, String> pool = new Pool<>(2, 1);
        for (int i = 0; i < 1000; i++) {
            Origin origin = origin("h" + i);
            pool.acquire(origin, "w");
            pool.release(origin, "c" + i);
            pool.forget("c" + i);
        }
        var hosts = Pool.class.getDeclaredField("hosts");
        hosts.setAccessible(true);
        assertEquals(0, ((Map<?, ?>) hosts.get(pool)).size());
    }
}
