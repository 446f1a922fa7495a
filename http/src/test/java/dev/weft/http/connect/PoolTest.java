package dev.weft.http.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.http.connect.Pool.Dial;
import dev.weft.http.connect.Pool.Grant;
import dev.weft.http.connect.Pool.Plan;
import dev.weft.http.connect.Pool.Reuse;
import dev.weft.http.message.HttpVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Decisions without I/O. Connections and waiters are names; their first letter is an origin, in upper case another route to the same. From s on,
 * connections are likely to take 3 requests at a time.
 */
class PoolTest {
    private static final int LIKELY = 3;

    private static Route route(String name) {
        char letter = name.charAt(0);
        Origin origin = new Origin(false, String.valueOf(Character.toLowerCase(letter)), 80);
        return new Route(origin, null, null, Character.isUpperCase(letter) ? "other" : null, HttpVersion.AUTO);
    }

    private static int likely(Route route) {
        return route.origin().host().charAt(0) < 's' ? 1 : LIKELY;
    }

    private static PoolLimits limits(int limit, int perHost, int idle, int idlePerHost) {
        return new PoolLimits(limit, perHost, idle, idlePerHost, Duration.ZERO);
    }

    /** Steps against a pool. What is dialled has the name of the request that dials. */
    private static final class Script {
        final Pool<String, String> pool;

        Script(PoolLimits limits) {
            pool = new Pool<>(limits, PoolTest::likely);
        }

        /** What each step decided, joined by spaces, and what is left. */
        String run(String script) {
            List<String> said = new ArrayList<>();
            for (String step : script.split(" ")) {
                String[] words = step.split(":");
                String what = step(words[0], words[1], words.length == 2 ? 0 : Integer.parseInt(words[2]));
                String turns = turns();
                said.add(what.equals("-") && !turns.isEmpty() ? turns : what + (turns.isEmpty() ? "" : "," + turns));
            }
            return String.join(" ", said) + " | " + pool.acquired() + "/" + pool.idle() + "/" + pool.waiting();
        }

        private String step(String verb, String name, int number) {
            Route route = route(name);
            switch (verb) {
                // get:a1 asks for origin a as waiter a1.
                case "get" -> {
                    return planned(name, pool.acquire(route, name));
                }
                // new:a1 asks for one that nobody has had, without waiting for it.
                case "new" -> {
                    return planned(name, pool.fresh(route));
                }
                // join:s1 asks for a part of s1, for another route.
                case "join" -> {
                    return pool.share(name) ? "yes" : "no";
                }
                // put:a1 gives the connection a1 back for reuse, or a part of it.
                case "put" -> {
                    return pool.release(name) ? "-" : "close";
                }
                // open:s1:2: what s1 dialled takes 2 requests; plain:s1: it takes one after the other.
                case "open" -> pool.opened(route, name, number);
                case "plain" -> pool.opened(route, name);
                // fail:s1: what s1 dialled cannot be had; stop:s1: s1 does not want it any more.
                case "fail" -> pool.failed(route, true);
                case "stop" -> pool.failed(route, false);
                // size:s1:2: the server changes its mind; retire:s1: it takes no requests any more; gone:s1: it is
                // closed.
                case "size" -> pool.capacity(name, number);
                case "retire" -> {
                    return pool.retire(name) ? "-" : "close";
                }
                case "gone" -> pool.closed(name);
                // ahead:a asks for one that nobody asked for, spare:a for one that is too many.
                case "ahead" -> {
                    return pool.reserve(route) ? "dial" : "no";
                }
                case "spare" -> {
                    return String.valueOf(pool.surplus(route.origin()));
                }
                case "quit" -> pool.cancel(route, name);
                default -> throw new IllegalArgumentException(verb);
            }
            return "-";
        }

        private String turns() {
            List<String> turns = new ArrayList<>();
            for (Grant<String, String> next = pool.next(); next != null; next = pool.next()) {
                turns.add(next.waiter() + ">" + planned(next.waiter(), next.plan()));
            }
            return String.join(",", turns);
        }

        private String planned(String who, Plan<String> plan) {
            // Nobody waits for a connection that only one can have: it may as well be there at once.
            if (plan instanceof Dial<String> && likely(route(who)) == 1) {
                pool.opened(route(who), who);
            }
            return show(plan);
        }
    }

    private static String run(PoolLimits limits, String script) {
        return new Script(limits).run(script);
    }

    private static String show(Plan<String> plan) {
        return switch (plan) {
            case null -> "wait";
            case Reuse<String>(String connection, String evict) ->
                "reuse=" + connection + (evict == null ? "" : "-" + evict);
            case Dial<String>(String evict) -> evict == null ? "dial" : "dial-" + evict;
        };
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
                "1;0; get:a1 get:b1 get:a2 gone:a1 gone:b1; dial wait wait b1>dial a2>dial | 1/0/0",
                // An idle connection counts, and gives way to another origin.
                "1;0; get:a1 put:a1 get:b1; dial - dial-a1 | 1/0/0",
                "1;0; get:a1 put:a1 get:b1 get:a2; dial - dial-a1 wait | 1/0/1",
                // The one unused for the longest gives way.
                "2;0; get:a1 get:b1 put:b1 put:a1 get:c1; dial dial - - dial-b1 | 1/1/0",
                // A connection that is given back for a waiter of another origin is evicted for it.
                "1;0; get:a1 get:b1 put:a1; dial wait b1>dial-a1 | 1/0/0",
                // Per host.
                "0;1; get:a1 get:a2 get:b1 put:a1; dial wait dial a2>reuse=a1 | 2/0/0",
                "0;1; get:a1 get:a2 gone:a1; dial wait a2>dial | 1/0/0",
                // A waiter at its host's cap is skipped, and does not lose its place.
                "2;1; get:a1 get:a2 get:b1 get:c1 gone:b1 gone:a1; dial wait dial wait c1>dial a2>dial | 2/0/0",
                "2;1; get:a1 get:b1 get:c1 get:a2 gone:a1; dial dial wait wait c1>dial | 2/0/1",
                // Who quits is not served.
                "1;0; get:a1 get:a2 get:a3 quit:a2 put:a1; dial wait wait - a3>reuse=a1 | 1/0/0",
                "1;0; get:a1 get:a2 quit:a2 put:a1; dial wait - - | 0/1/0",
                // The end of an idle connection makes room.
                "0;0; get:a1 put:a1 gone:a1 get:a2; dial - - dial | 1/0/0",
                "1;0; get:a1 put:a1 gone:a1 get:b1; dial - - dial | 1/0/0",
                // So does that of one in use; what its request gives back later is nothing.
                "1;0; get:a1 get:a2 gone:a1 put:a1; dial wait a2>dial - | 1/0/0",
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
                "2;0; ahead:a get:b1 ahead:a stop:a put:b1 ahead:a ahead:a; dial dial no - - dial no | 1/1/0",
                "0;1; ahead:a plain:a ahead:a get:a1 put:a; dial - no wait a1>reuse=a | 1/0/0"
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

    @ParameterizedTest(name = "limit {0}, per host {1}: {2}")
    @CsvSource(
            delimiter = ';',
            value = {
                // Who comes while one is being made waits for it, as many as are likely to fit; others dial.
                "0;0; get:s1 get:s2 get:s3 get:s4 open:s1:3; dial wait wait dial s2>reuse=s1,s3>reuse=s1 | 2/0/0",
                "0;0; get:s1 get:s2 open:s1:3 get:s3 get:s4 put:s1 get:s5; "
                        + "dial wait s2>reuse=s1 reuse=s1 dial - reuse=s1 | 2/0/0",
                // It takes more or fewer than was thought.
                "0;0; get:s1 get:s2 get:s3 open:s1:2; dial wait wait s2>reuse=s1,s3>dial | 2/0/0",
                "0;0; get:s1 get:s2 open:s1:9 get:s3 get:s4 get:s5; "
                        + "dial wait s2>reuse=s1 reuse=s1 reuse=s1 reuse=s1 | 1/0/0",
                // It is not shared at all: each dials.
                "0;0; get:s1 get:s2 get:s3 plain:s1 get:s4; dial wait wait s2>dial,s3>dial dial | 4/0/0",
                // It cannot be had: all that waited dial, and so do those who come, until one is there.
                "0;0; get:s1 get:s2 get:s3 fail:s1 get:s4 open:s2:3 get:s5; "
                        + "dial wait wait s2>dial,s3>dial dial - reuse=s2 | 3/0/0",
                "2;0; get:s1 get:s2 get:s3 fail:s1 fail:s2 fail:s3; dial wait wait s2>dial,s3>dial - - | 0/0/0",
                "1;0; get:s1 get:s2 get:s3 fail:s1 fail:s2; dial wait wait s2>dial s3>dial | 1/0/0",
                // Who dials does not want it any more: the next one dials.
                "0;0; get:s1 get:s2 get:s3 stop:s1; dial wait wait s2>dial | 1/0/1",
                "0;0; get:s1 get:s2 quit:s2 open:s1:3; dial wait - - | 1/0/0",
                // Without requests it is idle, and the next one has it.
                "0;0; get:s1 open:s1:3 put:s1 get:s2 get:s3; dial - - reuse=s1 reuse=s1 | 1/0/0",
                // The first one made that has room is used, before an idle one.
                "0;0; get:s1 open:s1:1 get:s2 open:s2:2 get:s3 get:s4 open:s4:2 put:s2 get:s5; "
                        + "dial - dial - reuse=s2 dial - - reuse=s2 | 3/0/0",
                "0;0; get:s1 open:s1:2 get:s2 get:s3 open:s3:2 put:s1 put:s1 get:s4; "
                        + "dial - reuse=s1 dial - - - reuse=s3 | 1/1/0",
                // Not for another route.
                "0;0; get:s1 open:s1:3 get:S1 get:t1; dial - dial dial | 3/0/0",
                // The limit counts connections, that of a host requests.
                "1;0; get:s1 open:s1:3 get:s2 get:s3 get:s4 put:s1; dial - reuse=s1 reuse=s1 wait s4>reuse=s1 | 1/0/0",
                "0;2; get:s1 open:s1:3 get:s2 get:s3 put:s1; dial - reuse=s1 wait s3>reuse=s1 | 1/0/0",
                "0;2; get:s1 open:s1:3 put:s1 get:S1 get:S2; dial - - dial wait | 1/1/1",
                "0;2; get:s1 open:s1:3 put:s1 get:S1 open:S1:3 get:S2; dial - - dial - reuse=S1-s1 | 1/0/0",
                "0;1; get:s1 get:s2 open:s1:3 put:s1; dial wait - s2>reuse=s1 | 1/0/0"
            })
    void sharesConnections(int limit, int perHost, String script, String expected) {
        assertEquals(expected, run(limits(limit, perHost, 0, 0), script));
    }

    @ParameterizedTest(name = "limit {0}, per host {1}: {2}")
    @CsvSource(
            delimiter = ';',
            value = {
                // It takes more, or fewer: those that are under way go on.
                "1;0; get:s1 open:s1:1 get:s2 get:s3 size:s1:3; dial - wait wait s2>reuse=s1,s3>reuse=s1 | 1/0/0",
                "1;0; get:s1 open:s1:3 get:s2 size:s1:1 get:s3 put:s1 put:s1; "
                        + "dial - reuse=s1 - wait - s3>reuse=s1 | 1/0/0",
                "1;0; get:s1 open:s1:3 size:s1:0 get:s2 put:s1; dial - - wait s2>dial-s1 | 1/0/0",
                "1;0; get:s1 open:s1:3 put:s1 size:s1:0 get:a1; dial - - - dial-s1 | 1/0/0",
                "0;0; get:s1 open:s1:3 put:s1 size:s1:0 size:s1:2 get:s2; dial - - - - reuse=s1 | 1/0/0",
                // It takes none any more, and is closed with its last request.
                "0;0; get:s1 open:s1:3 get:s2 retire:s1 get:s3 put:s1 put:s1; "
                        + "dial - reuse=s1 - dial - close | 1/0/0",
                "0;0; get:s1 open:s1:3 put:s1 retire:s1 retire:s1; dial - - close - | 0/0/0",
                "1;0; get:s1 open:s1:3 retire:s1 get:s2 put:s1; dial - - wait close,s2>dial | 1/0/0",
                // Closed by the server it leaves its place at once.
                "1;0; get:s1 open:s1:3 get:s2 get:a1 gone:s1 put:s1 put:s1 size:s1:4; "
                        + "dial - reuse=s1 wait a1>dial - - - | 1/0/0",
                "0;2; get:s1 open:s1:3 get:s2 get:s3 gone:s1; dial - reuse=s1 wait s3>dial | 1/0/0",
                // One that is open will not do.
                "2;0; get:s1 open:s1:3 new:s2 new:s3 open:s2:3 put:s2 new:s3; "
                        + "dial - dial wait - - dial-s2 | 2/0/0",
                "0;1; get:s1 open:s1:3 new:s2 put:s1 new:s2; dial - wait - dial-s1 | 1/0/0",
                // Another route has a part of it.
                "0;0; get:s1 open:s1:2 join:s1 join:s1 put:s1 put:s1 join:s1 join:a1; "
                        + "dial - yes no - - yes no | 1/0/0",
                "0;1; get:s1 open:s1:2 join:s1 put:s1 join:s1 retire:s1 join:s1; dial - no - yes - no | 1/0/0",
                "1;0; get:s1 open:s1:3 get:a1 join:s1 put:s1; dial - wait no a1>dial-s1 | 1/0/0",
                "0;0; get:a1 put:a1 join:a1; dial - no | 0/1/0",
                // Ahead of a request one is enough.
                "0;0; ahead:s get:s1 ahead:s open:s:3 ahead:s put:s put:s ahead:s; "
                        + "dial wait no s1>reuse=s no - - no | 0/1/0"
            })
    void followsWhatBecomesOfThem(int limit, int perHost, String script, String expected) {
        assertEquals(expected, run(limits(limit, perHost, 0, 0), script));
    }

    @ParameterizedTest(name = "limit {0}: {1}")
    @CsvSource(
            delimiter = ';',
            value = {
                // All places are busy with shared ones: one of them gives way, once what it has is done.
                "1; get:s1 open:s1:3 get:a1 get:s2 put:s1 gone:a1; dial - wait wait a1>dial-s1 s2>dial | 1/0/0",
                "2; get:s1 open:s1:3 get:s2 get:t1 open:t1:3 get:a1 get:t2 get:s3 put:t1; "
                        + "dial - reuse=s1 dial - wait wait reuse=s1 a1>dial-t1 | 2/0/1",
                // Who came before is served by it still.
                "1; get:s1 open:s1:1 get:s2 get:a1 get:s3 put:s1 put:s1; "
                        + "dial - wait wait wait s2>reuse=s1 a1>dial-s1 | 1/0/1",
                // Nobody needs its place any more: it serves on.
                "1; get:s1 open:s1:3 get:a1 get:s2 quit:a1; dial - wait wait s2>reuse=s1 | 1/0/0",
                "1; get:s1 open:s1:3 get:a1 get:s2 gone:s1 gone:a1; dial - wait wait a1>dial s2>dial | 1/0/0",
                // There is one that is given back in any case.
                "2; get:s1 open:s1:3 get:b1 get:a1 get:s2 put:b1; dial - dial wait reuse=s1 a1>dial-b1 | 2/0/0",
                // Who has a connection has its turn there.
                "2; get:s1 open:s1:1 get:t1 open:t1:3 get:s2 get:t2; dial - dial - wait reuse=t1 | 2/0/1"
            })
    void starvesNobody(int limit, String script, String expected) {
        assertEquals(expected, run(limits(limit, 0, 0, 0), script));
    }

    /** A host that always has requests, one after the other on a connection that is never idle, does not keep another one out. */
    @Test
    void aBusyHostLetsOthersIn() {
        Script script = new Script(limits(1, 0, 0, 0));
        script.run("get:s0 open:s0:3 get:s1 get:a1");
        String seen = "";
        for (int i = 2; i < 5 && !seen.contains("a1>"); i++) {
            seen += script.run("get:s" + i + " put:s0");
        }
        assertTrue(seen.contains("a1>dial-s0"), seen);
    }

    @Test
    void nothingIsLeftOfAnOrigin() throws Exception {
        Pool<String, String> pool = new Pool<>(limits(2, 1, 0, 0), PoolTest::likely);
        for (int i = 0; i < 1000; i++) {
            Route route =
                    new Route(new Origin(false, (i % 2 == 0 ? "h" : "s") + i, 80), null, null, null, HttpVersion.AUTO);
            pool.acquire(route, "w");
            pool.acquire(route, "v");
            pool.cancel(route, "v");
            pool.opened(route, "c" + i, 3);
            pool.release("c" + i);
            pool.closed("c" + i);
            assertTrue(pool.acquire(route, "x") instanceof Dial<String>);
            pool.failed(route, true);
            assertNull(pool.next());
        }
        for (String name : List.of("hosts", "members")) {
            var field = Pool.class.getDeclaredField(name);
            field.setAccessible(true);
            assertEquals(0, ((Map<?, ?>) field.get(pool)).size(), name);
        }
    }

    /** What looked at all others each time would take minutes. */
    @Test
    @Timeout(20)
    void manyHostsAndManyRequests() {
        Pool<String, String> pool = new Pool<>(limits(10, 0, 0, 0), PoolTest::likely);
        int many = 100_000;
        List<Route> routes = new ArrayList<>();
        for (int i = 0; i < many; i++) {
            routes.add(new Route(new Origin(true, "s" + i, 443), null, null, null, HttpVersion.AUTO));
            Plan<String> plan = pool.acquire(routes.get(i), "" + i);
            if (plan != null) {
                pool.opened(routes.get(i), "" + i, 3);
            }
            assertNull(pool.next());
        }
        int served = 10;
        for (int i = 0; i < served; i++) {
            pool.release("" + i);
            for (Grant<String, String> next = pool.next(); next != null; next = pool.next()) {
                pool.opened(routes.get(Integer.parseInt(next.waiter())), next.waiter(), 3);
                served++;
            }
        }
        assertEquals(many, served);
        Route one = route("s");
        for (int i = 0; i < many; i++) {
            if (pool.acquire(one, "r" + i) instanceof Dial<String>) {
                pool.opened(one, "c", many);
            }
            while (pool.next() != null) {}
        }
        for (int i = 0; i < many; i++) {
            assertTrue(pool.release("c"));
            assertNull(pool.next());
        }
        assertEquals(0, pool.acquired());
    }
}
