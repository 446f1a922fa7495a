package dev.weft.http.message;

/**
 * How the body of a response is taken as a whole.
 *
 * @param json for {@link ClientResponse#json}
 * @param maxBytes the largest body {@link ClientResponse#bytes()} takes, content coding undone; at most {@link Integer#MAX_VALUE}
 */
public record BodyOptions(JsonCodec json, long maxBytes) {
    /**
     * Checks the limit.
     *
     * @throws IllegalArgumentException if it is below 1 or more than an array can have
     */
    public BodyOptions {
        if (maxBytes < 1 || maxBytes > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException("a body in memory can have 1 to 2147483639 bytes, not " + maxBytes);
        }
    }
}
