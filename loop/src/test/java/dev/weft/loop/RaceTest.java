package dev.weft.loop;

import static dev.weft.loop.Asyncio.createTask;
import static dev.weft.loop.Asyncio.race;
import static dev.weft.loop.Asyncio.sleep;
import static dev.weft.loop.Virtual.forever;
import static dev.weft.loop.Virtual.millis;
import static dev.weft.loop.Virtual.virtually;
import static dev.weft.loop.Virtual.withCleanup;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code race}: all at once, the first success wins. */
class RaceTest {
    private static Awaitable<Integer, RuntimeException> give(int value, double seconds) {
        return () -> {
            sleep(seconds).await();
            return value;
        };
    }

    private static Awaitable<Integer, RuntimeException> fail(String message, double seconds) {
        return () -> {
            Boom.after(seconds, message);
            return 0;
        };
    }

    @Test
    void theFirstSuccessWinsAndFailuresBeforeItDoNot() {
        virtually(() -> {
            assertEquals(2, race(fail("a", 1), give(2, 2), give(3, 3)).await());
            assertEquals(2000, millis());
        });
    }

    @Test
    void whenAllFailTheErrorHasEveryFailureInOrder() {
        virtually(() -> {
            TaskGroupException all = assertThrows(
                    TaskGroupException.class,
                    () -> race(fail("a", 3), fail("b", 1), fail("c", 2)).await());
            assertEquals(List.of("a", "b", "c"), Boom.messages(all));
        });
    }

    @Test
    void nullWins() {
        virtually(() -> assertNull(Asyncio.<Object>race(() -> null, () -> {
                    forever();
                    return 1;
                })
                .await()));
    }

    @Test
    void aRaceOfNobodyIsRefused() {
        virtually(() -> assertThrows(IllegalArgumentException.class, () -> race(List.of())));
    }

    @Test
    void cancellingItCancelsAllAndWaitsForThem() {
        virtually(() -> {
            Task<?> runner = createTask(() -> race(
                            () -> {
                                withCleanup(10, 1);
                                return 1;
                            },
                            () -> {
                                withCleanup(10, 2);
                                return 2;
                            })
                    .await());
            sleep(1).await();
            runner.cancel("outside");
            CancelledError error = assertThrows(CancelledError.class, runner::await);
            assertEquals("outside", error.reason().message());
            assertEquals(3000, millis());
        });
    }

    /** A hot attempt belongs to somebody else too, but a race that it loses cancels it, as gather does. */
    @Test
    void aTaskAsAnAttemptIsCancelledWhenItLoses() {
        virtually(() -> {
            Task<Integer> task = createTask(give(1, 100));
            assertEquals(2, race(task, give(2, 1)).await());
            assertEquals(true, task.isCancelled());
        });
    }

    @Test
    void theSameAwaitableMayRaceTwice() {
        virtually(() -> {
            Awaitable<Integer, RuntimeException> attempt = give(7, 1);
            assertEquals(7, race(attempt, attempt).await());
        });
    }
}
