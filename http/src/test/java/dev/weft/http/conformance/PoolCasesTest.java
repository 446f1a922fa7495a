package dev.weft.http.conformance;

import static dev.weft.http.conformance.Scripts.OK;

import dev.weft.http.ClientSession;
import dev.weft.loop.Asyncio;
import dev.weft.loop.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Limits, fairness and eviction: section G of the specification. What the pool decides is in PoolTest; which is reused first in KeepAliveTest. */
class PoolCasesTest {
    @ParameterizedTest(name = "{0}")
    @MethodSource("pool")
    void pool(Case played) throws Exception {
        Conformance.holdsInTwoWays(played);
    }

    private static Case limited(String name, int limit, int perHost) {
        return Case.of(name)
                .session(() -> ClientSession.builder().limit(limit).limitPerHost(perHost))
                // Answers once all requests of a case are on their way.
                .server(line -> {
                    while (line.request()) {
                        line.awaitDone(1);
                        line.send(OK.replace("⏎", "\r\n"));
                    }
                });
    }

    /** Sends so many requests at once; gives the pool as it is when they are on their way; the next action waits for them. */
    private static final class Burst {
        private final List<Task<String>> tasks = new ArrayList<>();

        String start(ClientSession session, Scene scene, String... urls) {
            int before = scene.requests().size();
            for (String url : urls) {
                tasks.add(Asyncio.createTask(() -> Outcomes.exchange(session.get(scene.full(url)))));
            }
            Outcomes.until(
                    () -> scene.requests().size() - before + session.stats().waiting() == tasks.size());
            return session.stats().acquired() + " acquired, " + session.stats().waiting() + " waiting";
        }

        String end() {
            return String.join(" ", Asyncio.gather(tasks).await());
        }
    }

    private static Case burst(Case limited, String... urls) {
        Burst[] burst = new Burst[1];
        return limited.does((session, scene) -> {
                    burst[0] = new Burst();
                    return burst[0].start(session, scene, urls);
                })
                .does((session, scene) -> burst[0].end());
    }

    private static String ok(int count) {
        return "200 \"ok\" ".repeat(count).strip();
    }

    static Stream<Case> pool() {
        String[] four = {"/1", "/2", "/3", "/4"};
        String[] many = IntStream.range(0, 30).mapToObj(i -> "/" + i).toArray(String[]::new);
        return Stream.of(
                burst(limited("H090 limit of 1, 4 requests", 1, 1), four)
                        .wire()
                        .gives("1 acquired, 3 waiting; " + ok(4) + " | 1/0/1 | GET /1, GET /2, GET /3, GET /4"),
                burst(limited("H090 + a connection that all share", 1, 0), four)
                        .gives("1 acquired, 3 waiting; " + ok(4) + " | 1/0/1")
                        .overHttp2Gives("1 acquired, 0 waiting; " + ok(4) + " | 4/0/4"),
                burst(limited("H091 limit of 2 per host, 4 requests", 0, 2), four)
                        .gives("2 acquired, 2 waiting; " + ok(4) + " | 2/0/2")
                        .overHttp2Gives("1 acquired, 2 waiting; " + ok(4) + " | 2/0/2"),
                burst(limited("H093 + no limit, 30 requests", 0, 0), many)
                        .gives("30 acquired, 0 waiting; " + ok(30) + " | 30/0/30")
                        .overHttp2Gives("1 acquired, 0 waiting; " + ok(30) + " | 30/0/30"),
                burst(
                                Case.of("H092 an idle connection is no way around the limit")
                                        .session(() -> ClientSession.builder().limit(1))
                                        .server(OK)
                                        .elsewhere("<did 2>" + OK)
                                        .gets("/0"),
                                "ELSEWHERE/b",
                                "/a")
                        .wire()
                        .gives("200 \"ok\"; 1 acquired, 1 waiting; " + ok(2) + " | 1/0/3 | GET /0, GET /b, GET /a"),
                burst(
                                limited("H095 first come, first served, across hosts", 1, 1)
                                        .elsewhere(OK + "<req>" + OK),
                                "/1",
                                "ELSEWHERE/2",
                                "/3",
                                "ELSEWHERE/4")
                        .wire()
                        .gives("1 acquired, 3 waiting; " + ok(4) + " | 1/0/4 | GET /1, GET /2, GET /3, GET /4"),
                burst(
                                limited("H098 + a host at its limit holds no other back", 0, 1)
                                        .elsewhere("<did 1>" + OK),
                                "/1",
                                "/2",
                                "ELSEWHERE/3")
                        .gives("2 acquired, 1 waiting; " + ok(3) + " | 2/0/2"),
                waiterIsCancelled(),
                connectionDiesMeanwhile(),
                Case.of("H099 idle for too long")
                        .server(OK)
                        .session(() -> ClientSession.builder().keepAlive(Duration.ofMillis(60)))
                        .gets()
                        .awaitsEviction()
                        .gives("200 \"ok\" | 0/0/1"),
                Case.of("H099 + the server says for how long")
                        .server(OK.replace("⏎⏎", "⏎Keep-Alive: timeout=1⏎⏎"))
                        .gets()
                        .gives("200 \"ok\" | 0/0/1"));
    }

    private static Case waiterIsCancelled() {
        Burst[] burst = new Burst[1];
        return limited("H097 a waiter is cancelled", 1, 1)
                .does((session, scene) -> {
                    burst[0] = new Burst();
                    burst[0].start(session, scene, "/1", "/2", "/3");
                    Task<String> given = burst[0].tasks.remove(1);
                    given.cancel();
                    Outcomes.until(given::isDone);
                    return session.stats().acquired() + " acquired";
                })
                .does((session, scene) -> burst[0].end())
                .wire()
                .gives("1 acquired; " + ok(2) + " | 1/0/1 | GET /1, GET /3");
    }

    /** The connection that a waiter would get is closed by the server at the end of its answer: the waiter makes another one. */
    private static Case connectionDiesMeanwhile() {
        return burst(
                        Case.of("H096 the connection is closed before the waiter has it")
                                .session(() -> ClientSession.builder().limit(1).limitPerHost(1))
                                .server(Scripts.of("<did 1>" + OK + "<fin>"), Scripts.of(OK)),
                        "/1",
                        "/2")
                .wire()
                .gives("1 acquired, 1 waiting; " + ok(2) + " | 1/0/2 | GET /1, …GET /2");
    }
}
