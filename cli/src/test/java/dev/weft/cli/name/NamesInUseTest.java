package dev.weft.cli.name;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class NamesInUseTest {
    private final NamesInUse names = new NamesInUse();

    @Test
    void aSecondOneGetsANumber() {
        assertEquals(List.of("a.txt", "a.1.txt", "a.2.txt", "b.txt"), take("a.txt", "a.txt", "a.txt", "b.txt"));
    }

    @Test
    void aNumberThatIsTakenIsSkipped() {
        assertEquals(List.of("a.1.txt", "a.txt", "a.2.txt", "a.1.1.txt"), take("a.1.txt", "a.txt", "a.txt", "a.1.txt"));
    }

    @Test
    void caseAndCompositionMakeNoOtherFile() {
        assertEquals(
                List.of("README", "readme.1", "Stra\u00dfe", "STRASSE.1", "\u00e4", "a\u0308.1"),
                take("README", "readme", "Stra\u00dfe", "STRASSE", "\u00e4", "a\u0308"));
    }

    @Test
    void manyOfOneNameStayDistinctAndCheap() {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 20_000; i++) {
            assertTrue(seen.add(names.take("d", i % 2 == 0 ? "x.bin" : "X.bin").toLowerCase(Locale.ROOT)));
        }
    }

    @Test
    void oneNameInTwoDirectoriesIsTwoFiles() {
        assertEquals(List.of("a/x", "b/x", "x", "A/X.1"), take("a/x", "b/x", "x", "A/X"));
        assertEquals("x", names.take("e", "x"));
        // The same file, seen from another root.
        assertEquals("y/x", names.take("e", "y/x"));
        assertEquals("x.1", names.take("e/y", "x"));
    }

    @Test
    void aFileIsNoDirectoryAndADirectoryIsNoFile() {
        assertEquals(
                List.of("h/a", "h/a.1/b", "h/a.1/c", "h/A.1.1", "h/a.1/b.1"),
                take("h/a", "h/a/b", "h/a/c", "h/A.1", "h/a/b"));
        assertEquals(List.of("x/y/z", "x.1", "x/y.1", "x/y/z.1"), take("x/y/z", "x", "x/y", "x/y/z"));
    }

    @Test
    void aNumberedNameIsStillNoLongerThanANameMayBe() {
        String longest = "n".repeat(SafeParts.MAX_BYTES - 4) + ".txt";
        take("dir/" + longest);
        String second = names.take("d", "dir/" + longest);
        assertEquals("dir/" + "n".repeat(SafeParts.MAX_BYTES - 6) + ".1.txt", second);
    }

    /** Of a name 64 bits are kept. */
    @Test
    void aMillionNamesTakeLittleMemoryAndNoneIsMistaken() {
        for (int i = 0; i < 1_000_000; i++) {
            String name = Integer.toString(i, 36);
            assertEquals(name, names.take("d", name));
        }
    }

    private List<String> take(String... wanted) {
        return Stream.of(wanted).map(path -> names.take("d", path)).toList();
    }
}
