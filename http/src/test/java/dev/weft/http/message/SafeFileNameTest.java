package dev.weft.http.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafeFileNameTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "null",
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "a.txt|a.txt",
                "a/b\\c.txt|a_b_c.txt",
                ".bashrc|bashrc",
                "--x|x",
                " a |a",
                "...|null",
                "'\u0000\u001f\u007f'|___",
                "a\ud800b|a_b",
                "nul|_nul",
                "Nul.tar.gz|_Nul.tar.gz",
                "nulls|nulls",
                "com\u00b9|_com\u00b9",
                "COM|COM",
                "a*?<>|a____",
                "\u4f60\u597d.txt|\u4f60\u597d.txt",
            })
    void table(String suggested, String safe) {
        assertEquals(safe, SafeFileName.of(suggested, 255));
    }

    @Test
    void lengths() {
        assertEquals("a".repeat(28) + ".txt", SafeFileName.of("a".repeat(100) + ".txt", 32));
        assertEquals("a".repeat(25) + ".tar.gz", SafeFileName.of("a".repeat(100) + ".tar.gz", 32));
        assertEquals("a." + "x".repeat(30), SafeFileName.of("a." + "x".repeat(60), 32));
        // The cut falls behind a dot.
        assertEquals("a.txt", SafeFileName.of("a" + ".".repeat(400) + "b.txt", 255));
        // An emoji is not cut in half.
        assertEquals("a" + "\ud83d\ude00".repeat(7), SafeFileName.of("a" + "\ud83d\ude00".repeat(60), 32));
        // Nor does a cut leave a space at the end.
        assertEquals("a".repeat(31), SafeFileName.of("a".repeat(31) + " b".repeat(60), 32));
        assertThrows(IllegalArgumentException.class, () -> SafeFileName.of("a", 31));
    }

    @Test
    void numbered() {
        assertEquals("a.2.tar.gz", SafeFileName.numbered("a.tar.gz", 2, 255));
        assertEquals("a.2", SafeFileName.numbered("a", 2, 255));
        assertEquals("a.b.1.c", SafeFileName.numbered("a.b.c", 1, 255));
        // What looks like a long extension is none.
        assertEquals("v1.2 final version of it.1", SafeFileName.numbered("v1.2 final version of it", 1, 255));
        String longest = SafeFileName.numbered("n".repeat(251) + ".txt", Integer.MAX_VALUE, 255);
        assertEquals("n".repeat(240) + ".2147483647.txt", longest);
        assertEquals("a".repeat(25) + ".17.txt", SafeFileName.numbered("a".repeat(28) + ".txt", 17, 32));
    }

    @Test
    void lastElements() {
        assertEquals("c", SafeFileName.lastElement("a/b\\c"));
        assertEquals("", SafeFileName.lastElement("a/"));
        assertEquals("", SafeFileName.lastElement(""));
        assertEquals("x", SafeFileName.lastElement("a%5cb%2Fx"));
        assertEquals("%25x", SafeFileName.lastElement("%25x"));
        assertEquals("x", SafeFileName.lastElement("a%252fb%25255Cx"));
        assertEquals("%2", SafeFileName.lastElement("a/%2"));
        assertEquals("%25%2", SafeFileName.lastElement("%25%2"));
        assertEquals("", SafeFileName.lastElement("a%2f"));
    }

    @Test
    void whateverIsSuggested() {
        Random random = new Random(3);
        String special = "./\\-: \u00a0\u0000\"%\u202e\u200d\ud83d\ude00\u00fc";
        for (int i = 0; i < 20_000; i++) {
            StringBuilder suggested = new StringBuilder();
            for (int n = random.nextInt(60); n > 0; n--) {
                suggested.append(
                        random.nextBoolean()
                                ? special.charAt(random.nextInt(special.length()))
                                : (char) random.nextInt(random.nextBoolean() ? 0x80 : 0x10000));
            }
            String safe = SafeFileName.of(suggested.toString(), 40);
            if (safe != null) {
                assertEquals(safe, SafeFileName.of(safe, 40));
                assertTrue(safe.getBytes(StandardCharsets.UTF_8).length <= 40);
                assertEquals(1, Path.of(safe).getNameCount());
                assertFalse(safe.isEmpty() || ".- ".indexOf(safe.charAt(0)) >= 0, safe);
                assertFalse(safe.chars().anyMatch(c -> c < ' ' || "/\\:\"".indexOf(c) >= 0), safe);
            }
        }
    }
}
