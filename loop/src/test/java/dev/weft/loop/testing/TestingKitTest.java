package dev.weft.loop.testing;

import static dev.weft.loop.Asyncio.createTask;
import static dev.weft.loop.Asyncio.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.loop.Asyncio;
import dev.weft.loop.Future;
import dev.weft.loop.Loop;
import dev.weft.loop.Runner;
import dev.weft.loop.Task;
import dev.weft.loop.testing.junit.LoopExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LoopExtension.class)
class TestingKitTest {
    @Test
    void aTestIsATaskOnAVirtualClock(Loop loop, VirtualClock clock) {
        assertSame(loop, Asyncio.getRunningLoop());
        sleep(Duration.ofHours(1)).await();
        assertEquals(Duration.ofHours(1), clock.elapsed());
    }

    @Test
    void theClockWaitsForWorkOnOtherThreads(VirtualClock clock) {
        CountDownLatch slow = new CountDownLatch(1);
        Task<Void> timer = createTask(() -> {
            sleep(1).await();
            return null;
        });
        Future<String> work = Asyncio.getRunningLoop().runInExecutor(null, () -> {
            slow.await();
            return "done at " + clock.elapsed();
        });
        sleep(0).await();
        new Thread(slow::countDown).start();
        assertEquals("done at PT0S", work.await());
        timer.await();
    }

    @Test
    void waitAllTasksBlockedReturnsWhenNobodyCanGoOn(VirtualClock clock) {
        List<String> log = new ArrayList<>();
        createTask(() -> {
            for (int i = 0; i < 5; i++) {
                sleep(0).await();
            }
            log.add("blocks");
            sleep(1).await();
            log.add("wakes");
        });
        Testing.waitAllTasksBlocked().await();
        assertEquals(List.of("blocks"), log);
        assertEquals(Duration.ZERO, clock.elapsed());
    }

    @Test
    void shuffleGivesTheSameOrderForTheSameSeedAndAnotherForAnother() {
        assertEquals(order(1), order(1));
        assertNotEquals(order(1), order(2));
    }

    private static List<Integer> order(long seed) {
        List<Integer> order = new ArrayList<>();
        Thread thread = Thread.ofPlatform().start(() -> {
            try (Runner runner = Runner.builder().shuffle(seed).build()) {
                runner.run(() -> {
                    for (int i = 0; i < 20; i++) {
                        int number = i;
                        createTask(() -> order.add(number));
                    }
                    sleep(0).await();
                    sleep(0).await();
                });
            }
        });
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return order;
    }

    /** Runs outside of the loop that the extension made: each attempt makes its own. */
    private static int everywhere(CancelEverywhere runs) {
        int[] awaits = new int[1];
        Throwable[] thrown = new Throwable[1];
        Thread thread = Thread.ofPlatform().start(() -> {
            try {
                awaits[0] = runs.run();
            } catch (Throwable e) {
                thrown[0] = e;
            }
        });
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        if (thrown[0] instanceof AssertionError failed) {
            throw failed;
        }
        return awaits[0];
    }

    @Test
    void cancelEverywhereTriesEveryAwait() {
        List<String> log = new ArrayList<>();
        int awaits = everywhere(CancelEverywhere.of(() -> {
            try {
                sleep(1).await();
                sleep(0).await();
                sleep(2).await();
                log.add("whole");
            } finally {
                log.add("end");
            }
        }));
        assertEquals(3, awaits);
        assertEquals(List.of("end", "end", "end", "whole", "end"), log);
    }

    @Test
    void cancelEverywhereFindsATaskThatIsLeft() {
        AssertionError found = assertThrows(
                AssertionError.class,
                () -> everywhere(CancelEverywhere.of(() -> {
                    Task<?> child = createTask(() -> sleep(10).await());
                    sleep(1).await();
                    child.cancel();
                    Asyncio.wait(List.of(child)).await();
                })));
        assertTrue(found.getMessage().contains("await 1"), found.getMessage());
        assertTrue(found.getMessage().contains("left behind"), found.getMessage());
    }

    @Test
    void cancelEverywhereFindsATimerThatIsLeft() {
        AssertionError found = assertThrows(
                AssertionError.class,
                () -> everywhere(CancelEverywhere.of(() -> {
                    var timer = Asyncio.getRunningLoop().callLater(Duration.ofDays(1), () -> {});
                    sleep(1).await();
                    timer.cancel();
                })));
        assertTrue(found.getMessage().contains("1 timers"), found.getMessage());
    }

    @Test
    void cancelEverywhereRunsTheCheckOfTheTest() {
        boolean[] held = new boolean[1];
        AssertionError found = assertThrows(
                AssertionError.class,
                () -> everywhere(CancelEverywhere.of(() -> {
                            held[0] = true;
                            sleep(1).await();
                            held[0] = false;
                        })
                        .check(() -> assertFalse(held[0], "still held"))));
        assertTrue(found.getMessage().contains("still held"), found.getMessage());
    }
}
