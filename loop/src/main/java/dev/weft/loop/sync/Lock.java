package dev.weft.loop.sync;

import com.google.errorprone.annotations.CheckReturnValue;
import dev.weft.loop.Awaitable;
import org.jspecify.annotations.Nullable;

/**
 * Mutual exclusion between tasks, across their awaits. Fair, not reentrant, and without an owner: any task may release it.
 *
 * <p>Used on one loop; see the {@linkplain dev.weft.loop.sync package} for what that means. Source: {@code asyncio.Lock}.
 */
@CheckReturnValue
public final class Lock {
    private final LoopBinding binding = new LoopBinding(this);
    /** Once released with somebody in line, it is free until the one that was called runs, and nobody else may take it. */
    private final Line<@Nullable Void> line = new Line<>();

    private boolean locked;

    /** An unlocked lock. */
    public Lock() {}

    /**
     * Takes it, when everybody who came before has had it. Does not suspend if it is free and nobody is in line.
     *
     * @return an awaitable that throws {@link dev.weft.loop.CancelledError} if the task is cancelled before its turn
     */
    public Awaitable<@Nullable Void, RuntimeException> acquire() {
        return () -> {
            take();
            return null;
        };
    }

    /** Takes it until the given object is closed; see {@link #acquire()}. */
    public Awaitable<Held, RuntimeException> hold() {
        return () -> {
            take();
            return new Held(this::release);
        };
    }

    private void take() {
        binding.enter();
        if (locked || !line.isClear()) {
            line.stand(binding.bind());
        }
        locked = true;
    }

    /**
     * Gives it to the first in line, who has it in the next tick.
     *
     * @throws IllegalStateException if it is not locked
     */
    public void release() {
        binding.enter();
        if (!locked) {
            throw new IllegalStateException("release of a lock that is not acquired: " + this);
        }
        locked = false;
        line.call(null);
    }

    /** Whether a task has it; false also between a release and the step of the task that gets it next. */
    public boolean locked() {
        binding.enter();
        return locked;
    }

    /** Its state and how many wait; any thread, a guess off the loop. */
    @Override
    public String toString() {
        return "<Lock " + (locked ? "locked" : "unlocked") + line.described("waiters") + ">";
    }
}
