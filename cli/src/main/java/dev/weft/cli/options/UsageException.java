package dev.weft.cli.options;

import org.jspecify.annotations.Nullable;

/** What fetch was told cannot be done: one line that says what, why and what is allowed, and shows no secret. */
public final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String hint;

    /** A mistake, and the usual hint: where the help is. */
    public UsageException(String message) {
        this(message, null);
    }

    /**
     * A mistake and a hint.
     *
     * @param hint what to do about it; null for the usual one
     */
    public UsageException(String message, @Nullable String hint) {
        this.hint = hint == null ? "fetch --help" : hint;
        super(message);
    }

    /** What to do about it. */
    public String hint() {
        return hint;
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
