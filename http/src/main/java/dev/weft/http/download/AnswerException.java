package dev.weft.http.download;

import dev.weft.http.message.ClientException;
import dev.weft.http.message.ClientRequest;

/** The server answered a request for a part of the file with something else, or with parts that do not belong together. */
public final class AnswerException extends ClientException {
    private static final long serialVersionUID = 1;

    AnswerException(ClientRequest request, String reason) {
        super(request, reason, null);
    }
}
