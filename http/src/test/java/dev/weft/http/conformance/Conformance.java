package dev.weft.http.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.http.ClientSession;
import dev.weft.http.SessionStats;
import dev.weft.loop.Asyncio;
import dev.weft.loop.BoundedMap;
import dev.weft.loop.TimeoutException;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.StringJoiner;
import java.util.function.Function;

/**
 * Plays a case with the server's bytes whole, byte by byte, and cut in two at every place that matters, over real sockets: each time the
 * same comes out, and it is what was expected. Over HTTP/1.1 first; then over HTTP/2, unless {@link OverHttp2} says why not.
 */
final class Conformance {
    /** A run that takes longer hangs. */
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private static final Duration SOON = Duration.ofMillis(80);
    /** Where that was not time enough for what has to happen before. */
    private static final Duration LATER = Duration.ofSeconds(2);

    private Conformance() {}

    /** What one run gave. */
    private record Run(String outcome, List<byte[]> streams) {}

    /** So many runs at a time: each waits for its server most of the time. */
    private static final int AT_A_TIME = 8;

    /** Plays it in every way. */
    static void holds(Case played) throws Exception {
        holds(played, false, Split::of);
        if (OverHttp2.whyNot(played) == null) {
            holds(played, true, Split::ofFrames);
        }
    }

    /** Plays it whole and byte by byte: for what is too large to be cut everywhere. */
    static void holdsInTwoWays(Case played) throws Exception {
        holds(played, false, streams -> List.of(Split.BYTE_BY_BYTE));
        if (OverHttp2.whyNot(played) == null) {
            holds(played, true, streams -> List.of(Split.BYTE_BY_BYTE));
        }
    }

    private static void holds(Case played, boolean http2, Function<List<byte[]>, List<Split>> splits) throws Exception {
        Asyncio.run(() -> {
            Run whole = run(played, http2, Split.WHOLE);
            List<Split> ways = splits.apply(whole.streams);
            try (BoundedMap<Split, String> runs =
                    Asyncio.mapBounded(ways, AT_A_TIME, way -> run(played, http2, way).outcome)) {
                Iterator<Split> way = ways.iterator();
                for (String outcome : runs.inOrder()) {
                    assertEquals(
                            settled(whole.outcome), settled(outcome), way.next().toString());
                }
            }
        });
    }

    /**
     * Whether a reset is noticed by the write or by the read is the system's: the words for both count as the same. Over HTTP/2 the client writes while it
     * reads, of bodies too.
     */
    private static String settled(String outcome) {
        return outcome.replaceAll(
                        "the (connection broke \\(.*\\)|server ended the connection) without an answer",
                        "the connection ended without an answer")
                .replaceAll("the connection broke \\(.*\\) before", "the connection ended before");
    }

    private static Run run(Case played, boolean http2, Split split) throws Exception {
        try {
            return run(played, http2, split, SOON);
        } catch (AssertionError e) {
            if (!played.isTimed()) {
                throw e;
            }
            return run(played, http2, split, LATER);
        }
    }

    private static Run run(Case played, boolean http2, Split split, Duration soon) throws Exception {
        String way = (http2 ? "over HTTP/2, " : "") + split;
        String expected = http2 ? OverHttp2.expected(played) : played.expected();
        try (Scene scene = new Scene(played, split, http2, soon)) {
            String outcome = Asyncio.timeout(LIMIT, scope -> play(played, expected, scene));
            assertTrue(
                    Outcomes.matches(expected, outcome),
                    () -> way + ":\nexpected: " + expected + "\nbut was:  " + outcome);
            assertTrue(scene.split() >= scene.answering(), "not every channel was split: is NettySetup in use?");
            return new Run(outcome, scene.streams());
        } catch (TimeoutException e) {
            throw new AssertionError(way + ": it hangs", e);
        }
    }

    private static String play(Case played, String expected, Scene scene) throws Exception {
        try (ClientSession session = scene.speaking(played.settings()).build()) {
            StringJoiner said = new StringJoiner("; ");
            for (Case.Action action : played.actions()) {
                String outcome = action.run(session, scene);
                if (!outcome.isEmpty()) {
                    said.add(scene.plain(outcome));
                }
                scene.did();
            }
            String all = said + " | " + Outcomes.pool(session, scene, expected);
            if (played.shown() != null) {
                all += " | " + Outcomes.wire(scene.requests(), played.shown());
            }
            scene.assertFewConnections();
            session.close();
            assertEquals(new SessionStats(0, 0, 0), session.stats(), "something is left of the session");
            return all;
        }
    }
}
