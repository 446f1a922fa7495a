package dev.weft.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.cli.download.Failure;
import dev.weft.cli.download.Made;
import dev.weft.cli.download.Outcome;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WriteOutTest {
    private final Outcome done = Made.retried("http://u:p@h/a", "a", 12, 1);

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            `%{url} %{final_url} %{path}\\n`                       | `http://***@h/a http://h/a a⏎`
            `%{status}%{http_code}%{response_code}`               | `200200200`
            `%{state};%{bytes};%{size_download};%{resumed_from}`  | `done;12;12;0`
            `%{segments} %{tries} %{retries} %{num_retries}`      | `8 2 1 1`
            `%{etag} %{http}`                                     | `"e1" http/1.1`
            `%{time_dns} %{time_connect} %{time_tls} %{time_first} %{time_total}` | `0.003000 0.020000 0.041000 0.050000 1.000000`
            `100%% %{kind}%{error}| \\t\\\\ \\x % \\`             | `100% | ⇥\\ \\x % \\`
            `plain`                                               | `plain`
            ``                                                    | ``
            """)
    void variables(String template, String text) {
        assertEquals(text, WriteOut.parse(template).of(done).replace('\n', '⏎').replace('\t', '⇥'));
    }

    @Test
    void aFailureSaysWhy() {
        Failure failure = new Failure(Failure.Kind.STATUS, "404 Not\u001b", "404 Not\u001b", null, 404, null);
        Outcome failed = Made.failed("http://h/a", "a", 0, Duration.ofMillis(1500), failure);
        assertEquals(
                "status: 404 Not\\u001b [] 404 1.500000",
                WriteOut.parse("%{kind}: %{error} [%{path}] %{status} %{time_total}")
                        .of(failed));
    }

    @Test
    void jsonIsTheLine() {
        assertEquals(JsonLines.of(done) + "\n", WriteOut.parse("%{json}\\n").of(done));
    }

    @Test
    void everyVariableHasAValueOfSomeKind() {
        for (String name : WriteOut.names()) {
            String text = WriteOut.parse("%{" + name + "}").of(done);
            assertEquals(name.equals("kind") || name.equals("error"), text.isEmpty(), name);
        }
    }

    @Test
    void whatIsNotKnownIsWrongUsage() {
        String unknown = assertThrows(IllegalArgumentException.class, () -> WriteOut.parse("a %{nope}"))
                .getMessage();
        assertTrue(unknown.startsWith("there is no variable %{nope}, only url, final_url, path, "), unknown);
        assertEquals(
                "'%{url' has no }",
                assertThrows(IllegalArgumentException.class, () -> WriteOut.parse("%{url"))
                        .getMessage());
    }
}
