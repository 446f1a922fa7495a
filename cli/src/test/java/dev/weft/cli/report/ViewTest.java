package dev.weft.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.cli.download.Failure;
import dev.weft.cli.download.Outcome;
import dev.weft.cli.download.Transfer;
import dev.weft.cli.report.Report.Detail;
import dev.weft.cli.report.Report.Progress;
import dev.weft.cli.report.Report.Style;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ViewTest {
    private static final long SECOND = 1_000_000_000L;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream err = new PrintStream(bytes, true, StandardCharsets.UTF_8);

    @Test
    void barsAppearOnlyAfterAWhileAndGoAwayAtTheEnd() {
        BarsView view = bars(false);
        Transfer transfer = begin(view, "a.bin", 2000);
        view.expects(1);
        transfer.wrote(1000);
        view.tick(SECOND / 10);
        assertEquals("", taken());
        view.tick(SECOND);
        String frame = taken();
        assertTrue(frame.contains(" 0/1 file  1.0/2.0 KiB  "), frame);
        assertTrue(frame.contains(" 50%  1000 B/s  eta 0:01"), frame);
        assertTrue(frame.contains(" a.bin   "), frame);
        end(view, transfer, null);
        view.close();
        String last = taken();
        assertTrue(last.contains("\u001b[2A ok  a.bin  1000 B  0.50 s\u001b[K\n"), last);
        assertTrue(last.endsWith("\u001b[J\u001b[?2026l"), last);
    }

    @Test
    void errorsScrollOutAboveTheBars() {
        BarsView view = bars(true);
        view.line("fetch: early");
        assertEquals("fetch: early\n", taken());
        begin(view, "a.bin", 2000);
        view.tick(SECOND);
        taken();
        view.line("fetch: late");
        String frame = taken();
        assertTrue(frame.contains("\u001b[2A\u001b[31m !!  \u001b[39mfetch: late\u001b[K\n"), frame);
        assertTrue(frame.contains(" a.bin "), frame);
    }

    @Test
    void manyFilesAreToldTogether() {
        BarsView view = bars(false);
        for (int i = 0; i < 17; i++) {
            end(view, begin(view, "f" + i, 1000), null);
        }
        view.tick(SECOND);
        String frame = taken();
        assertTrue(frame.contains(" ok  17 files  0 B\u001b[K\n"), frame);
        assertFalse(frame.contains("f3"), frame);
    }

    @Test
    void theLargestComesFirst() {
        BarsView view = bars(false);
        begin(view, "small", 10);
        begin(view, "unknown", -1);
        begin(view, "large", 1000);
        begin(view, "small2", 10);
        view.tick(SECOND);
        String frame = taken();
        int[] places = {
            frame.indexOf(" large"), frame.indexOf(" small "), frame.indexOf(" small2"), frame.indexOf(" unknown")
        };
        for (int i = 0; i < 3; i++) {
            assertTrue(places[i] >= 0 && places[i] < places[i + 1], frame);
        }
    }

    @Test
    void namesCannotPaint() {
        BarsView view = bars(false);
        begin(view, "a\u001b[2Jb", 10);
        view.tick(SECOND);
        assertFalse(taken().contains("\u001b[2J"));
    }

    @Test
    void plainTellsNothingUnlessAsked() {
        PlainView view = new PlainView(err, new Style(Progress.NONE, false, false, false, Detail.FILES), 0);
        end(view, begin(view, "a", 10), null);
        assertEquals("", taken());
        assertEquals(Duration.ZERO, view.period());
        view.line("fetch: x");
        assertEquals("fetch: x\n", taken());
    }

    @Test
    void linesTellEachFileAndTheState() {
        PlainView view = new PlainView(err, new Style(Progress.LINES, false, false, false, Detail.FILES), 0);
        Transfer one = begin(view, "one", 4000);
        Transfer two = begin(view, "two", 4000);
        begin(view, "three", 4000).wrote(1024);
        one.wrote(1024);
        end(view, one, null);
        end(view, two, new Failure(Failure.Kind.STATUS, "404 Not Found", "404 Not Found"));
        view.tick(10 * SECOND);
        view.expects(7);
        view.tick(11 * SECOND);
        assertEquals(
                "fetch: saved one (1.0 KiB)\nfetch: 2 files, 2.0 KiB, 205 B/s, 1 failed\nfetch: 2/7 files, 2.0 KiB, 186 B/s, 1 failed\n",
                taken());
    }

    private BarsView bars(boolean colour) {
        return new BarsView(
                err, TerminalSize.fixed(80, 24), new Style(Progress.BARS, true, colour, false, Detail.FILES), 0);
    }

    private static Transfer begin(View view, String name, long size) {
        Transfer transfer = new Transfer("http://h/" + name, name, 0);
        transfer.answered(200, size < 0 ? OptionalLong.empty() : OptionalLong.of(size));
        view.started(transfer);
        return transfer;
    }

    private static void end(View view, Transfer transfer, Failure failure) {
        Path path = failure == null ? Path.of(transfer.name()) : null;
        view.ended(transfer, new Outcome(transfer.url(), path, 200, transfer.bytes(), Duration.ofMillis(500), failure));
    }

    private String taken() {
        String text = bytes.toString(StandardCharsets.UTF_8);
        bytes.reset();
        return text;
    }
}
