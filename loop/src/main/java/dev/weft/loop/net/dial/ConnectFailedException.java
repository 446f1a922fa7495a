package dev.weft.loop.net.dial;

import java.io.IOException;
import java.util.List;

/**
 * No address of a host took the connection. One exception for all of them: the message names the host, the port and what every
 * address said; the cause is the first error, and every one is {@linkplain #getSuppressed() suppressed}, in the order of the
 * attempts. Source: {@code OSError("Multiple exceptions: ...")} of asyncio's {@code create_connection}.
 */
public final class ConnectFailedException extends ConnectionException {
    private static final long serialVersionUID = 1;

    /**
     * Merges the errors of the attempts.
     *
     * @param errors one for every address that was tried, at least one
     */
    public ConnectFailedException(String message, List<? extends IOException> errors) {
        super(message, errors.getFirst());
        errors.forEach(this::addSuppressed);
    }
}
