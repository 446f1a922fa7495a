package dev.weft.http.websocket;

import dev.weft.http.message.ClientException;
import dev.weft.http.message.ClientResponse;
import dev.weft.http.message.Headers;
import org.jspecify.annotations.Nullable;

/**
 * The server did not open a WebSocket: another status than 101, or over HTTP/2 than 2xx, or one that RFC 6455 section 4.1 does not accept. After
 * another status the cause is a {@link dev.weft.http.message.ClientResponseException} with the start of the body. Source: aiohttp's
 * {@code WSServerHandshakeError}.
 */
public final class WebSocketHandshakeException extends ClientException {
    private static final long serialVersionUID = 1;

    private final int status;
    private final transient ClientResponse response;

    /** Says what was wrong with the answer. */
    public WebSocketHandshakeException(ClientResponse response, String reason, @Nullable Throwable cause) {
        super(response.request(), reason, cause);
        this.status = response.status();
        this.response = response;
    }

    /** The status of the answer. */
    public int status() {
        return status;
    }

    /** The header fields of the answer. */
    public Headers headers() {
        return response == null ? Headers.empty() : response.headers();
    }
}
