package dev.weft.loop;

import static dev.weft.loop.Asyncio.createTask;
import static dev.weft.loop.Asyncio.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.loop.testing.junit.LoopExtension;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A loop's figures. */
class LoopMetricsTest {
    @Test
    @ExtendWith(LoopExtension.class)
    void theFiguresFollowWhatHappens(Loop loop) {
        LoopMetrics before = loop.metrics();
        assertEquals(1, before.tasks());
        assertEquals(0, before.ready());
        assertEquals(0, before.timers());
        createTask(() -> sleep(10).await());
        loop.callSoon(() -> {});
        loop.callLater(Duration.ofHours(1), () -> {}).cancel();
        LoopMetrics queued = loop.metrics();
        assertEquals(2, queued.tasks());
        assertEquals(2, queued.ready());
        assertEquals(0, queued.timers());
        sleep(0).await();
        LoopMetrics after = loop.metrics();
        assertEquals(1, after.timers());
        assertEquals(0, after.ready());
        // This task's next step, the other's first one, and the callback.
        assertEquals(queued.steps() + 3, after.steps());
        assertEquals(queued.ticks() + 1, after.ticks());
    }

    @Test
    @ExtendWith(LoopExtension.class)
    void callsOnOtherThreadsAreCounted(Loop loop) {
        CountDownLatch release = new CountDownLatch(1);
        Future<Void> call = loop.runInExecutor(null, () -> {
            Elsewhere.await(release);
            return null;
        });
        assertEquals(1, loop.metrics().outside());
        release.countDown();
        call.await();
        while (loop.metrics().outside() > 0) {
            sleep(0).await();
        }
    }

    @Test
    @ExtendWith(LoopExtension.class)
    void theLagIsHowLongTicksTook(Loop loop) {
        assertTrue(loop.metrics().lagMax().compareTo(Duration.ofHours(1)) < 0);
        long end = System.nanoTime() + Duration.ofMillis(30).toNanos();
        while (System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        sleep(0).await();
        LoopMetrics metrics = loop.metrics();
        assertTrue(metrics.lagMax().compareTo(Duration.ofMillis(30)) >= 0, metrics::toString);
        assertTrue(metrics.lagP50().compareTo(metrics.lagP99()) <= 0, metrics::toString);
        assertTrue(metrics.lagP99().compareTo(metrics.lagMax()) <= 0, metrics::toString);
    }

    @Test
    void percentilesAreUpperEndsOfDoublingBuckets() {
        LagHistogram lag = new LagHistogram();
        assertEquals(Duration.ZERO, lag.percentile(0.5));
        assertEquals(Duration.ZERO, lag.max());
        for (int i = 0; i < 98; i++) {
            lag.record(1000);
        }
        lag.record(5_000);
        lag.record(1_000_000);
        assertEquals(100, lag.count());
        assertEquals(Duration.ofNanos(1023), lag.percentile(0.5));
        assertEquals(Duration.ofNanos(1023), lag.percentile(0.98));
        assertEquals(Duration.ofNanos(8191), lag.percentile(0.99));
        assertEquals(Duration.ofNanos(1_000_000), lag.percentile(1), "no more than the longest");
        assertEquals(Duration.ofNanos(1_000_000), lag.max());
    }

    @Test
    void theEndsOfTheHistogramHold() {
        LagHistogram lag = new LagHistogram();
        lag.record(-5);
        lag.record(0);
        assertEquals(Duration.ZERO, lag.percentile(1));
        lag.record(Long.MAX_VALUE);
        assertEquals(Duration.ofNanos(Long.MAX_VALUE), lag.percentile(1));
        assertEquals(Duration.ZERO, lag.percentile(0.5));
    }
}
