package dev.weft.loop.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weft.loop.Action;
import dev.weft.loop.Asyncio;
import dev.weft.loop.Awaitable;
import dev.weft.loop.CancelledError;
import dev.weft.loop.Task;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;

/** Tasks at work while others of them are cancelled at random moments. Its seed decides everything, so that a failure replays. */
final class Storm {
    private static final int SEEDS = 40;

    final Random random;
    private final List<Task<?>> workers = new ArrayList<>();
    /** Tasks in the order in which they began to wait for a turn. */
    private final Set<Task<?>> turns = new LinkedHashSet<>();

    private int cancelled;

    private Storm(long seed) {
        random = new Random(seed);
    }

    /** Runs it once for every seed. */
    static void each(Consumer<Storm> test) {
        int cancelled = 0;
        for (long seed = 0; seed < SEEDS; seed++) {
            Storm storm = new Storm(seed);
            try {
                OnLoop.run(() -> test.accept(storm));
            } catch (Throwable e) {
                throw new AssertionError("with seed " + seed, e);
            }
            cancelled += storm.cancelled;
        }
        if (cancelled < SEEDS) {
            throw new AssertionError("only " + cancelled + " cancellations arrived: this tests nothing");
        }
    }

    /** Starts tasks that do something several times; a cancelled one goes on with its next round, or ends. */
    void workers(int count, int rounds, Action<RuntimeException> round) {
        for (int i = 0; i < count; i++) {
            workers.add(Asyncio.createTask(() -> work(rounds, round)));
        }
    }

    private void work(int rounds, Action<RuntimeException> round) {
        Task<?> self = Asyncio.currentTask();
        for (int i = 0; i < rounds; i++) {
            try {
                round.run();
                pause();
            } catch (CancelledError e) {
                cancelled++;
                if (random.nextInt(4) == 0) {
                    throw e;
                }
                while (self.cancelling() > 0) {
                    self.uncancel();
                }
            } catch (QueueShutDownException e) {
                return;
            }
        }
    }

    /** Nothing, a tick, or some virtual milliseconds. */
    void pause() {
        switch (random.nextInt(4)) {
            case 0 -> {}
            case 1 -> Asyncio.sleep(random.nextInt(1, 4) / 1000.0).await();
            default -> Asyncio.sleep(0).await();
        }
    }

    /** Waits for a turn, and checks that it comes after the turns of all who came before and were not cancelled. */
    <T> T turn(Awaitable<T, RuntimeException> awaitable) {
        Task<?> self = Asyncio.currentTask();
        turns.add(self);
        try {
            T given = awaitable.await();
            for (Task<?> other : turns) {
                if (other == self) {
                    return given;
                }
                assertEquals(1, Math.min(1, other.cancelling()), () -> self + " overtook " + other);
            }
            throw new AssertionError("unreachable");
        } finally {
            turns.remove(self);
        }
    }

    /** Cancels workers at random, for some hundred ticks, doing something else in between. */
    void rage(Runnable meanwhile) {
        for (int tick = 0; tick < 300; tick++) {
            meanwhile.run();
            for (int victims = random.nextInt(3); victims > 0; victims--) {
                Task<?> victim = workers.get(random.nextInt(workers.size()));
                if (random.nextBoolean()) {
                    victim.cancel();
                } else {
                    Asyncio.getRunningLoop().callSoon(victim::cancel);
                }
            }
            meanwhile.run();
            pause();
        }
    }

    void rage() {
        rage(() -> {});
    }

    /** How many workers have not ended. */
    long alive() {
        return workers.stream().filter(task -> !task.isDone()).count();
    }

    void cancelAll() {
        workers.forEach(Task::cancel);
    }

    /** Waits for all workers; throws what one of them failed with. */
    void calm() {
        Asyncio.wait(workers).await();
        for (Task<?> task : workers) {
            if (!task.isCancelled()) {
                task.result();
            }
        }
        assertEquals(Set.of(), turns);
    }
}
