package dev.weft.cli.name;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafePartsTest {
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
        assertEquals(name, SafeParts.nameOf(url));
        assertSafe(name);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            http://h/a/b/c.iso              | a/b
            http://h/a/b/                   | a/b
            http://h/a                      | ''
            http://h                        | ''
            http://h?x=/a/b/c               | ''
            http://h/a//b///c               | a/b
            http://h/%2e%2e/%2E./a/x        | a
            http://h/../../etc/x            | etc
            http://h/a%2fb/..%2f/x          | a_b/_
            http://h/a%5c..%5cb/x           | a_.._b
            http://h/.git/-rf/CON/x         | git/rf/_CON
            http://h/a%00/b%0a/x            | a_/b_
            http://h/%25%32%66/x            | %2f
            a/b/c                           | ''
            """)
    void directoriesAfterUrls(String url, String path) {
        // What has no scheme has no directories that mean anything.
        assertEquals(path, url.startsWith("a/") ? "" : SafeParts.directoriesOf(url));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            http://Example.COM/x            | example.com
            https://example.com:443/x       | example.com
            https://example.com:8443/x      | example.com_8443
            http://user:pass@h/x            | h
            http://[::1]:8080/x             | [__1]_8080
            ftp://h/x                       | host
            http://../x                     | host
            """)
    void hosts(String url, String host) {
        assertEquals(host, SafeParts.hostOf(url));
        assertSafe(host);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', ignoreLeadingAndTrailingWhitespace = false, textBlock = """
            a/b|a/b
            /etc/passwd|etc/passwd
            ../../x|x
            a/../../b|a/b
            ./a/./b|a/b
            //a//b//|a/b
            ..|''
            /|''
            a\\..\\b|a_.._b
            .ssh/authorized_keys|ssh/authorized_keys
            %2e%2e/x|%2e%2e/x
            con/aux.txt|_con/_aux.txt
            """)
    void pathsFromOutside(String text, String path) {
        assertEquals(path, SafeParts.path(text));
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
        for (int i = 0; i < 50_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int j = random.nextInt(9); j >= 0; j--) {
                text.append(pieces[random.nextInt(pieces.length)]);
            }
            String fromUrl = SafeParts.nameOf(text.toString());
            assertSafe(fromUrl);
            for (String path : List.of(SafeParts.path(text.toString()), SafeParts.directoriesOf("http://h/" + text))) {
                if (!path.isEmpty()) {
                    for (String element : path.split("/", -1)) {
                        assertSafe(element);
                    }
                    assertEquals(path, SafeParts.path(path), "not stable for " + text);
                }
            }
        }
    }

    private static void assertSafe(String name) {
        assertFalse(name.isEmpty());
        assertTrue(bytes(name) <= SafeParts.MAX_BYTES, name);
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
