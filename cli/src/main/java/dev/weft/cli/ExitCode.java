package dev.weft.cli;

import dev.weft.cli.report.Tally;

/** What the process tells its caller. */
final class ExitCode {
    /** All was done. */
    static final int DONE = 0;
    /** Some URL failed. */
    static final int FAILED = 1;
    /** The command line is wrong. */
    static final int USAGE = 2;
    /** The local disk, or the permission to use it. */
    static final int DISK = 3;
    /** Nobody reads standard output any more: as of a program that SIGPIPE has ended. */
    static final int READER_GONE = 141;
    /** From here on, what a signal has ended: 130 for SIGINT, 143 for SIGTERM. */
    static final int SIGNALS = 129;

    private ExitCode() {}

    /** The code of a run that has ended so, and by itself; the worse reason wins. */
    static int of(Tally tally) {
        if (tally.diskFailed()) {
            return DISK;
        }
        return tally.failed() > 0 ? FAILED : DONE;
    }
}
