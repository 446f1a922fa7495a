package dev.weft.http.message;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.Nullable;

/**
 * A request as it is sent. Immutable; middleware makes another one with {@code with...}.
 *
 * @param method a token, as {@code GET}; case matters
 * @param url where it goes
 * @param headers the caller's fields and the session's defaults; what the client adds of its own accord (as {@code Accept}) is there in the
 *     exchange ring; the framing ({@code Host}, {@code Content-Length} ...) is added when it is sent
 * @param body null for none
 * @param attributes its settings, the session's merged in, and what the program attached
 */
@CheckReturnValue
public record ClientRequest(
        String method,
        HttpUrl url,
        Headers headers,
        @Nullable Body body,
        Attributes attributes) {
    /**
     * Checks the method.
     *
     * @throws IllegalArgumentException if the method is no token
     */
    public ClientRequest {
        Fields.method(method);
    }

    /** A request without headers, body and settings of its own. */
    public static ClientRequest of(String method, HttpUrl url) {
        return new ClientRequest(method, url, Headers.empty(), null, Attributes.empty());
    }

    /** An attribute, its key's fallback if it is not set. */
    public <T extends @Nullable Object> T attribute(Key<T> key) {
        return attributes.get(key);
    }

    /** The same with another method; a token. */
    public ClientRequest withMethod(String other) {
        return new ClientRequest(other, url, headers, body, attributes);
    }

    /** The same to another URL. */
    public ClientRequest withUrl(HttpUrl other) {
        return new ClientRequest(method, other, headers, body, attributes);
    }

    /** The same with other headers. */
    public ClientRequest withHeaders(Headers other) {
        return new ClientRequest(method, url, other, body, attributes);
    }

    /**
     * The same with one header set, in the place of all of that name.
     *
     * @throws IllegalArgumentException if name or value hold what no header may, as CR or LF
     */
    public ClientRequest withHeader(String name, String value) {
        return withHeaders(headers.toBuilder().set(name, value).build());
    }

    /** The same with another body, null for none. */
    public ClientRequest withBody(@Nullable Body other) {
        return new ClientRequest(method, url, headers, other, attributes);
    }

    /** The same with an attribute set. */
    public <T extends @Nullable Object> ClientRequest with(Key<T> key, T value) {
        return new ClientRequest(method, url, headers, body, attributes.with(key, value));
    }

    /** The same with other attributes. */
    public ClientRequest withAttributes(Attributes other) {
        return new ClientRequest(method, url, headers, body, other);
    }

    /** Whether it may be sent again: it has no body, or one that is replayable. */
    public boolean isReplayable() {
        return body == null || body.isReplayable();
    }

    /**
     * Whether it asks to speak another protocol over its connection, as a WebSocket's handshake does: it has a header {@code Upgrade}, also where it is
     * sent over HTTP/2, which has another form for it. Its answer is the connection: middleware must not share, store or read it.
     */
    public boolean isUpgrade() {
        return headers.contains("Upgrade");
    }

    /** Method and URL: what errors call it. */
    @Override
    public String toString() {
        return method + " " + url;
    }
}
