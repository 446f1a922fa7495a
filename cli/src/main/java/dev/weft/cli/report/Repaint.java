package dev.weft.cli.report;

import java.util.ArrayList;
import java.util.List;

/**
 * Replaces a block of lines at the bottom of a terminal. The cursor rests on the line below the block. Pure but for what was
 * painted last, which it remembers; one thread.
 */
final class Repaint {
    private static final String ESC = "\u001b[";
    /** Terminals that know it show the frame at once, without flicker; others ignore it. */
    private static final String BEGIN_FRAME = ESC + "?2026h";

    private static final String END_FRAME = ESC + "?2026l";
    private static final String NO_WRAP = ESC + "?7l";
    private static final String WRAP = ESC + "?7h";
    private static final String ERASE_LINE = ESC + "2K";
    private static final String ERASE_BELOW = ESC + "J";
    /** The cursor may be in the first row: tmux takes erasing all from there for a clear screen, and keeps what was on it. */
    private static final String ERASE_ALL = ERASE_LINE + "\n" + ERASE_BELOW + ESC + "A";

    private final boolean reflows;
    private final boolean colour;
    private List<Line> painted = List.of();
    /**
     * Lines of blocks painted before, right above this one, that a smaller window has pushed out of reach. A larger one may bring them back. While
     * there are any, the block begins in the first row: going up too far stops there.
     */
    private List<Line> pushedOut = List.of();

    private int paintedWidth;
    private int paintedHeight;

    /**
     * @param reflows whether the terminal, made narrower, wraps the lines that are there; else it cuts them
     * @param colour whether lines may have some
     */
    Repaint(boolean reflows, boolean colour) {
        this.reflows = reflows;
        this.colour = colour;
    }

    /**
     * What to write so that the lines {@code above} scroll out above the block, and the block becomes {@code lines}. Empty if
     * nothing would change.
     *
     * @param width of the terminal, now
     * @param height of the terminal, now
     */
    String frame(List<Line> above, List<Line> lines, int width, int height) {
        boolean resized = !painted.isEmpty() && (width != paintedWidth || height != paintedHeight);
        if (above.isEmpty() && lines.equals(painted) && !resized) {
            return "";
        }
        StringBuilder out = new StringBuilder(BEGIN_FRAME);
        if (resized) {
            erase(out, rowsAfterResize(width, height));
        } else {
            up(out, rows(painted, width));
        }
        // What stays is wrapped by the terminal where need be; what is painted over and over must not be.
        for (Line line : above) {
            add(out, line);
        }
        out.append(NO_WRAP);
        for (Line line : lines) {
            add(out, line);
        }
        out.append(WRAP)
                .append(above.isEmpty() && lines.isEmpty() ? ERASE_ALL : ERASE_BELOW)
                .append(END_FRAME);
        if (!above.isEmpty()) {
            pushedOut = List.of();
        }
        painted = List.copyOf(lines);
        paintedWidth = width;
        paintedHeight = height;
        return out.toString();
    }

    /** The rows from the cursor up to the first of what must go. */
    private int rowsAfterResize(int width, int height) {
        List<Line> all = new ArrayList<>(pushedOut);
        all.addAll(painted);
        int rows = rows(all, width);
        int outside = rows - Math.max(1, height - 1);
        int lines = 0;
        for (int gone = 0; gone < outside; lines++) {
            gone += rows(all.subList(lines, lines + 1), width);
        }
        pushedOut = List.copyOf(all.subList(0, lines));
        return rows;
    }

    private static void up(StringBuilder out, int rows) {
        out.append('\r');
        if (rows > 0) {
            out.append(ESC).append(rows).append('A');
        }
    }

    /** Row by row: a row that was wrapped, and is only written over, stays joined with the next when the terminal becomes wider. */
    private static void erase(StringBuilder out, int rows) {
        out.append('\r').append(ERASE_LINE);
        for (int i = 0; i < rows; i++) {
            out.append(ESC).append('A').append(ERASE_LINE);
        }
    }

    /** Erased first, not its rest behind it: what was erased at its right would still be wrapped by a terminal that becomes narrower. */
    private void add(StringBuilder out, Line line) {
        out.append(ERASE_LINE).append(line.painted(colour)).append('\n');
    }

    /** The rows that lines painted before take now. */
    private int rows(List<Line> lines, int width) {
        if (!reflows) {
            return lines.size();
        }
        int rows = 0;
        for (Line line : lines) {
            rows += Columns.rows(line.text(), Math.max(1, width));
        }
        return rows;
    }
}
