package dev.weft.cli.report;

import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What the progress view shows at one moment.
 *
 * @param total all of the run
 * @param rows the downloads that are shown, in their order
 * @param more how many are under way besides
 * @param nameColumns how wide the column of names wants to be
 */
record Board(Total total, List<Row> rows, int more, int nameColumns) {
    /**
     * All of the run.
     *
     * @param finished how many URLs have ended, in whichever way
     * @param failed how many of them failed
     * @param files how many URLs there are in all; empty while the list is still being read
     * @param parts how many files the parts make that are there of those under way
     * @param bytes of the files, those that are there and those under way
     * @param totalBytes how many it will be; empty while that is not known
     * @param guessedBytes how many it will be if the files that are not known are like those that are; empty without a ground for it
     * @param rate bytes a second, of all
     */
    record Total(
            long finished,
            long failed,
            OptionalLong files,
            double parts,
            long bytes,
            OptionalLong totalBytes,
            OptionalLong guessedBytes,
            double rate) {}

    /**
     * One download.
     *
     * @param name of the file, printable
     * @param bytes of the file that are there
     * @param total how many it will be; empty if the server has not told
     * @param rate bytes a second
     * @param parts how many connections give bytes
     * @param note what it does in place of receiving; null while it receives
     */
    record Row(
            String name,
            long bytes,
            OptionalLong total,
            double rate,
            int parts,
            @Nullable Note note) {}

    /**
     * What a download does that receives nothing.
     *
     * @param words for people, printable
     * @param trouble whether that is because something went wrong
     */
    record Note(String words, boolean trouble) {}
}
