package dev.weft.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ColumnsTest {
    @ParameterizedTest
    @CsvSource({
        "planet-latest.osm.pbf, 16, planet...osm.pbf",
        "planet.osm.pbf, 16, planet.osm.pbf",
        "abcdefgh, 8, abcdefgh",
        "abcdefghi, 8, ab...ghi",
        "abcdefghi, 4, ...i",
        "abcdefghi, 3, ...",
        "abcdefghi, 1, .",
        "米饭米饭米饭, 12, 米饭米饭米饭",
        "米饭米饭米饭, 11, 米饭...米饭",
        "米饭米饭米饭, 10, 米...米饭",
        "米饭米饭米饭, 4, ...",
        "a\u0308b\u0308c\u0308d\u0308e\u0308, 4, ...e\u0308"
    })
    void cutsTheMiddle(String text, int columns, String cut) {
        assertEquals(cut, Columns.cutMiddle(text, columns));
    }

    @Test
    void nothingFitsIntoNothing() {
        assertEquals("", Columns.cutMiddle("abc", 0));
        assertEquals("", Columns.cutMiddle("", 0));
    }

    @Test
    void countsWideAndCombiningCharacters() {
        assertEquals(3, Columns.of("abc"));
        assertEquals(4, Columns.of("米饭"));
        assertEquals(1, Columns.of("a\u0308"));
        assertEquals(2, Columns.of("😀"));
    }

    @Test
    void fillsExactly() {
        for (int width = 0; width < 20; width++) {
            for (String text : new String[] {"", "a", "abcdefghijklm", "米饭米饭米饭", "a米饭b米饭c"}) {
                assertEquals(width, Columns.of(Columns.fit(text, width)), text + " in " + width);
            }
        }
        assertEquals("  ab", Columns.right("ab", 4));
        assertTrue(Columns.right("abc", 2).endsWith("abc"));
    }
}
