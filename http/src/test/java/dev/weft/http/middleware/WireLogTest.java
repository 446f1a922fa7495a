package dev.weft.http.middleware;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.http.message.ClientRequest;
import dev.weft.http.middleware.Origin.Unreachable;
import dev.weft.loop.Asyncio;
import dev.weft.loop.testing.junit.LoopExtension;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is logged; slf4j-simple writes to the standard error stream of the moment. */
@ExtendWith(LoopExtension.class)
class WireLogTest {
    private static final String LOUD = "dev.weft.test.loud";
    private static final String QUIET = "dev.weft.test.quiet";

    static {
        System.setProperty("org.slf4j.simpleLogger.log." + LOUD, "debug");
        System.setProperty("org.slf4j.simpleLogger.log." + QUIET, "warn");
    }

    private static String logged(Runnable work) {
        PrintStream before = System.err;
        ByteArrayOutputStream captured = new ByteArrayOutputStream();
        System.setErr(new PrintStream(captured, true, StandardCharsets.UTF_8));
        try {
            work.run();
        } finally {
            System.setErr(before);
        }
        return captured.toString(StandardCharsets.UTF_8)
                .replaceAll("#\\d+", "#")
                .replaceAll("(?m)^\\[.*?] ", "");
    }

    private final ClientRequest request =
            Origin.get("http://u:SECRET@h/p?a=1", "Authorization", "Bearer SECRET", "X-A", "1");

    @Test
    void headsAndDurations() {
        Origin origin = new Origin(null);
        origin.will(any -> {
            Asyncio.sleep(Duration.ofMillis(250)).await();
            return origin.answer(any, 200, "hello", "Set-Cookie", "a=SECRET; Path=/");
        });
        String text = logged(() -> Origin.read(WireLog.create().logger(LOUD).handle(request, origin)));
        assertEquals("""
                DEBUG dev.weft.test.loud - # > GET http://h/p?a=1
                    Authorization: Bearer REDACTED
                    X-A: 1
                DEBUG dev.weft.test.loud - # < 200  after 0.250 s
                    Set-Cookie: a=REDACTED; Path=/
                DEBUG dev.weft.test.loud - # = whole after 0.253 s, 5 bytes
                """, text);
    }

    @Test
    void failuresAndWhatIsGivenUp() {
        WireLog log = WireLog.create().logger(LOUD);
        String text = logged(() -> {
            log.handle(request, Origin.answering(200, "hello")).close();
            assertThrows(
                    Unreachable.class,
                    () -> log.handle(request, any -> {
                        throw new Unreachable(any);
                    }));
        });
        assertTrue(text.contains("# = given up after 0.000 s, 0 bytes"), text);
        assertTrue(text.contains("# = failed: unreachable after 0.000 s, 0 bytes"), text);
    }

    @Test
    void slowRequestsAloneWhenNothingElseIsAskedFor() {
        WireLog log = WireLog.create().logger(QUIET).slowAfter(Duration.ofMillis(100));
        Origin origin = new Origin(null);
        String text = logged(() -> {
            origin.will(200, "fast");
            Origin.read(log.handle(request, origin));
            origin.will(any -> {
                Asyncio.sleep(Duration.ofMillis(98)).await();
                return origin.answer(any, 503, "slow");
            });
            // With the body: 98 ms for the head, 3 for two pieces and the end.
            Origin.read(log.handle(request, origin));
        });
        assertEquals(
                "WARN dev.weft.test.quiet - slow: GET http://h/p?a=1 took 0.101 s, status 503, 4 bytes, whole\n", text);
    }

    @Test
    void silentWhenNobodyListens() {
        WireLog log = WireLog.create().logger(QUIET);
        assertEquals("", logged(() -> Origin.read(log.handle(request, Origin.answering(200, "hello")))));
    }

    @Test
    void oneLineStaysOneLine() {
        Origin origin = Origin.answering(200, "x", "X-A", "a\u0085b\u009bc");
        String text = logged(() -> Origin.read(WireLog.create().logger(LOUD).handle(request, origin)));
        assertTrue(text.contains("X-A: a?b?c"), text);
        assertFalse(text.contains("\u0085"));
        assertThrows(IllegalArgumentException.class, () -> WireLog.create().slowAfter(Duration.ofMillis(-1)));
    }
}
