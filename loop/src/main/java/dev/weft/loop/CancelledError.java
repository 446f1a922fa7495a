package dev.weft.loop;

import org.jspecify.annotations.Nullable;

/**
 * Thrown at the {@code await} of a task that was cancelled, and to whoever awaits something that was.
 *
 * <p>An {@link Error}, so that {@code catch (Exception e)} does not swallow it (in asyncio it is a {@code BaseException} for
 * the same reason). Catch it only to clean up, then throw it on.
 */
public final class CancelledError extends Error {
    private static final long serialVersionUID = 1;

    private final transient CancelReason reason;

    /** A cancellation for a reason; the cause, if any, shows the line that was interrupted. */
    CancelledError(CancelReason reason, @Nullable Throwable cause) {
        super(reason.message() == null ? null : reason.message().toString(), cause);
        this.reason = reason;
    }

    /** A cancellation for no reason given. */
    public CancelledError() {
        this(CancelReason.request(null), null);
    }

    /** The same interruption for another reason: a scope took its own request back, and somebody else's is left. */
    CancelledError because(CancelReason other) {
        CancelledError error = new CancelledError(other, this);
        for (Throwable suppressed : getSuppressed()) {
            error.addSuppressed(suppressed);
        }
        return error;
    }

    /** Why, and who asked. */
    public CancelReason reason() {
        return reason;
    }
}
