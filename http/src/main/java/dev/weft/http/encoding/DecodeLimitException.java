package dev.weft.http.encoding;

/** The decoded bytes go beyond {@link DecodeLimits}; the coding itself was in order so far. */
public final class DecodeLimitException extends CodingException {
    private static final long serialVersionUID = 1;

    DecodeLimitException(String message) {
        super(message);
    }
}
