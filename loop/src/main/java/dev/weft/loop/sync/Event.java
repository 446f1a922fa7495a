package dev.weft.loop.sync;

import com.google.errorprone.annotations.CheckReturnValue;
import dev.weft.loop.Awaitable;
import org.jspecify.annotations.Nullable;

/**
 * A flag that tasks wait for: {@code event.await()} returns once it is set.
 *
 * <p>Used on one loop; see the {@linkplain dev.weft.loop.sync package} for what that means. Source: {@code asyncio.Event}.
 */
@CheckReturnValue
public final class Event implements Awaitable<@Nullable Void, RuntimeException> {
    private final LoopBinding binding = new LoopBinding(this);
    private final Line<@Nullable Void> line = new Line<>();
    private boolean set;

    /** An event that is not set. */
    public Event() {}

    /**
     * Waits until it is set; does not suspend if it is.
     *
     * @throws dev.weft.loop.CancelledError if the task is cancelled before
     */
    @Override
    public @Nullable Void await() {
        binding.enter();
        if (!set) {
            line.stand(binding.bind());
        }
        return null;
    }

    /** Sets it and wakes all who wait, in order; they wake even if it is cleared before they run. */
    public void set() {
        binding.enter();
        set = true;
        line.callAll(null);
    }

    /** Makes those who come from now on wait. */
    public void clear() {
        binding.enter();
        set = false;
    }

    /** Whether it is set. */
    public boolean isSet() {
        binding.enter();
        return set;
    }

    /** Its state and how many wait; any thread, a guess off the loop. */
    @Override
    public String toString() {
        return "<Event " + (set ? "set" : "unset") + line.described("waiters") + ">";
    }
}
