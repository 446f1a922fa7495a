package dev.weft.cli.report;

import dev.weft.cli.download.Outcome;
import dev.weft.cli.download.Transfer;
import dev.weft.cli.text.Printable;
import dev.weft.cli.text.Sizes;
import dev.weft.http.download.DownloadProgress;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** The live view: what ended scrolls out above a total and a bar for each download. */
final class BarsView implements View {
    private static final Duration PERIOD = Duration.ofMillis(100);
    /** What is over before, ends with a summary and without a flash of bars. */
    private static final long QUIET_NANOS = 300_000_000L;
    /** When more files than this end between two frames, they are told together. */
    private static final int MOST_TOLD = 16;

    private static final String GREEN = "\u001b[32m";
    private static final String RED = "\u001b[31m";
    private static final String PLAIN = "\u001b[39m";

    private final PrintStream err;
    private final Report.Style style;
    private final long startNanos;
    private final RateMeter meter;
    private final Map<Transfer, RateMeter> active = new LinkedHashMap<>();
    private final Tally tally = new Tally();
    private final TerminalSize terminal;
    private final Repaint repaint = new Repaint();
    private final List<String> saved = new ArrayList<>();
    private long savedBytes;
    private long receivedBytes;
    private OptionalLong expected = OptionalLong.empty();
    private long nowNanos;
    private boolean drawn;

    BarsView(PrintStream err, TerminalSize terminal, Report.Style style, long startNanos) {
        this.terminal = terminal;
        this.err = err;
        this.style = style;
        this.startNanos = startNanos;
        this.nowNanos = startNanos;
        this.meter = new RateMeter(startNanos);
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
        tally.add(outcome);
        receivedBytes += outcome.bytes();
        if (style.files() && outcome.isDone()) {
            saved.add(Printable.of(transfer.name()) + "  " + Sizes.bytes(outcome.bytes()) + "  "
                    + Sizes.elapsed(outcome.took()));
            savedBytes += outcome.bytes();
        }
    }

    @Override
    public void expects(long urls) {
        expected = OptionalLong.of(urls);
    }

    @Override
    public void line(String line) {
        if (!drawn) {
            err.println(line);
            return;
        }
        List<String> above = takeSaved();
        above.add(coloured(RED, " !!  ") + line);
        paint(above, Bars.lines(board(), terminal.columns(), terminal.rows()));
    }

    @Override
    public void tick(long nanos) {
        nowNanos = nanos;
        if (nanos - startNanos >= QUIET_NANOS) {
            drawn = true;
            terminal.refresh();
            paint(takeSaved(), Bars.lines(board(), terminal.columns(), terminal.rows()));
        }
    }

    @Override
    public void close() {
        paint(takeSaved(), List.of());
        drawn = false;
    }

    private void paint(List<String> above, List<String> lines) {
        err.print(repaint.frame(above, lines, terminal.columns()));
        err.flush();
    }

    private List<String> takeSaved() {
        List<String> lines = new ArrayList<>();
        String mark = coloured(GREEN, " ok  ");
        if (saved.size() > MOST_TOLD) {
            lines.add(mark + saved.size() + " files  " + Sizes.bytes(savedBytes));
        } else {
            saved.forEach(text -> lines.add(mark + text));
        }
        saved.clear();
        savedBytes = 0;
        return lines;
    }

    private String coloured(String code, String text) {
        return style.colour() ? code + text + PLAIN : text;
    }

    private Board board() {
        List<Board.Row> rows = new ArrayList<>();
        long bytes = receivedBytes;
        long total = receivedBytes;
        boolean known = expected.equals(OptionalLong.of(tally.all() + active.size()));
        for (Map.Entry<Transfer, RateMeter> entry : active.entrySet()) {
            Transfer transfer = entry.getKey();
            DownloadProgress at = transfer.progress();
            bytes += at.bytes();
            total += at.total().orElse(at.bytes());
            known &= at.total().isPresent();
            double rate = entry.getValue().rate(nowNanos, at.bytes());
            rows.add(new Board.Row(Printable.of(transfer.name()), at.bytes(), at.total(), rate));
        }
        // The largest first, and those of one size as they began: the order is stable while nothing begins or ends.
        rows.sort(Comparator.comparingLong((Board.Row row) -> row.total().orElse(-1))
                .reversed());
        OptionalLong totalBytes = known ? OptionalLong.of(total) : OptionalLong.empty();
        return new Board(rows, tally.all(), tally.failed(), expected, bytes, totalBytes, meter.rate(nowNanos, bytes));
    }
}
