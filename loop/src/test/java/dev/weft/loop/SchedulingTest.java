package dev.weft.loop;

import static dev.weft.loop.Asyncio.createTask;
import static dev.weft.loop.Asyncio.gather;
import static dev.weft.loop.Asyncio.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** 2.A: the order in which the loop runs what it was given. */
class SchedulingTest {
    private static final Runnable NOTHING = () -> {};

    @RegisterExtension
    final VirtualLoop test = new VirtualLoop();

    private final Loop loop = test.loop;
    private final List<String> log = test.log;

    private Runnable note(String what) {
        return () -> log.add(what);
    }

    @Test
    void c001_whatACallbackQueuesRunsInTheNextTick() {
        loop.callSoon(() -> {
            log.add("A");
            loop.callSoon(note("A2"));
        });
        loop.callSoon(note("B"));
        test.tick();
        assertEquals(List.of("A", "B"), log);
        test.tick();
        assertEquals(List.of("A", "B", "A2"), log);
    }

    @Test
    void c002_aCallbackRunsExactlyOnce() {
        loop.callSoon(note("once"));
        test.tick();
        test.tick();
        assertEquals(List.of("once"), log);
    }

    @Test
    void c003_callbacksRunInTheOrderOfQueueing() {
        IntStream.range(0, 1000).forEach(i -> loop.callSoon(note("" + i)));
        test.tick();
        assertEquals(IntStream.range(0, 1000).mapToObj(i -> "" + i).toList(), log);
    }

    @Test
    void c004_aLoopStoppedBeforeItRunsMakesOneTickWithoutWaiting() {
        loop.callLater(Duration.ofSeconds(10), note("timer"));
        loop.callSoon(() -> {
            log.add("first tick");
            loop.callSoon(note("second tick"));
        });
        loop.stop();
        loop.runForever();
        assertEquals(List.of("first tick"), log);
        assertEquals(Duration.ZERO, test.elapsed());
    }

    @Test
    void c004_stopLetsTheTickEndAndIsForgottenByTheNextRun() {
        loop.callSoon(() -> {
            loop.stop();
            log.add("stopping");
        });
        loop.callSoon(note("same tick"));
        test.runForever();
        assertEquals(List.of("stopping", "same tick"), log);
        loop.callLater(Duration.ofSeconds(1), loop::stop);
        test.runForever();
        assertEquals(Duration.ofSeconds(1), test.elapsed());
    }

    @Test
    void c005_negativeDelaysAreDueNowTheEarliestFirst() {
        loop.callLater(Duration.ofSeconds(-1), note("a"));
        loop.callLater(Duration.ofSeconds(-2), note("b"));
        test.tick();
        assertEquals(List.of("b", "a"), log);
    }

    @Test
    void c006_equalDeadlinesRunInTheOrderOfRegistration() {
        IntStream.range(0, 8).forEach(i -> loop.callAt(Duration.ofSeconds(1), note("" + i)));
        loop.callLater(Duration.ofSeconds(1), loop::stop);
        test.runForever();
        assertEquals(IntStream.range(0, 8).mapToObj(i -> "" + i).toList(), log);
    }

    @Test
    void c006_equalDeadlinesKeepTheirOrderWhenOthersAreCancelled() {
        List<TimerHandle> timers = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            timers.add(loop.callAt(Duration.ofSeconds(1), note("" + i)));
        }
        for (int i = 0; i < 100; i += 3) {
            timers.get(i).cancel();
        }
        loop.callAt(Duration.ofSeconds(1), loop::stop);
        test.runForever();
        assertEquals(
                IntStream.range(0, 100)
                        .filter(i -> i % 3 != 0)
                        .mapToObj(i -> "" + i)
                        .toList(),
                log);
    }

    @Test
    void c007_whatIsReadyRunsBeforeTheTimersOfItsTick() {
        loop.callLater(Duration.ofSeconds(-1), note("timer -1"));
        loop.callLater(Duration.ofSeconds(-2), note("timer -2"));
        loop.callSoon(note("ready"));
        test.tick();
        assertEquals(List.of("ready", "timer -2", "timer -1"), log);
    }

    @Test
    void c009_nullDelaysAreRejected() {
        assertThrows(NullPointerException.class, () -> loop.callLater(null, NOTHING));
        assertThrows(NullPointerException.class, () -> loop.callAt(null, NOTHING));
    }

    @Test
    void c009_aTimerIsNotInTheReadyQueue() {
        TimerHandle timer = loop.callLater(Duration.ofSeconds(1), note("timer"));
        assertNotEquals(Timers.ABSENT, timer.index);
        assertEquals(Duration.ofSeconds(1), timer.when());
        test.tick();
        assertEquals(List.of(), log);
    }

    @Test
    void c010_theWaitIsComputedFromTheFirstTimerThatIsNotCancelled() {
        RecordingClock clock = new RecordingClock();
        try (Runner runner = Runner.builder().clock(clock).build()) {
            Loop recorded = runner.loop();
            TimerHandle head = recorded.callLater(Duration.ofSeconds(5), NOTHING);
            recorded.callLater(Duration.ofSeconds(10), NOTHING);
            head.cancel();
            assertEquals(0, recorded.waitNanos());
            assertEquals(List.of(Duration.ofSeconds(10).toNanos()), clock.deadlines);
        }
    }

    @Test
    void c010_noTimerMeansNoDeadlineAndAReadyCallbackNoWait() {
        RecordingClock clock = new RecordingClock();
        clock.answer = Duration.ofSeconds(3).toNanos();
        try (Runner runner = Runner.builder().clock(clock).build()) {
            Loop recorded = runner.loop();
            assertEquals(Duration.ofSeconds(3).toNanos(), recorded.waitNanos());
            assertEquals(List.of(Long.MAX_VALUE), clock.deadlines);
            recorded.callSoon(NOTHING);
            assertEquals(0, recorded.waitNanos());
            assertEquals(1, clock.deadlines.size());
        }
    }

    @Test
    void c011_aMillionCancelledTimersLeaveNothing() {
        RecordingClock clock = new RecordingClock();
        try (Runner runner = Runner.builder().clock(clock).build()) {
            Loop recorded = runner.loop();
            for (int i = 0; i < 1_000_000; i++) {
                TimerHandle timer = recorded.callLater(Duration.ofNanos(i * 7919L % 1_000_003), NOTHING);
                timer.cancel();
                assertEquals(Timers.ABSENT, timer.index);
            }
            recorded.waitNanos();
            assertEquals(List.of(Long.MAX_VALUE), clock.deadlines);
        }
    }

    @Test
    void c011_aCancelledTimerReleasesItsCallbackThoughItsHandleIsHeld() {
        Object[] held = {new Object()};
        WeakReference<Object> released = new WeakReference<>(held[0]);
        TimerHandle timer = timerHolding(held[0]);
        held[0] = null;
        timer.cancel();
        test.run(() -> test.collectUntil(() -> released.refersTo(null)));
        assertTrue(released.refersTo(null));
        assertTrue(timer.isCancelled());
    }

    private TimerHandle timerHolding(Object captured) {
        return loop.callLater(Duration.ofSeconds(1), () -> log.add(captured.toString()));
    }

    @Test
    void c012_whatADueTimerQueuesRunsInTheNextTick() {
        loop.callLater(Duration.ofSeconds(-1), () -> {
            log.add("timer");
            loop.callSoon(note("queued"));
        });
        test.tick();
        assertEquals(List.of("timer"), log);
        test.tick();
        assertEquals(List.of("timer", "queued"), log);
    }

    @Test
    void c012_aTimerThatIsDueAtOnceRunsInTheNextTickToo() {
        loop.callLater(Duration.ZERO, () -> {
            log.add("timer");
            loop.callLater(Duration.ZERO, note("queued"));
        });
        test.tick();
        assertEquals(List.of("timer"), log);
        test.tick();
        assertEquals(List.of("timer", "queued"), log);
    }

    @Test
    void c014_aCancelledHandleIsNeverRun() {
        Handle queued = loop.callSoon(note("cancelled before the tick"));
        queued.cancel();
        Handle[] next = new Handle[1];
        loop.callSoon(() -> next[0].cancel());
        next[0] = loop.callSoon(note("cancelled in the tick"));
        TimerHandle[] due = new TimerHandle[1];
        loop.callLater(Duration.ofSeconds(-2), () -> due[0].cancel());
        due[0] = loop.callLater(Duration.ofSeconds(-1), note("a due timer"));
        test.tick();
        test.tick();
        assertEquals(List.of(), log);
        assertTrue(queued.isCancelled() && next[0].isCancelled() && due[0].isCancelled());
    }

    @Test
    void c015_anEventThatIsReadyWhileTheLoopStopsRunsOnceInTwoRuns() {
        loop.callSoon(() -> {
            loop.poller().eventLoop().execute(note("event"));
            loop.stop();
        });
        test.runForever();
        test.tick();
        test.tick();
        assertEquals(List.of("event"), log);
    }

    @Test
    void c016_nullCallbacksAreRejectedAtTheCall() {
        assertThrows(NullPointerException.class, () -> loop.callSoon(null));
        assertThrows(NullPointerException.class, () -> loop.callSoonThreadsafe(null));
        assertThrows(NullPointerException.class, () -> loop.callLater(Duration.ZERO, null));
        assertThrows(NullPointerException.class, () -> loop.callAt(Duration.ZERO, null));
        assertThrows(NullPointerException.class, () -> loop.createTask(null));
    }

    @Test
    void c017_tasksTakeTurns() {
        test.run(() -> {
            for (String name : List.of("a", "b", "c")) {
                createTask(() -> {
                    log.add(name + 0);
                    sleep(0).await();
                    log.add(name + 1);
                });
            }
            sleep(0).await();
            sleep(0).await();
        });
        assertEquals(List.of("a0", "b0", "c0", "a1", "b1", "c1"), log);
    }

    @Test
    void c018_aTaskAndACallbackQueuedInTurnRunInTurn() {
        test.run(() -> {
            loop.callSoon(note("1"));
            createTask(() -> log.add("2"));
            loop.callSoon(note("3"));
            createTask(() -> log.add("4"));
            sleep(0).await();
        });
        assertEquals(List.of("1", "2", "3", "4"), log);
    }

    @Test
    void c019_theLoopNeverWaitsLongerThanADay() {
        RecordingClock clock = new RecordingClock();
        clock.answer = Duration.ofDays(10).toNanos();
        try (Runner runner = Runner.builder().clock(clock).build()) {
            runner.loop().callLater(Duration.ofDays(10), NOTHING);
            assertEquals(Duration.ofHours(24).toNanos(), runner.loop().waitNanos());
            assertEquals(List.of(Duration.ofDays(10).toNanos()), clock.deadlines);
        }
    }

    @Test
    void c019_delaysTooLongToCountDoNotOverflow() {
        loop.callLater(Duration.ofSeconds(Long.MAX_VALUE), note("never"));
        loop.callAt(Duration.ofSeconds(Long.MAX_VALUE), note("never"));
        loop.callLater(Duration.ofSeconds(Long.MIN_VALUE), note("long ago"));
        loop.callLater(Duration.ofDays(10), loop::stop);
        test.runForever();
        assertEquals(List.of("long ago"), log);
        assertEquals(Duration.ofDays(10), test.elapsed());
    }

    @Test
    void callLaterWaitsAndCallAtCountsFromTheLoopsTime() {
        test.run(() -> {
            sleep(1).await();
            assertEquals(Duration.ofSeconds(1), loop.time());
            loop.callLater(Duration.ofSeconds(2), () -> log.add("later " + loop.time()));
            loop.callAt(Duration.ofSeconds(2), () -> log.add("at " + loop.time()));
            loop.callAt(Duration.ofMillis(500), () -> log.add("past " + loop.time()));
            sleep(5).await();
        });
        assertEquals(List.of("past PT1S", "at PT2S", "later PT3S"), log);
    }

    @Test
    void aBusyLoopStillPollsForIo() {
        AtomicBoolean arrived = new AtomicBoolean();
        test.run(() -> {
            loop.poller().eventLoop().execute(() -> arrived.set(true));
            for (int i = 0; i < 10 && !arrived.get(); i++) {
                sleep(0).await();
            }
        });
        assertTrue(arrived.get());
    }

    @Test
    void nettysTimersKeepTheLoopsTime() {
        test.run(() -> {
            Future<Duration> due = loop.createFuture();
            loop.poller()
                    .eventLoop()
                    .schedule(() -> due.setResult(loop.time()), 30, java.util.concurrent.TimeUnit.SECONDS);
            assertEquals(Duration.ofSeconds(30), due.await());
        });
        assertEquals(Duration.ofSeconds(30), test.elapsed());
    }

    @Test
    void betweenTwoAwaitsNothingElseRuns() {
        int[] shared = new int[1];
        test.run(() -> {
            List<Task<Void>> tasks = new ArrayList<>();
            for (int t = 0; t < 20; t++) {
                tasks.add(createTask(() -> {
                    for (int i = 0; i < 50; i++) {
                        int seen = shared[0];
                        Thread.yield();
                        shared[0] = seen + 1;
                        sleep(0).await();
                    }
                }));
            }
            gather(tasks).await();
        });
        assertEquals(1000, shared[0]);
    }

    @Test
    void aBodyThatBlocksItsThreadKeepsTheLoop() {
        AtomicInteger inside = new AtomicInteger();
        test.run(() -> {
            Task<Void> blocking = createTask(() -> {
                inside.set(1);
                Thread helper = new Thread(() -> inside.set(2));
                helper.start();
                helper.join();
            });
            createTask(() -> assertEquals(2, inside.get()));
            blocking.await();
            sleep(0).await();
        });
        assertEquals(List.of(), test.messages());
    }

    @Test
    void anIdleLoopIsNotRunning() {
        assertNull(Loop.current());
        assertThrows(IllegalStateException.class, Asyncio::getRunningLoop);
        test.run(() -> assertEquals(loop, Asyncio.getRunningLoop()));
        assertNull(Loop.current());
        assertFalse(loop.isClosed());
    }
}
