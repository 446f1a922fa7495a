package dev.weft.loop;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The scoped values that tasks of a loop take over from their creators. The JDK hands bindings on to threads only in its own
 * structured concurrency, so a loop must be told which values to carry: {@link Runner.Builder#scopedValues}.
 */
final class ScopedBindings {
    private final List<ScopedValue<?>> carried;

    ScopedBindings(List<ScopedValue<?>> carried) {
        this.carried = List.copyOf(carried);
    }

    /** The body with the bindings of now. */
    <T extends @Nullable Object> Awaitable<? extends T, ?> bind(Awaitable<? extends T, ?> body) {
        ScopedValue.@Nullable Carrier bindings = null;
        for (ScopedValue<?> value : carried) {
            bindings = add(bindings, value);
        }
        ScopedValue.Carrier bound = bindings;
        if (bound == null) {
            return body;
        }
        return () -> bound.<T, Exception>call(body::await);
    }

    private static <V> ScopedValue.@Nullable Carrier add(ScopedValue.@Nullable Carrier bindings, ScopedValue<V> value) {
        if (!value.isBound()) {
            return bindings;
        }
        return bindings == null ? ScopedValue.where(value, value.get()) : bindings.where(value, value.get());
    }
}
