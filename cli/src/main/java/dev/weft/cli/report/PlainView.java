package dev.weft.cli.report;

import dev.weft.cli.download.Failure;
import dev.weft.cli.download.Outcome;
import dev.weft.cli.download.Transfer;
import dev.weft.cli.text.Printable;
import dev.weft.cli.text.Sizes;
import java.io.PrintStream;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Lines only: for files, pipes, and those who ask for it. Where nobody has said how progress is to be shown, it is told of a run that takes long.
 * Confined to the loop's thread.
 */
final class PlainView implements View {
    private static final Duration PERIOD = Duration.ofSeconds(10);
    private static final Duration LONG = Duration.ofSeconds(30);

    private final PrintStream err;
    private final Report.Style style;
    private final Set<Transfer> active = new LinkedHashSet<>();
    private final Tally tally = new Tally();
    private final RateMeter meter;
    private boolean told;
    private long expected = -1;

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
        if (!style.lines() && !style.linesWhenLong()) {
            return Duration.ZERO;
        }
        return style.lines() || told ? PERIOD : LONG;
    }

    @Override
    public void started(Transfer transfer) {
        active.add(transfer);
    }

    @Override
    public void ended(Transfer transfer, Outcome outcome) {
        active.remove(transfer);
        tally.add(outcome);
        if (style.lines() && style.files() && outcome.state() == Outcome.State.DONE) {
            line("fetch: saved " + Printable.of(outcome.name()) + " (" + Sizes.bytes(outcome.bytes()) + ")");
        }
    }

    /** The URL as it was given: the way to find it in the list. */
    @Override
    public void failed(Outcome outcome, Failure failure) {
        String url = failure.kind() == Failure.Kind.URL ? "" : ": " + Printable.url(outcome.url());
        line("fetch: " + Printable.of(failure.detail()) + url);
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
        told = true;
        long bytes = tally.received();
        for (Transfer transfer : active) {
            bytes += Bytes.received(transfer.progress());
        }
        String failed = tally.failed() > 0 ? ", " + tally.failed() + " failed" : "";
        String files =
                expected < 0 ? Sizes.count(tally.all(), "file") : tally.all() + "/" + Sizes.count(expected, "file");
        String rate = Sizes.rate(meter.rate(nanos, bytes));
        line("fetch: " + files + ", " + Sizes.bytes(bytes) + ", " + rate + failed);
    }

    @Override
    public void close() {}
}
