package dev.weft.http.websocket;

import dev.weft.http.message.ClientException;
import dev.weft.http.message.ClientRequest;
import org.jspecify.annotations.Nullable;

/**
 * What the other side does is not allowed by RFC 6455, or by a limit of this side, or it has not answered a heartbeat: the WebSocket is
 * closed. Source: aiohttp's {@code WebSocketError}, which comes in an {@code ERROR} message.
 */
public final class WebSocketException extends ClientException {
    private static final long serialVersionUID = 1;

    private final int code;

    /** Says what happened, and the code that the other side was told. */
    public WebSocketException(@Nullable ClientRequest request, int code, String reason, @Nullable Throwable cause) {
        super(request, reason + " (" + code + ")", cause);
        this.code = code;
    }

    /**
     * What the WebSocket was closed with: 1002 for a broken rule, 1007 for text that is not UTF-8 or data that cannot be inflated, 1009 for
     * a message that is too large, 1006 for an answer that did not come.
     */
    public int code() {
        return code;
    }
}
