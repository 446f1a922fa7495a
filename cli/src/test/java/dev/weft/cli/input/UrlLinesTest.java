package dev.weft.cli.input;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.cli.input.UrlLines.Line;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class UrlLinesTest {
    @Test
    void linesWithoutTheirEnds() throws IOException {
        assertEquals(
                List.of("http://a", "", " # x ", "http://\u7c73", "last"),
                texts(lines("\ufeffhttp://a\r\n\r\n # x \nhttp://\u7c73\nlast")));
        assertEquals(List.of("a", "\ufeffb"), texts(lines("a\n\ufeffb\n")));
        assertEquals(List.of(), texts(lines("")));
        assertEquals(List.of(""), texts(lines("\n")));
    }

    @Test
    void theLongestLineIsReadAndALongerOneIsAFaultAlone() throws IOException {
        String longest = "h".repeat(UrlLines.MAX_LINE_BYTES);
        List<Line> all =
                all(lines("a\n" + longest + "\n" + longest + "x\n" + longest.repeat(5) + "\nb\n" + longest + "y"));
        assertEquals(List.of("a", longest, "h".repeat(64), "h".repeat(64), "b", "h".repeat(64)), textsOf(all));
        assertEquals(
                List.of(1L, 2L, 3L, 4L, 5L, 6L), all.stream().map(Line::number).toList());
        assertNull(all.get(1).fault());
        assertEquals(
                "longer than 65536 bytes: this is no list of URLs", all.get(2).fault());
        assertEquals(
                List.of(false, false, true, true, false, true),
                all.stream().map(line -> line.fault() != null).toList());
    }

    @Test
    void bytesThatAreNoTextAreAFault() throws IOException {
        byte[] bytes = "ok\n???\n\ufffd\nok".getBytes(StandardCharsets.UTF_8);
        bytes[4] = (byte) 0xff;
        List<Line> all = all(new UrlLines(new ByteArrayInputStream(bytes)));
        assertEquals(4, all.size());
        assertEquals("not UTF-8", all.get(1).fault());
        // What is written as it is, is right.
        assertNull(all.get(2).fault());
        assertNull(all.get(3).fault());
    }

    @Test
    void linesThatComeInPiecesAreWhole() throws IOException {
        String text = "one\ntwo\r\n\u7c73\u996d\n\nend";
        InputStream drops = new FilterInputStream(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8))) {
            @Override
            public int read(byte[] buffer, int from, int length) throws IOException {
                return super.read(buffer, from, 1);
            }
        };
        assertEquals(List.of("one", "two", "\u7c73\u996d", "", "end"), texts(new UrlLines(drops)));
    }

    @Test
    void theEndStaysTheEnd() throws IOException {
        UrlLines lines = lines("a");
        assertEquals("a", lines.next().text());
        assertFalse(lines.hasMore());
        assertNull(lines.next());
        assertNull(lines.next());
    }

    @Test
    void saysWhetherMoreIsThere() throws IOException {
        UrlLines lines = lines("a\nb");
        assertTrue(lines.hasMore());
        lines.next();
        assertTrue(lines.hasMore());
        lines.next();
        assertFalse(lines.hasMore());
    }

    private static List<String> texts(UrlLines lines) throws IOException {
        return textsOf(all(lines));
    }

    private static List<String> textsOf(List<Line> lines) {
        return lines.stream().map(Line::text).toList();
    }

    private static List<Line> all(UrlLines lines) throws IOException {
        List<Line> all = new ArrayList<>();
        for (Line line = lines.next(); line != null; line = lines.next()) {
            all.add(line);
        }
        return all;
    }

    private static UrlLines lines(String text) {
        return new UrlLines(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }
}
