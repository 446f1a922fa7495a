package dev.weft.http.download;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ThroughputTest {
    @Test
    void whoTakesWaitsUntilItIsDue() {
        Throughput throughput = new Throughput(1_000_000, 0);
        long now = 0;
        long total = 0;
        while (total < 5_000_000) {
            total += 50_000;
            now += throughput.took(50_000, now);
        }
        assertTrue(now >= 4_800_000_000L && now <= 5_000_000_000L, () -> "5 MB at 1 MB/s");
    }

    @Test
    void aPauseGivesNoMoreThanAShortBurst() {
        Throughput throughput = new Throughput(1_000_000, 0);
        long now = 60_000_000_000L;
        assertEquals(0, throughput.took(100_000, now));
        assertEquals(100_000_000, throughput.took(100_000, now));
    }

    @Test
    void noLimitIsNone() {
        Throughput throughput = new Throughput(0, 0);
        assertEquals(0, throughput.took(Integer.MAX_VALUE, 0));
    }
}
