package dev.weft.cli.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.Map;
import org.junit.jupiter.api.Test;

class PrintableTest {
    @Test
    void whatATerminalWouldActUponIsShown() {
        Map<String, String> table = Map.of(
                "a\u001b[31mb", "a\\u001b[31mb",
                "one\r\ntwo\t", "one\\u000d\\u000atwo\\u0009",
                "bell\u0007del\u007f", "bell\\u0007del\\u007f",
                "csi\u009b2J", "csi\\u009b2J",
                "gpj\u202eexe", "gpj\\u202eexe",
                "\u2066a\u2069\u200e\ufeff", "\\u2066a\\u2069\\u200e\\ufeff",
                "a\u2028b", "a\\u2028b",
                "\ud83d\ud83d\ude00\ude00", "\\ud83d\ud83d\ude00\\ude00",
                "", "");
        table.forEach((text, printable) -> assertEquals(printable, Printable.of(text)));
    }

    @Test
    void ordinaryTextStaysTheSameObject() {
        for (String text : new String[] {"https://host/a?b=c%20d", "米饭 ä 😀", "👩\u200d🚀"}) {
            assertSame(text, Printable.of(text));
        }
    }
}
