package dev.weft.http.encoding;

/** The bytes are not what their content coding says; the message says how. */
public final class CodingException extends Exception {
    private static final long serialVersionUID = 1;

    CodingException(String message) {
        super(message);
    }
}
