package dev.weft.cli.report;

import org.jline.nativ.CLibrary;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The size of the terminal on standard error, as it is now. Loads a small native library at its first use; any one thread. */
final class TerminalSize {
    private static final Logger LOG = LoggerFactory.getLogger(TerminalSize.class);
    private static final int STANDARD_ERROR = 2;

    private int columns;
    private int rows;
    private boolean fixed;

    private TerminalSize(int columns, int rows, boolean fixed) {
        this.columns = columns;
        this.rows = rows;
        this.fixed = fixed;
    }

    /** The size of the terminal on standard error; 80 by 24 until {@link #refresh()}, and where it cannot be learnt. */
    static TerminalSize ofStandardError() {
        return new TerminalSize(80, 24, false);
    }

    /** A size that never changes. */
    static TerminalSize fixed(int columns, int rows) {
        return new TerminalSize(columns, rows, true);
    }

    /** Asks the system. What cannot be learnt stays as it was. */
    void refresh() {
        if (fixed) {
            return;
        }
        try {
            CLibrary.WinSize size = new CLibrary.WinSize();
            if (CLibrary.ioctl(STANDARD_ERROR, CLibrary.TIOCGWINSZ, size) == 0 && size.ws_col > 0 && size.ws_row > 0) {
                columns = size.ws_col;
                rows = size.ws_row;
            }
        } catch (LinkageError e) {
            LOG.debug("cannot ask for the size of the terminal", e);
            fixed = true;
        }
    }

    /** Whether the terminal, made narrower, wraps the lines that are there. All in use do, but xterm and the console. */
    static boolean reflows() {
        return System.getenv("XTERM_VERSION") == null && !"linux".equals(System.getenv("TERM"));
    }

    int columns() {
        return columns;
    }

    int rows() {
        return rows;
    }
}
