package dev.weft.http.middleware;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.http.middleware.RateLimit.Limits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Decisions without a loop; times in milliseconds. */
class ThrottleTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private static long nanos(long millis) {
        return millis * 1_000_000;
    }

    private static Throttle throttle(Limits limits) {
        return new Throttle(limits, true, MINUTE, 0);
    }

    /** As many as are asked for, each as soon as it may, the answer at once; gives when they started. */
    private static List<Long> starts(Throttle throttle, long from, int count) {
        List<Long> starts = new ArrayList<>();
        long now = nanos(from);
        for (int i = 0; i < count; i++) {
            for (long wait = throttle.admit(now); wait > 0; wait = throttle.admit(now)) {
                now += wait;
            }
            starts.add(now / 1_000_000);
            throttle.release();
        }
        return starts;
    }

    @ParameterizedTest(name = "{0} per {1} s, burst {2}, delay {3}, from {4}: {5}")
    @CsvSource({
        // Even spacing, but for a burst: one is there from the start.
        "10, 1, 1, 0, 0, '0, 100, 200, 300'",
        "3, 1, 1, 0, 0, '0, 333, 666, 999'",
        "10, 1, 3, 0, 0, '0, 0, 0, 100, 200'",
        "10, 1, 3, 0, 5000, '5000, 5000, 5000, 5100'",
        // A delay holds within a burst too.
        "0, 1, 1, 250, 0, '0, 250, 500'",
        "10, 1, 3, 20, 0, '0, 20, 40, 100'",
        "10, 1, 1, 250, 0, '0, 250, 500'",
        "0, 1, 1, 0, 0, '0, 0, 0, 0'",
        "1000000000, 1, 1, 0, 0, '0, 0, 0'",
    })
    void spacing(int requests, int seconds, int burst, long delay, long from, String expected) {
        Limits limits = Limits.none().burst(burst).delay(Duration.ofMillis(delay));
        if (requests > 0) {
            limits = limits.rate(requests, Duration.ofSeconds(seconds));
        }
        int count = expected.split(",").length;
        assertEquals("[" + expected + "]", starts(throttle(limits), from, count).toString());
    }

    @Test
    void aQuietTimeSavesNoMoreThanABurst() {
        Throttle throttle = throttle(Limits.none().rate(10, SECOND).burst(3));
        assertEquals(List.of(0L, 0L, 0L, 100L), starts(throttle, 0, 4));
        // Within 150 ms one more was saved, and half of another.
        assertEquals(List.of(250L, 300L, 400L), starts(throttle, 250, 3));
        assertEquals(List.of(9000L, 9000L, 9000L, 9100L), starts(throttle, 9000, 4));
    }

    @Test
    void soManyAtOnce() {
        Throttle throttle = throttle(Limits.none().concurrency(2));
        assertEquals(0, throttle.admit(0));
        assertEquals(0, throttle.admit(0));
        assertEquals(Long.MAX_VALUE, throttle.admit(0));
        throttle.release();
        assertEquals(0, throttle.admit(0));
        assertEquals(2, throttle.active());
    }

    private static void answer(Throttle throttle, long started, long now, int status, @Nullable Duration retryAfter) {
        throttle.answered(nanos(started), nanos(now), status, retryAfter);
    }

    @Test
    void theRateIsHalvedAndComesBackSlowly() {
        Throttle throttle = throttle(Limits.none().rate(10, SECOND).burst(5));
        assertEquals(List.of(0L, 0L), starts(throttle, 0, 2));
        answer(throttle, 0, 50, 429, null);
        assertEquals(5, throttle.perSecond());
        // The rest of the burst is gone.
        assertEquals(List.of(50L, 250L, 450L), starts(throttle, 50, 3));
        answer(throttle, 250, 500, 503, null);
        assertEquals(2.5, throttle.perSecond());
        for (int i = 0; i < 16; i++) {
            answer(throttle, 600, 700, 200, null);
        }
        assertEquals(5, throttle.perSecond());
        for (int i = 0; i < 1000; i++) {
            answer(throttle, 600, 700, 404, null);
        }
        assertEquals(10, throttle.perSecond());
        for (int i = 0; i < 20; i++) {
            answer(throttle, 1000 + i, 1000 + i, 429, null);
        }
        assertEquals(10.0 / 64, throttle.perSecond());
    }

    @Test
    void theDelayGrowsToo() {
        Throttle throttle = throttle(Limits.none().delay(Duration.ofMillis(100)));
        answer(throttle, 0, 0, 429, null);
        assertEquals(List.of(0L, 200L, 400L), starts(throttle, 0, 3));
    }

    @Test
    void theNumberAtOnceIsHalvedAndComesBackOneByOne() {
        Throttle throttle = throttle(Limits.none().concurrency(8));
        for (int i = 0; i < 8; i++) {
            assertEquals(0, throttle.admit(0));
        }
        answer(throttle, 1, 10, 429, null);
        assertEquals(4, throttle.limit());
        answer(throttle, 20, 30, 503, null);
        assertEquals(2, throttle.limit());
        // Two successes for one more, then three.
        answer(throttle, 40, 50, 200, null);
        assertEquals(2, throttle.limit());
        answer(throttle, 40, 50, 200, null);
        answer(throttle, 40, 50, 200, null);
        assertEquals(3, throttle.limit());
        for (int i = 0; i < 100; i++) {
            answer(throttle, 40, 50, 200, null);
        }
        assertEquals(8, throttle.limit());
        for (int i = 0; i < 10; i++) {
            answer(throttle, 100 + i, 100 + i, 503, null);
        }
        assertEquals(1, throttle.limit());
    }

    /** Where nothing was limited, what was under way is the measure. */
    @Test
    void withoutLimitsThereIsOneWhenItIsAskedFor() {
        Throttle throttle = throttle(Limits.none());
        for (int i = 0; i < 20; i++) {
            assertEquals(0, throttle.admit(0));
        }
        assertEquals(Integer.MAX_VALUE, throttle.limit());
        answer(throttle, 1, 10, 503, null);
        assertEquals(10, throttle.limit());
    }

    /** A host that is flooded says so to everything that is under way; that is one reason to send less, not ten. */
    @Test
    void whatWasUnderWayDoesNotHalveAgain() {
        Throttle throttle = throttle(Limits.none().rate(64, SECOND));
        for (int i = 0; i < 10; i++) {
            answer(throttle, i, 20 + i, 429, null);
        }
        assertEquals(32, throttle.perSecond());
        // Nor does its success mean anything.
        answer(throttle, 10, 40, 200, null);
        assertEquals(32, throttle.perSecond());
        answer(throttle, 21, 50, 200, null);
        assertTrue(throttle.perSecond() > 32);
    }

    @Test
    void retryAfterStopsEverything() {
        Throttle throttle = throttle(Limits.none().rate(100, SECOND).concurrency(5));
        answer(throttle, 0, 0, 429, Duration.ofSeconds(3));
        // Shorter, and an older one: the longest counts.
        answer(throttle, 1, 100, 503, Duration.ofSeconds(1));
        assertEquals(nanos(2900), throttle.pausedFor(nanos(100)));
        assertEquals(List.of(3000L), starts(throttle, 100, 1));
        assertEquals(0, throttle.pausedFor(nanos(3000)));
        // Of a server that wants too much.
        answer(throttle, 4000, 4000, 429, Duration.ofDays(10_000_000));
        assertEquals(MINUTE.toNanos(), throttle.pausedFor(nanos(4000)));
    }

    @Test
    void otherFailuresSayNothing() {
        Throttle throttle = throttle(Limits.none().rate(10, SECOND));
        answer(throttle, 0, 10, 429, null);
        for (int status : new int[] {500, 502, 504}) {
            answer(throttle, 20, 30, status, null);
        }
        assertEquals(5, throttle.perSecond());
    }

    @Test
    void unlessItIsNotToLearn() {
        Throttle throttle = new Throttle(Limits.none().rate(10, SECOND).concurrency(4), false, MINUTE, 0);
        answer(throttle, 1, 10, 429, Duration.ofSeconds(3));
        assertEquals(10, throttle.perSecond());
        assertEquals(4, throttle.limit());
        assertEquals(0, throttle.pausedFor(nanos(10)));
    }

    @Test
    void whenItIsAsNew() {
        Throttle throttle = throttle(Limits.none().rate(10, SECOND));
        assertTrue(throttle.isAsNew(0));
        assertEquals(0, throttle.admit(0));
        assertEquals(false, throttle.isAsNew(nanos(500)));
        throttle.release();
        assertEquals(false, throttle.isAsNew(nanos(99)));
        assertTrue(throttle.isAsNew(nanos(100)));
        answer(throttle, 200, 200, 429, null);
        assertEquals(false, throttle.isAsNew(nanos(10_000)));
    }

    @Test
    void longTimesDoNotOverflow() {
        Duration age = Duration.ofSeconds(Long.MAX_VALUE);
        Throttle throttle =
                throttle(Limits.none().rate(1, age).burst(Integer.MAX_VALUE).delay(age));
        assertEquals(0, throttle.admit(0));
        throttle.release();
        answer(throttle, 1, 1, 429, null);
        assertTrue(throttle.admit(nanos(10)) > Duration.ofDays(300).toNanos());
    }

    @Test
    void outOfRange() {
        Limits none = Limits.none();
        assertThrows(IllegalArgumentException.class, () -> none.rate(-1, SECOND));
        assertThrows(IllegalArgumentException.class, () -> none.rate(1, Duration.ZERO));
        assertThrows(IllegalArgumentException.class, () -> none.burst(0));
        assertThrows(IllegalArgumentException.class, () -> none.concurrency(-1));
        assertThrows(IllegalArgumentException.class, () -> none.delay(Duration.ofMillis(-1)));
    }
}
