package dev.weft.cli.report;

import dev.weft.cli.download.DiskException;
import dev.weft.cli.download.Failure;
import dev.weft.cli.download.Observer;
import dev.weft.cli.download.Outcome;
import dev.weft.cli.download.Transfer;
import dev.weft.cli.text.Printable;
import dev.weft.cli.text.Sizes;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Tells a run to those who follow it: a line for every failure at once, the progress view, JSON lines, the summary. Standard error
 * is for people, standard output for nothing but JSON lines. Confined to the loop's thread, {@link #summary} to whoever comes after.
 */
public final class Report implements Observer {
    private final Style style;
    private final PrintStream out;
    private final PrintStream err;
    private final View view;
    private final @Nullable JsonLines json;
    private final Tally tally = new Tally();
    private OptionalLong expected = OptionalLong.empty();

    /** How progress is shown. */
    public enum Progress {
        /** {@link #BARS} on a terminal, else {@link #NONE}. */
        AUTO,
        /** A total and a line for each download, repainted. */
        BARS,
        /** A line for each file that is saved, and one every ten seconds. */
        LINES,
        /** Nothing but failures and the summary. */
        NONE;

        /** As it is written on the command line. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** How much is told on standard error. */
    public enum Detail {
        /** What was saved, what failed, how far it is, and how it ended. */
        FILES,
        /** What failed, how far it is, and how it ended. */
        TOTALS,
        /** What failed. */
        FAILURES
    }

    /**
     * What is told, and how.
     *
     * @param progress how progress is shown
     * @param terminal whether standard error is a terminal that can move its cursor
     * @param colour whether it may be coloured
     * @param json whether JSON lines go to standard output
     * @param detail how much is told on standard error
     */
    public record Style(Progress progress, boolean terminal, boolean colour, boolean json, Detail detail) {
        /** The same, without a line for each file. */
        public Style withoutFiles() {
            return new Style(progress, terminal, colour, json, quiet() ? detail : Detail.TOTALS);
        }

        boolean quiet() {
            return detail == Detail.FAILURES;
        }

        boolean lines() {
            return !quiet() && progress == Progress.LINES;
        }

        boolean files() {
            return detail == Detail.FILES;
        }

        boolean bars() {
            return !quiet() && (progress == Progress.BARS || (progress == Progress.AUTO && terminal));
        }
    }

    /**
     * @param startNanos when the run began, by {@link System#nanoTime()}
     */
    public Report(Style style, PrintStream out, PrintStream err, long startNanos) {
        this.style = style;
        this.out = out;
        this.err = err;
        this.json = style.json() ? new JsonLines(out) : null;
        this.view = style.bars()
                ? new BarsView(err, TerminalSize.ofStandardError(), style, startNanos)
                : new PlainView(err, style, startNanos);
    }

    /** How often {@link #tick} wants to be called; zero for never. */
    public Duration period() {
        return view.period();
    }

    /** Time has passed: shows how it goes. */
    public void tick(long nanos) {
        view.tick(nanos);
    }

    /** What has ended so far. */
    public Tally tally() {
        return tally;
    }

    @Override
    public void started(Transfer transfer) {
        view.started(transfer);
    }

    @Override
    public void ended(Transfer transfer, Outcome outcome) {
        tally.add(outcome);
        view.ended(transfer, outcome);
        Failure failure = outcome.failure();
        if (failure != null && failure.kind() != Failure.Kind.CANCELLED) {
            // The URL as it was given: the way to find it in the list.
            error(failure.detail() + (failure.kind() == Failure.Kind.URL ? "" : ": " + Printable.url(outcome.url())));
        }
        if (json != null) {
            json.write(outcome);
        }
    }

    @Override
    public void renamed(Transfer transfer, String wanted) {
        if (!style.quiet()) {
            error(wanted + " is another URL's file already; this one becomes " + transfer.name() + ": "
                    + Printable.url(transfer.url()));
        }
    }

    @Override
    public void planned(String url, Path path) {
        out.println(Printable.url(url) + "\t" + Printable.of(path.toString()));
    }

    @Override
    public void warned(String message) {
        if (!style.quiet()) {
            error(message);
        }
    }

    @Override
    public void listFailed(DiskException e) {
        tally.listFailed();
        error(String.valueOf(e.getMessage()));
    }

    @Override
    public void expects(long urls) {
        expected = OptionalLong.of(urls);
        view.expects(urls);
    }

    /** Tells what went wrong, in one line, on standard error. */
    public void error(String message) {
        view.line("fetch: " + Printable.of(message));
    }

    /** The run was stopped from outside before its end. */
    public void stopped() {
        String left = expected.isPresent()
                ? Sizes.count(expected.getAsLong() - tally.done() - tally.failed(), "file") + " not fetched"
                : "the list was not read to its end";
        error("stopped; " + left);
    }

    /** Takes the progress view away. To be called when the run is over, however it ended. */
    public void close() {
        view.close();
    }

    /**
     * Tells the end.
     *
     * @return whether standard output took all that was written to it
     */
    public boolean summary(Duration took, int exitCode) {
        if (!style.quiet()) {
            tally.summary(expected.orElse(tally.all()), took).forEach(err::println);
        }
        if (json != null) {
            json.write(tally, took, exitCode);
        }
        return !out.checkError();
    }
}
