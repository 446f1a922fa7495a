package dev.weft.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.cli.download.Failure;
import dev.weft.cli.download.Made;
import dev.weft.cli.download.Outcome;
import dev.weft.cli.download.Transfer;
import dev.weft.cli.report.Report.Detail;
import dev.weft.cli.report.Report.Progress;
import dev.weft.cli.report.Report.Style;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ViewTest {
    private static final long SECOND = 1_000_000_000L;
    private static final Failure MISSING = new Failure(Failure.Kind.STATUS, "404 Not Found", "404 Not Found");

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream err = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    private final List<String> log = new ArrayList<>();

    @Test
    void barsAppearOnlyAfterAWhileAndGoAwayAtTheEnd() {
        BarsView view = bars(false);
        Transfer transfer = begin(view, "a.bin", 1000, 2000);
        view.expects(1);
        view.tick(SECOND / 10);
        assertEquals("", taken());
        view.tick(SECOND);
        String frame = taken();
        assertTrue(frame.contains(" 0/1 file  1.0/2.0 KiB  "), frame);
        assertTrue(frame.contains(" 50%  1000 B/s  eta 0:01"), frame);
        assertTrue(frame.contains(" a.bin     ===="), frame);
        view.ended(transfer, Made.done("http://h/a", "a.bin", 1000, Duration.ofMillis(500)));
        view.close();
        String last = taken();
        assertTrue(last.contains("\u001b[2A\u001b[2K ok  a.bin         1000 B   2.0 KiB/s\n"), last);
        assertTrue(last.endsWith("\u001b[J\u001b[?2026l"), last);
    }

    @Test
    void whatIsOverSoonLeavesPlainLines() {
        BarsView view = bars(false);
        view.ended(begin(view, "a.bin", 5, 5), Made.done("http://h/a", "a.bin", 1000, Duration.ofMillis(500)));
        view.close();
        assertEquals(" ok  a.bin         1000 B   2.0 KiB/s\n", taken());
    }

    @Test
    void failuresScrollOutAboveTheBarsWithTheNextFrame() {
        BarsView view = bars(true);
        view.failed(Made.failed("http://h/x", "x", 0, Duration.ZERO, MISSING), MISSING);
        view.line("fetch: early");
        assertEquals("fetch: 404 Not Found: http://h/x\nfetch: early\n", taken());
        begin(view, "a.bin", 0, 2000);
        view.tick(SECOND);
        taken();
        view.failed(Made.failed("http://h/y", "dir/y", 0, Duration.ZERO, MISSING), MISSING);
        view.line("fetch: late");
        assertEquals("", taken());
        view.tick(2 * SECOND);
        String frame = taken();
        assertTrue(
                frame.contains(
                        "\u001b[2A\u001b[2K\u001b[31m !!  \u001b[39mdir/y     404 Not Found\n\u001b[2Kfetch: late\n"),
                frame);
        assertTrue(frame.contains(" a.bin "), frame);
    }

    @Test
    void theLogScrollsOutAboveTheBars() {
        BarsView view = bars(false);
        begin(view, "a.bin", 0, 2000);
        view.tick(SECOND);
        taken();
        log.add("DEBUG \u001b[2J");
        view.tick(2 * SECOND);
        String frame = taken();
        assertTrue(frame.contains("\u001b[2A\u001b[2KDEBUG \\u001b[2J\n"), frame);
        log.add("last");
        view.close();
        assertTrue(taken().contains("last\n"));
    }

    @Test
    void manyFilesAreToldTogether() {
        BarsView view = bars(false);
        for (int i = 0; i < 17; i++) {
            view.ended(begin(view, "f" + i, 0, 9), Made.done("http://h/f", "f" + i, 100, Duration.ofMillis(5)));
            view.ended(begin(view, "g" + i, 0, 9), Made.unchanged("http://h/g", "g" + i, 100));
        }
        view.ended(begin(view, "s", 0, 9), Made.skipped("http://h/s", "s"));
        view.tick(SECOND);
        String frame = taken();
        assertTrue(
                frame.contains(
                        " ok  17 files  1.7 KiB\n\u001b[2K ok  17 files  unchanged\n\u001b[2K ok  s         skipped\n"),
                frame);
        assertFalse(frame.contains("f3"), frame);
    }

    @Test
    void partsAndChecksAreTold() {
        BarsView view = bars(false);
        view.ended(begin(view, "a.iso", 0, 9), Made.retried("http://h/a", "a.iso", 1 << 20, 2));
        view.close();
        assertEquals(" ok  a.iso        1.0 MiB   1.0 MiB/s  8 parts  sha256 ok\n", taken());
    }

    @Test
    void whatHasJustBegunHasNoBarYet() {
        BarsView view = bars(false);
        begin(view, "old", 10, 1000);
        Transfer young = new Transfer("http://h/y", "young", SECOND - 1);
        view.started(young);
        view.tick(SECOND);
        String frame = taken();
        assertTrue(frame.contains(" old "), frame);
        assertTrue(frame.contains(" + 1 more"), frame);
        assertFalse(frame.contains("young"), frame);
        view.tick(2 * SECOND);
        assertTrue(taken().contains(" young     waits for the answer"));
    }

    @Test
    void theTotalIsKnownWhenAllSizesAreAndGuessedBefore() {
        BarsView view = bars(false);
        view.expects(8);
        for (int i = 0; i < 4; i++) {
            begin(view, "f" + i, 50, 100);
        }
        view.tick(SECOND);
        String frame = taken();
        assertTrue(frame.contains(" 0/8 files  200 B  "), frame);
        assertTrue(frame.contains(" 25%  200 B/s  eta ~0:03"), frame);
        for (int i = 0; i < 4; i++) {
            begin(view, "g" + i, 50, 100);
        }
        view.tick(2 * SECOND);
        frame = taken();
        assertTrue(frame.contains(" 0/8 files  400/800 B  "), frame);
        assertTrue(frame.contains(" 50%  200 B/s  eta 0:02"), frame);
    }

    @Test
    void whatAnEarlierRunLeftIsThereButWasNotReceived() {
        BarsView view = bars(false);
        Transfer transfer = begin(view, "a", 0, 0);
        transfer.follow(() -> Made.resumed(900, 1000, 800));
        view.expects(1);
        view.tick(SECOND);
        String frame = taken();
        assertTrue(frame.contains(" 0/1 file  900/1000 B  "), frame);
        assertTrue(frame.contains(" 90%  100 B/s  eta 0:01"), frame);
    }

    @Test
    void namesCannotPaint() {
        BarsView view = bars(false);
        begin(view, "a\u001b[2Jb", 0, 10);
        view.tick(SECOND);
        assertFalse(taken().contains("\u001b[2J"));
    }

    @Test
    void plainTellsNothingUnlessAsked() {
        PlainView view = new PlainView(err, style(Progress.NONE, Detail.FILES), 0);
        view.ended(begin(view, "a", 10, 10), Made.done("http://h/a", "a", 10, Duration.ZERO));
        assertEquals("", taken());
        assertEquals(Duration.ZERO, view.period());
        view.line("fetch: x");
        assertEquals("fetch: x\n", taken());
        assertEquals(Duration.ZERO, new PlainView(err, style(Progress.LINES, Detail.FAILURES), 0).period());
    }

    @Test
    void linesComeByThemselvesInARunThatTakesLong() {
        PlainView view = new PlainView(err, style(Progress.AUTO, Detail.FILES), 0);
        view.ended(begin(view, "a", 10, 10), Made.done("http://h/a", "a", 30, Duration.ZERO));
        assertEquals("", taken());
        assertEquals(Duration.ofSeconds(30), view.period());
        view.tick(30 * SECOND);
        assertEquals("fetch: 1 file, 30 B, 1 B/s\n", taken());
        assertEquals(Duration.ofSeconds(10), view.period());
    }

    @Test
    void linesTellEachFileAndTheState() {
        PlainView view = new PlainView(err, style(Progress.LINES, Detail.FILES), 0);
        begin(view, "three", 1024, 4000);
        view.ended(begin(view, "one", 0, 0), Made.done("http://h/1", "one", 1024, Duration.ZERO));
        Outcome failed = Made.failed("http://u:p@h/2", "two", 0, Duration.ZERO, MISSING);
        view.ended(begin(view, "two", 0, 0), failed);
        view.failed(failed, MISSING);
        assertEquals("fetch: saved one (1.0 KiB)\nfetch: 404 Not Found: http://***@h/2\n", taken());
        view.tick(10 * SECOND);
        view.expects(7);
        view.tick(11 * SECOND);
        assertEquals(
                "fetch: 2 files, 2.0 KiB, 205 B/s, 1 failed\nfetch: 2/7 files, 2.0 KiB, 186 B/s, 1 failed\n", taken());
        assertEquals(Duration.ofSeconds(10), view.period());
    }

    private BarsView bars(boolean colour) {
        Style style = new Style(Progress.BARS, true, colour, false, Detail.FILES);
        return new BarsView(err, TerminalSize.fixed(80, 24), style, this::takeLog, 0);
    }

    private List<String> takeLog() {
        List<String> lines = List.copyOf(log);
        log.clear();
        return lines;
    }

    private static Style style(Progress progress, Detail detail) {
        return new Style(progress, false, false, false, detail);
    }

    private static Transfer begin(View view, String name, long bytes, long size) {
        Transfer transfer = new Transfer("http://h/" + name, name, 0);
        transfer.follow(() -> Made.receiving(bytes, OptionalLong.of(size)));
        view.started(transfer);
        return transfer;
    }

    private String taken() {
        String text = bytes.toString(StandardCharsets.UTF_8);
        bytes.reset();
        return text;
    }
}
