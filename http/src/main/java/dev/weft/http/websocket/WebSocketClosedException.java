package dev.weft.http.websocket;

import dev.weft.http.message.ClientException;
import dev.weft.http.message.ClientRequest;
import org.jspecify.annotations.Nullable;

/**
 * The WebSocket is closed: nothing comes any more, and nothing can be sent. Source: aiohttp's {@code CLOSED} message, and its
 * {@code ClientConnectionResetError} where one sends.
 */
public final class WebSocketClosedException extends ClientException {
    private static final long serialVersionUID = 1;

    private final int code;
    private final String closeReason;

    /**
     * Says how it was closed.
     *
     * @param code RFC 6455 section 7.4
     * @param closeReason what the other side gave as reason, often empty
     * @param what happened, for the message
     */
    public WebSocketClosedException(
            @Nullable ClientRequest request, int code, String closeReason, String what, @Nullable Throwable cause) {
        super(request, what, cause);
        this.code = code;
        this.closeReason = closeReason;
    }

    /** How: RFC 6455 section 7.4; 1005 if the other side did not say, 1006 if the connection was lost. */
    public int code() {
        return code;
    }

    /** What the other side gave as reason, often empty. */
    public String closeReason() {
        return closeReason;
    }
}
