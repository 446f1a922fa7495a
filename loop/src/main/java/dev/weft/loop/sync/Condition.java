package dev.weft.loop.sync;

import com.google.errorprone.annotations.CheckReturnValue;
import dev.weft.loop.Asyncio;
import dev.weft.loop.Awaitable;
import dev.weft.loop.CancelledError;
import dev.weft.loop.Loop;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets tasks that hold a lock wait, without it, for a change that another task makes under the same lock and signals.
 *
 * <pre>{@code
 * try (var held = condition.hold().await()) {
 *   condition.waitFor(() -> !items.isEmpty()).await();
 *   items.removeFirst();
 * }
 * }</pre>
 *
 * <p>The names are those of {@link java.util.concurrent.locks.Condition}: {@code await} and {@code signal} for asyncio's
 * {@code wait} and {@code notify}. A task may wake without a signal meant for it; {@link #waitFor} takes care of that.
 *
 * <p>Used on one loop; see the {@linkplain dev.weft.loop.sync package} for what that means. Source: {@code asyncio.Condition}.
 */
@CheckReturnValue
public final class Condition implements Awaitable<@Nullable Void, RuntimeException> {
    private final LoopBinding binding = new LoopBinding(this);
    private final Line<@Nullable Void> line = new Line<>();
    private final Lock lock;

    /** A condition over a lock of its own. */
    public Condition() {
        this(new Lock());
    }

    /** A condition over a lock that others may use, too. */
    public Condition(Lock lock) {
        this.lock = Objects.requireNonNull(lock, "lock");
    }

    /** Takes the lock; see {@link Lock#acquire()}. */
    public Awaitable<@Nullable Void, RuntimeException> acquire() {
        return lock.acquire();
    }

    /** Takes the lock until the given object is closed; see {@link Lock#hold()}. */
    public Awaitable<Held, RuntimeException> hold() {
        return lock.hold();
    }

    /**
     * Releases the lock; see {@link Lock#release()}.
     *
     * @throws IllegalStateException if it is not locked
     */
    public void release() {
        lock.release();
    }

    /** Whether the lock is taken; see {@link Lock#locked()}. */
    public boolean locked() {
        return lock.locked();
    }

    /**
     * Releases the lock, waits for a signal, and takes the lock again: also when the task is cancelled meanwhile, the error comes
     * with the lock held. A task that was signalled and cancelled before it had the lock passes the signal on.
     *
     * @throws CancelledError if the task is cancelled before it has the lock again
     * @throws IllegalStateException if the lock is not held, or outside of any task
     */
    @Override
    public @Nullable Void await() {
        Loop loop = binding.enter();
        requireLock("await");
        if (Asyncio.currentTask() == null) {
            throw new IllegalStateException("await of a condition in a callback of the loop, outside of any task");
        }
        binding.bind();
        lock.release();
        boolean signalled = false;
        CancelledError cancelled = null;
        try {
            line.stand(loop);
            signalled = true;
        } catch (CancelledError e) {
            cancelled = e;
        }
        cancelled = relock(cancelled);
        if (cancelled != null) {
            if (signalled) {
                line.call(null);
            }
            throw cancelled;
        }
        return null;
    }

    /** Takes the lock whatever comes; gives the last cancellation that came. */
    private @Nullable CancelledError relock(@Nullable CancelledError before) {
        CancelledError cancelled = before;
        while (true) {
            try {
                lock.acquire().await();
                return cancelled;
            } catch (CancelledError e) {
                cancelled = e;
            }
        }
    }

    /**
     * Waits until the predicate is true, asking it now and after every signal. If it is true at once, the lock is not needed.
     *
     * @return an awaitable that throws what {@link #await()} and the predicate throw
     */
    public Awaitable<@Nullable Void, RuntimeException> waitFor(BooleanSupplier predicate) {
        Objects.requireNonNull(predicate, "predicate");
        return () -> {
            binding.enter();
            while (!predicate.getAsBoolean()) {
                await();
            }
            return null;
        };
    }

    /**
     * Waits until there is a value, asking for it now and after every signal; gives the first that is not null. If it is there at
     * once, the lock is not needed. In asyncio, {@code wait_for} gives its predicate's value.
     *
     * @return an awaitable that throws what {@link #await()} and the supplier throw
     */
    public <T> Awaitable<T, RuntimeException> waitForValue(Supplier<? extends @Nullable T> value) {
        Objects.requireNonNull(value, "value");
        return () -> {
            binding.enter();
            T found = value.get();
            while (found == null) {
                await();
                found = value.get();
            }
            return found;
        };
    }

    /**
     * Wakes one of those who wait; it goes on when it gets the lock.
     *
     * @throws IllegalStateException if the lock is not held
     */
    public void signal() {
        signal(1);
    }

    /**
     * Wakes some of those who wait, in order, at most all.
     *
     * @throws IllegalArgumentException if the number is negative
     * @throws IllegalStateException if the lock is not held
     */
    public void signal(int count) {
        binding.enter();
        if (count < 0) {
            throw new IllegalArgumentException("cannot signal " + count + " tasks");
        }
        requireLock("signal");
        for (int left = count; left > 0 && line.call(null); left--) {}
    }

    /**
     * Wakes all who wait.
     *
     * @throws IllegalStateException if the lock is not held
     */
    public void signalAll() {
        binding.enter();
        requireLock("signalAll");
        line.callAll(null);
    }

    private void requireLock(String what) {
        if (!lock.locked()) {
            throw new IllegalStateException(what + " needs the lock of " + this + ", which is not acquired");
        }
    }

    /** The lock's state and how many wait for a signal; any thread, a guess off the loop. */
    @Override
    public String toString() {
        return "<Condition of " + lock + line.described("waiters") + ">";
    }
}
