package dev.weft.http.download;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.http.message.ClientRequest;
import dev.weft.http.message.HttpUrl;
import dev.weft.http.message.PayloadException;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class TriesTest {
    private static final Duration EVER = Duration.ofDays(365);
    private static final long MIB = 1 << 20;

    private static Tries tries(int retries, Duration longest, double random) {
        RandomGenerator constant = new RandomGenerator() {
            @Override
            public long nextLong() {
                throw new AssertionError("not asked for");
            }

            @Override
            public double nextDouble() {
                return random;
            }
        };
        return new Tries(
                new Tries.Limits(
                        retries, longest, Duration.ofSeconds(1), Duration.ofSeconds(60), Duration.ofMinutes(5)),
                constant);
    }

    private static Trouble trouble(Duration retryAfter) {
        ClientRequest request = ClientRequest.of("GET", HttpUrl.parse("http://host/x"));
        return new Trouble(new PayloadException(request, 1, 2, null), "cut short", retryAfter);
    }

    @Test
    void waitsGrowUpToTheLongest() {
        Tries tries = tries(9, EVER, 0.5);
        long[] expected = {500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000};
        for (long millis : expected) {
            assertEquals(Duration.ofMillis(millis), tries.failed(trouble(null), 0, Duration.ZERO));
        }
        assertNull(tries.failed(trouble(null), 0, Duration.ZERO));
        assertEquals(9, tries.retries());
        assertEquals(10, tries.attempts());
    }

    @Test
    void whatAdvancesIsNeverGivenUp() {
        Tries tries = tries(2, EVER, 0.5);
        for (int i = 1; i <= 100; i++) {
            assertEquals(Duration.ZERO, tries.failed(trouble(null), i * MIB, Duration.ZERO));
            assertEquals(1, tries.attempt());
        }
        assertNotNull(tries.failed(trouble(null), 100 * MIB, Duration.ZERO));
        assertNotNull(tries.failed(trouble(null), 100 * MIB, Duration.ZERO));
        assertNull(tries.failed(trouble(null), 100 * MIB, Duration.ZERO));
    }

    @Test
    void aByteATimeIsNoAdvance() {
        Tries tries = tries(3, EVER, 0.5);
        int tried = 0;
        while (tries.failed(trouble(null), ++tried, Duration.ZERO) != null) {
            assertTrue(tried < 10);
        }
        assertEquals(4, tried);
    }

    @Test
    void whatStartsOverIsNoAdvance() {
        Tries tries = tries(3, EVER, 0.5);
        assertEquals(Duration.ZERO, tries.failed(trouble(null), MIB, Duration.ZERO));
        assertNotNull(tries.failed(trouble(null), 0, Duration.ZERO));
        assertNotNull(tries.failed(trouble(null), MIB, Duration.ZERO));
        assertNotNull(tries.failed(trouble(null), MIB, Duration.ZERO));
        assertNull(tries.failed(trouble(null), MIB, Duration.ZERO));
    }

    @Test
    void whatAnEarlierRunLeftIsNoAdvance() {
        Tries tries = tries(1, EVER, 0.5);
        tries.startsWith(10 * MIB);
        assertNotNull(tries.failed(trouble(null), 10 * MIB, Duration.ZERO));
        assertNull(tries.failed(trouble(null), 10 * MIB, Duration.ZERO));
    }

    @Test
    void theServerIsLeftAloneAsLongAsItWants() {
        Tries tries = tries(5, EVER, 0.5);
        assertEquals(Duration.ofMillis(10_500), tries.failed(trouble(Duration.ofSeconds(10)), 0, Duration.ZERO));
        assertNull(tries.failed(trouble(Duration.ofMinutes(6)), 0, Duration.ZERO));
    }

    @Test
    void noTryBeginsAfterTheTime() {
        Tries tries = tries(5, Duration.ofSeconds(10), 0.5);
        assertNotNull(tries.failed(trouble(null), 0, Duration.ofSeconds(9)));
        assertNull(tries.failed(trouble(null), 0, Duration.ofSeconds(9)));
    }

    @Test
    void noRetriesAreNone() {
        assertNull(tries(0, EVER, 0.5).failed(trouble(null), 10 * MIB, Duration.ZERO));
    }
}
