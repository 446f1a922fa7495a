package dev.weft.http.h1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.weft.http.message.HeaderLimits;
import dev.weft.http.message.Headers;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What one connection remembers of its answers; what may stand in them at all is the conformance tests'. */
class FieldSectionTest {
    private final FieldSection section = new FieldSection();

    private Headers read(String... lines) {
        section.begin(HeaderLimits.DEFAULT, 0);
        for (String line : lines) {
            byte[] bytes = (" " + line + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
            int end = bytes.length - 2;
            if (section.addKnown(bytes, 1, bytes.length, 0) < 0) {
                section.add(bytes, 1, end, end - 1);
            }
        }
        return section.whole(0);
    }

    @Test
    void whatIsSaidAgainIsTheSameText() {
        Headers first = read("Server: x", "Date: 1", "A: b");
        Headers second = read("Server: x", "Date: 2", "a: b");
        assertEquals("[Server=x, Date=2, a=b]", second.toString());
        assertSame(first.name(0), second.name(0));
        assertSame(first.value(0), second.value(0));
        assertSame(first.name(1), second.name(1));
        assertNotSame(first.name(2), second.name(2));
        assertSame(first.value(2), second.value(2));
        assertEquals("[Server=x, Date=1, A=b]", first.toString());
    }

    @Test
    void noFieldsAreNothingToRemember() {
        Headers first = read("Server: x");
        assertEquals("[]", read().toString());
        assertSame(first.value(0), read("Server: x").value(0));
    }

    @Test
    void whatLooksTheSameButIsNotIsReadAnew() {
        // The second one has the bytes of UTF-8 that the first one was made of as characters, or the other way round.
        read("A: \u00c3\u00b8", "Location: /\u00f8", "F: b c");
        assertEquals(
                "[A=\u00f8, Location=/%F8, F=b c]",
                read("A: \u00f8", "Location: /%F8", "F: b", " c").toString());
        assertEquals(
                "[A=\u00f8, Location=/%F8, F=b c]",
                read("A: \u00c3\u00b8", "Location: /\u00f8", "F: b c").toString());
        assertEquals("[A=, B=c]", read("A:", "B: c").toString());
    }

    @Test
    void whatIsTakenFromTheLastSectionCountsAsMuch() {
        String[] lines = {"A: b", "C: d"};
        read(lines);
        read(lines);
        assertEquals(8, section.bytes());
        section.begin(new HeaderLimits(1000, 1000, 1, 1000), 0);
        byte[] first = "A: b\r\n".getBytes(StandardCharsets.US_ASCII);
        byte[] second = "C: d\r\n".getBytes(StandardCharsets.US_ASCII);
        assertEquals(4, section.addKnown(first, 0, first.length, 0));
        assertThrows(IllegalArgumentException.class, () -> section.addKnown(second, 0, second.length, 0));
    }

    @Test
    void aSectionThatBrokeOffIsForgotten() {
        read("A: b", "C: d");
        section.begin(HeaderLimits.DEFAULT, 0);
        byte[] other = "A: x\r\n".getBytes(StandardCharsets.US_ASCII);
        section.add(other, 0, 4, 4);
        section.begin(HeaderLimits.DEFAULT, 0);
        assertEquals(-1, section.addKnown(other, 0, other.length, 0));
        assertEquals("[A=x, C=d]", read("A: x", "C: d").toString());
    }

    @Test
    void aLineIsKnownOnceItIsThereWhole() {
        read("A: b", "C: d");
        section.begin(HeaderLimits.DEFAULT, 0);
        byte[] line = "A: b\r\n".getBytes(StandardCharsets.US_ASCII);
        for (int end = 0; end < line.length; end++) {
            assertEquals(-1, section.addKnown(line, 0, end, 0));
        }
        assertEquals(4, section.addKnown(line, 0, line.length, 0));
    }

    @Test
    void aStatusLineThatComesAgainIsTheSame() {
        StatusLine first = line("HTTP/1.1 200 OK", StatusLine.NONE);
        assertSame(first, line("HTTP/1.1 200 OK", first));
        assertEquals("No", line("HTTP/1.1 404  No ", first).reason());
        assertEquals(404, line("HTTP/1.1\t404", first).status());
        assertEquals("HTTP/1.0", line("HTTP/1.0 200 OK", first).version());
        assertEquals("O\u00f8", line("HTTP/1.1 200 O\u00c3\u00b8", first).reason());
    }

    private static StatusLine line(String text, StatusLine last) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        return StatusLine.parse(bytes, 0, bytes.length, last);
    }
}
