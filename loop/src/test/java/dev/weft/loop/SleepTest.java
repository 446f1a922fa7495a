package dev.weft.loop;

import static dev.weft.loop.Asyncio.createTask;
import static dev.weft.loop.Asyncio.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** 2.H: sleep. */
class SleepTest {
    @RegisterExtension
    final VirtualLoop test = new VirtualLoop();

    private final Loop loop = test.loop;
    private final List<String> log = test.log;

    @Test
    void c150_sleepsAddUp() {
        String result = test.get(() -> {
            sleep(0.05).await();
            sleep(Duration.ofMillis(50)).await();
            return "result";
        });
        assertEquals("result", result);
        assertEquals(Duration.ofMillis(100), test.elapsed());
    }

    @Test
    void c150_sleepDoesNothingUntilItIsAwaited() {
        test.run(() -> {
            Awaitable<Void, RuntimeException> nap = sleep(1);
            sleep(2).await();
            nap.await();
            nap.await();
        });
        assertEquals(Duration.ofSeconds(4), test.elapsed());
    }

    @Test
    void c151_notANumberIsRejectedAtTheCall() {
        assertThrows(IllegalArgumentException.class, () -> sleep(Double.NaN));
        assertThrows(NullPointerException.class, () -> sleep(null));
    }

    @Test
    void c152_cancellingASleepRemovesItsTimer() {
        RecordingClock clock = new RecordingClock();
        try (Runner runner = Runner.builder().clock(clock).handleSignals(false).build()) {
            runner.run(() -> {
                Task<Void> task = createTask(() -> sleep(Duration.ofHours(1)).await());
                sleep(0).await();
                task.cancel();
                assertThrows(CancelledError.class, task::await);
            });
            clock.deadlines.clear();
            runner.loop().waitNanos();
            assertEquals(List.of(Long.MAX_VALUE), clock.deadlines);
        }
    }

    @Test
    void c153_zeroOrLessGivesUpTheLoopForExactlyOneTick() {
        for (Duration none : List.of(Duration.ZERO, Duration.ofSeconds(-1))) {
            log.clear();
            test.run(() -> {
                loop.callSoon(() -> {
                    log.add("this tick's end");
                    loop.callSoon(() -> log.add("next tick's end"));
                });
                sleep(none).await();
                log.add("after sleep");
                sleep(0).await();
            });
            assertEquals(List.of("this tick's end", "after sleep", "next tick's end"), log);
        }
        assertEquals(Duration.ZERO, test.elapsed());
    }

    @Test
    void c158_sleepersWakeInTheOrderOfTheirDeadlines() {
        test.run(() -> {
            for (double seconds : new double[] {3, 1, 2, 1}) {
                createTask(() -> {
                    sleep(seconds).await();
                    log.add(seconds + " at " + loop.time());
                });
            }
            sleep(5).await();
        });
        assertEquals(List.of("1.0 at PT1S", "1.0 at PT1S", "2.0 at PT2S", "3.0 at PT3S"), log);
    }

    @Test
    void aSleepOfForeverEndsOnlyByCancellation() {
        test.run(() -> {
            Task<Void> forever =
                    createTask(() -> sleep(Double.POSITIVE_INFINITY).await());
            sleep(Duration.ofDays(100_000)).await();
            assertNotEquals(true, forever.isDone());
            forever.cancel();
            assertThrows(CancelledError.class, forever::await);
        });
    }

    @Test
    void sleepInACallbackFailsAtOnce() {
        loop.callSoon(() -> sleep(1).await());
        test.tick();
        assertEquals(
                IllegalStateException.class,
                test.reported.getFirst().exception().getClass());
    }
}
