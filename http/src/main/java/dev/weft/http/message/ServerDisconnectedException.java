package dev.weft.http.message;

import org.jspecify.annotations.Nullable;

/**
 * The server ended the connection before the head of the answer was whole. Whether it acted on the request is unknown. Source:
 * aiohttp's {@code ServerDisconnectedError}.
 */
public final class ServerDisconnectedException extends ClientException {
    private static final long serialVersionUID = 1;

    private final long headBytes;

    /** Says what happened; {@code headBytes} is how many bytes of the answer had arrived. */
    public ServerDisconnectedException(
            ClientRequest request, String reason, long headBytes, @Nullable Throwable cause) {
        super(request, reason, cause);
        this.headBytes = headBytes;
    }

    /** How many bytes of the answer's head had arrived. */
    public long headBytes() {
        return headBytes;
    }
}
