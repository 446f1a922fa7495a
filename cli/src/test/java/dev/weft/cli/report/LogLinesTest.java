package dev.weft.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.io.PrintStream;
import java.util.List;
import org.junit.jupiter.api.Test;

class LogLinesTest {
    @Test
    void wholeLinesAreKeptAndStandardErrorIsGivenBack() {
        PrintStream before = System.err;
        LogLines log = LogLines.take();
        try {
            System.err.print("one\ntw");
            assertEquals(List.of("one"), log.lines());
            System.err.print("o 米\nthree");
            assertEquals(List.of("two 米"), log.lines());
        } finally {
            log.close();
        }
        assertSame(before, System.err);
        assertEquals(List.of("three"), log.lines());
        assertEquals(List.of(), log.lines());
    }

    @Test
    void aFloodLosesItsOldestLinesAndSaysSo() {
        LogLines log = LogLines.take();
        try {
            for (int i = 0; i < 1500; i++) {
                System.err.print(i + "\n");
            }
        } finally {
            log.close();
        }
        List<String> lines = log.lines();
        assertEquals(1001, lines.size());
        assertEquals("500 lines of the log are left out: there were too many", lines.getFirst());
        assertEquals("1499", lines.getLast());
    }
}
