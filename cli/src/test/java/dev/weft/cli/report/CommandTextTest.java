package dev.weft.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandTextTest {
    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', textBlock = """
            `-i`,                    `-i`
            `urls.txt`,              `urls.txt`
            `https://h/a%20b?x=1`,   `'https://h/a%20b?x=1'`
            `https://h/a-b_c.d,e:f`, `https://h/a-b_c.d,e:f`
            `p[1-3].jpg`,            `'p[1-3].jpg'`
            `a b`,                   `'a b'`
            `it's`,                  `'it'\\''s'`
            ``,                      `''`
            `~/x`,                   `'~/x'`
            `米`,                    `'米'`
            """)
    void wordsAreQuotedForAShell(String word, String quoted) {
        CommandText text = CommandText.of(List.of(word), List.of());
        assertEquals("fetch " + quoted, text.toString());
        assertTrue(text.isWhole());
    }

    @Test
    void aShellReadsTheSameArguments() throws IOException, InterruptedException {
        List<String> arguments =
                List.of("a b", "it's", "$HOME `id` \\ \"x\" !", "", "-H", "X: *", "#1", "two\nlines\t\u001b'\\");
        String command = CommandText.of(arguments, List.of()).toString();
        Process shell = new ProcessBuilder("bash", "-c", "fetch() { printf '%s\\0' \"$@\"; }; " + command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String read = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, shell.waitFor());
        assertEquals(String.join("\0", arguments) + "\0", read);
    }

    @Test
    void secretsAreNotShown() {
        CommandText text = CommandText.of(
                List.of("-u", "me:pw", "--bearer=t0k", "-kuyou:pw2", "http://u:p@h/"), List.of("pw", "t0k", "pw2", ""));
        assertEquals("fetch -u 'me:***' '--bearer=***' '-kuyou:***2' 'http://***@h/'", text.toString());
        assertFalse(text.isWhole());
    }
}
