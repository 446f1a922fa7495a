package dev.weft.http.middleware;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weft.http.middleware.Circuit.Verdict;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Decisions without a loop; times in seconds. Opens at half of 4 calls within 10 s, for 5 s, then 2 on trial. */
class CircuitTest {
    private static final long SECOND = 1_000_000_000;
    private static final Circuit.Rule RULE = new Circuit.Rule(10 * SECOND, 4, 0.5, 5 * SECOND, 2);

    /**
     * Plays a script, gives what was said. {@code +a} asks for request a: {@code in} or {@code no}; {@code a:ok}, {@code a:bad} and
     * {@code a:off} end it; {@code ok}, {@code bad} are requests that end at once; {@code @7} is the time; {@code ?} the state.
     */
    private static String play(String script) {
        Circuit circuit = new Circuit(RULE);
        Map<String, Long> eras = new HashMap<>();
        List<String> said = new ArrayList<>();
        Deque<String> steps = new ArrayDeque<>(List.of(script.split(" ")));
        long now = 0;
        while (!steps.isEmpty()) {
            String step = steps.pop();
            switch (step.charAt(0)) {
                case '@' -> now = (long) (Double.parseDouble(step.substring(1)) * SECOND);
                case '?' -> said.add(circuit.state(now).name().toLowerCase(java.util.Locale.ROOT));
                case '+' -> {
                    Long era = circuit.enter(now);
                    eras.put(step.substring(1), era);
                    said.add(era == null ? "no" : "in");
                }
                default -> {
                    int colon = step.indexOf(':');
                    Long era = colon < 0 ? circuit.enter(now) : eras.get(step.substring(0, colon));
                    if (era == null) {
                        said.add("no");
                        break;
                    }
                    Verdict verdict = switch (step.substring(colon + 1)) {
                        case "ok" -> Verdict.OK;
                        case "bad" -> Verdict.FAILED;
                        default -> Verdict.NONE;
                    };
                    circuit.end(era, verdict, now);
                }
            }
        }
        return String.join(" ", said);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                // Too few calls, too few failures, then enough of both.
                "bad bad bad ? bad ?; closed open",
                "ok ok ok ok bad bad bad ? bad ?; closed open",
                "ok ok bad bad ?; open",
                // Success never opens it, though the rate is reached.
                "bad bad ok ok ? bad ?; closed open",
                // What is older than the window does not count.
                "bad bad bad @10 bad ? bad bad bad ?; closed open",
                "bad @5 bad bad @9 bad ?; open",
                "@1 bad bad @9 bad @11 bad bad ?; closed",
                // What was cancelled does not count.
                "bad bad bad off off off ? bad ?; closed open",
                // Open: nobody gets in, until its time is over.
                "bad bad bad bad +a @4.9 +b ? @5 ?; no no open half_open",
                // On trial: so many at once, and so many in all.
                "bad bad bad bad @5 +a +b +c a:ok +d b:ok ? +e; in in no no closed in",
                "bad bad bad bad @5 +a ok ? +b a:ok ?; in half_open no closed",
                // One failure on trial opens it again, for as long.
                "bad bad bad bad @5 ok +a @7 a:bad ? @11.9 ? @12 ?; in open open half_open",
                // A trial that was cancelled leaves its place to another.
                "bad bad bad bad @5 +a +b a:off +c +d; in in in no",
                // What was let through before says nothing of now: neither good nor bad.
                "+a +b bad bad bad bad a:ok b:bad ? @5 ok ok ? ; in in open closed",
                "+a +b bad bad bad bad @5 +c a:bad ? +d +e c:ok b:bad ? d:ok ?; in in in half_open in no half_open closed",
                // Closed again, it begins from nothing.
                "bad bad bad bad @5 ok ok bad bad bad ? bad ?; closed open",
            })
    void script(String script, String said) {
        assertEquals(said.strip(), play(script));
    }

    @Test
    void whenItIsForgotten() {
        Circuit circuit = new Circuit(RULE);
        assertEquals(true, circuit.isIdle(0));
        Long era = circuit.enter(0);
        assertEquals(false, circuit.isIdle(0));
        assertEquals(false, circuit.isIdle(100 * SECOND));
        circuit.end(era, Verdict.OK, SECOND);
        assertEquals(false, circuit.isIdle(SECOND));
        assertEquals(true, circuit.isIdle(11 * SECOND));
        for (int i = 0; i < 4; i++) {
            circuit.end(circuit.enter(20 * SECOND), Verdict.FAILED, 20 * SECOND);
        }
        assertEquals(false, circuit.isIdle(25 * SECOND));
        assertEquals(true, circuit.isIdle(31 * SECOND));
    }
}
