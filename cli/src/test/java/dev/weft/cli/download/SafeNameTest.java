package dev.weft.cli.download;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SafeNameTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            http://h/a.iso                      | a.iso
            http://h/x/y/a.iso?b=/c#d/e         | a.iso
            http://h/a.iso#x?y                  | a.iso
            http://h/a%20b.txt                  | a b.txt
            http://h/%E7%B1%B3%E9%A5%AD.txt     | 米饭.txt
            http://h/米饭.txt                    | 米饭.txt
            http://h/a%2520b                    | a%20b
            http://h/100%                       | 100%
            http://h/%zz%4                      | %zz%4
            http://h/a+b;v=1.zip                | a+b;v=1.zip
            http://h/                           | index
            http://h                            | index
            http://h/dir/                       | index
            http://h?x=/a/b                     | index
            host/a.txt                          | a.txt
            a.txt                               | index
            http://h/..%2f..%2fup.bin           | _.._up.bin
            http://h/%2e%2e/                    | index
            http://h/..                         | index
            http://h/.                          | index
            http://h/%2e%2e%5c%2e%2e%5cup.bin   | _.._up.bin
            http://h/%2fetc%2fpasswd            | _etc_passwd
            http://h/C:%5CWindows%5Cx.dll       | C__Windows_x.dll
            http://h/.bashrc                    | bashrc
            http://h/-rf                        | rf
            http://h/--.-%20.x                  | x
            http://h/a%00.txt                   | a_.txt
            http://h/a%0d%0ab                   | a__b
            http://h/a%1b[2Jb                   | a_[2Jb
            http://h/a%c2%9bb                   | a_b
            http://h/gpj%e2%80%ae.exe           | gpj_.exe
            http://h/a%ff%feb                   | a__b
            http://h/a%c0%afb                   | a__b
            http://h/name.                      | name
            http://h/name%20%20                 | name
            http://h/name.%20.                  | name
            http://h/a:b*c?d                    | a_b_c
            http://h/a%3Fb%7Cc%22d%3Ce%3E       | a_b_c_d_e_
            http://h/CON                        | _CON
            http://h/con.txt                    | _con.txt
            http://h/Nul.tar.gz                 | _Nul.tar.gz
            http://h/com1                       | _com1
            http://h/COM%C2%B9.x                | _COM¹.x
            http://h/lpt9%20.txt                | _lpt9 .txt
            http://h/com10                      | com10
            http://h/console                    | console
            """)
    void namesAfterUrls(String url, String name) {
        assertEquals(name, SafeName.fromUrl(url));
        assertSafe(name);
    }

    @Test
    void nothingIsLeft() {
        assertEquals("index", SafeName.of(""));
        assertEquals("index", SafeName.of(" . - .. "));
        assertEquals("_", SafeName.of("/"));
    }

    @Test
    void cutsLongNamesAtACodePointAndKeepsTheExtension() {
        String name = SafeName.of("饭".repeat(200) + ".tar.gz");
        assertTrue(name.endsWith("饭.tar.gz"), name);
        assertEquals((SafeName.MAX_BYTES - 7) / 3 * 3 + 7, bytes(name));

        String emoji = SafeName.of("x" + "😀".repeat(100));
        assertEquals("x" + "😀".repeat((SafeName.MAX_BYTES - 1) / 4), emoji);

        // What looks like an endless extension is none.
        assertEquals("a." + "b".repeat(SafeName.MAX_BYTES - 2), SafeName.of("a." + "b".repeat(300)));
        // The cut falls behind a dot.
        String dots = SafeName.of("a" + ".".repeat(400) + "b.txt");
        assertEquals("a.txt", dots);
    }

    @ParameterizedTest
    @CsvSource({
        "a.txt, 1, a.1.txt",
        "a.tar.gz, 12, a.12.tar.gz",
        "a, 1, a.1",
        "index, 3, index.3",
        "a.b.c, 1, a.b.1.c",
        ".tar.gz, 1, .tar.1.gz",
        "v1.2 final version of it, 1, v1.2 final version of it.1"
    })
    void numbersStandBeforeTheExtension(String name, int number, String numbered) {
        assertEquals(numbered, SafeName.numbered(name, number));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 99, 12345, Integer.MAX_VALUE})
    void aNumberedNameIsNoLonger(int number) {
        String name = SafeName.numbered(SafeName.of("n".repeat(300) + ".txt"), number);
        assertTrue(name.endsWith("." + number + ".txt"), name);
        assertEquals(SafeName.MAX_BYTES, bytes(name));
    }

    /** Whatever goes in, what comes out can be trusted. Seeded: a failure comes again. */
    @Test
    void everyNameIsSafe() {
        String[] pieces = {
            "/",
            "\\",
            "..",
            ".",
            "-",
            "%2f",
            "%2F",
            "%5c",
            "%2e",
            "%00",
            "%",
            "%2",
            "CON",
            "nul",
            "aux.",
            " ",
            "a",
            "ä",
            "😀",
            "\ud83d",
            "\u202e",
            "\u009b",
            "\u001b[",
            ":",
            "?",
            "#",
            "://",
            "\u0000",
            "\n",
            ".tar",
            ".gz",
            "饭".repeat(40),
            "z".repeat(90),
            "COM¹",
            "\ufffe",
            "%ff",
            "%e2%80%ae",
            "\u3000",
            "\ufeff"
        };
        Random random = new Random(42);
        for (int i = 0; i < 100_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int j = random.nextInt(9); j >= 0; j--) {
                text.append(pieces[random.nextInt(pieces.length)]);
            }
            String fromUrl = SafeName.fromUrl(text.toString());
            String suggested = SafeName.of(text.toString());
            assertSafe(fromUrl);
            assertSafe(suggested);
            assertSafe(SafeName.numbered(suggested, 1 + random.nextInt(1000)));
            assertEquals(suggested, SafeName.of(suggested), "not stable for " + text);
        }
    }

    private static void assertSafe(String name) {
        assertFalse(name.isEmpty());
        assertTrue(bytes(name) <= SafeName.MAX_BYTES, name);
        assertEquals(
                1,
                Path.of("d").relativize(Path.of("d").resolve(name).normalize()).getNameCount(),
                name);
        assertEquals(name, Path.of("d", name).normalize().getFileName().toString());
        assertFalse(name.matches("(?s)[-.\\s].*|.*[.\\s]"), () -> "edges of <" + name + ">");
        assertFalse(
                name.matches(
                        "(?s).*[/\\\\<>:\"|?*\\p{Cntrl}\\u0080-\\u009f\\u2028\\u2029\\u202a-\\u202e\\u2066-\\u2069\\ufeff].*"),
                name);
        assertTrue(StandardCharsets.UTF_8.newEncoder().canEncode(name), name);
        String base = name.split("\\.", 2)[0].strip().toUpperCase(Locale.ROOT);
        assertFalse(Set.of("CON", "PRN", "AUX", "NUL", "COM1", "COM¹", "LPT9").contains(base), name);
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
