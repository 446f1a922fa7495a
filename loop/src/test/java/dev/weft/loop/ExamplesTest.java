package dev.weft.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.loop.testing.VirtualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The examples on the virtual clock, where they take no time, and once each on the machine's. */
@Execution(ExecutionMode.CONCURRENT) // the real seconds pass at the same time
class ExamplesTest {
    private final List<String> printed = new ArrayList<>();

    /** Runs on the virtual clock; gives the time it took. */
    private Duration virtually(Consumer<Examples> main) {
        VirtualClock clock = new VirtualClock();
        try (Runner runner = Runner.builder().clock(clock).build()) {
            runner.run(() -> main.accept(new Examples(printed::add)));
        }
        return clock.elapsed();
    }

    private Duration really(Consumer<Examples> main) {
        long start = System.nanoTime();
        Asyncio.run(() -> main.accept(new Examples(printed::add)));
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private static void assertAbout(Duration expected, Duration measured) {
        assertTrue(
                measured.compareTo(expected) >= 0 && measured.compareTo(expected.plusMillis(900)) < 0,
                () -> "took " + measured + ", expected " + expected + " and a little");
    }

    private void assertPrinted(String... lines) {
        assertEquals(List.of(lines), printed);
    }

    private void assertStartAndEnd() {
        assertPrinted("Start", "End");
    }

    private void assertTwoTasks() {
        assertPrinted("Task A started", "Task B started", "Task B finished", "Task A finished");
    }

    private void assertThreeCooks() {
        assertPrinted("开始烹饪 米饭", "开始烹饪 番茄汤", "开始烹饪 牛排", "番茄汤 做好了！", "米饭 做好了！", "牛排 做好了！", "全部完成: [米饭, 番茄汤, 牛排]");
    }

    private void assertCallback() {
        assertPrinted("after setResult", "callback got the result", "after await");
    }

    @Test
    void startAndEndVirtually() {
        assertEquals(Duration.ofSeconds(1), virtually(Examples::startAndEnd));
        assertStartAndEnd();
    }

    @Test
    void startAndEndReally() {
        assertAbout(Duration.ofSeconds(1), really(Examples::startAndEnd));
        assertStartAndEnd();
    }

    @Test
    void twoTasksVirtually() {
        assertEquals(Duration.ofSeconds(2), virtually(e -> assertEquals(List.of("A", "B"), e.twoTasks())));
        assertTwoTasks();
    }

    @Test
    void twoTasksReally() {
        assertAbout(Duration.ofSeconds(2), really(Examples::twoTasks));
        assertTwoTasks();
    }

    @Test
    void twoGatheredVirtually() {
        assertEquals(Duration.ofSeconds(2), virtually(e -> assertEquals(List.of("A", "B"), e.twoGathered())));
        assertTwoTasks();
    }

    @Test
    void twoGatheredReally() {
        assertAbout(Duration.ofSeconds(2), really(Examples::twoGathered));
        assertTwoTasks();
    }

    @Test
    void threeCooksVirtually() {
        assertEquals(Duration.ofSeconds(4), virtually(Examples::threeCooks));
        assertThreeCooks();
    }

    @Test
    void threeCooksReally() {
        assertAbout(Duration.ofSeconds(4), really(Examples::threeCooks));
        assertThreeCooks();
    }

    @Test
    void callbackVirtually() {
        assertEquals(Duration.ZERO, virtually(Examples::callback));
        assertCallback();
    }

    @Test
    void callbackReally() {
        really(Examples::callback);
        assertCallback();
    }
}
