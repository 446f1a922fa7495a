package dev.weft.cli.report;

import dev.weft.cli.download.DiskException;
import dev.weft.cli.download.Failure;
import dev.weft.cli.download.Observer;
import dev.weft.cli.download.Outcome;
import dev.weft.cli.download.Transfer;
import dev.weft.cli.text.Credentials;
import dev.weft.cli.text.Printable;
import dev.weft.cli.text.Sizes;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells a run to those who follow it: a line for every failure at once, the progress view, JSON lines, the summary. Standard error
 * is for people, standard output for nothing but JSON lines. Confined to the loop's thread, {@link #summary} to whoever comes after.
 */
public final class Report implements Observer {
    /** How long a reader that has stopped reading is waited for at the end of a run that was stopped. */
    private static final Duration IMPATIENT = Duration.ofMillis(200);

    private static final Duration PATIENT = Duration.ofDays(1);

    private final Style style;
    private final PrintStream out;
    private final PrintStream err;
    private final View view;
    /** Standard error, taken while bars are on it. */
    private @Nullable LogLines log;
    /** Null while there is nothing to say there. */
    private @Nullable LineOutput lines;

    private final Tally tally = new Tally();
    private final Set<String> hints = new HashSet<>();
    /** Whether nothing is fetched. */
    private boolean planning;

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
     * @param writeOut what goes to standard output for each URL; null for nothing
     */
    public record Style(
            Progress progress,
            boolean terminal,
            boolean colour,
            boolean json,
            Detail detail,
            @Nullable WriteOut writeOut) {
        /** Without a template. */
        public Style(Progress progress, boolean terminal, boolean colour, boolean json, Detail detail) {
            this(progress, terminal, colour, json, detail, null);
        }

        /** The same, without a line for each file on either stream. */
        public Style withoutFiles() {
            return new Style(progress, terminal, colour, false, quiet() ? detail : Detail.TOTALS);
        }

        boolean quiet() {
            return detail == Detail.FAILURES;
        }

        boolean lines() {
            return !quiet() && progress == Progress.LINES;
        }

        /** Whether a run that takes long is told of, although nobody asked. */
        boolean linesWhenLong() {
            return !quiet() && progress == Progress.AUTO;
        }

        boolean files() {
            return detail == Detail.FILES;
        }

        boolean bars() {
            return !quiet() && (progress == Progress.BARS || (progress == Progress.AUTO && terminal));
        }
    }

    /**
     * @param out standard output; an {@link Output} tells why it takes no more
     * @param startNanos when the run began, by {@link System#nanoTime()}
     */
    public Report(Style style, PrintStream out, PrintStream err, long startNanos) {
        this.style = style;
        this.out = out;
        this.err = err;
        this.view = style.bars()
                ? new BarsView(err, TerminalSize.ofStandardError(), style, this::logged, startNanos)
                : new PlainView(err, style, startNanos);
    }

    private List<String> logged() {
        return log == null ? List.of() : log.lines();
    }

    /** The run begins. To be followed by {@link #close}, however it ends. */
    public void open() {
        if (style.bars()) {
            log = LogLines.take();
        }
    }

    /** When {@link #tick} wants to be called next, from now; zero for never. */
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
        boolean cancelled = outcome.state() == Outcome.State.CANCELLED;
        // Who has stopped reading a file that goes to standard output need not be told.
        if (failure != null && !cancelled && !Output.isClosedPipe(out)) {
            view.failed(outcome, failure);
            hint(failure.hint());
        }
        if (style.json()) {
            lines().write(JsonLines.of(outcome) + "\n");
        }
        if (style.writeOut() != null) {
            lines().write(style.writeOut().of(outcome));
        }
        if (lines != null && !cancelled) {
            lines.room();
        }
    }

    /** Each once: a hundred files with one thing wrong need it no more than one file does. */
    private void hint(@Nullable String hint) {
        if (hint != null && !style.quiet() && hints.add(hint)) {
            view.line("hint: " + Printable.of(hint));
        }
    }

    @Override
    public void renamed(Transfer transfer, String wanted) {
        warned(wanted + " is another URL's file already; this one becomes " + transfer.name() + ": "
                + Credentials.hide(transfer.url()));
    }

    @Override
    public void planned(String url, Path path) {
        String plan =
                style.json() ? JsonLines.planned(url, path) : Printable.url(url) + "\t" + Printable.of(path.toString());
        planning = true;
        lines().write(plan + "\n");
        lines().room();
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

    /**
     * What to do when nobody reads standard output any more: it runs once, on the loop of the calling task. Only where something is written there.
     */
    public void whenOutputGone(Runnable what) {
        if (style.json() || style.writeOut() != null) {
            lines().whenGone(what);
        }
    }

    /** The run is over: takes the progress view away. */
    public void close() {
        if (log != null) {
            log.close();
        }
        view.close();
    }

    /**
     * Tells the end, when the run is {@linkplain #close over}.
     *
     * @return what became of standard output
     */
    public End.Written summary(End end) {
        long files = expected.orElse(tally.all());
        End.Written written = written(end, files);
        if (!style.quiet() && !planning && written != End.Written.READER_GONE) {
            for (String line : tally.summary(files, end.took(), end.failedList())) {
                err.println(line);
            }
        }
        if (end.goOn() != null) {
            err.println("fetch: " + stopped(end.goOn()));
        }
        return written;
    }

    private End.Written written(End end, long files) {
        if (style.json()) {
            lines().write(JsonLines.of(tally, files, end.took(), end.exitCode()) + "\n");
        }
        boolean all = lines == null || lines.drain(end.goOn() == null ? PATIENT : IMPATIENT);
        if (Output.isClosedPipe(out)) {
            return End.Written.READER_GONE;
        }
        return all ? End.Written.ALL : End.Written.NOT_ALL;
    }

    /** The command is told on the line that stands last: there the eye is. */
    private String stopped(CommandText goOn) {
        String left = expected.isPresent()
                ? Sizes.count(expected.getAsLong() - tally.done() - tally.failed(), "file") + " unfinished"
                : "the list was not read to its end";
        String how = goOn.isWhole() ? "Go on with: " : "Go on with the same command, and what is not shown here: ";
        return Printable.of("stopped; " + left + ". " + how + goOn);
    }

    private LineOutput lines() {
        if (lines == null) {
            lines = new LineOutput(out);
        }
        return lines;
    }
}
