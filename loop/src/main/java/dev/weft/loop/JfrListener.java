package dev.weft.loop;

import java.util.ArrayDeque;
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
    /** The steps under way: more than one where an eager task runs inside its creator's step. */
    private final ArrayDeque<StepEvent> steps = new ArrayDeque<>();

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
        beginStep();
    }

    @Override
    public void resumed(Task<?> task) {
        beginStep();
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

    private void beginStep() {
        StepEvent step = new StepEvent();
        step.begin();
        steps.push(step);
    }

    private void endStep(Task<?> task) {
        StepEvent step = steps.poll();
        if (step == null) {
            // It never started.
            return;
        }
        step.end();
        if (step.shouldCommit()) {
            step.name = task.name();
            step.commit();
        }
    }

    /** One tick has run. */
    static void tick(long steps, Object event) {
        TickEvent tick = (TickEvent) event;
        tick.end();
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
