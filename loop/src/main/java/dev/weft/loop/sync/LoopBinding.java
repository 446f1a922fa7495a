package dev.weft.loop.sync;

import dev.weft.loop.Asyncio;
import dev.weft.loop.Loop;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The loop that a primitive belongs to: none, until a task has to wait at it. Atomic, because an unbound primitive may be
 * reached by two loops.
 */
final class LoopBinding {
    private final Object primitive;
    private final AtomicReference<@Nullable Loop> bound = new AtomicReference<>();

    LoopBinding(Object primitive) {
        this.primitive = primitive;
    }

    /**
     * Every method of a primitive begins with this.
     *
     * @return the loop that runs the caller
     * @throws IllegalStateException if none does, or not the one it is bound to
     */
    Loop enter() {
        Loop here = Asyncio.getRunningLoop();
        Loop owner = bound.get();
        if (owner != null && owner != here) {
            throw new IllegalStateException(
                    primitive + " is bound to a different event loop: " + owner + ", it was used on " + here);
        }
        return here;
    }

    /** Binds it to the running loop, on which a task is about to wait. */
    Loop bind() {
        bound.compareAndSet(null, Asyncio.getRunningLoop());
        return enter();
    }
}
