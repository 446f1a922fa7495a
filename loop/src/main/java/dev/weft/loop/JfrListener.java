package dev.weft.loop;

import java.util.Map;
import java.util.WeakHashMap;
import jdk.jfr.Category;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;

/** Tells the JDK's flight recorder of tasks, their steps and the loop's lag. Its classes are loaded only when it is made. */
final class JfrListener implements TaskListener {
    private final Map<Task<?>, TaskEvent> alive = new WeakHashMap<>();
    private StepEvent step = new StepEvent();

    /** From the creation of a task to its end. */
    @Name("dev.weft.Task")
    @Label("Task")
    @Category("Weft")
    @StackTrace(false)
    static final class TaskEvent extends Event {
        @Label("Name")
        String name = "";

        @Label("Outcome")
        String outcome = "";
    }

    /** What a task runs between two awaits. */
    @Name("dev.weft.TaskStep")
    @Label("Task Step")
    @Category("Weft")
    @Threshold("10 ms")
    @StackTrace(false)
    static final class StepEvent extends Event {
        @Label("Name")
        String name = "";
    }

    /** How long one tick held the loop. */
    @Name("dev.weft.Tick")
    @Label("Loop Tick")
    @Category("Weft")
    @Threshold("10 ms")
    @StackTrace(false)
    static final class TickEvent extends Event {
        @Label("Steps")
        long steps;
    }

    @Override
    public void created(Task<?> task) {
        TaskEvent event = new TaskEvent();
        if (event.isEnabled()) {
            event.begin();
            alive.put(task, event);
        }
    }

    @Override
    public void started(Task<?> task) {
        step.begin();
    }

    @Override
    public void resumed(Task<?> task) {
        step = new StepEvent();
        step.begin();
    }

    @Override
    public void suspended(Task<?> task) {
        endStep(task);
    }

    @Override
    public void finished(Task<?> task) {
        endStep(task);
        TaskEvent event = alive.remove(task);
        if (event != null) {
            event.name = task.name();
            event.outcome = task.toString();
            event.commit();
        }
    }

    private void endStep(Task<?> task) {
        if (step.shouldCommit()) {
            step.name = task.name();
            step.commit();
        }
    }

    /** One tick has run. */
    static void tick(long steps, Object event) {
        TickEvent tick = (TickEvent) event;
        if (tick.shouldCommit()) {
            tick.steps = steps;
            tick.commit();
        }
    }

    static Object beginTick() {
        TickEvent tick = new TickEvent();
        tick.begin();
        return tick;
    }
}
