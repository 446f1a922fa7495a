package dev.weft.cli.download;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class UrlLinesTest {
    @Test
    void skipsWhatIsNoUrl() throws IOException {
        assertEquals(
                List.of("http://a", "http://b#x", "http://c", "http://米"),
                read("\ufeffhttp://a\r\n\r\n# comment\n   # too\n\t http://b#x \n\n\nhttp://c\n \t\r\nhttp://米"));
        assertEquals(List.of(), read(""));
        assertEquals(List.of(), read("\n\r\n#\n"));
    }

    @Test
    void theLongestLineIsReadAndALongerOneIsRefusedByItsNumber() throws IOException {
        String longest = "h".repeat(UrlLines.MAX_LINE_BYTES);
        assertEquals(List.of("a", longest, "b"), read("a\n" + longest + "\nb"));

        UrlLines lines = lines("a\n" + longest + "x\nb");
        assertEquals("a", lines.next());
        IOException e = assertThrows(IOException.class, lines::next);
        assertTrue(e.getMessage().startsWith("line 2 is longer than 65536 bytes"), e.getMessage());
    }

    @Test
    void theEndStaysTheEnd() throws IOException {
        UrlLines lines = lines("a");
        assertEquals("a", lines.next());
        assertNull(lines.next());
        assertNull(lines.next());
    }

    private static List<String> read(String text) throws IOException {
        UrlLines lines = lines(text);
        List<String> all = new ArrayList<>();
        for (String url = lines.next(); url != null; url = lines.next()) {
            all.add(url);
        }
        return all;
    }

    private static UrlLines lines(String text) {
        return new UrlLines(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }
}
