package dev.weft.cli.report;

import dev.weft.cli.download.Failure;
import dev.weft.cli.download.Outcome;
import dev.weft.cli.download.Transfer;
import dev.weft.cli.text.Printable;
import dev.weft.http.download.DownloadProgress;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * The live view: what ended scrolls out above a total and a bar for each download. Everything is written by {@link #tick}, so that the screen changes
 * ten times a second at most, whatever happens. Confined to the loop's thread.
 */
final class BarsView implements View {
    private static final Duration PERIOD = Duration.ofMillis(100);
    /** What is over before, ends with a summary and without a flash of bars; so does one download's own bar. */
    private static final long QUIET_NANOS = 300_000_000L;
    /** Names are cut to what the lines have room for; wider ones need not be thought of. */
    private static final int MOST_NAME = 80;

    private final PrintStream err;
    private final Report.Style style;
    private final Supplier<List<String>> log;
    private final long startNanos;
    private final RateMeter meter;
    private final Map<Transfer, RateMeter> active = new LinkedHashMap<>();
    private final Shown<Transfer> shown = new Shown<>();
    private final Sums sums = new Sums();
    private final TerminalSize terminal;
    private final Repaint repaint;
    /** What scrolls out above the block with the next frame: lines in their order, and files that are there, told before them. */
    private final List<Line> above = new ArrayList<>();

    private final List<Outcome> saved = new ArrayList<>();
    /** Grows only, so that the columns do not move with every name. */
    private int nameColumns = 8;

    private long nowNanos;
    private boolean drawn;

    /**
     * @param log gives the lines that were logged since it was asked last
     */
    BarsView(PrintStream err, TerminalSize terminal, Report.Style style, Supplier<List<String>> log, long startNanos) {
        this.terminal = terminal;
        this.err = err;
        this.style = style;
        this.log = log;
        this.startNanos = startNanos;
        this.nowNanos = startNanos;
        this.meter = new RateMeter(startNanos);
        this.repaint = new Repaint(TerminalSize.reflows(), style.colour());
    }

    @Override
    public Duration period() {
        return PERIOD;
    }

    @Override
    public void started(Transfer transfer) {
        active.put(transfer, new RateMeter(transfer.startNanos()));
    }

    @Override
    public void ended(Transfer transfer, Outcome outcome) {
        active.remove(transfer);
        sums.add(outcome);
        if (style.files() && outcome.isDone()) {
            noteName(Printable.of(outcome.name()));
            saved.add(outcome);
        }
    }

    @Override
    public void failed(Outcome outcome, Failure failure) {
        if (drawn) {
            noteName(Printable.of(outcome.name()));
            takeSaved();
            above.add(Ended.failed(outcome, failure, nameColumns()));
        } else {
            String url = failure.kind() == Failure.Kind.URL ? "" : ": " + Printable.url(outcome.url());
            line("fetch: " + Printable.of(failure.detail()) + url);
        }
    }

    @Override
    public void expects(long urls) {
        sums.expects(urls);
    }

    @Override
    public void line(String line) {
        if (drawn) {
            takeSaved();
            above.add(Line.plain(line));
        } else {
            err.println(line);
        }
    }

    @Override
    public void tick(long nanos) {
        nowNanos = nanos;
        takeLog();
        if (nanos - startNanos >= QUIET_NANOS) {
            drawn = true;
            terminal.refresh();
            Board board = board();
            takeSaved();
            paint(Bars.lines(board, terminal.columns()));
        }
    }

    @Override
    public void close() {
        takeLog();
        takeSaved();
        if (drawn) {
            terminal.refresh();
            paint(List.of());
        } else {
            for (Line line : above) {
                err.println(line.painted(style.colour()));
            }
            above.clear();
        }
        drawn = false;
    }

    private void paint(List<Line> lines) {
        err.print(repaint.frame(above, lines, terminal.columns(), terminal.rows()));
        err.flush();
        above.clear();
    }

    private void takeLog() {
        for (String logged : log.get()) {
            line(Printable.of(logged));
        }
    }

    private void takeSaved() {
        if (!saved.isEmpty()) {
            above.addAll(Ended.lines(saved, nameColumns(), terminal.columns() - 1));
            saved.clear();
        }
    }

    private void noteName(String name) {
        nameColumns = Math.clamp(Columns.of(name), nameColumns, MOST_NAME);
    }

    /** Of the lines that scroll away: a third of the terminal at most. */
    private int nameColumns() {
        return Math.min(nameColumns, Math.max(8, terminal.columns() / 3));
    }

    private Board board() {
        Map<Transfer, Long> missing = new LinkedHashMap<>();
        Map<Transfer, DownloadProgress> all = new LinkedHashMap<>();
        for (Transfer transfer : active.keySet()) {
            DownloadProgress at = transfer.progress();
            all.put(transfer, at);
            if (nowNanos - transfer.startNanos() >= QUIET_NANOS) {
                missing.put(transfer, Bytes.missing(at));
            }
        }
        List<Board.Row> rows = new ArrayList<>();
        for (Transfer transfer : shown.update(missing, Bars.room(terminal.rows(), active.size()), nowNanos)) {
            rows.add(row(transfer, all.getOrDefault(transfer, transfer.progress())));
        }
        long received = sums.received(all.values());
        Board.Total total = sums.total(all.values(), meter.rate(nowNanos, received));
        return new Board(total, rows, active.size() - rows.size(), nameColumns);
    }

    private Board.Row row(Transfer transfer, DownloadProgress at) {
        String name = Printable.of(transfer.name());
        noteName(name);
        RateMeter own = active.get(transfer);
        double rate = own == null ? 0 : own.rate(nowNanos, Bytes.received(at));
        OptionalLong size = at.total();
        return new Board.Row(name, at.bytes(), size, rate, at.connections(), Notes.of(at));
    }
}
