package dev.weft.http.message;

import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The body is not whole: the connection ended before its end. Source: aiohttp's {@code ClientPayloadError}. */
public final class PayloadException extends ClientException {
    private static final long serialVersionUID = 1;

    private final long received;
    private final long expected;

    /** A body that is short; {@code expected} is negative where the server had not announced a length. */
    public PayloadException(ClientRequest request, long received, long expected, @Nullable Throwable cause) {
        super(request, describe(received, expected, cause), cause);
        this.received = received;
        this.expected = expected;
    }

    private static String describe(long received, long expected, @Nullable Throwable cause) {
        return "the connection " + (cause == null ? "ended" : "broke (" + cause.getMessage() + ")")
                + " before the body was whole: received " + received
                + (expected < 0 ? " bytes, not its end" : " of " + expected + " bytes");
    }

    /** How many bytes of the body arrived. */
    public long received() {
        return received;
    }

    /** How many there should have been; empty if the server had not announced it. */
    public OptionalLong expected() {
        return expected < 0 ? OptionalLong.empty() : OptionalLong.of(expected);
    }
}
