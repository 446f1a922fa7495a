package dev.weft.http.message;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The name of an {@linkplain Attributes attribute}, with its type and what holds where nobody sets it. Two keys are never the same, whatever
 * they are called. Keys are meant to be constants: each takes a place in every set of attributes that sets a later one.
 *
 * <p>Any thread. Source: aiohttp's {@code trace_request_ctx}, but typed.
 *
 * @param <T> what the attribute is
 */
public final class Key<T extends @Nullable Object> {
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final String name;
    private final T fallback;
    private final BinaryOperator<T> over;
    final int index = COUNT.getAndIncrement();

    private Key(String name, T fallback, BinaryOperator<T> over) {
        this.name = name;
        this.fallback = fallback;
        this.over = over;
    }

    /** A key whose attribute is {@code fallback} where nobody sets it; a request's value replaces the session's. */
    public static <T extends @Nullable Object> Key<T> of(String name, T fallback) {
        return new Key<>(name, fallback, (own, session) -> own);
    }

    /**
     * A key whose values merge.
     *
     * @param over makes one of a request's value and the session's
     */
    public static <T extends @Nullable Object> Key<T> merging(String name, T fallback, BinaryOperator<T> over) {
        return new Key<>(name, fallback, over);
    }

    /** What holds where nobody sets it. */
    public T fallback() {
        return fallback;
    }

    T over(T own, T session) {
        return over.apply(own, session);
    }

    /** Its name. */
    @Override
    public String toString() {
        return name;
    }
}
