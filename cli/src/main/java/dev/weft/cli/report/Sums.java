package dev.weft.cli.report;

import dev.weft.cli.download.Outcome;
import dev.weft.http.download.DownloadProgress;
import java.util.Collection;
import java.util.OptionalLong;

/** What all files of a run make together, as far as they are known. Any one thread. */
final class Sums {
    /** The mean of fewer files than this says nothing about the others. */
    private static final int FEW = 3;

    private final Tally tally = new Tally();
    private OptionalLong expected = OptionalLong.empty();

    /** One has ended. */
    void add(Outcome outcome) {
        tally.add(outcome);
    }

    /** There will be so many URLs in all. */
    void expects(long urls) {
        expected = OptionalLong.of(urls);
    }

    /** How many bytes came over the network, with those under way. */
    long received(Collection<DownloadProgress> active) {
        long bytes = tally.received();
        for (DownloadProgress at : active) {
            bytes += Bytes.received(at);
        }
        return bytes;
    }

    /** All of the run, with those under way. */
    Board.Total total(Collection<DownloadProgress> active, double rate) {
        long bytes = tally.bytes();
        long size = tally.bytes();
        long sized = tally.done();
        double parts = 0;
        for (DownloadProgress at : active) {
            bytes += at.bytes();
            if (at.total().isPresent()) {
                long total = at.total().getAsLong();
                size += total;
                sized++;
                parts += Bars.fraction((double) at.bytes(), total);
            }
        }
        long files = expected.orElse(-1) - tally.failed() - tally.cancelled();
        boolean known = expected.isPresent() && sized == files;
        boolean guess = expected.isPresent() && !known && sized >= FEW;
        return new Board.Total(
                tally.all(),
                tally.failed(),
                expected,
                parts,
                bytes,
                known ? OptionalLong.of(size) : OptionalLong.empty(),
                guess ? OptionalLong.of(Math.round((double) size / sized * files)) : OptionalLong.empty(),
                rate);
    }
}
