package dev.weft.http.message;

import java.nio.charset.StandardCharsets;

/**
 * The status of an answer says that the request failed; thrown where the program asked for that. It keeps the first 4 KiB of the body: there
 * the server says why. Source: aiohttp's {@code ClientResponseError}.
 */
public final class ClientResponseException extends ClientException {
    private static final long serialVersionUID = 1;

    /** How much of the body is kept. */
    static final int BODY_BYTES = 4096;

    private static final int SHOWN_CHARS = 200;

    private final int status;
    private final transient ClientResponse response;
    private final byte[] body;

    ClientResponseException(ClientResponse response, byte[] body) {
        super(response.request(), describe(response, body), null);
        this.status = response.status();
        this.response = response;
        this.body = body;
    }

    private static String describe(ClientResponse response, byte[] body) {
        String status = response.reason().isEmpty()
                ? "status " + response.status()
                : "status " + response.status() + " " + response.reason();
        String text = TextCoding.decode(body, response.charset()).strip();
        if (text.isEmpty() || !TextCoding.isPrintable(text)) {
            return status;
        }
        return status + ": " + (text.length() > SHOWN_CHARS ? text.substring(0, SHOWN_CHARS) + "..." : text);
    }

    /** The status code. */
    public int status() {
        return status;
    }

    /** The header fields of the answer. */
    public Headers headers() {
        return response == null ? Headers.empty() : response.headers();
    }

    /** The answer, which is closed; null after serialization. */
    public ClientResponse response() {
        return response;
    }

    /** The first 4 KiB of the body, content coding undone; less if it is shorter or could not be read. */
    public byte[] body() {
        return body.clone();
    }

    /** The same as text, in the charset of the answer. */
    public String bodyText() {
        return response == null
                ? new String(body, StandardCharsets.UTF_8)
                : TextCoding.decode(body, response.charset());
    }
}
