package dev.weft.http.message;

/** The body is to be JSON, or events, and its media type says that it is something else. Source: aiohttp's {@code ContentTypeError}. */
public final class ContentTypeException extends ClientException {
    private static final long serialVersionUID = 1;

    private final String contentType;

    ContentTypeException(ClientResponse response, String expected) {
        super(
                response.request(),
                "the body is " + response.contentType() + ", not " + expected + " (status " + response.status() + ")",
                null);
        this.contentType = response.contentType();
    }

    /** The media type it has. */
    public String contentType() {
        return contentType;
    }
}
