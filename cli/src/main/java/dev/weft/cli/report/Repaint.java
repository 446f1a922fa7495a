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

    private List<String> painted = List.of();

    /**
     * What to write so that the lines {@code above} scroll out above the block, and the block becomes {@code lines}. Empty if
     * nothing would change.
     *
     * @param width of the terminal, now
     */
    String frame(List<String> above, List<String> lines, int width) {
        if (above.isEmpty() && lines.equals(painted)) {
            return "";
        }
        StringBuilder out = new StringBuilder(BEGIN_FRAME);
        int up = rows(width);
        out.append('\r');
        if (up > 0) {
            out.append(ESC).append(up).append('A');
        }
        // What stays is wrapped by the terminal where need be; what is painted over and over must not be.
        above.forEach(line -> out.append(line).append(ERASE_RIGHT).append('\n'));
        out.append(NO_WRAP);
        lines.forEach(line -> out.append(line).append(ERASE_RIGHT).append('\n'));
        out.append(WRAP).append(ERASE_BELOW).append(END_FRAME);
        painted = List.copyOf(lines);
        return out.toString();
    }

    /** The rows that the block takes now. A terminal that has become narrower has wrapped its longer lines. */
    private int rows(int width) {
        int rows = 0;
        for (String line : painted) {
            rows += Math.max(1, Math.ceilDiv(Columns.of(line), Math.max(1, width)));
        }
        return rows;
    }
}
