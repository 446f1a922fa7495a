package dev.weft.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.cli.download.Failure;
import dev.weft.cli.download.Made;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class TallyTest {
    private final Tally tally = new Tally();

    @Test
    void allDone() {
        add(3, 1024, null);
        assertEquals(
                List.of("fetch: 3 of 3 files, 3.0 KiB in 2.0 s (1.5 KiB/s)"),
                tally.summary(tally.all(), Duration.ofSeconds(2), null));
    }

    @Test
    void oneFileAndNone() {
        assertEquals(List.of("fetch: 0 of 0 files, 0 B in 0.00 s"), tally.summary(tally.all(), Duration.ZERO, null));
        add(1, 10, null);
        assertEquals(
                List.of("fetch: 1 of 1 file, 10 B in 0.50 s (20 B/s)"),
                tally.summary(tally.all(), Duration.ofMillis(500), null));
    }

    @Test
    void failuresAreCountedByWhatTheyAre() {
        add(2, 100, null);
        add(1, 7, new Failure(Failure.Kind.TIMEOUT, "read timeout", "no bytes for 30 s"));
        add(2, 0, new Failure(Failure.Kind.STATUS, "404 Not\u001b Found", "404 Not\u001b Found"));
        add(1, 0, new Failure(Failure.Kind.CANCELLED, "stopped", "stopped"));
        assertEquals(
                List.of(
                        "fetch: 2 of 6 files, 207 B in 1.0 s (207 B/s)",
                        "fetch: 3 failed: 2 x 404 Not\\u001b Found, 1 x read timeout (list: --failed FILE)"),
                tally.summary(tally.all(), Duration.ofSeconds(1), null));
        assertEquals(
                List.of(2L, 3L, 1L, false),
                List.of(tally.done(), tally.failed(), tally.cancelled(), tally.diskFailed()));
    }

    @Test
    void rareReasonsAreCountedTogether() {
        for (int i = 0; i < 7; i++) {
            add(7 - i, 0, new Failure(Failure.Kind.DISK, "reason " + i, "..."));
        }
        assertEquals(
                "fetch: 28 failed: 7 x reason 0, 6 x reason 1, 5 x reason 2, 4 x reason 3, 6 for other reasons (list: --failed FILE)",
                tally.summary(tally.all(), Duration.ofSeconds(1), null).get(1));
        assertTrue(tally.diskFailed());
    }

    @Test
    void whatNeededNothingAndWhatNeededMoreIsTold() {
        add(1, 2048, null);
        for (int i = 0; i < 17; i++) {
            tally.add(Made.unchanged("http://h/u", "u", 5000));
        }
        tally.add(Made.skipped("http://h/s", "s"));
        tally.add(Made.retried("http://h/r", "r", 1024, 30));
        assertEquals(
                List.of("fetch: 20 of 20 files, 3.0 KiB in 1.0 s (3.0 KiB/s), 17 unchanged, 1 skipped, 30 retries"),
                tally.summary(tally.all(), Duration.ofSeconds(1), null));
        assertEquals(
                List.of(20L, 17L, 1L, 3072L, 30L),
                List.of(tally.done(), tally.unchanged(), tally.skipped(), tally.received(), tally.retries()));
    }

    @Test
    void theListOfWhatFailedIsNamed() {
        add(1, 0, new Failure(Failure.Kind.STATUS, "404 Not Found", "404 Not Found"));
        assertEquals(1, tally.summary(1, Duration.ofSeconds(1), "bad.txt").size());
        assertEquals(
                "fetch: 1 failed: 1 x 404 Not Found (list: bad.txt)",
                tally.summary(2, Duration.ofSeconds(1), "bad.txt").get(1));
    }

    private void add(int times, long bytes, Failure failure) {
        for (int i = 0; i < times; i++) {
            tally.add(
                    failure == null
                            ? Made.done("http://h/u", "p", bytes, Duration.ZERO)
                            : Made.failed("http://h/u", "p", bytes, Duration.ZERO, failure));
        }
    }
}
