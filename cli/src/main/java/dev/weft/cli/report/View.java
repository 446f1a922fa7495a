package dev.weft.cli.report;

import dev.weft.cli.download.Failure;
import dev.weft.cli.download.Outcome;
import dev.weft.cli.download.Transfer;
import java.time.Duration;

/** How a person follows a run on standard error. Confined to the loop's thread; the time comes from the caller. */
interface View {
    /** When {@link #tick} wants to be called next, from now; zero for never. */
    Duration period();

    /** A download begins. */
    void started(Transfer transfer);

    /** A download has ended; if it failed, {@link #failed} is called as well. */
    void ended(Transfer transfer, Outcome outcome);

    /** A download has failed, for a reason that must be seen. */
    void failed(Outcome outcome, Failure failure);

    /** There will be so many URLs in all. */
    void expects(long urls);

    /** A line that must be seen, printable. */
    void line(String line);

    /** Time has passed. */
    void tick(long nanos);

    /** The run is over: takes away what is not to stay. */
    void close();
}
