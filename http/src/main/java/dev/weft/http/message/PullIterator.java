package dev.weft.http.message;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** An iterator over what a function gives until it gives null. Waits in {@code hasNext}, in the calling task. Confined to the loop. */
final class PullIterator<T> implements Iterator<T> {
    private final Supplier<? extends @Nullable T> pull;
    private @Nullable T next;
    private boolean ended;

    PullIterator(Supplier<? extends @Nullable T> pull) {
        this.pull = pull;
    }

    @Override
    public boolean hasNext() {
        if (next == null && !ended) {
            next = pull.get();
            ended = next == null;
        }
        return next != null;
    }

    @Override
    public T next() {
        T given = hasNext() ? next : null;
        if (given == null) {
            throw new NoSuchElementException("the body has ended");
        }
        next = null;
        return given;
    }
}
