package dev.weft.loop.sync;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.CheckReturnValue;
import dev.weft.loop.Awaitable;

/**
 * A place where a fixed number of tasks wait for each other, again and again: {@code barrier.await()} returns when all have
 * come.
 *
 * <p>A task that is cancelled while it waits is not counted any more; the barrier is not broken by it. Once the last one has
 * come the round is over: neither {@link #reset()} nor {@link #abort()} takes it back from those who were woken but have not
 * run (asyncio would fail them), and who comes next belongs to the next round.
 *
 * <p>Used on one loop; see the {@linkplain dev.weft.loop.sync package} for what that means. Source: {@code asyncio.Barrier}.
 */
@CheckReturnValue
public final class Barrier implements Awaitable<Integer, RuntimeException> {
    /** What those who wait are called with instead of their index. */
    private static final int BROKEN = -1;

    private final LoopBinding binding = new LoopBinding(this);
    private final Line<Integer> line = new Line<>();
    private final int parties;
    private boolean broken;

    /**
     * A barrier for a number of tasks.
     *
     * @throws IllegalArgumentException if it is less than 1
     */
    public Barrier(int parties) {
        if (parties < 1) {
            throw new IllegalArgumentException("a barrier needs 1 party or more, not " + parties);
        }
        this.parties = parties;
    }

    /**
     * Waits for the others; the last one does not suspend.
     *
     * @return which of them the task is: 0 for the first that came, parties - 1 for the last; each number once a round
     * @throws BrokenBarrierException if the barrier is broken, or is reset or aborted meanwhile
     * @throws dev.weft.loop.CancelledError if the task is cancelled before the last one comes
     */
    @Override
    @CanIgnoreReturnValue
    public Integer await() {
        binding.enter();
        if (broken) {
            throw new BrokenBarrierException(this + " was aborted");
        }
        int before = line.size();
        if (before + 1 == parties) {
            for (int index = 0; index < before; index++) {
                line.call(index);
            }
            return before;
        }
        int index = line.stand(binding.bind());
        if (index == BROKEN) {
            throw new BrokenBarrierException(this + " was aborted or reset while the task waited");
        }
        return index;
    }

    /** Fails those who wait with {@link BrokenBarrierException}, and makes it as new. */
    public void reset() {
        binding.enter();
        broken = false;
        line.callAll(BROKEN);
    }

    /** Breaks it: who waits, and whoever comes before a {@link #reset()}, gets {@link BrokenBarrierException}. */
    public void abort() {
        binding.enter();
        broken = true;
        line.callAll(BROKEN);
    }

    /** How many it is for. */
    public int parties() {
        return parties;
    }

    /** How many wait. */
    public int waiting() {
        binding.enter();
        return line.size();
    }

    /** Whether it was aborted and not reset since. */
    public boolean isBroken() {
        binding.enter();
        return broken;
    }

    /** Its state and how many wait; any thread, a guess off the loop. */
    @Override
    public String toString() {
        return "<Barrier " + (broken ? "broken" : "filling") + ", parties: " + parties + line.described("waiters")
                + ">";
    }
}
