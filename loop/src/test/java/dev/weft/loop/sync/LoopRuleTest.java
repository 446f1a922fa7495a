package dev.weft.loop.sync;

import static dev.weft.loop.Asyncio.createTask;
import static dev.weft.loop.sync.OnLoop.ticks;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.loop.Awaitable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Which threads and loops may use a primitive. */
class LoopRuleTest {
    private final Lock lock = new Lock();
    private final Event event = new Event();
    private final Condition condition = new Condition();
    private final Semaphore semaphore = new Semaphore();
    private final BoundedSemaphore bounded = new BoundedSemaphore();
    private final Barrier barrier = new Barrier(2);
    private final Queue<Integer> queue = new Queue<>(1);

    private Map<String, Executable> everyEntryPoint() {
        Map<String, Executable> all = new LinkedHashMap<>();
        all.put("lock.acquire", () -> lock.acquire().await());
        all.put("lock.hold", () -> lock.hold().await());
        all.put("lock.release", lock::release);
        all.put("lock.locked", lock::locked);
        all.put("event.await", event::await);
        all.put("event.set", event::set);
        all.put("event.clear", event::clear);
        all.put("event.isSet", event::isSet);
        all.put("condition.acquire", () -> condition.acquire().await());
        all.put("condition.hold", () -> condition.hold().await());
        all.put("condition.release", condition::release);
        all.put("condition.locked", condition::locked);
        all.put("condition.await", condition::await);
        all.put("condition.waitFor", () -> condition.waitFor(() -> true).await());
        all.put("condition.waitForValue", () -> condition.waitForValue(() -> 1).await());
        all.put("condition.signal", condition::signal);
        all.put("condition.signalAll", condition::signalAll);
        all.put("semaphore.acquire", () -> semaphore.acquire().await());
        all.put("semaphore.hold", () -> semaphore.hold().await());
        all.put("semaphore.release", semaphore::release);
        all.put("semaphore.locked", semaphore::locked);
        all.put("semaphore.availablePermits", semaphore::availablePermits);
        all.put("bounded.release", bounded::release);
        all.put("barrier.await", barrier::await);
        all.put("barrier.reset", barrier::reset);
        all.put("barrier.abort", barrier::abort);
        all.put("barrier.waiting", barrier::waiting);
        all.put("barrier.isBroken", barrier::isBroken);
        all.put("queue.put", () -> queue.put(1).await());
        all.put("queue.get", () -> queue.get().await());
        all.put("queue.putNowait", () -> queue.putNowait(1));
        all.put("queue.getNowait", queue::getNowait);
        all.put("queue.taskDone", queue::taskDone);
        all.put("queue.join", () -> queue.join().await());
        all.put("queue.shutdown", queue::shutdown);
        all.put("queue.size", queue::size);
        all.put("queue.isEmpty", queue::isEmpty);
        all.put("queue.isFull", queue::isFull);
        all.put("iterator.hasNext", () -> queue.iterator().hasNext());
        all.put("iterator.next", () -> queue.iterator().next());
        return all;
    }

    @Test
    void offTheLoopEverythingFailsFast() {
        everyEntryPoint().forEach((name, call) -> {
            var error = assertThrows(IllegalStateException.class, call, name);
            assertTrue(error.getMessage().startsWith("no running event loop"), () -> name + ": " + error);
        });
    }

    /** Binds all primitives to the loop of this call by making a task wait at each. */
    private void bind() {
        OnLoop.run(() -> {
            for (Semaphore each : new Semaphore[] {semaphore, bounded}) {
                each.acquire().await();
                createTask(each.acquire());
            }
            lock.acquire().await();
            createTask(lock.acquire());
            createTask(event);
            createTask(barrier);
            createTask(queue.get());
            createTask(() -> {
                try (var held = condition.hold().await()) {
                    condition.await();
                }
            });
            ticks(1);
            try (var held = condition.hold().await()) {
                createTask(() -> condition.hold().await().close());
                ticks(1);
            }
        });
    }

    @Test
    void c305_aSecondLoopIsRefusedOnceATaskHadToWait() {
        bind();
        Map<String, Executable> all = everyEntryPoint();
        OnLoop.run(() -> all.forEach((name, call) -> {
            var error = assertThrows(IllegalStateException.class, call, name);
            assertTrue(error.getMessage().contains("is bound to a different event loop"), () -> name + ": " + error);
        }));
    }

    @Test
    void c305_everyWayToWaitAtAQueueBindsIt() {
        List<Function<Queue<Integer>, Awaitable<?, RuntimeException>>> waits =
                List.of(full -> full.put(2), Queue::join, full -> {
                    full.getNowait();
                    return full.get();
                });
        for (var wait : waits) {
            Queue<Integer> full = new Queue<>(1);
            OnLoop.run(() -> {
                full.putNowait(1);
                createTask(wait.apply(full));
                ticks(1);
            });
            OnLoop.run(() -> assertThrows(IllegalStateException.class, full::taskDone));
        }
    }

    @Test
    void c305_withoutAWaitAnyLoopMayUseIt() {
        Function<String, String> use = name -> {
            OnLoop.run(() -> {
                lock.acquire().await();
                lock.release();
                event.set();
                event.await();
                semaphore.hold().await().close();
                queue.put(1).await();
                assertEquals(1, queue.get().await());
                queue.taskDone();
                queue.join().await();
            });
            return name;
        };
        assertEquals("first, second", use.apply("first") + ", " + use.apply("second"));
    }

    @Test
    void aScopeClosedOffTheLoopFailsAndCanStillBeClosedOnIt() {
        Held[] held = new Held[1];
        OnLoop.run(() -> held[0] = lock.hold().await());
        assertThrows(IllegalStateException.class, held[0]::close);
        OnLoop.run(() -> {
            held[0].close();
            assertEquals("<Lock unlocked>", lock.toString());
        });
    }

    @Test
    void descriptionsWorkAnywhere() {
        assertEquals("<Lock unlocked>", lock.toString());
        assertEquals("<Event unset>", event.toString());
        assertEquals("<Condition of <Lock unlocked>>", condition.toString());
        assertEquals("<Semaphore permits: 1>", semaphore.toString());
        assertEquals("<Barrier filling, parties: 2>", barrier.toString());
        assertEquals("<Queue size: 0 of 1, unfinished: 0>", queue.toString());
    }
}
