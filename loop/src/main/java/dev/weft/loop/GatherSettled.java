package dev.weft.loop;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@link Asyncio#gatherSettled} gives: its children, when all have ended. Cancelling it cancels every child; it ends
 * cancelled when they have all ended. Confined to the loop.
 */
final class GatherSettled<T extends @Nullable Object> extends Future<List<Future<T>>> {
    private final List<Future<T>> inOrder = new ArrayList<>();
    private int pending;
    private @Nullable CancelReason cancelled;

    GatherSettled(Loop loop, Iterable<? extends Awaitable<? extends T, ?>> awaitables) {
        super(loop);
        IdentityHashMap<Awaitable<?, ?>, Future<T>> distinct = new IdentityHashMap<>();
        for (Awaitable<? extends T, ?> awaitable : awaitables) {
            inOrder.add(distinct.computeIfAbsent(awaitable, same -> Futures.ensure(loop, awaitable)));
        }
        pending = distinct.size();
        if (pending == 0) {
            complete(List.of());
        }
        distinct.values().forEach(child -> child.addDoneCallback(this::childDone));
    }

    private void childDone(Future<T> child) {
        // Handing it out counts as looking at it.
        Futures.failure(child);
        pending--;
        if (pending == 0 && !isDone()) {
            CancelReason reason = cancelled;
            complete(reason == null ? List.copyOf(inOrder) : new Outcome.Cancelled(reason, null));
        }
    }

    @Override
    boolean cancel(CancelReason reason) {
        if (isDone()) {
            return false;
        }
        boolean any = false;
        for (Future<T> child : inOrder) {
            any |= child.cancel(reason);
        }
        if (any) {
            cancelled = reason;
        }
        return any;
    }

    @Override
    List<Future<?>> dependencies() {
        return List.copyOf(inOrder);
    }

    @Override
    String describe() {
        return "gather of " + inOrder.size();
    }
}
