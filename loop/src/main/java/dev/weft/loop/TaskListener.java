package dev.weft.loop;

/**
 * Is told of the life of every task of a loop: for metrics, tracing, thread-bound contexts. Called on the loop; must not await.
 * What it throws goes to the loop's exception handler.
 */
public interface TaskListener {
    /** A task was created; called by its creator. */
    default void created(Task<?> task) {}

    /** A task's body begins; called on the task's own thread. */
    default void started(Task<?> task) {}

    /** A task gives up the loop to wait; called on the task's own thread. */
    default void suspended(Task<?> task) {}

    /** A task goes on; called on the task's own thread. */
    default void resumed(Task<?> task) {}

    /** A task has ended; called on its own thread, or by the loop if it never started. */
    default void finished(Task<?> task) {}
}
