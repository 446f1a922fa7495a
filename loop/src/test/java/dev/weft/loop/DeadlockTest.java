package dev.weft.loop;

import static dev.weft.loop.Asyncio.createTask;
import static dev.weft.loop.Asyncio.gather;
import static dev.weft.loop.Asyncio.gatherSettled;
import static dev.weft.loop.Asyncio.shield;
import static dev.weft.loop.Asyncio.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.loop.testing.VirtualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Tasks that wait for each other are reported with their names, once; tasks that something may still free are not. */
class DeadlockTest {
    private final List<LoopError> reported = new ArrayList<>();
    private final CountDownLatch told = new CountDownLatch(1);

    /** Runs on the virtual clock; a main that waits for a dead-lock is freed when it is reported. */
    private void run(Action<RuntimeException> main) {
        Runner.Builder options = Runner.builder().clock(new VirtualClock()).handleSignals(false);
        try (Runner runner = options.build()) {
            runner.loop().setExceptionHandler(error -> {
                reported.add(error);
                told.countDown();
            });
            runner.run(main);
        }
    }

    /** Two tasks of which each waits for the other, in some way. */
    private static List<Task<Object>> circle(Function<Task<Object>, Awaitable<?, ?>> how) {
        List<Task<Object>> both = new ArrayList<>();
        both.add(createTask(() -> how.apply(both.get(1)).await(), "a"));
        both.add(createTask(() -> how.apply(both.getFirst()).await(), "b"));
        return both;
    }

    /** Lets the loop wait, without a timer, until somebody outside says so. */
    private Future<Void> untilTold(Loop loop) {
        Future<Void> future = loop.createFuture();
        Elsewhere.start(() -> {
            Elsewhere.await(told);
            loop.callSoonThreadsafe(loop::reportDeadlock);
            future.setResult(null);
        });
        return future;
    }

    private void assertCircleReported(Function<Task<Object>, Awaitable<?, ?>> how) {
        run(() -> {
            List<Task<Object>> both = circle(how);
            untilTold(Asyncio.getRunningLoop()).await();
            both.forEach(Task::cancel);
        });
        assertEquals(1, reported.size(), reported::toString);
        String message = reported.getFirst().message();
        assertTrue(
                message.startsWith("Dead-lock: a waits for b waits for a\n")
                        || message.startsWith("Dead-lock: b waits for a waits for b\n"),
                message);
        assertTrue(message.contains("<Task a pending>") && message.contains("(a cycle)"), message);
        assertTrue(message.contains("DeadlockTest.lambda$circle"), message);
    }

    @Test
    void twoTasksThatAwaitEachOther() {
        assertCircleReported(task -> task);
    }

    @Test
    void throughGather() {
        assertCircleReported(task -> gather(task));
    }

    @Test
    void throughGatherSettled() {
        assertCircleReported(task -> gatherSettled(task));
    }

    @Test
    void throughShield() {
        assertCircleReported(task -> shield(task));
    }

    @Test
    void throughWait() {
        assertCircleReported(task -> Asyncio.wait(List.of(task)));
    }

    @Test
    void whoeverWaitsForTheCircleDoesNotBelongToIt() {
        run(() -> {
            List<Task<Object>> both = new ArrayList<>();
            createTask(() -> gatherSettled(both).await(), "bystander");
            both.addAll(circle(task -> task));
            untilTold(Asyncio.getRunningLoop()).await();
            both.forEach(Task::cancel);
        });
        assertEquals(1, reported.size(), reported::toString);
        String first = reported.getFirst().message().lines().findFirst().orElseThrow();
        assertTrue(!first.contains("bystander"), first);
    }

    @Test
    void whatAFutureOfSeveralMayFreeIsNotDead() {
        run(() -> {
            Loop loop = Asyncio.getRunningLoop();
            Future<Object> io = loop.createFuture();
            List<Task<?>> both = new ArrayList<>();
            both.add(createTask(
                    () -> Asyncio.wait(List.of(both.get(1), io), ReturnWhen.FIRST_COMPLETED)
                            .await(),
                    "a"));
            both.add(createTask(() -> both.getFirst().await(), "b"));
            sleep(0).await();
            loop.reportDeadlock();
            io.setResult("here");
            both.get(1).await();
        });
        assertEquals(List.of(), reported);
    }

    @Test
    void tasksThatWaitForAnotherThreadAreNotDead() {
        run(() -> {
            CountDownLatch work = new CountDownLatch(1);
            Task<Void> worker = createTask(
                    () -> Asyncio.toThread(() -> Elsewhere.await(work)).await());
            Task<Void> waiter = createTask(() -> worker.await());
            sleep(0).await();
            Asyncio.getRunningLoop().reportDeadlock();
            work.countDown();
            waiter.await();
        });
        assertEquals(List.of(), reported);
    }

    @Test
    void aCircleWithADeadlineIsFreedByIt() {
        run(() -> {
            List<Task<Object>> both = circle(task -> Asyncio.waitFor(task, Duration.ofSeconds(5)));
            assertThrows(Throwable.class, () -> both.getFirst().await());
        });
        assertEquals(List.of(), reported);
    }

    @Test
    void aLongChainOfTasksIsLookedAt() {
        run(() -> {
            Loop loop = Asyncio.getRunningLoop();
            Future<Integer> first = loop.createFuture();
            Future<Integer> last = first;
            for (int i = 0; i < 3_000; i++) {
                Future<Integer> before = last;
                last = createTask(() -> before.await());
            }
            sleep(0).await();
            assertEquals(List.of(), Deadlock.circle(loop.tasks));
            assertTrue(loop.dump().length() < 20_000_000);
            first.setResult(7);
            assertEquals(7, last.await());
        });
        assertEquals(List.of(), reported);
    }
}
