package dev.weft.http.download;

import dev.weft.http.message.ClientException;
import dev.weft.http.message.ClientRequest;

/** The file on the server has changed while it was fetched: what is there of it is of another one. */
public final class ChangedException extends ClientException {
    private static final long serialVersionUID = 1;

    ChangedException(ClientRequest request, String reason) {
        super(request, "the file changed while it was fetched: " + reason, null);
    }
}
