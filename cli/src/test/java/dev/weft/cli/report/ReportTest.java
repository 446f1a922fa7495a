package dev.weft.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.cli.download.DiskException;
import dev.weft.cli.download.Failure;
import dev.weft.cli.download.Failure.Kind;
import dev.weft.cli.download.Outcome;
import dev.weft.cli.download.Transfer;
import dev.weft.cli.report.Report.Detail;
import dev.weft.cli.report.Report.Progress;
import dev.weft.cli.report.Report.Style;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ReportTest {
    private static final Style PLAIN = new Style(Progress.AUTO, false, false, false, Detail.FILES);
    private static final Failure MISSING = new Failure(Kind.STATUS, "404 Not Found", "404 Not Found");

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void failuresAreOneLineEachAndTheSummaryComesLast() {
        Report report = report(PLAIN);
        report.expects(3);
        end(report, "http://h/a", null);
        end(report, "http://u:pw@h/b\u001b[2J", MISSING);
        end(report, "ftp://h/c", new Failure(Kind.URL, "invalid URL", "invalid URL \"ftp://h/c\": its scheme is ftp"));
        assertTrue(report.summary(Duration.ofSeconds(2), 1));
        assertEquals("""
                fetch: 404 Not Found: http://u:***@h/b\\u001b[2J
                fetch: invalid URL "ftp://h/c": its scheme is ftp
                fetch: 1 of 3 files, 10 B in 2.0 s (5 B/s)
                fetch: 2 failed: 1 x 404 Not Found, 1 x invalid URL
                """, text(err));
        assertEquals("", text(out));
    }

    @Test
    void quietTellsFailuresOnly() {
        Report report = report(new Style(Progress.LINES, true, true, false, Detail.FAILURES));
        end(report, "http://h/a", null);
        end(report, "http://h/b", MISSING);
        report.renamed(new Transfer("http://h/c", "c.1", 0), "c");
        assertEquals(Duration.ZERO, report.period());
        report.summary(Duration.ofSeconds(1), 1);
        assertEquals("fetch: 404 Not Found: http://h/b\n", text(err));
    }

    @Test
    void whatIsSavedNeedNotBeTold() {
        Report report = report(new Style(Progress.LINES, false, false, false, Detail.FILES));
        end(report, "http://h/a", null);
        Report brief = report(new Style(Progress.LINES, false, false, false, Detail.FILES).withoutFiles());
        end(brief, "http://h/b", null);
        end(brief, "http://h/c", MISSING);
        assertEquals("fetch: saved x (10 B)\nfetch: 404 Not Found: http://h/c\n", text(err));
        assertEquals(Duration.ofSeconds(10), brief.period());
        Style quiet = new Style(Progress.LINES, false, false, false, Detail.FAILURES);
        assertEquals(quiet, quiet.withoutFiles());
    }

    @Test
    void jsonGoesToStandardOutputAndNothingElseDoes() {
        Report report = report(new Style(Progress.AUTO, false, false, true, Detail.FILES));
        end(report, "http://h/a", null);
        end(report, "http://h/b", MISSING);
        report.summary(Duration.ofSeconds(1), 1);
        assertEquals("""
                {"v":1,"url":"http://h/a","path":"x","status":200,"state":"done","bytes":10,"ms":{"total":1000}}
                {"v":1,"url":"http://h/b","status":200,"state":"failed","bytes":10,"ms":{"total":1000},\
                "error":{"kind":"status","message":"404 Not Found"}}
                {"v":1,"summary":{"files":2,"done":1,"failed":1,"cancelled":0,"bytes":10,"ms":{"total":1000},"exit":1}}
                """, text(out));
    }

    @Test
    void aSecondFileOfOneNameIsTold() {
        Report report = report(PLAIN);
        report.renamed(new Transfer("http://h/c", "c.1", 0), "c");
        assertEquals("fetch: c is another URL's file already; this one becomes c.1: http://h/c\n", text(err));
    }

    @Test
    void whatWasStoppedIsCountedAndNotBlamed() {
        Report report = report(PLAIN);
        report.expects(5);
        end(report, "http://h/a", null);
        end(report, "http://h/b", new Failure(Kind.CANCELLED, "stopped", "stopped"));
        report.stopped();
        report.summary(Duration.ofSeconds(1), 130);
        assertEquals("fetch: stopped; 4 files not fetched\nfetch: 1 of 5 files, 10 B in 1.0 s (10 B/s)\n", text(err));

        err.reset();
        report(PLAIN).stopped();
        assertEquals("fetch: stopped; the list was not read to its end\n", text(err));
    }

    @Test
    void aListThatBreaksIsToldAndIsTheDisksFault() {
        Report report = report(PLAIN);
        report.listFailed(new DiskException("cannot read x", new IOException("Input/output error")));
        assertEquals("fetch: cannot read x: input/output error\n", text(err));
        assertTrue(report.tally().diskFailed());
    }

    @Test
    void standardOutputThatIsGoneIsNoticed() {
        OutputStream closed = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("Broken pipe");
            }
        };
        Report report = new Report(
                new Style(Progress.NONE, false, false, true, Detail.FILES),
                new PrintStream(closed, false, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                0);
        end(report, "http://h/a", null);
        assertFalse(report.summary(Duration.ofSeconds(1), 0));
    }

    @Test
    void barsAreForTerminalsOrOnDemand() {
        assertTrue(new Style(Progress.AUTO, true, false, false, Detail.FILES).bars());
        assertFalse(new Style(Progress.AUTO, false, false, false, Detail.FILES).bars());
        assertTrue(new Style(Progress.BARS, false, false, false, Detail.FILES).bars());
        assertFalse(new Style(Progress.BARS, true, false, false, Detail.FAILURES).bars());
        assertFalse(new Style(Progress.NONE, true, false, false, Detail.FILES).bars());
    }

    private Report report(Style style) {
        return new Report(
                style,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                0);
    }

    private static void end(Report report, String url, Failure failure) {
        Transfer transfer = new Transfer(url, "x", 0);
        report.started(transfer);
        Path path = failure == null ? Path.of("x") : null;
        report.ended(transfer, new Outcome(url, path, 200, 10, Duration.ofSeconds(1), failure));
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
