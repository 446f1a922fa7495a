package dev.weft.loop;

import org.jspecify.annotations.Nullable;

/**
 * A variable whose value belongs to a task: a task starts with a snapshot of its creator's values, and what it sets stays its
 * own. Callbacks run with the values of the moment they were queued.
 *
 * <p>For threads that run a loop or work for one ({@link Asyncio#toThread}: what is set there stays there); elsewhere
 * {@link #get()} gives the default and {@link #set} throws {@link IllegalStateException}. Source: {@code contextvars.ContextVar}.
 */
public final class ContextVar<T> {
    private final String name;
    private final @Nullable T initial;

    private ContextVar(String name, @Nullable T initial) {
        this.name = name;
        this.initial = initial;
    }

    /** A variable that is null where nobody set it. */
    public static <T> ContextVar<T> of(String name) {
        return new ContextVar<>(name, null);
    }

    /** A variable with a value where nobody set it. */
    public static <T> ContextVar<T> withInitial(String name, T initial) {
        return new ContextVar<>(name, initial);
    }

    /** The value in the current context, or the default. */
    @SuppressWarnings("unchecked") // only set() puts values under this key
    public @Nullable T get() {
        Object value = Context.current().get(this);
        return value == null ? initial : (T) value;
    }

    /**
     * Sets the value for the rest of this task or callback and for what it starts from now on; null goes back to the default.
     *
     * @return the value before
     */
    public @Nullable T set(@Nullable T value) {
        T before = get();
        Context.replace(Context.current().with(this, value));
        return before;
    }

    @Override
    public String toString() {
        return "<ContextVar " + name + ">";
    }
}
