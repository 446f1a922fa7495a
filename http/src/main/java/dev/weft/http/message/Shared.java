package dev.weft.http.message;

import dev.weft.loop.Asyncio;
import dev.weft.loop.Awaitable;
import dev.weft.loop.ContextVar;
import dev.weft.loop.Task;
import org.jspecify.annotations.Nullable;

/**
 * A value that is made by a coroutine when it is first needed, and kept. Whoever needs it while it is being made waits for the same making,
 * in a task of its own: that one of them is cancelled does not concern the others. A failure goes to all who waited, and is not kept.
 *
 * <p>For tasks of any loop: a loop that needs it while another makes it makes one of its own, and the one begun last is kept.
 */
final class Shared<T> {
    private final String name;
    private final Awaitable<? extends T, ?> recipe;
    private final ContextVar<Task<?>> maker = ContextVar.of("maker");
    // Guarded by this, as what follows; nothing awaits while it is held.
    private @Nullable Value<T> value;
    private @Nullable Task<Value<T>> making;

    /** What one making gave; two are never the same, though they may hold the same. */
    static final class Value<T> {
        private final T content;

        private Value(T content) {
            this.content = content;
        }

        T content() {
            return content;
        }
    }

    /** Nothing is made yet; the name is that of the task that makes it. */
    Shared(String name, Awaitable<? extends T, ?> recipe) {
        this.name = name;
        this.recipe = recipe;
    }

    /** Whether the calling task makes the value, or was started by one that does: it cannot wait for it. */
    boolean isBeingMadeHere() {
        Task<?> above = maker.get();
        return above != null && !above.isDone();
    }

    /** The value, which is made now if there is none. Throws what the making throws. */
    Value<T> get() {
        Task<Value<T>> current;
        synchronized (this) {
            if (value != null) {
                return value;
            }
            current = making;
            if (current == null || current.isDone() || current.loop() != Asyncio.getRunningLoop()) {
                Awaitable<Value<T>, Exception> make = this::make;
                current = Asyncio.createTask(make, name);
                making = current;
            }
        }
        return Asyncio.shield(current).await();
    }

    /** Forgets a value that is of no use any more; without effect if another has taken its place. */
    @SuppressWarnings("ReferenceEquality") // this very value, not one like it
    synchronized void drop(Value<T> old) {
        if (value == old) {
            value = null;
        }
    }

    /** Forgets the value; one that is being made now is for those who wait for it, and is not kept. */
    synchronized void drop() {
        value = null;
        making = null;
    }

    private Value<T> make() throws Exception {
        Task<?> self = Asyncio.currentTask();
        maker.set(self);
        Value<T> made = new Value<>(recipe.await());
        keep(made, self);
        return made;
    }

    @SuppressWarnings("ReferenceEquality") // this very task
    private synchronized void keep(Value<T> made, @Nullable Task<?> by) {
        if (making == by) {
            value = made;
            making = null;
        }
    }
}
