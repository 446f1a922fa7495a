package dev.weft.cli.download;

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
            assertTrue(seen.add(names.take(i % 2 == 0 ? "x.bin" : "X.bin").toLowerCase(Locale.ROOT)));
        }
    }

    private List<String> take(String... wanted) {
        return Stream.of(wanted).map(names::take).toList();
    }
}
