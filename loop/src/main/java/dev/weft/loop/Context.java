package dev.weft.loop;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * The values of all {@linkplain ContextVar context variables} at one moment. Immutable: setting a variable makes another one,
 * so a snapshot costs nothing. Source: {@code contextvars.Context}.
 */
final class Context {
    static final Context EMPTY = new Context(Map.of());

    /** What a worker thread carries while it works for a task; null elsewhere. */
    private static final ThreadLocal<@Nullable Context> CARRIED = new ThreadLocal<>();

    private final Map<ContextVar<?>, Object> values;

    private Context(Map<ContextVar<?>, Object> values) {
        this.values = values;
    }

    /** The one of the loop that this thread runs, or that it carries for a task, or the empty one. */
    static Context current() {
        Loop loop = Loop.current();
        if (loop != null) {
            return loop.context;
        }
        Context carried = CARRIED.get();
        return carried == null ? EMPTY : carried;
    }

    /** Changes what {@link #current()} gives on this thread. */
    static void replace(Context changed) {
        Loop loop = Loop.current();
        if (loop != null) {
            loop.context = changed;
        } else if (CARRIED.get() != null) {
            CARRIED.set(changed);
        } else {
            throw new IllegalStateException("a context variable is set on "
                    + Thread.currentThread().getName() + ", which neither runs a loop nor works for a task");
        }
    }

    /** Makes a call on another thread with a context. */
    static <T extends @Nullable Object> T carry(Context context, Callable<? extends T> call) throws Exception {
        CARRIED.set(context);
        try {
            return call.call();
        } finally {
            CARRIED.remove();
        }
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
