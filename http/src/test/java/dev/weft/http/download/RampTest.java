package dev.weft.http.download;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** How many connections a file gets, against servers that are made of arithmetic. */
class RampTest {
    private static final long MILLI = 1_000_000;
    private static final long MIB = 1 << 20;

    /** What a server gives to so many connections, in bytes a second. */
    private interface Server {
        double rate(int connections);
    }

    /** How a download went. */
    private record Run(int connections, double seconds) {}

    private static Run run(long size, int most, Server server) {
        Ramp ramp = new Ramp(most);
        int connections = 1;
        int peak = 1;
        double bytes = 0;
        long now = 0;
        while (bytes < size) {
            now += 5 * MILLI;
            bytes += server.rate(connections) * 0.005;
            connections += ramp.more(now, (long) bytes, connections, (long) Math.max(0, size - bytes));
            peak = Math.max(peak, connections);
        }
        return new Run(peak, now / 1e9);
    }

    @Test
    void aServerThatGivesSoMuchToEachConnectionGetsAsManyAsAllowed() {
        Run run = run(40 * MIB, 8, connections -> connections * 5.0 * MIB);
        assertEquals(8, run.connections);
        assertTrue(run.seconds < 1.25, run::toString);
        assertEquals(16, run(40 * MIB, 16, connections -> connections * 5.0 * MIB).connections);
    }

    @Test
    void aServerWhoseLineIsFullGetsOneConnectionTooManyAtMost() {
        assertEquals(2, run(1 << 30, 8, connections -> 100.0 * MIB).connections);
    }

    @Test
    void itStopsWhereMoreGivesNothing() {
        assertEquals(8, run(512 * MIB, 16, connections -> Math.min(connections, 4) * 20.0 * MIB).connections);
        assertEquals(9, run(1 << 30, 16, connections -> Math.min(connections, 4) * 20.0 * MIB).connections);
    }

    @Test
    void whatIsSoonDoneIsLeftAlone() {
        assertEquals(1, run(20 * MIB, 8, connections -> 100.0 * MIB).connections);
    }

    /** Half a second to the answer: what a second connection would give comes when all is there. */
    @Test
    void whatIsDoneWhileAnotherWouldBeginIsLeftAlone() {
        Ramp ramp = new Ramp(8);
        ramp.answeredIn(500 * MILLI);
        assertEquals(0, ramp.more(0, 0, 1, 30 * MIB));
        assertEquals(0, ramp.more(1_000 * MILLI, 10 * MIB, 1, 19 * MIB));
        assertEquals(1, ramp.more(2_000 * MILLI, 20 * MIB, 1, 21 * MIB));
    }

    @Test
    void oneIsOneWhateverItGives() {
        assertEquals(1, run(40 * MIB, 1, connections -> connections * 5.0 * MIB).connections);
    }

    @Test
    void refusedConnectionsAreNotAskedForAgainForAWhile() {
        Ramp ramp = new Ramp(8);
        assertEquals(0, ramp.more(0, 0, 1, 1 << 30));
        assertEquals(1, ramp.more(50 * MILLI, MIB, 1, 1 << 30));
        ramp.refused(60 * MILLI);
        assertEquals(0, ramp.more(120 * MILLI, 2 * MIB, 1, 1 << 30));
        assertEquals(0, ramp.more(5_000 * MILLI, 20 * MIB, 1, 1 << 30));
        assertEquals(1, ramp.more(11_000 * MILLI, 40 * MIB, 1, 1 << 30));
    }

    @Test
    void aSlowAnswerMakesTheWindowLonger() {
        Ramp ramp = new Ramp(8);
        ramp.answeredIn(100 * MILLI);
        assertEquals(0, ramp.more(0, 0, 1, 1 << 30));
        assertEquals(0, ramp.more(150 * MILLI, MIB, 1, 1 << 30));
        assertEquals(1, ramp.more(200 * MILLI, MIB, 1, 1 << 30));
    }
}
