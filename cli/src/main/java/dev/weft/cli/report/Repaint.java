package dev.weft.cli.report;

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
    private static final String ERASE_RIGHT = ESC + "K";
    private static final String ERASE_BELOW = ESC + "J";

    private final boolean reflows;
    private final boolean colour;
    private List<Line> painted = List.of();
    private int paintedWidth;

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
     */
    String frame(List<Line> above, List<Line> lines, int width) {
        // A narrower terminal has wrapped what was there: then it is painted again, also if it is the same.
        if (above.isEmpty() && lines.equals(painted) && (lines.isEmpty() || width == paintedWidth)) {
            return "";
        }
        StringBuilder out = new StringBuilder(BEGIN_FRAME);
        int up = rows(width);
        out.append('\r');
        if (up > 0) {
            out.append(ESC).append(up).append('A');
        }
        // What stays is wrapped by the terminal where need be; what is painted over and over must not be.
        for (Line line : above) {
            add(out, line);
        }
        out.append(NO_WRAP);
        for (Line line : lines) {
            add(out, line);
        }
        out.append(WRAP).append(ERASE_BELOW).append(END_FRAME);
        painted = List.copyOf(lines);
        paintedWidth = width;
        return out.toString();
    }

    private void add(StringBuilder out, Line line) {
        out.append(line.painted(colour)).append(ERASE_RIGHT).append('\n');
    }

    /** The rows that the block takes now. */
    private int rows(int width) {
        if (!reflows) {
            return painted.size();
        }
        int rows = 0;
        for (Line line : painted) {
            rows += Columns.rows(line.text(), Math.max(1, width));
        }
        return rows;
    }
}
