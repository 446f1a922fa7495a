package dev.weft.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weft.cli.report.Line.Tone;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RepaintTest {
    private static final String BEGIN = "\u001b[?2026h\r";
    private static final String END = "\u001b[?7h\u001b[J\u001b[?2026l";
    private static final String NO_WRAP = "\u001b[?7l";
    private static final String EOL = "\u001b[K\n";

    private final Repaint repaint = new Repaint(true, false);

    @Test
    void theFirstFrameGoesBelowTheCursor() {
        assertEquals(BEGIN + NO_WRAP + "one" + EOL + "two" + EOL + END, frame(80, "one", "two"));
    }

    @Test
    void laterFramesReplaceTheBlockAndScrollTheRestOut() {
        frame(80, "one", "two");
        assertEquals(
                BEGIN + "\u001b[2A" + "done" + EOL + NO_WRAP + "three" + EOL + END,
                repaint.frame(lines("done"), lines("three"), 80));
        assertEquals(BEGIN + "\u001b[1A" + NO_WRAP + END, frame(80));
    }

    @Test
    void nothingNewNothingWritten() {
        assertEquals("", frame(80));
        frame(80, "one");
        assertEquals("", frame(80, "one"));
        assertEquals(BEGIN + "\u001b[1A" + NO_WRAP + "one" + EOL + END, frame(70, "one"));
    }

    @Test
    void aNarrowerTerminalHasWrappedTheBlock() {
        frame(80, "x".repeat(79), "米".repeat(20), "short");
        // 79 columns take 3 rows of 39; so do 20 wide characters 2, of which 19 stand in the first; the last line takes 1.
        assertEquals(BEGIN + "\u001b[6A" + NO_WRAP + "y" + EOL + END, frame(39, "y"));
    }

    @Test
    void aTerminalThatCutsHasAsManyRowsAsBefore() {
        Repaint cutting = new Repaint(false, false);
        cutting.frame(List.of(), lines("x".repeat(79), "short"), 80);
        assertEquals(BEGIN + "\u001b[2A" + NO_WRAP + "y" + EOL + END, cutting.frame(List.of(), lines("y"), 39));
    }

    @Test
    void colourIsPutAroundItsPiece() {
        Line done = Line.marked(" ok  ", Tone.DONE, "a");
        Line waits = Line.ending("b  ", Tone.TROUBLE, "waits");
        assertEquals(" ok  a", done.painted(false));
        assertEquals("\u001b[32m ok  \u001b[39ma", done.painted(true));
        assertEquals("b  \u001b[33mwaits\u001b[39m", waits.painted(true));
        assertEquals("plain", Line.plain("plain").painted(true));
        String frame = new Repaint(true, true).frame(List.of(done), List.of(waits), 80);
        assertEquals(
                BEGIN + "\u001b[32m ok  \u001b[39ma" + EOL + NO_WRAP + "b  \u001b[33mwaits\u001b[39m" + EOL + END, frame);
    }

    private String frame(int width, String... lines) {
        return repaint.frame(List.of(), lines(lines), width);
    }

    private static List<Line> lines(String... texts) {
        return Stream.of(texts).map(Line::plain).toList();
    }
}
