package dev.weft.loop;

import static dev.weft.loop.Asyncio.createEagerTask;
import static dev.weft.loop.Asyncio.createTask;
import static dev.weft.loop.Asyncio.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.loop.testing.VirtualClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the flight recorder is told, read back from real recordings. */
class JfrTest {
    private static final List<String> EVENTS = List.of("dev.weft.Task", "dev.weft.TaskStep", "dev.weft.Tick");

    @TempDir
    private Path directory;

    private static Runner.Builder options() {
        return Runner.builder().clock(new VirtualClock()).handleSignals(false);
    }

    /** Records what a run does; a threshold of null keeps the events' own. */
    private List<RecordedEvent> record(Duration threshold, Runner.Builder options, Action<RuntimeException> main)
            throws Exception {
        Path file = directory.resolve("recording.jfr");
        try (Recording recording = new Recording()) {
            for (String event : EVENTS) {
                var settings = recording.enable(event);
                if (threshold != null) {
                    settings.withThreshold(threshold);
                }
            }
            recording.start();
            try (Runner runner = options.build()) {
                runner.run(main);
            }
            recording.stop();
            recording.dump(file);
        }
        // A recording has an order for each thread only.
        return RecordingFile.readAllEvents(file).stream()
                .sorted(Comparator.comparing(RecordedEvent::getStartTime))
                .toList();
    }

    private static List<RecordedEvent> of(List<RecordedEvent> events, String type, String name) {
        return events.stream()
                .filter(event -> event.getEventType().getName().equals(type)
                        && event.getString("name").equals(name))
                .toList();
    }

    /** Holds the loop, for as long as a test needs to tell. */
    private static void hold(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < end) {
            Thread.onSpinWait();
        }
    }

    @Test
    void aTaskIsAnEventFromItsCreationToItsEnd() throws Exception {
        List<RecordedEvent> events = record(Duration.ZERO, options().jfr(true), () -> {
            createTask(() -> sleep(1).await(), "good");
            Task<Void> bad = createTask(
                    () -> {
                        throw new IllegalStateException("no");
                    },
                    "bad");
            assertThrows(IllegalStateException.class, bad::await);
            createTask(() -> sleep(1).await(), "stopped").cancel();
            sleep(2).await();
        });
        assertEquals(
                "<Task good finished>",
                of(events, "dev.weft.Task", "good").getFirst().getString("outcome"));
        assertEquals(
                "<Task bad failed with java.lang.IllegalStateException>",
                of(events, "dev.weft.Task", "bad").getFirst().getString("outcome"));
        assertEquals(
                "<Task stopped cancelled>",
                of(events, "dev.weft.Task", "stopped").getFirst().getString("outcome"));
        assertEquals(1, of(events, "dev.weft.Task", "good").size());
    }

    @Test
    void everyStepIsAnEventWithItsOwnTime() throws Exception {
        List<RecordedEvent> events = record(
                Duration.ZERO,
                options().jfr(true),
                () -> createTask(
                                () -> {
                                    hold(Duration.ofMillis(20));
                                    sleep(0).await();
                                    sleep(0).await();
                                },
                                "steps")
                        .await());
        List<RecordedEvent> steps = of(events, "dev.weft.TaskStep", "steps");
        assertEquals(3, steps.size());
        assertTrue(steps.getFirst().getDuration().toMillis() >= 20, steps::toString);
        for (int i = 1; i < 3; i++) {
            assertFalse(steps.get(i).getStartTime().isBefore(steps.get(i - 1).getEndTime()), steps::toString);
        }
    }

    @Test
    void byDefaultOnlyLongStepsAndTicksAreRecorded() throws Exception {
        List<RecordedEvent> events = record(null, options().jfr(true), () -> {
            createTask(() -> hold(Duration.ofMillis(15)), "long").await();
            // A tick of callbacks alone: where the loop's thread carries its tasks, the JDK loses the first event that
            // this thread
            // writes after a task's thread has written one.
            Asyncio.getRunningLoop().callSoon(() -> hold(Duration.ofMillis(15)));
            sleep(1).await();
        });
        assertEquals(1, of(events, "dev.weft.TaskStep", "long").size());
        List<RecordedEvent> ticks = events.stream()
                .filter(event -> event.getEventType().getName().equals("dev.weft.Tick"))
                .toList();
        assertTrue(ticks.size() >= 1, events::toString);
        assertTrue(ticks.stream().allMatch(tick -> tick.getLong("steps") > 0), ticks::toString);
        for (RecordedEvent event : events) {
            if (!event.getEventType().getName().equals("dev.weft.Task")) {
                assertTrue(event.getDuration().toMillis() >= 10, event::toString);
            }
        }
    }

    @Test
    void anEagerStepInsideAStepKeepsTheOutersTime() throws Exception {
        List<RecordedEvent> events = record(
                Duration.ZERO,
                options().jfr(true),
                () -> createTask(
                                () -> {
                                    hold(Duration.ofMillis(10));
                                    Task<Void> inner = createEagerTask(() -> {
                                        Asyncio.currentTask().setName("inner");
                                        sleep(0).await();
                                    });
                                    hold(Duration.ofMillis(10));
                                    inner.await();
                                },
                                "outer")
                        .await());
        RecordedEvent outer = of(events, "dev.weft.TaskStep", "outer").getFirst();
        List<RecordedEvent> inner = of(events, "dev.weft.TaskStep", "inner");
        assertTrue(outer.getDuration().toMillis() >= 20, events::toString);
        assertEquals(2, inner.size(), events::toString);
        assertTrue(inner.getFirst().getStartTime().isAfter(outer.getStartTime()), events::toString);
        assertTrue(inner.getFirst().getEndTime().isBefore(outer.getEndTime()), events::toString);
    }

    @Test
    void aRecordingThatRunsTurnsItOn() throws Exception {
        List<RecordedEvent> events = record(
                Duration.ZERO, options(), () -> createTask(() -> {}, "seen").await());
        assertEquals(1, of(events, "dev.weft.Task", "seen").size());
    }

    @Test
    void theOptionTurnsItOff() throws Exception {
        List<RecordedEvent> events = record(
                Duration.ZERO,
                options().jfr(false),
                () -> createTask(() -> {}, "unseen").await());
        assertEquals(List.of(), events);
    }

    @Test
    void aRecordingThatStartsLaterSeesTasksOfALoopThatTells() throws Exception {
        Path file = directory.resolve("late.jfr");
        CountDownLatch release = new CountDownLatch(1);
        try (BackgroundLoop background = Loop.start(Runner.builder().jfr(true));
                Recording recording = new Recording()) {
            var early = background.submit(
                    () -> Asyncio.toThread(() -> Elsewhere.await(release)).await());
            recording.enable("dev.weft.Task").withThreshold(Duration.ZERO);
            recording.start();
            background.submit(() -> createTask(() -> {}, "late").await()).get(10, TimeUnit.SECONDS);
            release.countDown();
            early.get(10, TimeUnit.SECONDS);
            recording.stop();
            recording.dump(file);
        }
        assertEquals(
                1,
                of(RecordingFile.readAllEvents(file), "dev.weft.Task", "late").size());
    }
}
