package dev.weft.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.cli.download.DiskException;
import dev.weft.cli.download.Failure;
import dev.weft.cli.download.Failure.Kind;
import dev.weft.cli.download.Made;
import dev.weft.cli.download.Transfer;
import dev.weft.cli.report.End.Written;
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
import java.util.List;
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
        assertEquals(Written.ALL, report.summary(end(2, 1)));
        assertEquals("""
                fetch: 404 Not Found: http://***@h/b\\u001b[2J
                fetch: invalid URL "ftp://h/c": its scheme is ftp
                fetch: 1 of 3 files, 30 B in 2.0 s (15 B/s)
                fetch: 2 failed: 1 x 404 Not Found, 1 x invalid URL (list: --failed FILE)
                """, text(err));
        assertEquals("", text(out));
    }

    @Test
    void aHintIsToldOnce() {
        Report report = report(PLAIN);
        Failure hinted = new Failure(Kind.STATUS, "404", "404", "check the URL", 404, null);
        end(report, "http://h/a", hinted);
        end(report, "http://h/b", hinted);
        assertEquals("fetch: 404: http://h/a\nhint: check the URL\nfetch: 404: http://h/b\n", text(err));
    }

    @Test
    void quietTellsFailuresOnly() {
        Report report = report(new Style(Progress.LINES, true, true, false, Detail.FAILURES));
        end(report, "http://h/a", null);
        end(report, "http://h/b", new Failure(Kind.STATUS, "404 Not Found", "404 Not Found", "hint", 404, null));
        report.renamed(new Transfer("http://h/c", "c.1", 0), "c");
        report.warned("odd");
        assertEquals(Duration.ZERO, report.period());
        report.summary(end(1, 1));
        assertEquals("fetch: 404 Not Found: http://h/b\n", text(err));
    }

    @Test
    void whatIsSavedNeedNotBeTold() {
        Report report = report(new Style(Progress.LINES, false, false, false, Detail.FILES));
        end(report, "http://h/a", null);
        Report brief = report(new Style(Progress.LINES, false, false, true, Detail.FILES).withoutFiles());
        end(brief, "http://h/b", null);
        end(brief, "http://h/c", MISSING);
        brief.summary(end(1, 1));
        assertTrue(
                text(err).startsWith("fetch: saved x (10 B)\nfetch: 404 Not Found: http://h/c\nfetch: 1 of"),
                text(err));
        assertEquals("", text(out));
        assertEquals(Duration.ofSeconds(10), brief.period());
        Style quiet = new Style(Progress.LINES, false, false, false, Detail.FAILURES);
        assertEquals(quiet, quiet.withoutFiles());
    }

    @Test
    void linesForProgramsGoToStandardOutputAndNothingElseDoes() {
        Report report = report(
                new Style(Progress.AUTO, false, false, true, Detail.FILES, WriteOut.parse("%{state} %{name}\\n")));
        end(report, "http://h/a", null);
        end(report, "http://h/b", MISSING);
        report.summary(end(1, 1));
        assertEquals("""
                {"v":1,"url":"http://h/a","final_url":"http://h/a","path":"x","status":200,"state":"done","bytes":10,\
                "resumed_from":0,"segments":1,"tries":1,"http":"http/1.1","ms":{"total":1000}}
                done x
                {"v":1,"url":"http://h/b","state":"failed","bytes":10,"resumed_from":0,"segments":1,"tries":1,\
                "ms":{"total":1000},"error":{"kind":"status","message":"404 Not Found"}}
                failed x
                {"v":1,"summary":{"files":2,"done":1,"unchanged":0,"skipped":0,"failed":1,"cancelled":0,"bytes":10,\
                "received":20,"retries":0,"ms":{"total":1000},"exit":1}}
                """, text(out));
    }

    @Test
    void whatIsPlannedIsOneLineEach() {
        Report report = report(PLAIN);
        report.planned("http://u:p@h/a", Path.of("d", "a\u001b"));
        report.summary(end(1, 0));
        assertEquals("http://***@h/a\td/a\\u001b\n", text(out));
        assertEquals("", text(err));
    }

    @Test
    void whatIsOddIsTold() {
        Report report = report(PLAIN);
        report.renamed(new Transfer("http://u:p@h/c", "c.1", 0), "c");
        report.warned("SHA256SUMS has no line for x");
        assertEquals(
                "fetch: c is another URL's file already; this one becomes c.1: http://***@h/c\n"
                        + "fetch: SHA256SUMS has no line for x\n",
                text(err));
    }

    @Test
    void whatWasStoppedIsCountedAndNotBlamedAndGoesOn() {
        Report report = report(PLAIN);
        report.expects(5);
        end(report, "http://h/a", null);
        end(report, "http://h/b", new Failure(Kind.CANCELLED, "stopped", "stopped"));
        report.summary(stopped(CommandText.of(List.of("-i", "my list"), List.of())));
        assertEquals("""
                fetch: 1 of 5 files, 20 B in 1.0 s (20 B/s)
                fetch: stopped; 4 files unfinished. Go on with: fetch -i 'my list'
                """, text(err));

        err.reset();
        report(new Style(Progress.AUTO, false, false, false, Detail.FAILURES))
                .summary(stopped(CommandText.of(List.of("-u", "me:pw"), List.of("pw"))));
        assertEquals(
                "fetch: stopped; the list was not read to its end. Go on with the same command, and what is not shown here: "
                        + "fetch -u 'me:***'\n",
                text(err));
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
        assertEquals(Written.READER_GONE, written("Broken pipe"));
        assertEquals("", text(err));
        assertEquals(Written.NOT_ALL, written("No space left on device"));
    }

    private Written written(String failure) {
        OutputStream closed = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException(failure);
            }
        };
        Report report = new Report(
                new Style(Progress.NONE, false, false, true, Detail.FILES),
                new Output(closed),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                0);
        end(report, "http://h/a", null);
        return report.summary(end(1, 0));
    }

    @Test
    void aFileThatNobodyReadsAnyMoreIsNoFailureToTell() {
        Output closed = new Output(new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("Broken pipe");
            }
        });
        assertThrows(IOException.class, () -> Output.bytes(closed).write(new byte[5]));
        Report report = new Report(PLAIN, closed, new PrintStream(err, true, StandardCharsets.UTF_8), 0);
        end(report, "http://h/a", new Failure(Kind.DISK, "broken pipe", "cannot write: broken pipe"));
        assertEquals(Written.READER_GONE, report.summary(end(1, 3)));
        assertEquals("", text(err));
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
        Duration second = Duration.ofSeconds(1);
        report.ended(
                transfer,
                failure == null ? Made.done(url, "x", 10, second) : Made.failed(url, "x", 10, second, failure));
    }

    private static End end(long seconds, int code) {
        return new End(Duration.ofSeconds(seconds), code, null, null);
    }

    private static End stopped(CommandText goOn) {
        return new End(Duration.ofSeconds(1), 130, null, goOn);
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
