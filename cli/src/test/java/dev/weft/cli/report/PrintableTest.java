package dev.weft.cli.report;

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
    void passwordsInUrlsAreNotTold() {
        Map<String, String> table = Map.of(
                "http://user:secret@host/x", "http://user:***@host/x",
                "http://user:se:c@ret@host?q", "http://user:***@host?q",
                "http://user@host:80/x", "http://user@host:80/x",
                "http://host:80/a@b:c@d", "http://host:80/a@b:c@d",
                "http://host?u:p@x", "http://host?u:p@x",
                "http://:p@host", "http://:***@host",
                "mailto:a:b@c", "mailto:a:b@c",
                "http://", "http://",
                "", "");
        table.forEach((url, told) -> assertEquals(told, Printable.url(url)));
    }

    @Test
    void ordinaryTextStaysTheSameObject() {
        for (String text : new String[] {"https://host/a?b=c%20d", "米饭 ä 😀", "👩\u200d🚀"}) {
            assertSame(text, Printable.of(text));
        }
    }
}
