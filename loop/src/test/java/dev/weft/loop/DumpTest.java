package dev.weft.loop;

import static dev.weft.loop.Asyncio.createTask;
import static dev.weft.loop.Asyncio.dump;
import static dev.weft.loop.Asyncio.gather;
import static dev.weft.loop.Asyncio.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.loop.testing.VirtualClock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The tree of tasks as text. */
class DumpTest {
    private static String dumpOf(boolean debug, Awaitable<String, RuntimeException> main) {
        Runner.Builder options =
                Runner.builder().clock(new VirtualClock()).handleSignals(false).debug(debug);
        try (Runner runner = options.build()) {
            return runner.run(main);
        }
    }

    /** The lines that name something, without the stacks. */
    private static List<String> tree(String dump) {
        return dump.lines().filter(line -> line.strip().startsWith("- ")).toList();
    }

    private static void fetchPage() {
        sleep(1000).await();
    }

    @Test
    void theTreeShowsWhoWaitsForWhat() {
        String dump = dumpOf(false, () -> {
            createTask(
                    () -> {
                        Task<Void> child = createTask(DumpTest::fetchPage, "child");
                        child.await();
                    },
                    "parent");
            sleep(0).await();
            sleep(0).await();
            return dump();
        });
        assertEquals(
                List.of(
                        "- <Task Task-1 pending> RUNNING",
                        "- <Task parent pending> SUSPENDED",
                        "  - <Task child pending> SUSPENDED",
                        "    - <Future pending>"),
                tree(dump));
    }

    @Test
    void theHeadSaysHowTheLoopIs() {
        String head = dumpOf(false, () -> dump().lines().findFirst().orElseThrow());
        assertTrue(head.startsWith("<Loop running"), head);
        assertTrue(head.contains("1 tasks, 0 ready, 0 timers"), head);
    }

    @Test
    void aStackShowsTheLineOfTheUserAndNoMachinery() {
        String dump = dumpOf(false, () -> {
            createTask(DumpTest::fetchPage, "fetch");
            sleep(0).await();
            return dump();
        });
        List<String> lines = dump.lines().toList();
        int task = lines.indexOf("- <Task fetch pending> SUSPENDED");
        assertTrue(task > 0, dump);
        assertTrue(lines.get(task + 1).contains("at dev.weft.loop.DumpTest.fetchPage(DumpTest.java:"), dump);
        assertFalse(dump.contains("HandoffCarrier"), dump);
        assertFalse(dump.contains("InlineCarrier"), dump);
        assertFalse(dump.contains("LockSupport"), dump);
    }

    @Test
    void whatSeveralWaitForIsShownOnce() {
        String dump = dumpOf(false, () -> {
            Future<String> shared = Asyncio.getRunningLoop().createFuture();
            Task<String> common = createTask(() -> shared.await(), "common");
            createTask(() -> common.await(), "one");
            createTask(() -> common.await(), "two");
            sleep(0).await();
            return dump();
        });
        assertEquals(
                1,
                tree(dump).stream()
                        .filter(line -> line.endsWith("(shown above)"))
                        .count(),
                dump);
        assertEquals(
                2,
                tree(dump).stream().filter(line -> line.contains("Task common")).count(),
                dump);
    }

    @Test
    void gatherAndGroupsAndWaitAreNodes() {
        String dump = dumpOf(false, () -> {
            createTask(() -> gather(DumpTest::page, DumpTest::page).await(), "gatherer");
            createTask(
                    () -> TaskGroup.run(group -> {
                        group.createTask(DumpTest::fetchPage, "member");
                    }),
                    "grouper");
            List<Task<Void>> some = List.of(createTask(DumpTest::fetchPage, "waited"));
            createTask(() -> Asyncio.wait(some).await(), "waiter");
            sleep(0).await();
            sleep(0).await();
            return dump();
        });
        List<String> tree = tree(dump);
        int gatherer = tree.indexOf("- <Task gatherer pending> SUSPENDED");
        assertTrue(gatherer >= 0, dump);
        assertTrue(
                tree.get(gatherer + 1).startsWith("  - <")
                        && tree.get(gatherer + 1).contains("2"),
                dump);
        assertTrue(tree.get(gatherer + 2).startsWith("    - <Task "), dump);
        assertTrue(tree.contains("    - <Task member pending> SUSPENDED"), dump);
        assertTrue(tree.contains("    - <Task waited pending> SUSPENDED"), dump);
    }

    private static Void page() {
        fetchPage();
        return null;
    }

    @Test
    void aCircleIsShownAndEnds() {
        String dump = dumpOf(false, () -> {
            List<Task<Object>> both = new ArrayList<>();
            both.add(createTask(() -> both.get(1).await(), "a"));
            both.add(createTask(() -> both.getFirst().await(), "b"));
            sleep(0).await();
            String text = dump();
            both.getFirst().cancel();
            return text;
        });
        assertEquals(
                List.of(
                        "- <Task Task-1 pending> RUNNING",
                        "- <Task a pending> SUSPENDED",
                        "  - <Task b pending> SUSPENDED",
                        "    - <Task a pending> (a cycle)"),
                tree(dump));
    }

    @Test
    void aTaskThatWasAskedToStopSaysSo() {
        String dump = dumpOf(false, () -> {
            Task<Void> stubborn = createTask(
                    () -> {
                        try {
                            fetchPage();
                        } catch (CancelledError e) {
                            sleep(5).await();
                        }
                    },
                    "stubborn");
            sleep(0).await();
            stubborn.cancel();
            sleep(0).await();
            return dump();
        });
        assertTrue(dump.contains("- <Task stubborn pending> SUSPENDED, cancelled 1 times"), dump);
    }

    @Test
    void inDebugModeItShowsWhereEachWasCreated() {
        Awaitable<String, RuntimeException> main = () -> {
            startHere();
            sleep(0).await();
            return dump();
        };
        String dump = dumpOf(true, main);
        assertTrue(dump.contains("created"), dump);
        assertTrue(dump.contains("DumpTest.startHere(DumpTest.java:"), dump);
        assertFalse(dumpOf(false, main).contains("created"), dump);
    }

    private static void startHere() {
        createTask(DumpTest::fetchPage, "started");
    }

    @Test
    void aTaskThatHasNotRunYetIsThere() {
        String dump = dumpOf(false, () -> {
            createTask(DumpTest::fetchPage, "new");
            return dump();
        });
        assertTrue(dump.contains("- <Task new pending> CREATED"), dump);
    }

    @Test
    void aDeepTreeGoesOnBelowAndLosesNobody() {
        String dump = dumpOf(false, () -> {
            Future<Integer> last = Asyncio.getRunningLoop().createFuture();
            for (int i = 0; i < 200; i++) {
                Future<Integer> before = last;
                last = createTask(() -> before.await(), "link " + i);
            }
            sleep(0).await();
            return dump();
        });
        for (int i = 0; i < 200; i++) {
            assertTrue(dump.contains("<Task link " + i + " pending> SUSPENDED\n"), "link " + i);
        }
        assertTrue(tree(dump).stream().allMatch(line -> line.indexOf('-') < 100));
    }
}
