package dev.weft.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.weft.cli.options.GivenSettings;
import dev.weft.cli.report.Report;
import dev.weft.cli.report.Report.Detail;
import dev.weft.cli.report.Report.Progress;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StylesTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''              | TERM=xterm                  | true  | true
            ''              | TERM=xterm                  | false | false
            ''              | TERM=dumb                   | true  | false
            ''              | NO_COLOR=1                  | true  | false
            ''              | NO_COLOR=                   | true  | true
            ''              | CLICOLOR_FORCE=1            | false | true
            ''              | CLICOLOR_FORCE=0            | false | false
            ''              | CLICOLOR_FORCE=1 NO_COLOR=1 | true  | false
            --color=always  | NO_COLOR=1                  | false | true
            --colour=never  | CLICOLOR_FORCE=1            | true  | false
            --color auto    | ''                          | true  | true
            """)
    void colourOnlyWhereItCanBeSeen(String line, String variables, boolean terminal, boolean colour) {
        assertEquals(colour, style(line, variables, terminal).colour());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''                  | AUTO  | FILES
            -q                  | AUTO  | FAILURES
            -v                  | LINES | FILES
            -v --progress bars  | BARS  | FILES
            --progress=none     | NONE  | FILES
            """)
    void theLogTakesThePlaceOfTheBars(String line, Progress progress, Detail detail) {
        Report.Style style = style(line, "", true);
        assertEquals(progress, style.progress());
        assertEquals(detail, style.detail());
    }

    @Test
    void whatCannotMoveItsCursorIsNoTerminal() {
        assertFalse(style("", "TERM=dumb", true).terminal());
    }

    private static Report.Style style(String line, String variables, boolean terminal) {
        Map<String, String> environment = new HashMap<>();
        for (String variable : variables.split(" ")) {
            int equals = variable.indexOf('=');
            if (equals > 0) {
                environment.put(variable.substring(0, equals), variable.substring(equals + 1));
            }
        }
        return Styles.of(GivenSettings.of("", environment, (line + " u").strip().split(" ")), terminal);
    }
}
