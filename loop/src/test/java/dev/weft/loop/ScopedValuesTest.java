package dev.weft.loop;

import static dev.weft.loop.Asyncio.createTask;
import static dev.weft.loop.Asyncio.gather;
import static dev.weft.loop.Asyncio.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.weft.loop.testing.VirtualClock;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Scoped values whose bindings tasks take over from their creators. */
class ScopedValuesTest {
    private static final ScopedValue<String> USER = ScopedValue.newInstance();
    private static final ScopedValue<Integer> DEPTH = ScopedValue.newInstance();
    private static final ScopedValue<String> NOT_CARRIED = ScopedValue.newInstance();

    private final Runner runner = Runner.builder()
            .clock(new VirtualClock())
            .handleSignals(false)
            .scopedValues(USER, DEPTH)
            .build();

    @AfterEach
    void close() {
        runner.close();
    }

    @Test
    void theBindingsOfTheRunReachMainAndItsTasks() {
        String seen = ScopedValue.where(USER, "ada")
                .where(DEPTH, 1)
                .call(() -> runner.run(() -> {
                    String inMain = USER.get() + DEPTH.get();
                    return inMain + " "
                            + createTask(() -> USER.get() + DEPTH.get()).await();
                }));
        assertEquals("ada1 ada1", seen);
    }

    @Test
    void theyLastAcrossAwaitsThoughTheCreatorHasLeftItsScope() {
        runner.run(() -> {
            Task<String> task = ScopedValue.where(USER, "ada")
                    .call(() -> createTask(() -> {
                        sleep(1).await();
                        return USER.get();
                    }));
            assertFalse(USER.isBound());
            assertEquals("ada", task.await());
        });
    }

    @Test
    void aTaskMayRebind() {
        runner.run(() -> {
            ScopedValue.where(DEPTH, 1).run(() -> {
                List<Integer> depths = gather(
                                List.of(2, 3),
                                depth -> ScopedValue.where(DEPTH, depth).call(() -> {
                                    sleep(0).await();
                                    return createTask(DEPTH::get).await();
                                }))
                        .await();
                assertEquals(List.of(2, 3), depths);
                assertEquals(1, DEPTH.get());
            });
        });
    }

    @Test
    void whatIsNotNamedOrNotBoundIsNotThere() {
        runner.run(() -> ScopedValue.where(NOT_CARRIED, "x").run(() -> {
            assertFalse(createTask(NOT_CARRIED::isBound).await());
            assertFalse(createTask(USER::isBound).await());
        }));
    }

    @Test
    void theBodysExceptionsPassUnchanged() {
        IOException error = new IOException("no");
        runner.run(() -> ScopedValue.where(USER, "ada").run(() -> {
            Task<Object> task = createTask(() -> {
                throw error;
            });
            assertSame(
                    error, assertThrows(CompletionException.class, task::await).getCause());
        }));
    }
}
