package dev.weft.http.encoding;

import org.jspecify.annotations.Nullable;

/** The bytes are not what their content coding says, or cannot be decoded here; the message says how or why. */
public sealed class CodingException extends Exception permits DecodeLimitException {
    private static final long serialVersionUID = 1;

    CodingException(String message) {
        super(message);
    }

    CodingException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
