package dev.weft.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ShownTest {
    private static final long SECOND = 1_000_000_000L;

    private final Map<String, Long> missing = new LinkedHashMap<>();
    private final Shown<String> shown = new Shown<>();

    @Test
    void thoseWithTheMostMissingComeFirstAndEqualOnesAsTheyBegan() {
        put("small", 10, "unknown", 0, "large", 1000, "small2", 10);
        assertEquals(List.of("large", "small", "small2", "unknown"), shown.update(missing, 9, 0));
        assertEquals(List.of("large", "small", "small2"), shown.update(missing, 3, 0));
    }

    @Test
    void oneThatIsOvertakenByALittleStaysWhereItIs() {
        put("a", 1000, "b", 900);
        shown.update(missing, 9, 0);
        put("a", 500);
        assertEquals(List.of("a", "b"), shown.update(missing, 9, 5 * SECOND));
        put("a", 440);
        assertEquals(List.of("b", "a"), shown.update(missing, 9, 10 * SECOND));
    }

    @Test
    void theOrderChangesOnceASecond() {
        put("a", 1000, "b", 900);
        shown.update(missing, 9, 0);
        put("a", 1);
        assertEquals(List.of("a", "b"), shown.update(missing, 9, SECOND / 2));
        assertEquals(List.of("b", "a"), shown.update(missing, 9, SECOND));
    }

    @Test
    void oneThatWasLeftOutComesInForOneThatEndedOrHasMuchLess() {
        put("a", 1000, "b", 900, "c", 800);
        assertEquals(List.of("a", "b"), shown.update(missing, 2, 0));
        put("b", 500);
        assertEquals(List.of("a", "b"), shown.update(missing, 2, 2 * SECOND));
        put("b", 300);
        assertEquals(List.of("a", "c"), shown.update(missing, 2, 4 * SECOND));
        missing.remove("a");
        assertEquals(List.of("c", "b"), shown.update(missing, 2, 4 * SECOND + 1));
    }

    @Test
    void aNewOneTakesThePlaceOfItsSizeAtOnce() {
        put("a", 1000, "b", 100);
        shown.update(missing, 9, 0);
        put("new", 500);
        assertEquals(List.of("a", "new", "b"), shown.update(missing, 9, 1));
    }

    @Test
    void withoutRoomNothingIsShown() {
        put("a", 1000);
        assertEquals(List.of(), shown.update(missing, 0, 0));
        assertEquals(List.of("a"), shown.update(missing, 1, 1));
        assertEquals(List.of(), shown.update(missing, 0, 2));
        assertEquals(List.of(), shown.update(Map.of(), 3, 3));
    }

    private void put(Object... pairs) {
        for (int i = 0; i < pairs.length; i += 2) {
            missing.put((String) pairs[i], ((Number) pairs[i + 1]).longValue());
        }
    }
}
