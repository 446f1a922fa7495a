package dev.weft.cli.report;

import dev.weft.cli.text.Sizes;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** Lays a {@link Board} out as lines: the total, then a line for each download. Pure; any thread. */
final class Bars {
    private static final String GAP = "  ";
    /** The columns of size, rate and time left. */
    private static final int[] WIDTHS = {17, 12, 7};

    private static final int MIN_NAME = 8;
    private static final int MIN_BAR = 6;
    private static final int MAX_BAR = 40;
    /** The line where the cursor rests, and two so that what scrolls above can be seen. */
    private static final int SPARE_ROWS = 3;

    private Bars() {}

    /**
     * The lines for a terminal of this size. None of them is wider than the terminal less one column (writing into the last one
     * makes some terminals wrap), and there are at most so many that the terminal need not scroll.
     */
    static List<String> lines(Board board, int width, int height) {
        int columns = Math.max(1, width - 1);
        int most = Math.max(0, height - SPARE_ROWS);
        int all = board.rows().size();
        List<Board.Row> shown = board.rows().subList(0, all <= most ? all : Math.max(0, most - 1));
        int longest =
                shown.stream().mapToInt(row -> Columns.of(row.name())).max().orElse(0);
        int name = Math.min(Math.max(MIN_NAME, longest), Math.max(MIN_NAME, columns / 3));
        List<String> lines = new ArrayList<>();
        lines.add(total(board, columns));
        shown.forEach(row -> lines.add(row(row, name, columns)));
        if (shown.size() < all && most > 0) {
            lines.add(Columns.cutMiddle(" + " + (all - shown.size()) + " more", columns));
        }
        return lines;
    }

    /** Size, rate and time left are shown as far as there is room, in this order; the bar takes what remains. */
    private static String row(Board.Row row, int name, int columns) {
        StringBuilder line = new StringBuilder(" ").append(Columns.fit(row.name(), Math.min(name, columns - 1)));
        int left = columns - 1 - name;
        StringBuilder right = new StringBuilder();
        List<String> parts = List.of(
                size(row.bytes(), row.total()), Sizes.rate(row.rate()), eta(row.bytes(), row.total(), row.rate()));
        for (int i = 0; i < parts.size() && left >= GAP.length() + WIDTHS[i]; i++) {
            right.append(GAP).append(Columns.right(parts.get(i), WIDTHS[i]));
            left -= GAP.length() + WIDTHS[i];
        }
        if (left >= GAP.length() + MIN_BAR) {
            line.append(GAP).append(bar(row.bytes(), row.total(), Math.min(MAX_BAR, left - GAP.length())));
        }
        return line.append(right).toString().stripTrailing();
    }

    private static String total(Board board, int columns) {
        StringBuilder line = new StringBuilder(" ").append(board.finished());
        board.files().ifPresent(files -> line.append('/').append(files));
        line.append(board.files().orElse(board.finished()) == 1 ? " file" : " files");
        if (board.failed() > 0) {
            line.append(GAP).append(board.failed()).append(" failed");
        }
        line.append(GAP).append(size(board.bytes(), board.totalBytes()));
        String rate = GAP + Sizes.rate(board.rate());
        String eta = eta(board.bytes(), board.totalBytes(), board.rate());
        String tail = rate + (eta.isEmpty() ? "" : GAP + "eta " + eta);
        int left = columns - line.length() - tail.length();
        if (left >= GAP.length() * 2 + MIN_BAR + 4 && done(board) >= 0) {
            int bar = Math.min(MAX_BAR, left - GAP.length() * 2 - 4);
            line.append(GAP).append(bar(done(board), bar)).append(GAP);
            line.append(Columns.right((int) (done(board) * 100) + "%", 4));
        }
        if (left >= 0) {
            line.append(tail);
        }
        return Columns.cutMiddle(line.toString(), columns);
    }

    /** The part that is done, by bytes, or by files where the bytes are not known; negative if neither is. */
    private static double done(Board board) {
        if (board.totalBytes().isPresent()) {
            return fraction(board.bytes(), board.totalBytes().getAsLong());
        }
        return board.files().isPresent()
                ? fraction(board.finished(), board.files().getAsLong())
                : -1;
    }

    private static String size(long bytes, OptionalLong total) {
        return total.isPresent() ? Sizes.part(bytes, total.getAsLong()) : Sizes.bytes(bytes);
    }

    private static String bar(long bytes, OptionalLong total, int width) {
        return total.isPresent() ? bar(fraction(bytes, total.getAsLong()), width) : " ".repeat(width);
    }

    static String bar(double fraction, int width) {
        int full = (int) (fraction * width);
        return full >= width ? "=".repeat(width) : "=".repeat(full) + ">" + "-".repeat(width - full - 1);
    }

    /** Between 0 and 1, also when a server sends more than it said. */
    private static double fraction(long part, long whole) {
        return whole <= 0 ? 1 : Math.min(1, Math.max(0, (double) part / whole));
    }

    private static String eta(long bytes, OptionalLong total, double rate) {
        if (total.isEmpty() || rate < 1 || bytes >= total.getAsLong()) {
            return "";
        }
        return Sizes.clock((long) Math.ceil((total.getAsLong() - bytes) / rate));
    }
}
