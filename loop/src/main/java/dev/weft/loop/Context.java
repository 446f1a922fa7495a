package dev.weft.loop;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The values of all {@linkplain ContextVar context variables} at one moment. Immutable: setting a variable makes another one,
 * so a snapshot costs nothing. Source: {@code contextvars.Context}.
 */
final class Context {
    static final Context EMPTY = new Context(Map.of());

    private final Map<ContextVar<?>, Object> values;

    private Context(Map<ContextVar<?>, Object> values) {
        this.values = values;
    }

    /** The one of the loop that this thread runs, or the empty one. */
    static Context current() {
        Loop loop = Loop.current();
        return loop == null ? EMPTY : loop.context;
    }

    @Nullable
    Object get(ContextVar<?> variable) {
        return values.get(variable);
    }

    Context with(ContextVar<?> variable, @Nullable Object value) {
        Map<ContextVar<?>, Object> changed = new HashMap<>(values);
        if (value == null) {
            changed.remove(variable);
        } else {
            changed.put(variable, value);
        }
        return new Context(changed);
    }
}
