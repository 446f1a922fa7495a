package dev.weft.loop;

import java.util.List;
import java.util.Optional;

/**
 * The failures of a {@link TaskGroup}, one or more: its shape does not depend on how many tasks happened to fail. The first is
 * its cause, the others are suppressed. Source: Python's {@code ExceptionGroup}.
 */
public final class TaskGroupException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient List<Throwable> errors;

    TaskGroupException(String message, List<Throwable> errors) {
        super(
                message + " (" + errors.size() + (errors.size() == 1 ? " failure): " : " failures): ")
                        + errors.getFirst(),
                errors.getFirst());
        this.errors = List.copyOf(errors);
        errors.stream().skip(1).forEach(this::addSuppressed);
    }

    /** The failures, in the order they happened; nested groups as they are. */
    public List<Throwable> errors() {
        return errors;
    }

    /** The failure that happened first. */
    public Throwable first() {
        return errors.getFirst();
    }

    /** The only failure, if there is just one, with nested groups of one taken off; else this. */
    public Throwable unwrap() {
        if (errors.size() > 1) {
            return this;
        }
        return first() instanceof TaskGroupException inner ? inner.unwrap() : first();
    }

    /** The first failure of a type, nested groups searched too. */
    public <E extends Throwable> Optional<E> find(Class<E> type) {
        for (Throwable error : errors) {
            if (type.isInstance(error)) {
                return Optional.of(type.cast(error));
            }
            Optional<E> nested = error instanceof TaskGroupException group ? group.find(type) : Optional.empty();
            if (nested.isPresent()) {
                return nested;
            }
        }
        return Optional.empty();
    }
}
