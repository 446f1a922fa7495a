package dev.weft.loop.sync;

import com.google.errorprone.annotations.CheckReturnValue;
import dev.weft.loop.Awaitable;
import org.jspecify.annotations.Nullable;

/**
 * A number of permits that tasks take and give back: at most so many do something at a time. Fair: nobody takes a permit while
 * one who came earlier waits, or was woken and has not run.
 *
 * <p>Used on one loop; see the {@linkplain dev.weft.loop.sync package} for what that means. Source: {@code asyncio.Semaphore}.
 */
@CheckReturnValue
public sealed class Semaphore permits BoundedSemaphore {
    private final LoopBinding binding = new LoopBinding(this);
    /** Who is called from here has its permit already: it is no longer among {@link #permits}. */
    private final Line<@Nullable Void> line = new Line<>();

    private int permits;

    /** A semaphore with one permit. */
    public Semaphore() {
        this(1);
    }

    /**
     * A semaphore with a number of permits, which may be 0.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public Semaphore(int permits) {
        if (permits < 0) {
            throw new IllegalArgumentException("a semaphore cannot start with " + permits + " permits");
        }
        this.permits = permits;
    }

    /**
     * Takes a permit, after those who came before. Does not suspend unless it is {@link #locked()}.
     *
     * @return an awaitable that throws {@link dev.weft.loop.CancelledError} if the task is cancelled before its turn
     */
    public Awaitable<@Nullable Void, RuntimeException> acquire() {
        return () -> {
            take();
            return null;
        };
    }

    /** Takes a permit until the given object is closed; see {@link #acquire()}. */
    public Awaitable<Held, RuntimeException> hold() {
        return () -> {
            take();
            return new Held(this::release);
        };
    }

    private void take() {
        if (!locked()) {
            permits--;
            return;
        }
        line.stand(binding.bind());
        // Those who came while this task was called but had not run had to line up behind it, though permits were left.
        while (permits > 0 && line.call(null)) {
            permits--;
        }
    }

    /** Gives a permit back, or a new one out: to the first in line, who has it in the next tick. */
    public void release() {
        binding.enter();
        if (!line.call(null)) {
            permits = Math.incrementExact(permits);
        }
    }

    /** Whether a task that came now would have to wait. */
    public boolean locked() {
        binding.enter();
        return permits == 0 || !line.isClear();
    }

    /** How many permits nobody has, or is about to get. */
    public int availablePermits() {
        binding.enter();
        return permits;
    }

    /** Its permits and how many wait; any thread, a guess off the loop. */
    @Override
    public String toString() {
        return "<" + getClass().getSimpleName() + " permits: " + permits + line.described("waiters") + ">";
    }
}
