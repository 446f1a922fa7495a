package dev.weft.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class RepaintTest {
    private static final String BEGIN = "\u001b[?2026h\r";
    private static final String END = "\u001b[?7h\u001b[J\u001b[?2026l";
    private static final String NO_WRAP = "\u001b[?7l";
    private static final String EOL = "\u001b[K\n";

    private final Repaint repaint = new Repaint();

    @Test
    void theFirstFrameGoesBelowTheCursor() {
        assertEquals(
                BEGIN + NO_WRAP + "one" + EOL + "two" + EOL + END, repaint.frame(List.of(), List.of("one", "two"), 80));
    }

    @Test
    void laterFramesReplaceTheBlockAndScrollTheRestOut() {
        repaint.frame(List.of(), List.of("one", "two"), 80);
        assertEquals(
                BEGIN + "\u001b[2A" + "done" + EOL + NO_WRAP + "three" + EOL + END,
                repaint.frame(List.of("done"), List.of("three"), 80));
        assertEquals(BEGIN + "\u001b[1A" + NO_WRAP + END, repaint.frame(List.of(), List.of(), 80));
    }

    @Test
    void nothingNewNothingWritten() {
        assertEquals("", repaint.frame(List.of(), List.of(), 80));
        repaint.frame(List.of(), List.of("one"), 80);
        assertEquals("", repaint.frame(List.of(), List.of("one"), 80));
    }

    @Test
    void aNarrowerTerminalHasWrappedTheBlock() {
        repaint.frame(List.of(), List.of("x".repeat(79), "米".repeat(20), "short"), 80);
        String frame = repaint.frame(List.of(), List.of("y"), 39);
        // 79 columns take 3 rows of 39, 40 columns take 2, and the last line 1.
        assertEquals(BEGIN + "\u001b[6A" + NO_WRAP + "y" + EOL + END, frame);
    }
}
