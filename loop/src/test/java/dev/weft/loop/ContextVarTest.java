package dev.weft.loop;

import static dev.weft.loop.Asyncio.createTask;
import static dev.weft.loop.Asyncio.gather;
import static dev.weft.loop.Asyncio.sleep;
import static dev.weft.loop.Asyncio.toThread;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** 2.R: context variables. */
class ContextVarTest {
    @RegisterExtension
    final VirtualLoop test = new VirtualLoop();

    private final Loop loop = test.loop;
    private final List<String> log = test.log;
    private final ContextVar<String> variable = ContextVar.withInitial("variable", "initial");

    @Test
    void c340_aChildHasTheValuesOfItsCreationAndNeitherSeesTheOthersLaterWrites() {
        test.run(() -> {
            variable.set("parent");
            Task<Void> child = createTask(() -> {
                assertEquals("parent", variable.get());
                variable.set("child");
                sleep(0).await();
                assertEquals("child", variable.get());
            });
            variable.set("parent later");
            sleep(0).await();
            assertEquals("parent later", variable.get());
            child.await();
            assertEquals("parent later", variable.get());
        });
    }

    @Test
    void c341_whatADoneCallbackSetsStaysInIt() {
        test.run(() -> {
            Future<Integer> future = loop.createFuture();
            variable.set("added with");
            future.addDoneCallback(done -> {
                log.add(variable.get());
                variable.set("of the callback");
            });
            future.addDoneCallback(done -> log.add(variable.get()));
            variable.set("later");
            future.setResult(1);
            sleep(0).await();
            assertEquals("later", variable.get());
        });
        assertEquals(List.of("added with", "added with"), log);
    }

    @Test
    void c341_callbacksAndTimersRunWithTheValuesOfTheirQueueing() {
        test.run(() -> {
            variable.set("one");
            loop.callSoon(() -> {
                log.add(variable.get());
                variable.set("lost");
            });
            loop.callSoonThreadsafe(() -> log.add(variable.get()));
            loop.callLater(Duration.ofSeconds(1), () -> log.add(variable.get()));
            variable.set("two");
            loop.callLater(Duration.ofSeconds(1), () -> log.add(variable.get()));
            variable.set("three");
            sleep(2).await();
            assertEquals("three", variable.get());
        });
        assertEquals(List.of("one", "one", "one", "two"), log);
    }

    @Test
    void c342_aHundredTasksKeepTheirOwnValues() {
        test.run(() -> {
            List<Task<Void>> tasks = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                String mine = "value " + i;
                int steps = i % 7;
                tasks.add(createTask(() -> {
                    variable.set(mine);
                    for (int step = 0; step < steps; step++) {
                        sleep(0.01 * step).await();
                        assertEquals(mine, variable.get());
                        variable.set(mine);
                    }
                    assertEquals(mine, variable.get());
                }));
            }
            gather(tasks).await();
            assertEquals("initial", variable.get());
        });
    }

    @Test
    void c343_aWriteInOneRunIsSeenInTheNextButNotByCallbacksOfBefore() {
        loop.callSoon(() -> log.add("queued before: " + variable.get()));
        test.run(() -> {
            variable.set("run 1");
            sleep(0).await();
        });
        test.run(() -> assertEquals("run 1", variable.get()));
        assertEquals("initial", variable.get());
        assertEquals(List.of("queued before: initial"), log);
    }

    @Test
    void c344_aPlainCallOrAnAwaitedLambdaSharesTheCallersValues() {
        test.run(() -> {
            Awaitable<String, RuntimeException> coroutine = () -> {
                sleep(0).await();
                return variable.set("of the coroutine");
            };
            variable.set("of the caller");
            assertEquals("of the caller", coroutine.await());
            assertEquals("of the coroutine", variable.get());
        });
    }

    @Test
    void c345_gatheredCallsHaveTheirOwn() {
        test.run(() -> {
            variable.set("parent");
            List<String> seen = gather(List.of("a", "b"), item -> {
                        String before = variable.set(item);
                        sleep(0).await();
                        return before + " " + variable.get();
                    })
                    .await();
            assertEquals(List.of("parent a", "parent b"), seen);
            assertEquals("parent", variable.get());
        });
    }

    @Test
    void c346_nullGoesBackToTheDefault() {
        ContextVar<String> without = ContextVar.of("without");
        test.run(() -> {
            assertNull(without.get());
            assertNull(without.set("x"));
            assertEquals("x", without.set(null));
            assertNull(without.get());
            variable.set("y");
            variable.set(null);
            assertEquals("initial", variable.get());
        });
        assertEquals("<ContextVar without>", without.toString());
    }

    @Test
    void c347_outsideOfALoopThereIsTheDefaultAndNoSetting() {
        assertEquals("initial", variable.get());
        assertThrows(IllegalStateException.class, () -> variable.set("x"));
        String elsewhere = CompletableFuture.supplyAsync(variable::get).join();
        assertEquals("initial", elsewhere);
    }

    @Test
    void c347_aWorkerThreadSeesTheTasksValuesAndKeepsItsWritesToItself() {
        test.run(() -> {
            variable.set("of the task");
            String seen = Asyncio.<String>toThread(() -> {
                        String before = variable.set("of the thread");
                        return before + ", " + variable.get();
                    })
                    .await();
            assertEquals("of the task, of the thread", seen);
            assertEquals("of the task", variable.get());
            variable.set(null);
            assertEquals("initial", toThread(variable::get).await());
        });
    }

    @Test
    void c347_anotherThreadsCallbackHasNoneOfTheLoopsValues() {
        test.run(() -> {
            variable.set("of the task");
            Future<String> seen = loop.createFuture();
            new Thread(() -> loop.callSoonThreadsafe(() -> seen.setResult(variable.get()))).start();
            assertEquals("initial", seen.await());
        });
    }
}
