package dev.weft.http.download;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.http.download.ByteRanges.Range;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ByteRangesTest {
    @Test
    void touchingRangesBecomeOne() {
        ByteRanges ranges = new ByteRanges();
        ranges.add(0, 10);
        ranges.add(20, 30);
        assertEquals(List.of(new Range(0, 10), new Range(20, 30)), ranges.ranges());
        ranges.add(10, 20);
        assertEquals(List.of(new Range(0, 30)), ranges.ranges());
        ranges.add(5, 40);
        assertEquals(List.of(new Range(0, 40)), ranges.ranges());
        assertEquals(40, ranges.total());
        ranges.clear();
        assertEquals(0, ranges.total());
        assertEquals(List.of(), ranges.ranges());
    }

    @Test
    void saysWhatIsMissing() {
        ByteRanges ranges = new ByteRanges();
        assertEquals(new Range(0, 7), ranges.firstGap(7));
        ranges.add(2, 4);
        ranges.add(6, 9);
        assertEquals(List.of(new Range(0, 2), new Range(4, 6), new Range(9, 12)), ranges.gaps(12));
        assertEquals(List.of(new Range(0, 2), new Range(4, 6)), ranges.gaps(9));
        assertEquals(List.of(new Range(0, 2), new Range(4, 5)), ranges.gaps(5));
        ranges.add(0, 2);
        ranges.add(4, 6);
        assertNull(ranges.firstGap(9));
    }

    @Test
    void isWholeOnlyWithEveryByteAndNoneTooMany() {
        ByteRanges ranges = new ByteRanges();
        assertTrue(ranges.isWhole(0));
        assertFalse(ranges.isWhole(-1));
        ranges.add(0, 5);
        ranges.add(6, 10);
        assertFalse(ranges.isWhole(10));
        assertFalse(ranges.isWhole(9));
        ranges.add(5, 6);
        assertTrue(ranges.isWhole(10));
        assertFalse(ranges.isWhole(9));
        assertFalse(ranges.isWhole(11));
    }

    @Test
    void emptyAndNegativeRangesAreMistakes() {
        ByteRanges ranges = new ByteRanges();
        assertThrows(IllegalArgumentException.class, () -> ranges.add(3, 3));
        assertThrows(IllegalArgumentException.class, () -> ranges.add(4, 3));
        assertThrows(IllegalArgumentException.class, () -> ranges.add(-1, 3));
    }

    @Test
    void agreesWithASetOfBits() {
        Random random = new Random(1);
        for (int round = 0; round < 300; round++) {
            ByteRanges ranges = new ByteRanges();
            BitSet bits = new BitSet();
            for (int i = 0; i < 30; i++) {
                int start = random.nextInt(100);
                int end = start + 1 + random.nextInt(12);
                ranges.add(start, end);
                bits.set(start, end);
                assertEquals(bits.cardinality(), ranges.total());
                assertEquals(bits.length(), ranges.end());
                int at = random.nextInt(120);
                assertEquals(bits.nextClearBit(at), ranges.contiguousFrom(at));
                assertEquals(bits.nextClearBit(at) >= at + 3, ranges.contains(at, at + 3));
                BitSet missing = new BitSet();
                ranges.gaps(80).forEach(gap -> missing.set((int) gap.start(), (int) gap.end()));
                BitSet expected = (BitSet) bits.clone();
                expected.flip(0, 80);
                expected.clear(80, 200);
                assertEquals(expected, missing);
            }
        }
    }
}
