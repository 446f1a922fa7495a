package dev.weft.loop;

import static dev.weft.loop.Asyncio.asCompleted;
import static dev.weft.loop.Asyncio.createTask;
import static dev.weft.loop.Asyncio.gather;
import static dev.weft.loop.Asyncio.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** 2.J: asCompleted. */
class AsCompletedTest {
    @RegisterExtension
    final VirtualLoop test = new VirtualLoop();

    private final Loop loop = test.loop;
    private final List<String> log = test.log;

    private static Awaitable<String, RuntimeException> after(double seconds, String value) {
        return () -> {
            sleep(seconds).await();
            return value;
        };
    }

    @Test
    void c192_whatEndsFirstComesFirst() {
        test.run(() -> {
            List<String> order = new ArrayList<>();
            for (Future<String> done : asCompleted(List.of(after(0.15, "c"), after(0.1, "a"), after(0.1, "b")))) {
                assertTrue(done.isDone());
                order.add(done.result() + " " + loop.time().toMillis());
            }
            assertEquals(List.of("a 100", "b 100", "c 150"), order);
        });
        assertEquals(Duration.ofMillis(150), test.elapsed());
    }

    @Test
    void c193_theTasksThemselvesAreGivenBackAndFailuresAreTheirs() {
        test.run(() -> {
            Task<Integer> good = createTask(() -> 1);
            Task<Integer> bad = createTask(() -> {
                sleep(1).await();
                throw new IllegalStateException("boom");
            });
            Iterator<Future<Integer>> all = asCompleted(List.of(bad, good)).iterator();
            assertSame(good, all.next());
            assertSame(bad, all.next());
            assertThrows(IllegalStateException.class, bad::result);
            assertFalse(all.hasNext());
            assertThrows(NoSuchElementException.class, all::next);
        });
    }

    @Test
    void c193_duplicatesComeOnceAndNothingIsNothing() {
        test.run(() -> {
            Task<Integer> task = createTask(() -> 1);
            int count = 0;
            for (Future<Integer> done : asCompleted(List.of(task, task))) {
                assertSame(task, done);
                count++;
            }
            assertEquals(1, count);
            assertFalse(asCompleted(List.<Task<Integer>>of()).iterator().hasNext());
        });
    }

    @Test
    void c194_whenTheTimeIsOverTheNextOneThrowsAndTheTasksRunOn() {
        test.run(() -> {
            Task<String> slow = createTask(after(0.15, "b"));
            Iterator<Future<String>> all = asCompleted(
                            List.of(createTask(after(0.1, "a")), slow), Duration.ofMillis(120))
                    .iterator();
            assertEquals("a", all.next().result());
            assertThrows(TimeoutException.class, all::next);
            assertEquals(Duration.ofMillis(120), test.elapsed());
            assertFalse(slow.isDone());
            assertEquals("b", slow.await());
        });
    }

    @Test
    void c194_whatEndedInTimeIsHandedOutAfterTheTimeToo() {
        test.run(() -> {
            Iterator<Future<String>> all = asCompleted(List.of(after(0.1, "a"), after(10, "b")), Duration.ofMillis(120))
                    .iterator();
            sleep(1).await();
            assertEquals("a", all.next().result());
            assertThrows(TimeoutException.class, all::next);
        });
    }

    @Test
    void c194_anUnusedTimeoutLeavesNoTimer() {
        RecordingClock clock = new RecordingClock();
        try (Runner runner = Runner.builder().clock(clock).handleSignals(false).build()) {
            runner.run(() -> {
                for (Future<String> done : asCompleted(List.of(after(0, "a"), after(0, "b")), Duration.ofHours(1))) {
                    log.add(done.result());
                }
            });
            clock.deadlines.clear();
            runner.loop().waitNanos();
            assertEquals(List.of(Long.MAX_VALUE), clock.deadlines);
        }
        assertEquals(List.of("a", "b"), log);
    }

    @Test
    void c195_theFirstToAskGetsTheFirstToEnd() {
        test.run(() -> {
            Iterator<Future<String>> all =
                    asCompleted(List.of(after(0.1, "x"), after(0.05, "y"))).iterator();
            Task<String> early = createTask(() -> all.next().result());
            Task<String> late = createTask(() -> all.next().result());
            assertEquals("x", late.await());
            assertEquals("y", early.await());
        });
    }

    @Test
    void c196_severalMayAskAtOnceAndEachEndIsHandedOutOnce() {
        test.run(() -> {
            List<Awaitable<String, RuntimeException>> many = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                many.add(after(i % 5 * 0.1, "" + i));
            }
            Iterable<Future<String>> all = asCompleted(many);
            List<Task<Set<String>>> consumers = new ArrayList<>();
            for (int c = 0; c < 7; c++) {
                consumers.add(createTask(() -> {
                    Set<String> mine = new HashSet<>();
                    for (Future<String> done : all) {
                        mine.add(done.result());
                    }
                    return mine;
                }));
            }
            Set<String> together = new HashSet<>();
            int count = 0;
            for (Set<String> mine : gather(consumers).await()) {
                together.addAll(mine);
                count += mine.size();
            }
            assertEquals(100, together.size());
            assertEquals(100, count);
        });
    }

    @Test
    void c197_breakAndGoOn() {
        test.run(() -> {
            Iterable<Future<String>> all = asCompleted(List.of(after(1, "a"), after(2, "b"), after(3, "c")));
            for (Future<String> done : all) {
                log.add(done.result());
                break;
            }
            log.add("pause");
            for (Future<String> done : all) {
                log.add(done.result());
            }
        });
        assertEquals(List.of("a", "pause", "b", "c"), log);
    }

    @Test
    void c198_aCancelledConsumerLosesNothing() {
        test.run(() -> {
            Iterable<Future<String>> all = asCompleted(List.of(after(1, "a"), after(2, "b")));
            Task<Void> consumer = createTask(() -> {
                all.iterator().next();
            });
            sleep(0).await();
            consumer.cancel();
            assertThrows(CancelledError.class, consumer::await);
            for (Future<String> done : all) {
                log.add(done.result());
            }
        });
        assertEquals(List.of("a", "b"), log);
    }
}
