package dev.weft.http.h2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** How windows grow, and what bounds them. */
class WindowsTest {
    private static final int FIRST = Windows.FIRST_BYTES;

    /** Lets so many bytes come, in frames; gives how many PINGs that took. */
    private static int receive(Bandwidth bandwidth, long bytes) {
        int pings = 0;
        for (long left = bytes; left > 0; left -= 16 << 10) {
            pings += bandwidth.received((int) Math.min(left, 16 << 10)) ? 1 : 0;
        }
        return pings;
    }

    @Test
    void aSmallBodyIsNotMeasured() {
        assertEquals(0, receive(new Bandwidth(FIRST), FIRST / 4 - 1));
    }

    @Test
    void oneQuestionAtATime() {
        Bandwidth bandwidth = new Bandwidth(FIRST);
        assertEquals(1, receive(bandwidth, 100L * FIRST));
        bandwidth.roundTrip();
        assertEquals(1, receive(bandwidth, 100L * FIRST));
    }

    /** What comes within a round trip is the window, as long as that is what holds the server back. */
    @Test
    void theWindowGrowsWhileItIsFilledWithinARoundTrip() {
        Bandwidth bandwidth = new Bandwidth(FIRST);
        int grown = 0;
        while (bandwidth.windowBytes() < Bandwidth.MOST_BYTES) {
            int window = bandwidth.windowBytes();
            assertEquals(1, receive(bandwidth, window + window / 2));
            bandwidth.roundTrip();
            assertTrue(bandwidth.windowBytes() >= 2 * window || bandwidth.windowBytes() == Bandwidth.MOST_BYTES);
            grown++;
        }
        assertTrue(grown <= 6, () -> "it took " + bandwidth.windowBytes());
        receive(bandwidth, 100L << 20);
        bandwidth.roundTrip();
        assertEquals(Bandwidth.MOST_BYTES, bandwidth.windowBytes(), "it is as large as it may be");
    }

    /** A server that waits is told of the half that is taken when the other one is on its way already: no more than that is seen within the round trip. */
    @Test
    void halfOfAWindowShowsThatTheServerWaits() {
        Bandwidth bandwidth = new Bandwidth(FIRST);
        receive(bandwidth, FIRST / 4 - (16 << 10));
        assertEquals(1, receive(bandwidth, FIRST / 2));
        bandwidth.roundTrip();
        assertTrue(bandwidth.windowBytes() >= 2 * FIRST, () -> "it took " + bandwidth.windowBytes());
    }

    @Test
    void anAnswerToNoQuestionSaysNothing() {
        Bandwidth bandwidth = new Bandwidth(FIRST);
        receive(bandwidth, 10L * FIRST);
        bandwidth.roundTrip();
        int grown = bandwidth.windowBytes();
        for (int i = 0; i < 10; i++) {
            bandwidth.roundTrip();
        }
        assertEquals(grown, bandwidth.windowBytes());
    }

    @Test
    void itStaysWhereTheNetworkGivesLess() {
        Bandwidth bandwidth = new Bandwidth(FIRST);
        for (int i = 0; i < 100; i++) {
            while (!bandwidth.received(FIRST / 8)) {
                // Until a question is due.
            }
            bandwidth.roundTrip();
        }
        assertEquals(FIRST, bandwidth.windowBytes());
    }

    @Test
    void allWindowsTogetherAreBounded() {
        Windows windows = new Windows();
        long all = 0;
        int[] grown = new int[100];
        for (int i = 0; i < 100; i++) {
            grown[i] = windows.grow(FIRST, Bandwidth.MOST_BYTES);
            all += grown[i];
        }
        assertEquals(Windows.BUDGET_BYTES, all, 10);
        assertEquals(Bandwidth.MOST_BYTES - FIRST, grown[0]);
        assertEquals(8 << 20, grown[1], FIRST, "the second has half of what the first has left");
        assertEquals(0, grown[99]);
        windows.ended(grown[0]);
        assertEquals(grown[0], 2 * windows.grow(FIRST, Bandwidth.MOST_BYTES), 10, "what ended gives its part back");
    }

    @Test
    void aWindowThatIsLargeEnoughDoesNotGrow() {
        Windows windows = new Windows();
        assertEquals(0, windows.grow(2 * FIRST, FIRST));
        assertEquals(FIRST, windows.grow(FIRST, 2 * FIRST));
    }
}
