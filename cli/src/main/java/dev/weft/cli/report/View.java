package dev.weft.cli.report;

import dev.weft.cli.download.Outcome;
import dev.weft.cli.download.Transfer;
import java.time.Duration;

/** How a person follows a run on standard error. Confined to the loop's thread; the time comes from the caller. */
interface View {
    /** How often {@link #tick} wants to be called; zero for never. */
    Duration period();

    /** A download begins. */
    void started(Transfer transfer);

    /** A download has ended. */
    void ended(Transfer transfer, Outcome outcome);

    /** There will be so many URLs in all. */
    void expects(long urls);

    /** A line that must be seen, printable. */
    void line(String line);

    /** Time has passed. */
    void tick(long nanos);

    /** The run is over: takes away what is not to stay. */
    void close();
}
