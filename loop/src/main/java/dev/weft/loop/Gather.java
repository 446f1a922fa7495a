package dev.weft.loop;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@link Asyncio#gather} gives: the results of its children in the order of the arguments, or the first failure. Cancelling
 * it cancels every child. Confined to the loop.
 */
final class Gather<T extends @Nullable Object> extends Future<List<T>> {
    private final List<Future<T>> inOrder = new ArrayList<>();
    private final List<Future<T>> children;
    private int pending;
    private @Nullable CancelReason cancelled;
    /** What it failed with. */
    private @Nullable Throwable first;

    Gather(Loop loop, Iterable<? extends Awaitable<? extends T, ?>> awaitables) {
        super(loop);
        IdentityHashMap<Awaitable<?, ?>, Future<T>> distinct = new IdentityHashMap<>();
        List<Future<T>> started = new ArrayList<>();
        for (Awaitable<? extends T, ?> awaitable : awaitables) {
            inOrder.add(distinct.computeIfAbsent(awaitable, same -> {
                Future<T> child = Futures.ensure(loop, awaitable);
                started.add(child);
                return child;
            }));
        }
        children = started;
        pending = started.size();
        if (pending == 0) {
            complete(Outcome.ofValue(List.of()));
        }
        started.forEach(child -> child.addDoneCallback(this::childDone));
    }

    private void childDone(Future<T> child) {
        pending--;
        if (isDone()) {
            swallow(Futures.failure(child));
            return;
        }
        CancelReason reason = cancelled;
        Throwable error = Futures.failure(child);
        if (error != null && (reason == null || !child.isCancelled())) {
            first = error;
            fail(error);
        } else if (reason != null && (error != null || pending == 0)) {
            complete(new Outcome.Cancelled(reason, null));
        } else if (pending == 0) {
            List<T> results = new ArrayList<>(inOrder.size());
            inOrder.forEach(done -> results.add(done.result()));
            complete(results);
        }
    }

    /** A failure after the first is not reported, as in asyncio; but it can be seen beside the first. */
    @SuppressWarnings("ReferenceEquality") // an error cannot suppress itself
    private void swallow(@Nullable Throwable later) {
        Throwable thrown = first;
        if (thrown != null && later != null && later != thrown && !(later instanceof CancelledError)) {
            thrown.addSuppressed(later);
        }
    }

    /** Cancels every child that is not done; this ends cancelled with the first of them, as in asyncio. */
    @Override
    boolean cancel(CancelReason reason) {
        if (isDone()) {
            return false;
        }
        boolean any = false;
        for (Future<T> child : children) {
            any |= child.cancel(reason);
        }
        if (any) {
            cancelled = reason;
        }
        return any;
    }

    @Override
    List<Future<?>> dependencies() {
        return List.copyOf(children);
    }

    @Override
    String describe() {
        return "gather of " + children.size();
    }
}
