package dev.weft.http.download;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class SegmentsTest {
    private static final long MIB = 1 << 20;
    private static final long SECOND = 1_000_000_000;

    private final Segments segments = new Segments();
    private final ByteRanges have = new ByteRanges();

    private static String range(Segment segment) {
        return segment == null ? null : segment.position() + "-" + segment.end();
    }

    @Test
    void aFileOfUnknownLengthIsOnePart() {
        assertEquals("0-" + Segment.OPEN, range(segments.claim(have, -1, 0)));
        assertNull(segments.claim(have, -1, 0));
    }

    @Test
    void whatIsThereOrFetchedIsNotFetched() {
        have.add(10, 20);
        have.add(50, 60);
        assertEquals("0-10", range(segments.claim(have, 100, 0)));
        assertEquals("20-50", range(segments.claim(have, 100, 0)));
        assertEquals("60-100", range(segments.claim(have, 100, 0)));
        assertNull(segments.claim(have, 100, 0));
    }

    @Test
    void whatWasGivenUpIsFetchedByTheNext() {
        Segment first = segments.claim(have, 100, 0);
        first.endAt(50);
        Segment second = segments.claim(have, 100, 0);
        assertEquals("50-100", range(second));
        first.advance(20, SECOND);
        have.add(0, 20);
        segments.ended(first);
        assertEquals("20-50", range(segments.claim(have, 100, SECOND)));
    }

    @Test
    void aWholeFileHasNoPart() {
        have.add(0, 100);
        assertNull(segments.claim(have, 100, 0));
        assertNull(segments.claim(new ByteRanges(), 0, 0));
    }

    @Test
    void theSlowestIsHalved() {
        Segment slow = segments.claim(have, 40 * MIB, 0);
        slow.endAt(20 * MIB);
        Segment fast = segments.claim(have, 40 * MIB, 0);
        slow.advance((int) MIB, SECOND);
        fast.advance(10 * (int) MIB, SECOND);
        Segment more = segments.split(SECOND);
        assertEquals((MIB + 19 * MIB / 2) + "-" + 20 * MIB, range(more));
        assertEquals(MIB + 19 * MIB / 2, slow.end());
        assertEquals(40 * MIB, fast.end());
    }

    @Test
    void whatIsSmallOrSoonDoneIsNotSplit() {
        Segment one = segments.claim(have, 10 * MIB, 0);
        one.advance(9 * (int) MIB, SECOND / 10);
        assertNull(segments.split(SECOND / 10), "it is done in some milliseconds");
        Segment small = new Segments().claim(have, 400 << 10, 0);
        small.advance(1, SECOND);
        assertNull(segments.split(SECOND));
    }

    /** Whose answer is still on its way may be as fast as the others: halves of halves would only cost requests. */
    @Test
    void whatHasNotBegunIsNotSplit() {
        Segment first = segments.claim(have, 100 * MIB, 0);
        first.advance(10 * (int) MIB, SECOND);
        Segment second = segments.split(SECOND);
        assertEquals("55-100", second.position() / MIB + "-" + second.end() / MIB);
        Segment third = segments.split(SECOND + SECOND / 10);
        assertEquals("32-55", third.position() / MIB + "-" + third.end() / MIB);
        assertNotNull(segments.split(4 * SECOND), "it was asked for long ago");
    }

    /** A server far away answers when the rest of the part would be here. */
    @Test
    void whatIsDoneBeforeAnotherAnswerIsNotSplit() {
        Segment one = segments.claim(have, 20 * MIB, 0);
        one.advance(10 * (int) MIB, SECOND);
        segments.answeredIn(SECOND * 6 / 10);
        assertNull(segments.split(SECOND));
        segments.answeredIn(SECOND / 4);
        assertNotNull(segments.split(SECOND));
    }

    @Test
    void whatHasStalledIsTakenAway() {
        Segment stalled = segments.claim(have, 10 * MIB, 0);
        stalled.advance((int) MIB, SECOND);
        assertFalse(segments.hasStalled(2 * SECOND));
        assertTrue(segments.hasStalled(4 * SECOND));
        Segment other = segments.split(4 * SECOND);
        assertNotNull(other);
        assertEquals(MIB + "-" + 10 * MIB, range(other));
        assertTrue(stalled.isTaken());
        assertEquals(0, stalled.left());
    }

    /** Whatever happens, each byte is fetched by exactly one connection at a time, and all are in the end. */
    @Test
    void noTwoOverlapAndNothingIsForgotten() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            Segments parts = new Segments();
            ByteRanges got = new ByteRanges();
            long length = 1 + random.nextLong(20 * MIB);
            java.util.List<Segment> busy = new java.util.ArrayList<>();
            long now = 0;
            while (!got.isWhole(length)) {
                now += random.nextLong(SECOND);
                if (busy.size() < 8) {
                    Segment next = parts.claim(got, length, now);
                    next = next == null ? parts.split(now) : next;
                    if (next != null) {
                        busy.add(next);
                    }
                }
                busy.removeIf(Segment::isTaken);
                for (int i = 0; i < busy.size(); i++) {
                    for (int k = i + 1; k < busy.size(); k++) {
                        Segment a = busy.get(i);
                        Segment b = busy.get(k);
                        assertTrue(
                                a.end() <= b.position() || b.end() <= a.position() || a.left() == 0 || b.left() == 0,
                                range(a) + " and " + range(b));
                    }
                }
                Segment one = busy.get(random.nextInt(busy.size()));
                int count = (int) Math.min(one.left(), random.nextLong(2 * MIB));
                if (count > 0) {
                    got.add(one.position(), one.position() + count);
                }
                one.advance(count, now);
                if (one.left() == 0 || random.nextInt(10) == 0) {
                    parts.ended(one);
                    busy.remove(one);
                }
            }
        }
    }
}
