package dev.weft.cli.report;

import java.util.List;
import java.util.OptionalLong;

/**
 * What the progress view shows at one moment.
 *
 * @param rows the downloads under way, in the order in which they are shown
 * @param finished how many URLs have ended, in whichever way
 * @param failed how many of them failed
 * @param files how many URLs there are in all; empty while the list is still being read
 * @param bytes written so far, by all
 * @param totalBytes how many it will be; empty while that is not known
 * @param rate bytes a second, of all
 */
record Board(
        List<Row> rows,
        long finished,
        long failed,
        OptionalLong files,
        long bytes,
        OptionalLong totalBytes,
        double rate) {
    /**
     * One download.
     *
     * @param name of the file, printable
     * @param bytes written so far
     * @param total how many it will be; empty if the server has not told
     * @param rate bytes a second
     */
    record Row(String name, long bytes, OptionalLong total, double rate) {}
}
