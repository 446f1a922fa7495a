package dev.weft.http.message;

import org.jspecify.annotations.Nullable;

/** No connection to the server came about; nothing of the request was sent. Source: aiohttp's {@code ClientConnectorError}. */
public class ClientConnectorException extends ClientException implements BeforeSendFailure {
    private static final long serialVersionUID = 1;

    /** Says what happened, and why if that is known. */
    public ClientConnectorException(@Nullable ClientRequest request, String reason, @Nullable Throwable cause) {
        super(request, reason, cause);
    }
}
