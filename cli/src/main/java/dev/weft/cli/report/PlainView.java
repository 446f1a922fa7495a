package dev.weft.cli.report;

import dev.weft.cli.download.Outcome;
import dev.weft.cli.download.Transfer;
import dev.weft.cli.text.Printable;
import dev.weft.cli.text.Sizes;
import java.io.PrintStream;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;

/** Lines only: for files, pipes, and those who ask for it. */
final class PlainView implements View {
    private static final Duration PERIOD = Duration.ofSeconds(10);

    private final PrintStream err;
    private final Report.Style style;
    private final Set<Transfer> active = new LinkedHashSet<>();
    private final Tally tally = new Tally();
    private final RateMeter meter;
    private long expected = -1;
    private long receivedBytes;

    /**
     * @param startNanos when the run began
     */
    PlainView(PrintStream err, Report.Style style, long startNanos) {
        this.err = err;
        this.style = style;
        this.meter = new RateMeter(startNanos);
    }

    @Override
    public Duration period() {
        return style.lines() ? PERIOD : Duration.ZERO;
    }

    @Override
    public void started(Transfer transfer) {
        active.add(transfer);
    }

    @Override
    public void ended(Transfer transfer, Outcome outcome) {
        active.remove(transfer);
        tally.add(outcome);
        receivedBytes += outcome.bytes();
        if (style.lines() && style.files() && outcome.isDone()) {
            line("fetch: saved " + Printable.of(transfer.name()) + " (" + Sizes.bytes(outcome.bytes()) + ")");
        }
    }

    @Override
    public void expects(long urls) {
        expected = urls;
    }

    @Override
    public void line(String line) {
        err.println(line);
    }

    @Override
    public void tick(long nanos) {
        long bytes = receivedBytes + active.stream().mapToLong(t -> t.progress().bytes()).sum();
        String failed = tally.failed() > 0 ? ", " + tally.failed() + " failed" : "";
        String files =
                expected < 0 ? Sizes.count(tally.all(), "file") : tally.all() + "/" + Sizes.count(expected, "file");
        String rate = Sizes.rate(meter.rate(nanos, bytes));
        line("fetch: " + files + ", " + Sizes.bytes(bytes) + ", " + rate + failed);
    }

    @Override
    public void close() {}
}
