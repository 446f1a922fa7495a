package dev.weft.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weft.cli.download.Failure;
import dev.weft.cli.download.Failure.Kind;
import dev.weft.cli.download.Made;
import dev.weft.cli.report.Tally;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ExitCodeTest {
    @Test
    void theWorstReasonWins() {
        assertEquals(0, ExitCode.of(tally()));
        assertEquals(0, ExitCode.of(tally((Kind) null)));
        assertEquals(1, ExitCode.of(tally(null, Kind.STATUS)));
        assertEquals(3, ExitCode.of(tally(Kind.DISK, Kind.STATUS)));
        assertEquals(3, ExitCode.of(tally(Kind.STATUS, Kind.DISK, null)));
    }

    private static Tally tally(Kind... failures) {
        Tally tally = new Tally();
        for (Kind kind : failures) {
            Failure failure = kind == null ? null : new Failure(kind, "what", "detail");
            tally.add(
                    failure == null
                            ? Made.done("http://h/u", "u", 0, Duration.ZERO)
                            : Made.failed("http://h/u", "u", 0, Duration.ZERO, failure));
        }
        return tally;
    }
}
