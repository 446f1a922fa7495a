package dev.weft.http.middleware;

import dev.weft.http.message.ClientException;
import dev.weft.http.message.ClientRequest;

/** A request for which nothing is recorded, or no answer is set: nothing was sent. */
public final class ReplayException extends ClientException {
    private static final long serialVersionUID = 1;

    ReplayException(ClientRequest request, String reason) {
        super(request, reason, null);
    }
}
