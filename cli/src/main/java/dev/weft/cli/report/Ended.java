package dev.weft.cli.report;

import dev.weft.cli.download.Failure;
import dev.weft.cli.download.Outcome;
import dev.weft.cli.download.Outcome.State;
import dev.weft.cli.report.Line.Tone;
import dev.weft.cli.text.Printable;
import dev.weft.cli.text.Sizes;
import java.util.ArrayList;
import java.util.List;

/** Says of what has ended how it did, in lines that stay. Pure; any thread. */
final class Ended {
    /** When more files than this end at the same time, they are told together. */
    private static final int MOST_TOLD = 16;
    /** What has not changed is told together sooner: nobody waits for it. */
    private static final int MOST_UNCHANGED = 3;

    private static final int SIGN_COLUMNS = 5;
    private static final int SIZE = 10;
    private static final int RATE = 10;

    private Ended() {}

    /**
     * The lines of files that are there, in the order in which they ended.
     *
     * @param nameColumns the width of the column of names
     * @param columns the most a line may have
     */
    static List<Line> lines(List<Outcome> files, int nameColumns, int columns) {
        List<Outcome> fetched = in(State.DONE, files);
        List<Line> lines = new ArrayList<>();
        if (fetched.size() > MOST_TOLD) {
            long bytes = 0;
            for (Outcome file : fetched) {
                bytes += file.bytes();
            }
            lines.add(ok(fetched.size() + " files" + Bars.GAP + Sizes.bytes(bytes)));
        } else {
            for (Outcome file : fetched) {
                lines.add(fetched(file, nameColumns, columns));
            }
        }
        untouched(State.UNCHANGED, files, nameColumns, lines);
        untouched(State.SKIPPED, files, nameColumns, lines);
        return lines;
    }

    private static void untouched(State state, List<Outcome> files, int nameColumns, List<Line> lines) {
        List<Outcome> some = in(state, files);
        if (some.size() > MOST_UNCHANGED) {
            lines.add(ok(some.size() + " files" + Bars.GAP + state.label()));
        } else {
            for (Outcome file : some) {
                lines.add(ok(Columns.fit(Printable.of(file.name()), nameColumns) + Bars.GAP + state.label()));
            }
        }
    }

    private static Line fetched(Outcome file, int nameColumns, int columns) {
        StringBuilder line = new StringBuilder(Columns.fit(Printable.of(file.name()), nameColumns));
        double seconds = file.took().toNanos() / 1e9;
        List<String> pieces = new ArrayList<>();
        pieces.add(Columns.right(Sizes.bytes(file.bytes()), SIZE));
        pieces.add(Columns.right(seconds > 0 ? Sizes.rate(file.received() / seconds) : "", RATE));
        if (file.segments() > 1) {
            pieces.add(file.segments() + " parts");
        }
        if (file.downloaded() != null && file.downloaded().verified()) {
            pieces.add(checked(file));
        }
        int used = SIGN_COLUMNS + nameColumns;
        for (String piece : pieces) {
            used += Bars.GAP.length() + piece.length();
            if (used <= columns) {
                line.append(Bars.GAP).append(piece);
            }
        }
        return ok(line.toString().stripTrailing());
    }

    private static String checked(Outcome file) {
        return file.digests().isEmpty()
                ? "checksum ok"
                : String.join("+", file.digests().keySet()) + " ok";
    }

    /** The line of one that failed: its name, and why. */
    static Line failed(Outcome outcome, Failure failure, int nameColumns) {
        String name = Columns.fit(Printable.of(outcome.name()), nameColumns);
        return Line.marked(" !!  ", Tone.FAILED, name + Bars.GAP + Printable.of(failure.detail()));
    }

    private static Line ok(String text) {
        return Line.marked(" ok  ", Tone.DONE, text);
    }

    private static List<Outcome> in(State state, List<Outcome> outcomes) {
        List<Outcome> some = new ArrayList<>();
        for (Outcome outcome : outcomes) {
            if (outcome.state() == state) {
                some.add(outcome);
            }
        }
        return some;
    }
}
