package dev.weft.cli.report;

import dev.weft.cli.report.Line.Tone;
import dev.weft.cli.text.Sizes;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** Lays a {@link Board} out as lines: the total, then a line for each download. Pure; any thread. */
final class Bars {
    static final String GAP = "  ";
    private static final int MIN_NAME = 8;
    private static final int MIN_BAR = 6;
    private static final int MAX_BAR = 40;
    private static final int PERCENT = 4;
    /** What these take mostly; wider ones make the column wider. */
    private static final int RATE = 10;

    private static final int ETA = 5;
    /** The line where the cursor rests, and two so that what scrolls above can be seen. */
    private static final int SPARE_ROWS = 3;

    private Bars() {}

    /** How many downloads a terminal of this height has room for, if there are so many: one line may be for those that are left out. */
    static int room(int height, int downloads) {
        int most = Math.max(0, height - SPARE_ROWS);
        return downloads <= most ? downloads : Math.max(0, most - 1);
    }

    /**
     * The lines for a terminal of this width. None of them is wider than the terminal less one column: writing into the last one makes some
     * terminals wrap.
     */
    static List<Line> lines(Board board, int width) {
        int columns = Math.max(1, width - 1);
        List<Line> lines = new ArrayList<>();
        lines.add(Line.plain(total(board.total(), columns)));
        Widths widths = Widths.of(board, columns);
        for (Board.Row row : board.rows()) {
            lines.add(row(row, widths, columns));
        }
        if (board.more() > 0 && !board.rows().isEmpty()) {
            lines.add(Line.plain(Columns.cutMiddle(" + " + board.more() + " more", columns)));
        }
        return lines;
    }

    /**
     * The columns of the downloads' lines; 0 for one there is no room for. Sizes are as wide as they will become, so that nothing moves while they
     * grow.
     */
    private record Widths(int name, int bar, int size, int rate, int eta, int parts) {
        static Widths of(Board board, int columns) {
            int size = 0;
            int rate = RATE;
            int eta = ETA;
            int parts = 0;
            for (Board.Row row : board.rows()) {
                if (row.note() != null) {
                    continue;
                }
                long most = Math.max(row.bytes(), row.total().orElse(0));
                size = Math.max(size, Bars.size(most, row.total()).length());
                rate = Math.max(rate, Sizes.rate(row.rate()).length());
                eta = Math.max(
                        eta, Bars.eta(row.bytes(), row.total(), row.rate()).length());
                parts = Math.max(parts, Bars.parts(row).length());
            }
            int left = columns - 1 - Math.min(board.nameColumns(), Math.max(MIN_NAME, columns * 3 / 10));
            int[] wanted = {size, MIN_BAR, rate, eta, parts};
            for (int i = 0; i < wanted.length; i++) {
                wanted[i] = wanted[i] > 0 && GAP.length() + wanted[i] <= left ? wanted[i] : 0;
                left -= wanted[i] == 0 ? 0 : GAP.length() + wanted[i];
            }
            int more = wanted[1] == 0 ? 0 : Math.max(0, Math.min(left, MAX_BAR - MIN_BAR));
            int name = Math.min(board.nameColumns(), Math.max(MIN_NAME, columns * 3 / 10) + left - more);
            return new Widths(
                    Math.clamp(name, 0, columns - 1), wanted[1] + more, wanted[0], wanted[2], wanted[3], wanted[4]);
        }
    }

    private static Line row(Board.Row row, Widths widths, int columns) {
        String name = " " + Columns.fit(row.name(), widths.name);
        Board.Note note = row.note();
        if (note != null) {
            String words = Columns.cutMiddle(note.words(), columns - Columns.of(name) - GAP.length());
            return words.isEmpty()
                    ? Line.plain(name.stripTrailing())
                    : Line.ending(name + GAP, note.trouble() ? Tone.TROUBLE : Tone.PLAIN, words);
        }
        StringBuilder line = new StringBuilder(name);
        if (widths.bar > 0) {
            line.append(GAP).append(bar(row.bytes(), row.total(), widths.bar));
        }
        append(line, size(row.bytes(), row.total()), widths.size);
        append(line, Sizes.rate(row.rate()), widths.rate);
        append(line, eta(row.bytes(), row.total(), row.rate()), widths.eta);
        append(line, parts(row), widths.parts);
        return Line.plain(line.toString().stripTrailing());
    }

    private static void append(StringBuilder line, String text, int width) {
        if (width > 0) {
            line.append(GAP).append(Columns.right(text, width));
        }
    }

    /** Files and failures always, then bytes, rate, time left and the bar, as far as there is room. */
    private static String total(Board.Total total, int columns) {
        StringBuilder line = new StringBuilder(" ").append(total.finished());
        total.files().ifPresent(files -> line.append('/').append(files));
        line.append(total.files().orElse(total.finished()) == 1 ? " file" : " files");
        if (total.failed() > 0) {
            line.append(GAP).append(total.failed()).append(" failed");
        }
        line.append(GAP).append(size(total.bytes(), total.totalBytes()));
        String rate = GAP + Sizes.rate(total.rate());
        String eta = eta(total);
        double done = done(total);
        int left = columns - line.length() - rate.length() - eta.length();
        int bar = Math.min(MAX_BAR, left - GAP.length() * 2 - PERCENT);
        if (bar >= MIN_BAR && done >= 0) {
            line.append(GAP).append(bar(done, bar)).append(GAP);
            line.append(Columns.right((int) (done * 100) + "%", PERCENT));
        }
        if (left + eta.length() >= 0) {
            line.append(rate);
        }
        if (left >= 0) {
            line.append(eta);
        }
        return Columns.cutMiddle(line.toString(), columns);
    }

    /** The part that is done, by bytes, or by files where the bytes are not known; negative if neither is. */
    private static double done(Board.Total total) {
        if (total.totalBytes().isPresent()) {
            return fraction((double) total.bytes(), total.totalBytes().getAsLong());
        }
        return total.files().isPresent()
                ? fraction(total.finished() + total.parts(), total.files().getAsLong())
                : -1;
    }

    /** With a gap before it; empty if there is no ground for one. */
    private static String eta(Board.Total total) {
        boolean known = total.totalBytes().isPresent();
        String eta = eta(total.bytes(), known ? total.totalBytes() : total.guessedBytes(), total.rate());
        return eta.isEmpty() ? "" : GAP + "eta " + (known ? "" : "~") + eta;
    }

    private static String parts(Board.Row row) {
        return row.parts() > 1 ? row.parts() + " parts" : "";
    }

    private static String size(long bytes, OptionalLong total) {
        return total.isPresent() ? Sizes.part(bytes, total.getAsLong()) : Sizes.bytes(bytes);
    }

    private static String bar(long bytes, OptionalLong total, int width) {
        return total.isPresent() ? bar(fraction((double) bytes, total.getAsLong()), width) : " ".repeat(width);
    }

    static String bar(double fraction, int width) {
        int full = (int) (fraction * width);
        return full >= width ? "=".repeat(width) : "=".repeat(full) + ">" + "-".repeat(width - full - 1);
    }

    /** Between 0 and 1, also when a server sends more than it said. */
    static double fraction(double part, long whole) {
        return whole <= 0 ? 1 : Math.min(1, Math.max(0, part / whole));
    }

    private static String eta(long bytes, OptionalLong total, double rate) {
        if (total.isEmpty() || rate < 1 || bytes >= total.getAsLong()) {
            return "";
        }
        return Sizes.clock((long) Math.ceil((total.getAsLong() - bytes) / rate));
    }
}
