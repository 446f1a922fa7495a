package dev.weft.http.download;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Ranges that were written and are in no journal yet, each growing at its end, with their checksums so far. Says when they are to be noted:
 * a crash costs 1 MiB of the network's work at most, however many ranges grow at a time. For one thread.
 */
final class Unjournalled {
    /** What one range may hold. */
    static final int ONE_BYTES = 256 << 10;
    /** What several may, each its share. */
    private static final int SHARED_BYTES = 512 << 10;

    private static final int ALL_BYTES = 768 << 10;

    private final List<Run> runs = new ArrayList<>(2);
    private long total;

    private static final class Run {
        private final long start;
        private final CRC32C crc = new CRC32C();
        private long end;

        Run(long start) {
            this.start = start;
            this.end = start;
        }
    }

    /** Adds bytes, which are used up. */
    void add(long position, ByteBuffer bytes) {
        Run run = at(position);
        run.end += bytes.remaining();
        total += bytes.remaining();
        run.crc.update(bytes);
    }

    private Run at(long position) {
        for (Run run : runs) {
            if (run.end == position) {
                return run;
            }
        }
        Run run = new Run(position);
        runs.add(run);
        return run;
    }

    /** Whether there is something to note. */
    boolean isDue() {
        if (total >= ALL_BYTES) {
            return true;
        }
        for (Run run : runs) {
            if (isDue(run)) {
                return true;
            }
        }
        return false;
    }

    private boolean isDue(Run run) {
        return run.end - run.start >= Math.min(ONE_BYTES, SHARED_BYTES / runs.size());
    }

    /** Notes what is due, and forgets it. */
    void flushDue(Journal journal) throws IOException {
        boolean all = total >= ALL_BYTES;
        // Which are due depends on how many there are: the others do not become it by the end of one.
        List<Run> due = new ArrayList<>(runs);
        due.removeIf(run -> !all && !isDue(run));
        flush(due, journal);
    }

    /** Notes all, and forgets it. */
    void flush(Journal journal) throws IOException {
        flush(new ArrayList<>(runs), journal);
    }

    private void flush(List<Run> some, Journal journal) throws IOException {
        for (Run run : some) {
            journal.wrote(run.start, run.end, (int) run.crc.getValue());
            runs.remove(run);
            total -= run.end - run.start;
        }
    }

    void clear() {
        runs.clear();
        total = 0;
    }
}
