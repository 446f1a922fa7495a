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
    private static final String NOTHING_LEFT = "\u001b[?7h\u001b[2K\n\u001b[J\u001b[A\u001b[?2026l";
    private static final String ERASE = "\u001b[2K";
    private static final String ERASE_UP = "\u001b[A" + ERASE;
    private static final String EOL = "\n";

    private final Repaint repaint = new Repaint(true, false);

    @Test
    void theFirstFrameGoesBelowTheCursor() {
        assertEquals(BEGIN + NO_WRAP + ERASE + "one" + EOL + ERASE + "two" + EOL + END, frame(80, "one", "two"));
    }

    @Test
    void laterFramesReplaceTheBlockAndScrollTheRestOut() {
        frame(80, "one", "two");
        assertEquals(
                BEGIN + "\u001b[2A" + ERASE + "done" + EOL + NO_WRAP + ERASE + "three" + EOL + END,
                repaint.frame(lines("done"), lines("three"), 80, 24));
        assertEquals(BEGIN + "\u001b[1A" + NO_WRAP + NOTHING_LEFT, frame(80));
    }

    @Test
    void nothingNewNothingWritten() {
        assertEquals("", frame(80));
        frame(80, "one");
        assertEquals("", frame(80, "one"));
        assertEquals(BEGIN + ERASE + ERASE_UP + NO_WRAP + ERASE + "one" + EOL + END, frame(70, "one"));
    }

    @Test
    void aNarrowerTerminalHasWrappedTheBlock() {
        frame(80, "x".repeat(79), "米".repeat(20), "short");
        // 79 columns take 3 rows of 39; so do 20 wide characters 2, of which 19 stand in the first; the last line takes
        // 1.
        assertEquals(BEGIN + ERASE + ERASE_UP.repeat(6) + NO_WRAP + ERASE + "y" + EOL + END, frame(39, "y"));
    }

    @Test
    void aTerminalThatCutsHasAsManyRowsAsBefore() {
        Repaint cutting = new Repaint(false, false);
        cutting.frame(List.of(), lines("x".repeat(79), "short"), 80, 24);
        assertEquals(
                BEGIN + ERASE + ERASE_UP.repeat(2) + NO_WRAP + ERASE + "y" + EOL + END,
                cutting.frame(List.of(), lines("y"), 39, 24));
    }

    @Test
    void whatASmallerWindowPushedOutIsPaintedOverWhenItComesBack() {
        repaint.frame(List.of(), lines("1", "2", "3", "4", "5"), 80, 24);
        assertEquals(
                BEGIN + ERASE + ERASE_UP.repeat(5) + NO_WRAP + ERASE + "y" + EOL + END,
                repaint.frame(List.of(), lines("y"), 80, 4));
        assertEquals("", repaint.frame(List.of(), lines("y"), 80, 4));
        // Two lines were pushed out, and can be on the screen again.
        assertEquals(
                BEGIN + ERASE + ERASE_UP.repeat(3) + NO_WRAP + ERASE + "y" + EOL + END,
                repaint.frame(List.of(), lines("y"), 80, 24));
        assertEquals(
                BEGIN + "\u001b[1A" + NO_WRAP + ERASE + "z" + EOL + END, repaint.frame(List.of(), lines("z"), 80, 24));
    }

    @Test
    void whatScrolledOutSinceIsNotPaintedOver() {
        repaint.frame(List.of(), lines("1", "2", "3", "4", "5"), 80, 24);
        repaint.frame(lines("done"), lines("y"), 80, 4);
        assertEquals(
                BEGIN + ERASE + ERASE_UP + NO_WRAP + ERASE + "y" + EOL + END,
                repaint.frame(List.of(), lines("y"), 80, 24));
    }

    @Test
    void colourIsPutAroundItsPiece() {
        Line done = Line.marked(" ok  ", Tone.DONE, "a");
        Line waits = Line.ending("b  ", Tone.TROUBLE, "waits");
        assertEquals(" ok  a", done.painted(false));
        assertEquals("\u001b[32m ok  \u001b[39ma", done.painted(true));
        assertEquals("b  \u001b[33mwaits\u001b[39m", waits.painted(true));
        assertEquals("plain", Line.plain("plain").painted(true));
        String frame = new Repaint(true, true).frame(List.of(done), List.of(waits), 80, 24);
        assertEquals(
                BEGIN + ERASE + "\u001b[32m ok  \u001b[39ma" + EOL + NO_WRAP + ERASE + "b  \u001b[33mwaits\u001b[39m"
                        + EOL + END,
                frame);
    }

    private String frame(int width, String... lines) {
        return repaint.frame(List.of(), lines(lines), width, 24);
    }

    private static List<Line> lines(String... texts) {
        return Stream.of(texts).map(Line::plain).toList();
    }
}
