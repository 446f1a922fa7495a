package dev.weft.loop.net.dial;

import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * A connection could not be made, or was lost. Unchecked, because it crosses an {@code await}; the cause is what the network said.
 * Source: {@code OSError} and {@code ConnectionError} of Python.
 */
public class ConnectionException extends UncheckedIOException {
    private static final long serialVersionUID = 1;

    /** Says which connection, and what happened to it. */
    public ConnectionException(String message, IOException cause) {
        super(message, cause);
    }
}
