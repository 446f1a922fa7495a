package dev.weft.http.message;

import org.jspecify.annotations.Nullable;

/**
 * A request as it is sent. Immutable.
 *
 * @param method a token, as {@code GET}; case matters
 * @param url where it goes
 * @param headers the caller's fields and the session's defaults; the framing ({@code Host}, {@code Content-Length} ...) is added
 *     when it is sent
 * @param body null for none
 */
public record ClientRequest(
        String method,
        HttpUrl url,
        Headers headers,
        @Nullable Body body) {
    /**
     * Checks the method.
     *
     * @throws IllegalArgumentException if the method is no token
     */
    public ClientRequest {
        Fields.method(method);
    }

    /** Method and URL: what errors call it. */
    @Override
    public String toString() {
        return method + " " + url;
    }
}
