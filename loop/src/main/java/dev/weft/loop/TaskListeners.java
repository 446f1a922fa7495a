package dev.weft.loop;

import java.util.List;
import java.util.function.Consumer;

/** The listeners of a loop, as one. A listener that fails is reported, and the others are still told. */
final class TaskListeners implements TaskListener {
    private final Loop loop;
    private final List<TaskListener> listeners;

    TaskListeners(Loop loop, List<TaskListener> listeners) {
        this.loop = loop;
        this.listeners = List.copyOf(listeners);
    }

    private void tell(Task<?> task, String event, Consumer<TaskListener> call) {
        for (TaskListener listener : listeners) {
            try {
                call.accept(listener);
            } catch (Throwable e) {
                loop.callExceptionHandler(
                        new LoopError("Exception in " + event + " of the listener " + listener, e, task));
            }
        }
    }

    @Override
    public void created(Task<?> task) {
        tell(task, "created", listener -> listener.created(task));
    }

    @Override
    public void started(Task<?> task) {
        tell(task, "started", listener -> listener.started(task));
    }

    @Override
    public void suspended(Task<?> task) {
        tell(task, "suspended", listener -> listener.suspended(task));
    }

    @Override
    public void resumed(Task<?> task) {
        tell(task, "resumed", listener -> listener.resumed(task));
    }

    @Override
    public void finished(Task<?> task) {
        tell(task, "finished", listener -> listener.finished(task));
    }
}
