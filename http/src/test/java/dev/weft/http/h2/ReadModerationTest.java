package dev.weft.http.h2;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ReadModerationTest {
    private static final int EACH_BYTES = 50;
    private static final int MICROS = 1000;

    private final ReadModeration moderation = new ReadModeration();
    private long now;

    ReadModerationTest() {
        read(1, 0);
    }

    /** A read that comes so long after the last one. */
    private int read(int answers, int micros) {
        return read(answers, micros, 64);
    }

    private int read(int answers, int micros, int underWay) {
        now += (long) micros * MICROS;
        return moderation.read((long) answers * EACH_BYTES, answers, underWay, now);
    }

    @Test
    void fastAnswersToManyRequestsAreReadSixteenAtATime() {
        assertEquals(16 * EACH_BYTES, read(2, 20));
        assertEquals(16 * EACH_BYTES, read(16, 120));
        assertEquals(16 * EACH_BYTES, read(16, 200));
    }

    /** So fast that half of the patience is enough for sixteen. */
    @Test
    void slowOnesAreReadAsTheyCome() {
        assertEquals(1, read(2, 26));
        assertEquals(16 * EACH_BYTES, read(2, 25));
        assertEquals(1, read(16, 201));
    }

    @Test
    void whoMayWaitForTheLastOneHasItAtOnce() {
        assertEquals(1, read(2, 10, 31));
        assertEquals(16 * EACH_BYTES, read(2, 10, 32));
        assertEquals(1, read(2, 10, 31));
    }

    /** Pieces of bodies, or what the connection itself is told. */
    @Test
    void whatIsNoAnswerIsReadAtOnce() {
        assertEquals(1, read(0, 1));
        now++;
        assertEquals(1, moderation.read(500, 0, 64, now));
    }

    @Test
    void theSystemsBufferIsLargeEnough() {
        now++;
        assertEquals(32 << 10, moderation.read(30_000, 1, 64, now));
    }

    /** Each wait in vain is followed by twice as many reads without one. */
    @Test
    void waitsInVainBecomeRare() {
        for (int skipped = 1; skipped <= 1023; skipped = 2 * skipped + 1) {
            assertEquals(16 * EACH_BYTES, read(2, 10));
            assertEquals(1, read(2, 400), "that was in vain");
            for (int i = 0; i < skipped; i++) {
                assertEquals(1, read(2, 10), skipped + " are skipped");
            }
        }
        assertEquals(16 * EACH_BYTES, read(2, 10));
        read(2, 400);
        for (int i = 0; i < 1023; i++) {
            assertEquals(1, read(2, 10), "that many at most");
        }
        assertEquals(16 * EACH_BYTES, read(2, 10));
    }

    @Test
    void oneThatWasNotInVainForgivesThose() {
        read(2, 10);
        assertEquals(1, read(2, 400));
        assertEquals(1, read(2, 10));
        assertEquals(16 * EACH_BYTES, read(2, 10));
        assertEquals(16 * EACH_BYTES, read(16, 100));
        assertEquals(1, read(2, 400));
        assertEquals(1, read(2, 10));
        assertEquals(16 * EACH_BYTES, read(2, 10));
    }
}
