package dev.weft.cli.report;

import dev.weft.cli.text.Printable;
import org.jline.utils.WCWidth;

/** How many columns of a terminal a text takes, and texts of a given number of columns. Pure; any thread. */
final class Columns {
    private static final String GAP = "...";

    private Columns() {}

    /** The columns that a {@linkplain Printable#of printable} text takes. */
    static int of(String text) {
        return text.codePoints().map(Columns::width).sum();
    }

    /** The rows that a terminal of this width makes of a text that it wraps: no character is cut in two. */
    static int rows(String text, int width) {
        int rows = 1;
        int used = 0;
        for (int point : text.codePoints().toArray()) {
            int more = width(point);
            if (used + more > width && used > 0) {
                rows++;
                used = 0;
            }
            used += more;
        }
        return rows;
    }

    /** The text, padded with blanks on the right, or with {@code ...} for what is left out of its middle, in just so many columns. */
    static String fit(String text, int columns) {
        String cut = cutMiddle(text, columns);
        return cut + " ".repeat(columns - of(cut));
    }

    /** The text, padded with blanks on the left; not cut. */
    static String right(String text, int columns) {
        return " ".repeat(Math.max(0, columns - of(text))) + text;
    }

    /** The text, or its start and its end with {@code ...} between them, in at most so many columns. */
    static String cutMiddle(String text, int columns) {
        if (of(text) <= columns) {
            return text;
        }
        if (columns <= GAP.length()) {
            return ".".repeat(Math.max(0, columns));
        }
        int room = columns - GAP.length();
        int head = room / 2;
        int[] points = text.codePoints().toArray();
        int from = 0;
        int used = 0;
        while (used + width(points[from]) <= head) {
            used += width(points[from++]);
        }
        int to = points.length;
        while (to > from && used + width(points[to - 1]) <= room) {
            used += width(points[--to]);
        }
        // A combining mark is nothing without its letter.
        while (to < points.length && width(points[to]) == 0) {
            to++;
        }
        return new String(points, 0, from) + GAP + new String(points, to, points.length - to);
    }

    private static int width(int codePoint) {
        return Math.max(0, WCWidth.wcwidth(codePoint));
    }
}
