package dev.weft.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class RateMeterTest {
    private static final long SECOND = 1_000_000_000L;

    @Test
    void noTimeNoRate() {
        RateMeter meter = new RateMeter(5);
        assertEquals(0, meter.rate(5, 1000));
    }

    @Test
    void theRateIsThatOfTheLastSeconds() {
        RateMeter meter = new RateMeter(0);
        assertEquals(1000, meter.rate(SECOND, 1000));
        assertEquals(1000, meter.rate(3 * SECOND, 3000));
        assertEquals(1000, meter.rate(10 * SECOND, 10_000));
        // Nobody asked for a while: the window is as long as that.
        assertEquals(250, meter.rate(20 * SECOND, 12_500));
    }

    @Test
    void aStallShowsAsZeroAfterTheWindow() {
        RateMeter meter = new RateMeter(0);
        double rate = 0;
        for (int tenth = 1; tenth <= 100; tenth++) {
            rate = meter.rate(tenth * SECOND / 10, Math.min(tenth, 50) * 100L);
            if (tenth == 50) {
                assertEquals(1000, rate, 1e-6);
            }
        }
        assertEquals(0, rate);
    }
}
