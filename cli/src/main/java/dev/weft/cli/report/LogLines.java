package dev.weft.cli.report;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/**
 * Takes what is written to the standard error of the process, the log above all, while bars are drawn there: painted over, it would be lost, and the
 * bars with it. Whole lines are kept until the view takes them. Any thread.
 */
final class LogLines extends OutputStream {
    /** A log that is faster than ten times so many lines a second loses its oldest ones, and says how many. */
    private static final int MOST = 1000;

    private final PrintStream before;
    private final Queue<String> lines = new ArrayDeque<>();
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private long lost;

    private LogLines(PrintStream before) {
        this.before = before;
    }

    /** Begins; until {@link #close}. */
    static LogLines take() {
        LogLines log = new LogLines(System.err);
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        return log;
    }

    @Override
    public synchronized void write(int b) {
        if (b != '\n') {
            line.write(b);
            return;
        }
        if (lines.size() == MOST) {
            lines.remove();
            lost++;
        }
        lines.add(line.toString(StandardCharsets.UTF_8));
        line.reset();
    }

    @Override
    public synchronized void write(byte[] bytes, int from, int length) {
        for (int i = from; i < from + length; i++) {
            write(bytes[i]);
        }
    }

    /** The lines since the last call. */
    synchronized List<String> lines() {
        List<String> taken = new ArrayList<>(lines);
        lines.clear();
        if (lost > 0) {
            taken.addFirst(lost + " lines of the log are left out: there were too many");
            lost = 0;
        }
        return taken;
    }

    /** Standard error is as it was; a line that was begun is the last. */
    @Override
    public synchronized void close() {
        System.setErr(before);
        if (line.size() > 0) {
            write('\n');
        }
    }
}
